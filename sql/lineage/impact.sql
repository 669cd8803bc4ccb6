-- How many rows of each table, and samples of each mixture and split, are made from some programs: what is remade, or goes,
-- when the row of the source that holds them changes, or goes.
-- $programs: list of their ids.
WITH touched (step, of_table, part) AS (
    SELECT 1, 'raw_programs', NULL FROM raw_programs WHERE list_contains($programs, program_id)
    UNION ALL
    SELECT 2, 'code_variants', NULL FROM code_variants WHERE list_contains($programs, program_id)
    UNION ALL
    SELECT 3, 'execution_traces', NULL FROM execution_traces WHERE list_contains($programs, program_id)
    UNION ALL
    SELECT 4, 'tracing_questions', NULL FROM tracing_questions WHERE list_contains($programs, program_id)
    UNION ALL
    SELECT 5, 'chains_of_execution', NULL FROM chains_of_execution WHERE list_contains($programs, program_id)
    UNION ALL
    SELECT 6, 'corrupted_twins', NULL FROM corrupted_twins WHERE list_contains($programs, program_id)
    UNION ALL
    SELECT 7, 'check_traces', NULL FROM check_traces WHERE list_contains($programs, program_id)
    UNION ALL
    SELECT 8, 'training_mixtures', mixture || ' ' || split
    FROM (
        SELECT DISTINCT mixture, split, sample_id
        FROM (SELECT mixture, split, sample_id, unnest(ancestors, recursive := true) FROM training_mixtures)
        WHERE list_contains($programs, program_id)
    )
)

SELECT of_table, part, count(*) AS n_rows
FROM touched
GROUP BY step, of_table, part
ORDER BY step, part
