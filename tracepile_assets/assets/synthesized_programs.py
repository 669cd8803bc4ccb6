"""The asset `synthesized_programs`: model-made programs, made when a person asks for it. The making is building/'s."""

import dagster as dg

from tracepile_assets.resources import TableStore

from .shape import OWNERS, room_errors

COLUMNS = {
    "id": "key of the task, or of the request that gave none",
    "status": "`kept` or `dropped`",
    "reason": "why it was dropped",
    "concept, level": "what the task was asked for on, and how hard",
    "title, statement, entry_point, code": "the task, and the solution that was kept",
    "calls, results": "the tests that the kept solutions agree with",
    "agreement": "how many solutions and tests there were, and how many agree",
    "made_by": "model, revision, parameters, versions of the prompts",
    "left_out": "each solution and test outside the agreement, with its reason",
}


@dg.asset(
    group_name="sources",
    kinds={"python", "json"},
    owners=OWNERS,
    tags={"tracepile/stage": "sources"},
    metadata={
        "dagster/column_schema": dg.TableSchema(
            [dg.TableColumn(name, description=meaning) for name, meaning in COLUMNS.items()]
        ),
        "one row": "a task that a model set",
    },
)
def synthesized_programs(
    context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]
) -> dg.MaterializeResult:
    """What a language model made for the sources of layout `synthesis`, and dual agreement kept; on demand only.

    It goes on where the last run ended, for the concepts that `tracepile sources synthesize` was given. The sensor sees
    a file that grew as it sees any other source that changed.
    """
    try:
        made = store.synthesize()
    except room_errors() as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    for name, result in made.items():
        context.log.info(f"{name}: {result.kept} kept, dropped {dict(result.dropped)}, {result.unanswered} unanswered")
    return dg.MaterializeResult(
        metadata={
            "sources": len(made),
            "kept": sum(result.kept for result in made.values()),
            "dropped": sum(sum(result.dropped.values()) for result in made.values()),
            "not answered": sum(result.unanswered for result in made.values()),
            "tokens": max((result.tokens for result in made.values()), default=0),
        }
    )
