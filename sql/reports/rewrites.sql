-- What became of the candidates of every transform: alone, and in chains, of which each is counted for all its transforms.
-- `refuted`: a run gave something else; `no_proof`: no run could tell; `error`: the transform failed, or its result was no
-- Python; `duplicate`: the result was the original or another candidate. What no transform is to blame for (a program none of
-- whose inputs can prove anything) stands under its own name.
WITH candidates AS (
    SELECT rewrites AS transforms, equivalence AS outcome
    FROM code_variants
    WHERE equivalence <> 'original'
    UNION ALL
    SELECT string_split(unit, '+'), reason
    FROM rejected
    WHERE of_table = 'code_variants'
),

each_one AS (
    SELECT unnest(list_distinct(transforms)) AS transform, len(transforms) > 1 AS in_chain, outcome
    FROM candidates
)

SELECT
    transform,
    count(*) FILTER (outcome = 'proved' AND NOT in_chain) AS proved_alone,
    count(*) FILTER (outcome = 'proved' AND in_chain) AS proved_in_chains,
    count(*) FILTER (outcome = 'refuted' AND NOT in_chain) AS refuted_alone,
    count(*) FILTER (outcome = 'refuted' AND in_chain) AS refuted_in_chains,
    count(*) FILTER (outcome = 'no_proof') AS no_proof,
    count(*) FILTER (outcome = 'error') AS error,
    count(*) FILTER (outcome = 'duplicate') AS duplicate,
    count(*) FILTER (outcome NOT IN ('proved', 'refuted', 'no_proof', 'error', 'duplicate')) AS other
FROM each_one
GROUP BY transform
ORDER BY transform
