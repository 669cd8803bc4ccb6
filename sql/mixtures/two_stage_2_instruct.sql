-- name = "two_stage_2_instruct"
-- description = "Short tasks with short replies (answer a question about a run, write the program for a problem, compare two programs), joined with your own general instruction set: the second stage of two-stage fine-tuning."
-- stage = "two_stage_2"
-- format = "messages"
-- seed = 4
-- # Share of the samples that comes from $TRACEPILE_HOME/instructions/*.jsonl, where that is given.
-- instructions_share = 0.5
--
-- [caps]
-- per_program = 40

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
