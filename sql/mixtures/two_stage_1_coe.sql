-- name = "two_stage_1_coe"
-- description = "All questions that have a chain of execution, with the chain as the reply: the first stage of two-stage fine-tuning, in which a model learns to follow a run."
-- stage = "two_stage_1"
-- format = "messages"
-- seed = 3
--
-- [caps]
-- per_program = 2000

SELECT
    c.program_id,
    c.variant_id,
    c.input_id,
    c.trace_id,
    c.question_id,
    c.coe_id,
    q.kind,
    q.question,
    c.text AS rationale,
    -- A telling that found an input of its own (backward) ends on that one, not on the input of the trace.
    CASE WHEN c.check_trace_id IS NOT DISTINCT FROM q.check_trace_id THEN q.answer END AS answer
FROM chains_of_execution AS c
JOIN tracing_questions AS q ON q.question_id = c.question_id
