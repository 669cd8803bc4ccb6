-- name = "instruction_tuning"
-- description = "Questions about the run of a program, each with a reply that works through the run and ends on the answer: chats for instruction tuning, after continued pre-training."
-- stage = "instruction_tuning"
-- format = "messages"
-- seed = 2
--
-- [caps]
-- per_program = 400
-- per_kind_share = 0.5

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
