"""The Great Expectations suites of the stripe tables, run once per source and build: specs and results.

Not here: what is expected (quality/suites), and checks of rows, which every build of a stripe makes (findings.py).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import dagster as dg
import polars as pl

from tracepile_assets.home import Home
from tracepile_assets.planning import fingerprint
from tracepile_assets.quality import SUITES, Finding, expectations
from tracepile_assets.tables.files import read_footer, read_table
from tracepile_assets.tables.schemas import STRIPE_TABLES

TABLES = tuple(table for table in STRIPE_TABLES if table in SUITES)


def expectation_specs(asset: str) -> list[dg.AssetCheckSpec]:
    """A check per table and group of expectations; an `error` keeps the asset from being materialized."""
    groups = [(table, group) for table in TABLES for group in dict.fromkeys(e.check for e in SUITES[table].expected)]
    return [dg.AssetCheckSpec(f"{table}_{group}", asset=asset, blocking=True) for table, group in groups]


def tables_digest(home: Home) -> str:
    """Digest of the rows that the suites look at; the same rows give the same verdict."""
    said = [(table, stripe, read_footer(path)) for table in TABLES for stripe, path in _files(home, table)]
    return fingerprint([[table, stripe, footer["content"]] for table, stripe, footer in said if footer])


def run_suites(home: Home) -> dict[str, dict[str, Finding]]:
    """Run every suite on every source: findings by check name, then by source."""
    found: dict[str, dict[str, Finding]] = {}
    for table in TABLES:
        for entry in home.registry().entries():
            for finding in expectations(table, _frames(home, table, entry.name)):
                found.setdefault(f"{table}_{finding.check}", {})[entry.name] = finding
    return found


def suite_results(found: Mapping[str, Mapping[str, Finding]]) -> Iterator[dg.AssetCheckResult]:
    """A check result per check; it passes if it passes for every source."""
    for name, by_source in found.items():
        failed = {source: finding for source, finding in by_source.items() if not finding.passed}
        is_error = any(finding.severity == "error" for finding in failed.values())
        yield dg.AssetCheckResult(
            check_name=name,
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
            description="; ".join(f"{source}: {finding.description}" for source, finding in failed.items()) or None,
            metadata={source: list(finding.examples) for source, finding in failed.items()},
        )


def _files(home: Home, table: str, source: str | None = None) -> Iterator[tuple[str, Path]]:
    for entry in home.registry().entries():
        if source in (None, entry.name):
            for stripe in home.stripe_map(entry.name).keys(entry.name):
                yield stripe.key, home.stripe_file(table, stripe)


def _frames(home: Home, table: str, source: str) -> Iterator[pl.DataFrame]:
    """The stripes of a source that are built, one at a time."""
    for _, path in _files(home, table, source):
        if read_footer(path):
            yield pl.from_arrow(read_table(path, table))
