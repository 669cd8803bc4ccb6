-- How the questions are spread: per kind, their number and share, how hard they are, and whether one answer is too common.
WITH answers AS (
    SELECT kind, direction, answer, count(*) AS n FROM tracing_questions GROUP BY kind, direction, answer
),

commonest AS (
    SELECT kind, direction, count(*) AS distinct_answers, arg_max(answer, (n, answer)) AS answer, max(n) AS n
    FROM answers
    GROUP BY kind, direction
)

SELECT
    q.kind,
    q.direction,
    count(*) AS questions,
    round(count(*) / sum(count(*)) OVER (), 4) AS share,
    count(DISTINCT q.program_id) AS programs,
    count(DISTINCT q.trace_id) AS traces,
    round(avg(q.difficulty), 4) AS mean_difficulty,
    round(quantile_cont(q.difficulty, 0.1), 4) AS difficulty_p10,
    round(quantile_cont(q.difficulty, 0.9), 4) AS difficulty_p90,
    any_value(a.distinct_answers) AS distinct_answers,
    left(any_value(a.answer), 60) AS commonest_answer,
    round(any_value(a.n) / count(*), 4) AS commonest_share
FROM tracing_questions AS q
JOIN commonest AS a ON a.kind = q.kind AND a.direction = q.direction
GROUP BY q.kind, q.direction
ORDER BY q.kind, q.direction
