"""The audit of a staged file before it is published: what blocks, and what is put into quarantine.

Not here: the checks themselves (quality/).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from tracepile_assets.home import Home, Stripe
from tracepile_assets.quality import PARTED, Finding, audit, audit_parts
from tracepile_assets.quality.findings import EXAMPLES
from tracepile_assets.tables.files import read_batches, read_table, write_tables
from tracepile_assets.tables.schemas import CHECKED_TABLES, ID_COLUMN, table_of_place

from .checked import checks_file
from .errors import BuildBlocked
from .rows.unit import Row

PARENTS = {
    "raw_programs": (),
    "code_variants": ("raw_programs",),
    "execution_traces": ("raw_programs", "code_variants"),
    "tracing_questions": ("raw_programs", "code_variants", "execution_traces"),
    "chains_of_execution": ("execution_traces", "tracing_questions"),
    "corrupted_twins": (
        "raw_programs",
        "code_variants",
        "execution_traces",
        "tracing_questions",
        "chains_of_execution",
    ),
    "sample_features": ("tracing_questions", "chains_of_execution"),
}
FEW = 10
SHARE = 0.01
"""Faulty rows beyond both block a stripe; fewer are put into quarantine."""

_ROWS = 5_000
"""Rows of a file that are in memory at a time."""


@dataclass(frozen=True)
class Kept:
    """What stayed in a staged file: ids of its rows, and the quarantine rows of those that did not."""

    row_ids: frozenset[str]
    quarantined: list[Row]


def audit_stripe(
    home: Home, place: str, stripe: Stripe, staged: Path, checks: pa.Table | None = None
) -> tuple[Finding, ...]:
    """Check a staged file against its rules and its parents, of which only the columns looked at are read.

    Args:
        home: the home.
        place: name of the table, or the place of a feature.
        stripe: the stripe.
        staged: the file.
        checks: the check traces made for its rows, of a table that has such; a fault in one is a fault of the row that
            it was made for.
    """
    table = table_of_place(place)
    parents = {parent: _scanned(home.stripe_file(parent, stripe), parent) for parent in PARENTS[table]}
    licenses = home.settings().mixtures.licenses
    if checks is None:
        return tuple(_audited(table, staged, parents, licenses))
    own = pl.from_arrow(checks)
    others = [
        _scanned(checks_file(home, parent, stripe), "check_traces")
        for parent in PARENTS[table]
        if parent in CHECKED_TABLES
    ]
    findings = _audited(table, staged, {**parents, "check_traces": pl.concat([own.lazy(), *others])}, licenses)
    made_for = dict(zip(checks.column("trace_id").to_pylist(), checks.column("made_for").to_pylist(), strict=True))
    beside = audit_parts("check_traces", own.iter_slices(_ROWS), {**parents, table: _scanned(staged, table)})
    found = {each.check: each for each in beside}
    return tuple(_joined(each, found.get(each.check), made_for) for each in findings)


def _audited(
    table: str, staged: Path, parents: dict[str, pl.LazyFrame], licenses: Collection[str]
) -> Sequence[Finding]:
    """What is found in a file; where no check needs whole rows of all of it, with a part of it in memory at a time."""
    if table in PARTED:
        _scanned(staged, table)
        parts = (pl.DataFrame(batch) for batch in read_batches(staged, rows=_ROWS))
        return audit_parts(table, parts, parents, licenses=licenses)
    return audit(table, pl.from_arrow(read_table(staged, table)), parents, licenses=licenses)


def _scanned(path: Path, table: str) -> pl.LazyFrame:
    """A file to be read as far as it is looked at.

    Raises:
        TableError: as `read_table`.
    """
    read_table(path, table, ())
    return pl.scan_parquet(path, hive_partitioning=False)


def _joined(finding: Finding, beside: Finding | None, made_for: dict[str, str]) -> Finding:
    """What was found in a table and in its check traces by checks of one name."""
    if beside is None or beside.passed:
        return finding
    says = f"of the runs in check_traces: {beside.description}"
    failed = tuple(dict.fromkeys((*finding.failed_ids, *(made_for[trace_id] for trace_id in beside.failed_ids))))
    rowless = not beside.failed_ids or not (finding.passed or finding.failed_ids)
    return replace(
        finding,
        passed=False,
        severity="error",
        n_failed=finding.n_failed + beside.n_failed,
        examples=(*finding.examples, *beside.examples)[:EXAMPLES],
        description=says if finding.passed else f"{finding.description}; {says}",
        failed_ids=() if rowless else failed,
    )


def keep_faultless(
    staged: Path,
    table: str,
    footer: dict[str, object],
    findings: Sequence[Finding],
    unit_rows: list[Row],
    unit_column: str,
) -> Kept:
    """Take faulty rows out of a staged file, or refuse the file.

    A unit that lost a row is marked as stale, so that the next build of the stripe tries it again.

    Raises:
        BuildBlocked: a fault that lies in no single row, or faulty rows beyond both 1 % and 10.
    """
    ids = read_table(staged, table, [ID_COLUMN[table]]).column(0).to_pylist()
    faults = [finding for finding in findings if not finding.passed and finding.severity == "error"]
    reasons = {row_id: finding for finding in reversed(faults) for row_id in finding.failed_ids}
    structural = [finding for finding in faults if not finding.failed_ids]
    n_faulty = sum(row_id in reasons for row_id in ids)
    if structural or (n_faulty > FEW and n_faulty > SHARE * len(ids)):
        first = (structural or faults)[0]
        examples = f", for example {', '.join(map(str, first.examples))}" if first.examples else ""
        raise BuildBlocked(
            f"{table} of {footer['stripe']}: check {first.check} failed: {first.description} "
            f"({first.n_failed} row(s){examples}); nothing was published, the last good file stays",
            findings,
        )
    if not n_faulty:
        return Kept(frozenset(ids), [])
    bad: list[Row] = []
    whole = staged.with_suffix(".whole")
    staged.replace(whole)
    write_tables(staged, table, _faultless(whole, ID_COLUMN[table], pa.array(list(reasons), pa.string()), bad), footer)
    whole.unlink()
    lost: dict[object, int] = {}
    for row in bad:
        lost[row[unit_column]] = lost.get(row[unit_column], 0) + 1
    for unit in unit_rows:
        if unit["unit_id"] in lost:
            unit["n_rows"] -= lost[unit["unit_id"]]
            unit["fingerprint"] = ""
    quarantined = [
        {
            "row_id": row[ID_COLUMN[table]],
            "check": reasons[row[ID_COLUMN[table]]].check,
            "reason": reasons[row[ID_COLUMN[table]]].description,
            "row": orjson.dumps(row, default=str).decode(),
        }
        for row in bad
    ]
    return Kept(frozenset(row_id for row_id in ids if row_id not in reasons), quarantined)


def _faultless(path: Path, key: str, faulty: pa.Array, bad: list[Row]) -> Iterator[pa.Table]:
    """The rows of a file but for those with these ids, which are put into the list."""
    for batch in read_batches(path):
        is_bad = pc.is_in(batch.column(key), value_set=faulty)
        bad += batch.filter(is_bad).to_pylist()
        yield pa.Table.from_batches([batch.filter(pc.invert(is_bad))]).replace_schema_metadata(None)
