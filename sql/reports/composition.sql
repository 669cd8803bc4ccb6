-- What the corpus is made of: rows of every table by domain, source and licence.
WITH per_program AS (
    SELECT
        p.domain,
        p.source,
        p.license,
        p.benchmark,
        (SELECT count(*) FROM code_variants AS v WHERE v.program_id = p.program_id) AS variants,
        (SELECT count(*) FROM execution_traces AS t WHERE t.program_id = p.program_id) AS traces,
        (SELECT coalesce(sum(t.n_events), 0) FROM execution_traces AS t WHERE t.program_id = p.program_id) AS events,
        (SELECT count(*) FROM tracing_questions AS q WHERE q.program_id = p.program_id) AS questions,
        (SELECT count(*) FROM chains_of_execution AS c WHERE c.program_id = p.program_id) AS chains,
        (SELECT coalesce(sum(c.n_tokens), 0) FROM chains_of_execution AS c WHERE c.program_id = p.program_id) AS tokens
    FROM raw_programs AS p
)

SELECT
    domain,
    source,
    license,
    benchmark,
    count(*) AS programs,
    sum(variants)::BIGINT AS variants,
    sum(traces)::BIGINT AS traces,
    sum(events)::BIGINT AS events,
    sum(questions)::BIGINT AS questions,
    sum(chains)::BIGINT AS chains,
    sum(tokens)::BIGINT AS chain_tokens
FROM per_program
GROUP BY domain, source, license, benchmark
ORDER BY domain, source, license, benchmark
