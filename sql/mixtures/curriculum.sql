-- name = "curriculum"
-- description = "Questions with replies that work through the run, from the easiest runs to the hardest: chats for instruction tuning that are to be read in their order."
-- stage = "instruction_tuning"
-- format = "messages"
-- seed = 7
--
-- [caps]
-- per_program = 100
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
    CASE WHEN c.check_trace_id IS NOT DISTINCT FROM q.check_trace_id THEN q.answer END AS answer,
    r.curriculum_quantile
FROM chains_of_execution AS c
JOIN tracing_questions AS q ON q.question_id = c.question_id
JOIN curriculum AS r ON r.trace_id = c.trace_id
