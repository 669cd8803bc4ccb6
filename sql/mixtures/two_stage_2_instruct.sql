-- name = "two_stage_2_instruct"
-- description = "Short tasks with short replies (answer a question about a run, write the program for a problem), joined with your own general instruction set: the second stage of two-stage fine-tuning."
-- stage = "two_stage_2"
-- format = "messages"
-- seed = 4
-- # Share of the samples that comes from $TRACEPILE_HOME/instructions/*.jsonl, where that is given.
-- instructions_share = 0.5
--
-- [caps]
-- per_program = 40

WITH answered AS (
    SELECT
        q.program_id,
        q.variant_id,
        q.input_id,
        q.trace_id,
        q.question_id,
        NULL AS coe_id,
        q.kind,
        q.question,
        NULL AS rationale,
        q.answer
    FROM tracing_questions AS q
),

-- Programs that ran as they should on every input: nothing else is shown as a solution.
solutions AS (
    SELECT t.variant_id
    FROM execution_traces AS t
    GROUP BY t.variant_id
    HAVING bool_or(t.status = 'ok') AND bool_and(t.status IN ('ok', 'exception') AND coalesce(t.expected_agrees, true))
),

written AS (
    SELECT
        v.program_id,
        v.variant_id,
        NULL AS input_id,
        NULL AS trace_id,
        NULL AS question_id,
        NULL AS coe_id,
        'write_program' AS kind,
        concat(
            trim(p.statement),
            chr(10), chr(10),
            CASE
                WHEN v.entry_point IS NULL THEN 'Write it as a Python program that reads standard input and prints the result.'
                ELSE concat('Write it in Python, to be called as `', v.entry_point, '(...)`.')
            END
        ) AS question,
        concat('```python', chr(10), rtrim(v.code, chr(10)), chr(10), '```') AS rationale,
        NULL AS answer
    FROM raw_programs AS p
    JOIN code_variants AS v ON v.program_id = p.program_id AND v.equivalence = 'original'
    JOIN solutions AS s ON s.variant_id = v.variant_id
    WHERE trim(coalesce(p.statement, '')) <> '' AND NOT contains(v.code, '```')
)

SELECT * FROM answered
UNION ALL
SELECT * FROM written
