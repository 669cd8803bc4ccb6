-- name = "rl_prompts"
-- description = "Questions about runs, with the answer and what grades a reply: prompts for reinforcement learning with rewards that are computed. A backward question or one for a program has many right answers: these are graded by running the reply."
-- stage = "reinforcement"
-- format = "prompt_answer"
-- seed = 6
--
-- [caps]
-- per_program = 100
-- # Where a guess is right half of the time, few prompts are enough.
-- per_kind_share = 0.2

SELECT
    q.program_id,
    q.variant_id,
    q.input_id,
    q.trace_id,
    q.question_id,
    NULL AS coe_id,
    q.kind,
    q.question || CASE
        WHEN q.answer_type = 'program' THEN ''
        ELSE chr(10) || chr(10) || 'End your reply with a line that begins with `Answer:`, followed by the answer alone.'
    END AS question,
    q.answer
FROM tracing_questions AS q
