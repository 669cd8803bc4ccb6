-- name = "answer_only"
-- description = "Questions about runs, each with nothing but the answer: one side of an ablation, whose other side is coe, the same rows with the chain of execution."
-- stage = "instruction_tuning"
-- format = "messages"
-- # Seed, caps and query are those of coe: both have the same rows in the same order.
-- seed = 8
--
-- [caps]
-- per_program = 100

SELECT
    c.program_id,
    c.variant_id,
    c.input_id,
    c.trace_id,
    c.question_id,
    c.coe_id,
    q.kind,
    q.question,
    NULL AS rationale,
    q.answer
FROM chains_of_execution AS c
JOIN tracing_questions AS q ON q.question_id = c.question_id
WHERE
    NOT c.opaque_fold
    -- Not where the telling found an input of its own (backward), and so ends on another answer.
    AND c.check_trace_id IS NOT DISTINCT FROM q.check_trace_id
-- One telling of each question, and of questions that read alike one: nothing is a duplicate here that is none there.
QUALIFY row_number() OVER (PARTITION BY q.question ORDER BY c.coe_id) = 1
