"""Cheap rules about one stripe of one table, or one mixture: schema, keys, parents, ranges, answers.

Belongs here: which checks a table has and the order they run in. Does not belong here: the single rules (`ranges`,
`references`), recomputing answers (`answers`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from tracepile_assets.home.settings import PERMISSIVE
from tracepile_assets.mixtures import is_allowed
from tracepile_assets.tables.schemas import ID_COLUMN, SCHEMAS

from .answers import recompute
from .companions import check_companions
from .findings import Fault, Finding, finding
from .ranges import RANGES
from .references import REFERENCES, lost_parents
from .twins import corrupted

_ABOUT = {
    "schema": "the columns are those of the schema, in its order and types, and hold no null where none may be",
    "keys": "every row has an id of its own",
    "parents": "every row's parents exist, and agree with each other",
    "ranges": "statuses, kinds and counts are in their ranges, lists that belong together have equal lengths",
    "licenses": "the licence of every program is on the allow-list of mixtures",
    "decontamination": "the samples were checked against benchmarks, and those that overlap kept out",
    "faults": "each twin is as its true text up to the wrong span, and a sample, judged again, is false there",
    "answers": "a sample of the answers, recomputed from the traces by the independent evaluator, is as stated, and "
    "the answers about programs are what their variants and runs say",
}

_UNCHECKED = (
    "the mixture names benchmarks that its samples are checked against (write `-- benchmarks = […]` into its file, or "
    "name some for all mixtures in tracepile.toml, [mixtures] benchmarks)"
)

CHECKS: dict[str, tuple[str, ...]] = {
    table: (
        "schema",
        "keys",
        *(("parents",) if table in REFERENCES else ()),
        *(("ranges",) if table in RANGES else ()),
        *(("answers",) if table == "tracing_questions" else ()),
        *(("faults",) if table == "corrupted_twins" else ()),
        *(("licenses",) if table == "raw_programs" else ()),
        *(("decontamination",) if table == "training_mixtures" else ()),
    )
    for table in ID_COLUMN
}
"""Names of the checks of every table that `audit` knows."""


def audit(
    table: str,
    frame: pl.DataFrame,
    parents: Mapping[str, pl.DataFrame],
    *,
    sample: int = 200,
    seed: int = 0,
    licenses: Collection[str] = PERMISSIVE,
    decontaminated: bool = True,
) -> list[Finding]:
    """Check the rows of one table.

    Args:
        table: name of the table.
        frame: its rows: a stripe, or a mixture.
        parents: frames of parent tables, by name; a reference to a table that is not given is not checked.
        sample: number of questions whose answer is recomputed; only those whose trace, code and input are given. Of
            twins, which were judged when they were made, a quarter of that is judged again.
        seed: seed of that sample.
        licenses: SPDX ids of the licences that may enter a mixture; others are warned of, and no fault.
        decontaminated: whether a mixture was checked against any benchmark; it is warned of one that was not.

    Returns:
        One finding per check of the table, in the order of `CHECKS`. Where the columns are not those of the schema, the
        checks that follow are reported as failed without being run.

    Raises:
        KeyError: there are no rules about such a table.
    """
    checks = CHECKS[table]
    found = [finding("schema", _ABOUT["schema"], _schema_faults(table, frame))]
    if not found[0].passed:
        unread = [Fault("the rows can be read", 1)]
        return found + [finding(check, _ABOUT[check], unread) for check in checks[1:]]
    found.append(finding("keys", _ABOUT["keys"], _key_faults(table, frame)))
    if "parents" in checks:
        found.append(finding("parents", _ABOUT["parents"], lost_parents(table, frame, parents)))
    if "ranges" in checks:
        found.append(finding("ranges", _ABOUT["ranges"], _range_faults(table, frame)))
    if "answers" in checks:
        faults = [*recompute(frame, parents, sample, seed), *check_companions(frame, parents)]
        found.append(finding("answers", _ABOUT["answers"], faults))
    if "faults" in checks:
        found.append(finding("faults", _ABOUT["faults"], corrupted(frame, parents, sample // 4, seed)))
    if "licenses" in checks:
        found.append(finding("licenses", _ABOUT["licenses"], _license_faults(frame, licenses), "warn"))
    if "decontamination" in checks:
        faults = [] if decontaminated else [Fault(_UNCHECKED, 1)]
        found.append(finding("decontamination", _ABOUT["decontamination"], faults, "warn"))
    return found


def audit_parts(table: str, parts: Iterable[pl.DataFrame], **options: Any) -> list[Finding]:
    """Check the rows of one table that is too long for memory, part by part, without parents.

    Args:
        table: name of the table.
        parts: its rows.
        options: as of `audit`.
    """
    found: dict[str, Finding] = {}
    keys = [pl.DataFrame(SCHEMAS[table].empty_table()).select(ID_COLUMN[table])]
    for part in parts:
        for each in audit(table, part, {}, **options):
            known = found.setdefault(each.check, each)
            if not each.passed and known is not each:
                worse = known if not known.passed else each
                # A fault that lies in no row is one fault, in whichever parts it shows.
                number = known.n_failed + each.n_failed if each.failed_ids else worse.n_failed
                found[each.check] = replace(worse, n_failed=number)
        # Copied: a column of a part would keep all of it in memory.
        key = ID_COLUMN[table]
        keys.append(pl.DataFrame({key: part.get_column(key).to_list()}, schema={key: pl.String}))
    if not found:
        return audit(table, pl.DataFrame(SCHEMAS[table].empty_table()), {}, **options)
    # A key may come again in another part.
    if found["schema"].passed and found["keys"].passed:
        found["keys"] = finding("keys", _ABOUT["keys"], _key_faults(table, pl.concat(keys)))
    return list(found.values())


def _schema_faults(table: str, frame: pl.DataFrame) -> Iterator[Fault]:
    schema = SCHEMAS[table]
    wanted = pl.from_arrow(schema.empty_table()).schema
    odd = [name for name in dict.fromkeys([*wanted, *frame.columns]) if wanted.get(name) != frame.schema.get(name)]
    if odd:
        yield Fault(f"the columns are those of the schema (look at {', '.join(odd)})", len(odd))
    elif frame.columns != list(wanted):
        yield Fault("the columns stand in the order of the schema", 1)
    else:
        key = ID_COLUMN[table]
        for field in schema:
            if not field.nullable and field.name != key and frame.get_column(field.name).null_count():
                yield _fault(table, frame, pl.col(field.name).is_null(), f"{field.name} is not null")


def _key_faults(table: str, frame: pl.DataFrame) -> Iterator[Fault]:
    key = ID_COLUMN[table]
    nulls = frame.get_column(key).null_count()
    if nulls:
        yield Fault(f"{key} is not null", nulls)
    twice = _fault(table, frame, pl.col(key).is_duplicated() & pl.col(key).is_not_null(), f"{key} is unique")
    if twice.n_failed:
        yield twice


def _range_faults(table: str, frame: pl.DataFrame) -> Iterator[Fault]:
    for says, holds in RANGES[table]:
        # What cannot be decided (a comparison with null) counts as not holding: rules name the nulls they allow.
        fault = _fault(table, frame, ~holds.fill_null(False), says)
        if fault.n_failed:
            yield fault


def _license_faults(frame: pl.DataFrame, licenses: Collection[str]) -> Iterator[Fault]:
    for license_ in sorted(frame["license"].unique()):
        if not is_allowed(license_, licenses):
            bad = frame.filter(pl.col("license") == license_).get_column("program_id")
            says = (
                f"the licence {license_} is on the allow-list (of these programs nothing enters a mixture; give the "
                "source its own with `license` in sources.toml, or allow it in tracepile.toml, [mixtures] licenses)"
            )
            yield Fault(says, bad.len(), tuple(bad.to_list()))


def _fault(table: str, frame: pl.DataFrame, fails: pl.Expr, says: str) -> Fault:
    bad = frame.filter(fails).get_column(ID_COLUMN[table])
    return Fault(says, bad.len(), tuple(bad.drop_nulls().to_list()))
