-- What became of the programs, stage by stage: rows that came out (outcome `made`, with their status where they have one) and units that
-- made no row, with the reason. Rows kept out afterwards by a check or a policy are `quarantined`.
WITH steps (step, of_table) AS (
    VALUES
        (1, 'raw_programs'),
        (2, 'code_variants'),
        (3, 'execution_traces'),
        (4, 'tracing_questions'),
        (5, 'chains_of_execution'),
        (6, 'corrupted_twins'),
        (7, 'training_mixtures')
),

outcomes (of_table, outcome, unit, reason, n_rows) AS (
    SELECT 'raw_programs', 'made', source, status, count(*) FROM raw_programs GROUP BY ALL
    UNION ALL
    SELECT 'code_variants', 'made', coalesce(array_to_string(nullif(rewrites, []), ' + '), 'original'), equivalence, count(*)
    FROM code_variants GROUP BY ALL
    UNION ALL
    SELECT 'execution_traces', 'made', deterministic, status, count(*) FROM execution_traces GROUP BY ALL
    UNION ALL
    SELECT 'tracing_questions', 'made', kind, direction, count(*) FROM tracing_questions GROUP BY ALL
    UNION ALL
    SELECT 'chains_of_execution', 'made', narrator, verdict, count(*) FROM chains_of_execution GROUP BY ALL
    UNION ALL
    SELECT 'corrupted_twins', 'made', fault_kind, claim_kind, count(*) FROM corrupted_twins GROUP BY ALL
    UNION ALL
    SELECT 'training_mixtures', 'made', mixture, split, count(*) FROM training_mixtures GROUP BY ALL
    UNION ALL
    SELECT of_table, 'dropped', unit, reason, count(*) FROM rejected GROUP BY ALL
    UNION ALL
    SELECT of_table, 'quarantined', "check", reason, count(*) FROM quarantine GROUP BY ALL
)

SELECT step, of_table AS stage, outcome, unit, reason, n_rows
FROM outcomes
JOIN steps USING (of_table)
ORDER BY step, outcome <> 'made', n_rows DESC, unit, reason
