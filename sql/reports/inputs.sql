-- Inputs of each source by where they came from; how many statements the original programs enter on the inputs that were
-- given or generated, and on all of them; and how often a stated result is not what the execution gave.
WITH runs AS (
    SELECT
        p.source,
        t.program_id,
        i.origin,
        t.expected_agrees,
        t.status,
        list_distinct(t.event_statement) AS statements
    FROM execution_traces AS t
    JOIN code_variants AS v USING (variant_id)
    JOIN raw_programs AS p ON p.program_id = t.program_id
    JOIN program_inputs AS i ON i.program_id = t.program_id AND i.input_id = t.input_id
    WHERE v.equivalence = 'original'
),

entered AS (
    SELECT
        source,
        count(DISTINCT (program_id, statement)) FILTER (origin IN ('given', 'generated')) AS statements_on_given,
        count(DISTINCT (program_id, statement)) AS statements_entered
    FROM (SELECT source, program_id, origin, unnest(statements) AS statement FROM runs)
    GROUP BY source
),

counted AS (
    SELECT
        p.source,
        count(DISTINCT p.program_id) AS programs,
        count(i.input_id) FILTER (i.origin = 'given') AS given,
        count(i.input_id) FILTER (i.origin = 'generated') AS generated,
        count(i.input_id) FILTER (i.origin = 'mutated') AS mutated,
        count(i.input_id) FILTER (i.origin = 'proposed') AS proposed,
        count(i.expected) AS stated
    FROM raw_programs AS p
    LEFT JOIN program_inputs AS i USING (program_id)
    GROUP BY p.source
),

ended AS (
    SELECT
        source,
        count(*) FILTER (expected_agrees IS FALSE) AS stated_otherwise,
        count(DISTINCT program_id) FILTER (expected_agrees IS FALSE) AS programs_stated_otherwise,
        count(*) FILTER (origin = 'mutated' AND status = 'exception') AS mutants_that_raise
    FROM runs
    GROUP BY source
)

SELECT
    c.source,
    c.programs,
    c.given,
    c.generated,
    c.mutated,
    c.proposed,
    coalesce(d.mutants_that_raise, 0) AS mutants_that_raise,
    c.stated,
    coalesce(d.stated_otherwise, 0) AS stated_otherwise,
    coalesce(d.programs_stated_otherwise, 0) AS programs_stated_otherwise,
    coalesce(e.statements_on_given, 0) AS statements_on_given,
    coalesce(e.statements_entered, 0) AS statements_entered
FROM counted AS c
LEFT JOIN entered AS e USING (source)
LEFT JOIN ended AS d USING (source)
ORDER BY c.source
