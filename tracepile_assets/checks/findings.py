"""The checks of a table that every build of it makes: their specs, and findings turned into check results."""

import warnings
from collections.abc import Iterable, Iterator

import dagster as dg

from tracepile_assets.partitions import STRIPES
from tracepile_assets.quality import CHECKS, Finding

# Partitioned checks are in preview; without them the page would show the last stripe's verdict as the whole table's.
# A test pins the behaviour that is relied upon.
warnings.filterwarnings("ignore", message=".*partitions_def on an AssetCheckSpec", category=dg.PreviewWarning)


def check_specs(table: str, asset: dg.AssetKey | None = None) -> list[dg.AssetCheckSpec]:
    """A blocking check per group of rules that quality/ has about a table; partitioned like the table."""
    return [
        dg.AssetCheckSpec(
            name, asset=asset or dg.AssetKey(table), blocking=True, partitions_def=None if asset else STRIPES
        )
        for name in CHECKS.get(table, ())
    ]


def check_results(findings: Iterable[Finding], *, published: bool) -> Iterator[dg.AssetCheckResult]:
    """A check result per finding.

    Args:
        findings: the findings of an audit.
        published: the build went on because its few faulty rows were put into quarantine: then a fault is a warning.
    """
    for finding in findings:
        is_error = finding.severity == "error" and not published
        yield dg.AssetCheckResult(
            check_name=finding.check,
            passed=finding.passed,
            severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
            description=finding.description,
            metadata={"faulty rows": finding.n_failed, "examples": list(finding.examples)},
        )
