-- From any row down to all that was made from it, samples of mixtures included.
-- $id: id of a program, variant, input, run, question, rationale, twin or sample.
WITH anchor AS MATERIALIZED (
    SELECT program_id FROM raw_programs WHERE starts_with($id, 'p_') AND program_id = $id
    UNION ALL
    SELECT program_id FROM program_inputs WHERE starts_with($id, 'i_') AND input_id = $id
    UNION ALL
    SELECT program_id FROM code_variants WHERE starts_with($id, 'v_') AND variant_id = $id
    UNION ALL
    SELECT program_id FROM execution_traces WHERE starts_with($id, 't_') AND trace_id = $id
    UNION ALL
    SELECT program_id FROM check_traces WHERE starts_with($id, 't_') AND trace_id = $id
    UNION ALL
    SELECT program_id FROM tracing_questions WHERE starts_with($id, 'q_') AND question_id = $id
    UNION ALL
    SELECT program_id FROM chains_of_execution WHERE starts_with($id, 'c_') AND coe_id = $id
),

made (step, of_table, row_id) AS (
    SELECT 1, 'code_variants', variant_id
    FROM code_variants SEMI JOIN anchor USING (program_id)
    WHERE $id = program_id
    UNION ALL
    SELECT 2, 'execution_traces', trace_id
    FROM execution_traces SEMI JOIN anchor USING (program_id)
    WHERE $id IN (program_id, variant_id, input_id)
    UNION ALL
    SELECT 3, 'tracing_questions', question_id
    FROM tracing_questions SEMI JOIN anchor USING (program_id)
    WHERE $id IN (program_id, variant_id, input_id, trace_id, check_trace_id)
    UNION ALL
    SELECT 4, 'chains_of_execution', coe_id
    FROM chains_of_execution SEMI JOIN anchor USING (program_id)
    WHERE $id IN (program_id, variant_id, input_id, trace_id, check_trace_id, question_id)
    UNION ALL
    SELECT 5, 'corrupted_twins', twin_id
    FROM corrupted_twins SEMI JOIN anchor USING (program_id)
    WHERE $id IN (program_id, variant_id, input_id, trace_id, question_id, coe_id)
    UNION ALL
    SELECT 6, 'check_traces', trace_id
    FROM check_traces SEMI JOIN anchor USING (program_id)
    WHERE $id IN (program_id, variant_id, made_for)
    UNION ALL
    SELECT DISTINCT 7, 'training_mixtures', sample_id
    FROM (SELECT sample_id, unnest(ancestors, recursive := true) FROM training_mixtures)
    WHERE $id IN (program_id, variant_id, input_id, trace_id, question_id, coe_id, twin_id)
)

SELECT of_table, row_id
FROM made
ORDER BY step, row_id
