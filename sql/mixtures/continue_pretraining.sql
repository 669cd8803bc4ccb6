-- name = "continue_pretraining"
-- description = "Programs with questions about their runs, answered by telling the run step by step, and whole runs told without a question: documents for continued pre-training."
-- stage = "continued_pretraining"
-- format = "text"
-- seed = 1
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
    coalesce(q.kind, 'whole_run') AS kind,
    q.question,
    c.text AS rationale,
    -- A telling that found an input of its own (backward) ends on that one, not on the input of the trace.
    CASE WHEN c.check_trace_id IS NOT DISTINCT FROM q.check_trace_id THEN q.answer END AS answer,
    -- The document of a whole run begins with these.
    p.title,
    p.statement,
    v.code,
    v.entry_point,
    i.arguments,
    i.stdin
FROM chains_of_execution AS c
JOIN raw_programs AS p ON p.program_id = c.program_id
JOIN code_variants AS v ON v.variant_id = c.variant_id
JOIN program_inputs AS i ON i.program_id = c.program_id AND i.input_id = c.input_id
LEFT JOIN tracing_questions AS q ON q.question_id = c.question_id
WHERE c.question_id IS NULL OR q.question_id IS NOT NULL
