"""The asset `quality_report`: distributions and business rules over whole sources. The suites lie in quality/."""

import dagster as dg

from tracepile_assets.checks.expectations import expectation_specs, run_suites, suite_results, tables_digest
from tracepile_assets.resources import TableStore

from .shape import BLOCKED_TAG, OWNERS, Results


@dg.asset(
    deps=["chains_of_execution"],
    group_name="mixtures",
    kinds={"python", "greatexpectations"},
    owners=OWNERS,
    tags={"tracepile/stage": "mixtures"},
    check_specs=expectation_specs("quality_report"),
)
def quality_report(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """What Great Expectations finds in the tables of every source; mixtures are made after it.

    A critical expectation that does not hold fails the asset, so that no mixture is made of such rows; others warn.
    """
    home = store.home
    digest = tables_digest(home)
    results = list(suite_results(run_suites(home)))
    failed = [r.description for r in results if not r.passed and r.severity == dg.AssetCheckSeverity.ERROR]
    if failed:
        yield from results
        context.instance.add_run_tags(context.run.run_id, {BLOCKED_TAG: "quality_report"})
        raise dg.Failure(f"critical expectations do not hold: {'; '.join(map(str, failed))}", allow_retries=False)
    yield dg.MaterializeResult(
        metadata={"checks": len(results), "warnings": sum(not r.passed for r in results)},
        check_results=results,
        data_version=dg.DataVersion(digest),
    )
