"""Building one stripe of one table: units, stale rows made, the rest carried over, audit, publish.

Belongs here: the order of these steps, whatever the table. Does not belong here: how rows are made (rows/).
"""

import importlib
import shutil
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from tracepile_assets.home import Home, Stripe
from tracepile_assets.planning import fingerprint
from tracepile_assets.planning.plan import inputs_of
from tracepile_assets.tables.files import (
    Slices,
    TableError,
    as_table,
    publish,
    read_batches,
    read_footer,
    read_table,
    write_rows,
    write_tables,
)
from tracepile_assets.tables.schemas import CHECKED_TABLES, ID_COLUMN, SCHEMAS, table_of_place

from .audit import audit_stripe, keep_faultless
from .checked import Checked
from .feature_units import instrument_at
from .plan import slots_digest
from .report import BuildReport
from .rows.unit import Context, Made, Row, Unit
from .rules import rule_of
from .sources import sync_source

UNIT_COLUMN = {
    "raw_programs": "program_id",
    "code_variants": "program_id",
    "execution_traces": "variant_id",
    "tracing_questions": "trace_id",
    "chains_of_execution": "trace_id",
    "corrupted_twins": "trace_id",
    "sample_features": "trace_id",
}
"""Column of a table that holds the id of the unit that a row was made from."""

Progress = Callable[[int, int], None]
"""Called with the number of units done, and the number of units that there are at most."""


def build_stripe(home: Home, table: str, stripe: Stripe, progress: Progress | None = None) -> BuildReport:
    """Bring one stripe of one table up to date; do nothing where it is.

    The file is staged, audited and only then renamed into its place, after the side files that belong to it. Another
    writer of the same stripe is waited for.

    Args:
        home: the home.
        table: one of the stripe tables, or the place of a feature.
        stripe: the stripe.
        progress: told how far the build is.

    Raises:
        BuildBlocked: the audit failed; the last good file stays.
        SourceError: the source cannot be read.
        TableError: a parent is missing or cannot be read.
        SandboxUnavailable: programs have to be run and cannot be.
        KeyError: the source has no such stripe.
    """
    started = time.monotonic()
    rule = rule_of(home, table)
    with home.lock(f"{table}/{stripe.key}"):
        entry = home.registry().get(stripe.source)
        stripe_map = sync_source(home, entry)
        wanted = inputs_of(home, rule, stripe, {stripe: slots_digest(stripe_map, stripe)})
        if wanted is None:
            missing = next(p for p in rule.parents if read_footer(home.stripe_file(p, stripe)) is None)
            raise TableError(f"{table} of {stripe.key} is made from {missing}, which is not built yet; build it first")
        inputs, made_from = wanted
        final = home.stripe_file(table, stripe)
        said = _said(final)
        if said and said["inputs"] == inputs:
            return BuildReport(
                table, stripe.key, True, final, said["rows"], data_version=said["content"], partial=said["partial"]
            )
        base = fingerprint(rule.versions, dict(rule.settings))
        context = Context(home, entry, stripe, stripe_map, home.settings(), base, table, instrument_at(home, table))
        return _Build(context, final, said, inputs, made_from, progress).run(started)


def _said(path: Path) -> dict[str, object] | None:
    try:
        return read_footer(path)
    except TableError:
        return None


class _Build:
    """One build of one stripe; the stages share what has been counted so far."""

    def __init__(
        self,
        context: Context,
        final: Path,
        said: dict[str, object] | None,
        inputs: str,
        made_from: dict[str, object],
        progress: Progress | None,
    ) -> None:
        self.context = context
        self.place = context.place
        self.table = table_of_place(context.place)
        self.final = final
        self.inputs = inputs
        self.made_from = made_from
        self.progress = progress or (lambda done, total: None)
        self.rows_module = importlib.import_module(f"tracepile_assets.building.rows.{self.table}")
        self.unit_rows: list[Row] = []
        self.rejected: list[Row] = []
        self.carried = 0
        self.checked = Checked()
        self.before: set[str] = set()
        self.old_rows, self.old_units, self.old_rejected = self._previous(said)
        staged = f"{self.place.replace('/', '--')}--{context.stripe.source}--{context.stripe.number}"
        self.staging = context.home.root / "staging" / staged

    def _side(self, side: str) -> Path:
        return self.context.home.side_file(side, self.place, self.context.stripe)

    def _previous(
        self, said: dict[str, object] | None
    ) -> tuple[Slices | None, dict[str, tuple[str, int, int]], dict[str, list[Row]]]:
        """The rows of the last build by unit, if its side files are of the same build."""
        if said is None:
            return None, {}, {}
        checks = ("check_traces",) if self.table in CHECKED_TABLES else ()
        sides = [_said(self._side(side)) for side in ("units", "rejected", *checks)]
        if any(side is None or side["inputs"] != said["inputs"] for side in sides):
            return None, {}, {}
        try:
            old = Slices(self.final, self.table)
            # Read to the end, so that what cannot be read is known before anything is made.
            key = list(SCHEMAS[self.table].names).index(ID_COLUMN[self.table])
            before = {row_id for rows in read_batches(self.final) for row_id in rows.column(key).to_pylist()}
            for side in checks:
                self.checked.carry_from(read_table(self._side(side), side))
        except TableError:
            # Of other columns, or unreadable: nothing of it can be carried over.
            return None, {}, {}
        units = {}
        first = 0
        n_rejected: dict[str, int] = {}
        for row in read_table(self._side("units"), "units").to_pylist():
            units[row["unit_id"]] = (row["fingerprint"], first, row["n_rows"])
            n_rejected[row["unit_id"]] = row["n_rejected"]
            first += row["n_rows"]
        if first != said["rows"]:
            return None, {}, {}
        self.before = before
        rejected: dict[str, list[Row]] = {}
        stored = iter(read_table(self._side("rejected"), "rejected").to_pylist())
        for unit_id, number in n_rejected.items():
            rejected[unit_id] = [next(stored) for _ in range(number)]
        return old, units, rejected

    def run(self, started: float) -> BuildReport:
        """Make, audit, publish."""
        shutil.rmtree(self.staging, ignore_errors=True)
        staged = self.staging / "table.parquet"
        try:
            write_tables(staged, self.table, self._parts(), self._footer)
            footer = self._footer()
            checks = self.checked.table() if self.table in CHECKED_TABLES else None
            audit = audit_stripe(self.context.home, self.place, self.context.stripe, staged, checks)
            kept = keep_faultless(staged, self.table, footer, audit, self.unit_rows, UNIT_COLUMN[self.table])
            if checks is not None:
                self._stage_checks(checks, kept.row_ids, footer)
            self._publish(staged, footer, kept.quarantined)
        finally:
            if self.old_rows is not None:
                self.old_rows.close()
            shutil.rmtree(self.staging, ignore_errors=True)
        reasons = Counter(f"{row['unit']}: {row['reason']}" for row in self.rejected)
        return BuildReport(
            self.place,
            self.context.stripe.key,
            False,
            self.final,
            len(kept.row_ids),
            added=len(kept.row_ids - self.before),
            removed=len(self.before - kept.row_ids),
            carried=self.carried,
            rejected=dict(sorted(reasons.items())),
            quarantined=len(kept.quarantined),
            findings=audit,
            seconds=time.monotonic() - started,
            data_version=footer["content"],
            partial=self.context.stripe_map.limited,
        )

    def _footer(self) -> dict[str, object]:
        """What is said of the file, once all its rows are there."""
        return {
            "table": self.place,
            "stripe": self.context.stripe.key,
            "inputs": self.inputs,
            "made_from": self.made_from,
            "content": fingerprint([[row["unit_id"], row["fingerprint"]] for row in self.unit_rows]),
            "partial": self.context.stripe_map.limited,
        }

    def _parts(self) -> Iterator[pa.Table]:
        """The table's rows in the order of its units: made anew where stale, taken over where not."""
        queue: deque[tuple[Unit, bool]] = deque()

        def stale() -> Iterator[Unit]:
            for unit in self.rows_module.units(self.context):
                old = self.old_units.get(unit.unit_id)
                is_stale = old is None or old[0] != unit.fingerprint
                queue.append((Unit(unit.unit_id, unit.fingerprint, dict), is_stale))
                if is_stale:
                    yield unit

        total = self._total()
        for made in self.rows_module.make(self.context, stale()):
            while queue:
                unit, is_stale = queue.popleft()
                if is_stale and unit.unit_id == made.unit_id:
                    yield self._take(unit, made)
                    break
                yield self._take(unit, Made(unit.unit_id)) if is_stale else self._carry(unit)
            self.progress(len(self.unit_rows), total)
        while queue:
            unit, is_stale = queue.popleft()
            yield self._take(unit, Made(unit.unit_id)) if is_stale else self._carry(unit)

    def _total(self) -> int:
        """How many units there are at most: the rows of the parent that they are made from."""
        parent = {"code_variants": "raw_programs", "execution_traces": "code_variants"}.get(
            self.table, "execution_traces"
        )
        if self.table == "raw_programs":
            return self.context.stripe_map.n_slots(self.context.stripe)
        said = read_footer(self.context.home.stripe_file(parent, self.context.stripe))
        return said["rows"] if said else 0

    def _take(self, unit: Unit, made: Made) -> pa.Table:
        self._note(unit, len(made.rows), made.rejected)
        self.checked.add(made.checks)
        return as_table(self.table, made.rows)

    def _carry(self, unit: Unit) -> pa.Table:
        _, first, number = self.old_units[unit.unit_id]
        self._note(unit, number, self.old_rejected[unit.unit_id])
        self.carried += number
        rows = self.old_rows.read(first, number)
        if self.table in CHECKED_TABLES:
            self.checked.carry(rows.column("check_trace_id").to_pylist())
        return rows

    def _note(self, unit: Unit, n_rows: int, rejected: Sequence[Row]) -> None:
        self.rejected.extend(rejected)
        self.unit_rows.append(
            {
                "unit_id": unit.unit_id,
                "fingerprint": unit.fingerprint,
                "n_rows": n_rows,
                "n_rejected": len(rejected),
            }
        )

    def _stage_checks(self, checks: pa.Table, row_ids: frozenset[str], footer: dict[str, object]) -> None:
        """Stage the runs made for rows that stayed."""
        keep = [made_for in row_ids for made_for in checks.column("made_for").to_pylist()]
        kept = checks.filter(pa.array(keep, pa.bool_()))
        write_tables(self.staging / "check_traces.parquet", "check_traces", [kept], _beside(footer))

    def _publish(self, staged: Path, footer: dict[str, object], quarantined: list[Row]) -> None:
        """Publish the side files first; they count only with a table of the same inputs."""
        sides = {"units": self.unit_rows, "rejected": self.rejected, "quarantine": quarantined}
        for side, rows in sides.items():
            write_rows(self.staging / f"{side}.parquet", side, rows, _beside(footer))
        checks = ("check_traces",) if self.table in CHECKED_TABLES else ()
        for side in (*sides, *checks):
            publish(self.staging / f"{side}.parquet", self._side(side))
        publish(staged, self.final)


def _beside(footer: dict[str, object]) -> dict[str, object]:
    """The footer of a side file."""
    return {key: footer[key] for key in ("table", "stripe", "inputs")}
