-- From any row up to the source line of its program: the row itself, then the rows that it was made from, its program last.
-- Of a sample that was made from several rows, all their ancestors.
-- $id: id of a sample, twin, rationale, question, run, input, variant or program.
-- says: JSON of a few columns by which a person knows the row; of a program the file and the row or line.
WITH ids AS MATERIALIZED (
    SELECT unnest(ancestors, recursive := true) FROM training_mixtures WHERE starts_with($id, 's_') AND sample_id = $id
    UNION ALL BY NAME
    SELECT twin_id, coe_id, question_id, trace_id, input_id, variant_id, program_id
    FROM corrupted_twins WHERE starts_with($id, 'w_') AND twin_id = $id
    UNION ALL BY NAME
    SELECT coe_id, question_id, check_trace_id, trace_id, input_id, variant_id, program_id
    FROM chains_of_execution WHERE starts_with($id, 'c_') AND coe_id = $id
    UNION ALL BY NAME
    SELECT question_id, check_trace_id, trace_id, input_id, variant_id, program_id
    FROM tracing_questions WHERE starts_with($id, 'q_') AND question_id = $id
    UNION ALL BY NAME
    SELECT trace_id, input_id, variant_id, program_id
    FROM execution_traces WHERE starts_with($id, 't_') AND trace_id = $id
    UNION ALL BY NAME
    -- A run that was made while asking or narrating: what its question or rationale was made from, too.
    SELECT k.trace_id AS check_trace_id, q.question_id, q.trace_id, q.input_id, q.variant_id, q.program_id
    FROM check_traces AS k JOIN tracing_questions AS q ON q.program_id = k.program_id AND q.question_id = k.made_for
    WHERE starts_with($id, 't_') AND k.trace_id = $id
    UNION ALL BY NAME
    SELECT k.trace_id AS check_trace_id, c.coe_id, c.question_id, c.trace_id, c.input_id, c.variant_id, c.program_id
    FROM check_traces AS k JOIN chains_of_execution AS c ON c.program_id = k.program_id AND c.coe_id = k.made_for
    WHERE starts_with($id, 't_') AND k.trace_id = $id
    UNION ALL BY NAME
    SELECT input_id, program_id FROM program_inputs WHERE starts_with($id, 'i_') AND input_id = $id
    UNION ALL BY NAME
    SELECT variant_id, program_id FROM code_variants WHERE starts_with($id, 'v_') AND variant_id = $id
    UNION ALL BY NAME
    SELECT program_id FROM raw_programs WHERE starts_with($id, 'p_') AND program_id = $id
),

walk (step, of_table, row_id, says) AS (
    SELECT 1, 'training_mixtures', sample_id, json_object('mixture', mixture, 'stage', stage, 'split', split)
    FROM training_mixtures WHERE starts_with($id, 's_') AND sample_id = $id
    UNION ALL
    SELECT
        2, 'corrupted_twins', twin_id,
        json_object('fault_kind', fault_kind, 'wrong_span', wrong_span, 'claim_kind', claim_kind)
    FROM corrupted_twins SEMI JOIN ids USING (program_id, twin_id)
    UNION ALL
    SELECT
        3, 'chains_of_execution', coe_id,
        json_object('narrator', narrator, 'style', style, 'n_claims', n_claims, 'claim_coverage', claim_coverage)
    FROM chains_of_execution SEMI JOIN ids USING (program_id, coe_id)
    UNION ALL
    SELECT 4, 'tracing_questions', question_id, json_object('kind', kind, 'answer', answer, 'direction', direction)
    FROM tracing_questions SEMI JOIN ids USING (program_id, question_id)
    UNION ALL
    SELECT
        5, 'check_traces', k.trace_id,
        json_object(
            'made_for', made_for, 'arguments', arguments, 'stdin', stdin, 'status', status,
            'return_value', return_value, 'n_events', n_events
        )
    FROM check_traces AS k SEMI JOIN ids ON ids.program_id = k.program_id AND ids.check_trace_id = k.trace_id
    UNION ALL
    SELECT
        6, 'execution_traces', trace_id,
        json_object(
            'input_id', input_id, 'status', status, 'return_value', return_value, 'n_events', n_events,
            'deterministic', deterministic
        )
    FROM execution_traces SEMI JOIN ids USING (program_id, trace_id)
    UNION ALL
    SELECT 7, 'inputs', input_id, json_object('arguments', arguments, 'stdin', stdin, 'origin', origin)
    FROM program_inputs SEMI JOIN ids USING (program_id, input_id)
    UNION ALL
    SELECT
        8, 'code_variants', variant_id,
        json_object('rewrites', rewrites, 'equivalence', equivalence, 'inputs_proved', inputs_proved)
    FROM code_variants SEMI JOIN ids USING (program_id, variant_id)
    UNION ALL
    SELECT
        9, 'raw_programs', program_id,
        json_object(
            'source', source, 'source_row', source_row, 'title', title, 'origin_uri', origin_uri, 'license', license,
            'supersedes', supersedes
        )
    FROM raw_programs SEMI JOIN ids USING (program_id)
)

SELECT of_table, row_id, says
FROM walk
ORDER BY row_id <> $id, step, row_id
