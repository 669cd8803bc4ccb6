-- name = "preference_pairs"
-- description = "Two tellings of one run, of which one is true and the other has one planted claim that is false: pairs for preference optimisation and for reward models."
-- stage = "preference"
-- format = "pair"
-- seed = 5
--
-- [caps]
-- per_program = 400

SELECT
    w.program_id,
    w.variant_id,
    w.input_id,
    w.trace_id,
    w.question_id,
    w.coe_id,
    w.twin_id,
    coalesce(q.kind, 'whole_run') AS kind,
    q.question,
    c.text AS chosen,
    w.text AS rejected,
    -- The prompt of a whole run begins with these.
    v.code,
    v.entry_point,
    i.arguments,
    i.stdin
FROM corrupted_twins AS w
JOIN chains_of_execution AS c ON c.coe_id = w.coe_id
JOIN code_variants AS v ON v.variant_id = w.variant_id
JOIN program_inputs AS i ON i.program_id = w.program_id AND i.input_id = w.input_id
LEFT JOIN tracing_questions AS q ON q.question_id = w.question_id
WHERE w.question_id IS NULL OR q.question_id IS NOT NULL
