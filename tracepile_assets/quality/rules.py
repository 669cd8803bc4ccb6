"""Cheap rules about one stripe of one table, or one mixture: schema, keys, parents, ranges, answers.

Belongs here: which checks a table has and the order they run in. Does not belong here: the single rules (`ranges`,
`references`), recomputing answers (`answers`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

import polars as pl

from tracepile_assets.home.settings import PERMISSIVE
from tracepile_assets.mixtures import is_allowed
from tracepile_assets.tables.schemas import ID_COLUMN, SCHEMAS

from .answers import drawn_questions, recompute
from .companions import IS_COMPANION, check_companions
from .findings import Fault, Finding, finding
from .ranges import RANGES
from .references import REFERENCES, Parents, links_of, lost_parents
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

PARTED = frozenset(table for table, checks in CHECKS.items() if "faults" not in checks)
"""The tables that `audit_parts` knows: no check of theirs needs whole rows of more than a part and some others."""

_WARNED_OF = ("licenses", "decontamination")
"""The checks that find no fault of a row, but what a reader must know."""


def audit(
    table: str,
    frame: pl.DataFrame,
    parents: Parents,
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
        parents: parent tables, by name; a reference to a table that is not given is not checked.
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
    check_rows = _RowChecks(table, licenses, decontaminated)
    faults = check_rows.faults(frame)
    if not faults["schema"]:
        faults["keys"] = [*_key_faults(table, frame)]
        if "parents" in faults:
            faults["parents"] = [*lost_parents(table, links_of(table, frame), parents)]
        if "answers" in faults:
            faults["answers"] = _wrong_answers(frame, parents, sample, seed)
        if "faults" in faults:
            faults["faults"] = [*corrupted(frame, parents, sample // 4, seed)]
    return _findings(faults)


def audit_parts(
    table: str,
    parts: Iterable[pl.DataFrame],
    parents: Parents | None = None,
    *,
    sample: int = 200,
    seed: int = 0,
    licenses: Collection[str] = PERMISSIVE,
    decontaminated: bool = True,
) -> list[Finding]:
    """Check the rows of one table that is too long for memory: part by part, and by what links all of them to others.

    Args:
        table: name of the table: one in `PARTED`.
        parts: its rows.
        parents: as of `audit`.
        sample: as of `audit`.
        seed: as of `audit`.
        licenses: as of `audit`.
        decontaminated: as of `audit`.

    Returns:
        As `audit`.

    Raises:
        KeyError: there are no such rules about that table, or some look at whole rows of all parts.
    """
    if table not in PARTED:
        raise KeyError(table)
    check_rows = _RowChecks(table, licenses, decontaminated)
    empty = pl.DataFrame(SCHEMAS[table].empty_table())
    links = [links_of(table, empty)]
    judged = [empty]
    found = check_rows.faults(empty)
    for part in parts:
        faults = check_rows.faults(part)
        for check, each in faults.items():
            found[check] = _added(found[check], each)
        if not faults["schema"]:
            links.append(links_of(table, part))
            if "answers" in found:
                is_drawn = pl.col("question_id").is_in(drawn_questions(part, sample, seed))
                judged.append(_copied(part.filter(is_drawn | IS_COMPANION)))
    if not found["schema"]:
        together = pl.concat(links)
        found["keys"] = [*_key_faults(table, together)]
        if "parents" in found:
            found["parents"] = [*lost_parents(table, together, parents or {})]
        if "answers" in found:
            found["answers"] = _wrong_answers(pl.concat(judged), parents or {}, sample, seed)
    return _findings(found)


def _wrong_answers(questions: pl.DataFrame, parents: Parents, sample: int, seed: int) -> list[Fault]:
    return [*recompute(questions, parents, sample, seed), *check_companions(questions, parents)]


def _copied(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without the part that they are taken from, which they would keep in memory."""
    return pl.DataFrame(rows.to_dict(as_series=False), schema=rows.schema)


class _RowChecks:
    """The checks that look at each row by itself; those that look at more find nothing here."""

    def __init__(self, table: str, licenses: Collection[str], decontaminated: bool) -> None:
        self._table = table
        self._licenses = licenses
        self._decontaminated = decontaminated

    def faults(self, frame: pl.DataFrame) -> dict[str, list[Fault]]:
        """What is found by each check of the table, in their order."""
        found: dict[str, list[Fault]] = {check: [] for check in CHECKS[self._table]}
        found["schema"] = [*_schema_faults(self._table, frame)]
        if found["schema"]:
            return {check: faults or [Fault("the rows can be read", 1)] for check, faults in found.items()}
        if "ranges" in found:
            found["ranges"] = [*_range_faults(self._table, frame)]
        if "licenses" in found:
            found["licenses"] = [*_license_faults(frame, self._licenses)]
        if "decontamination" in found and not self._decontaminated:
            found["decontamination"] = [Fault(_UNCHECKED, 1)]
        return found


def _added(known: list[Fault], others: list[Fault]) -> list[Fault]:
    """The faults of two parts together. One that lies in no row is one fault, in whichever parts it shows."""
    said = {fault.says: fault for fault in known}
    for each in others:
        before = said.setdefault(each.says, each)
        if before is not each and each.row_ids:
            said[each.says] = Fault(
                each.says, before.n_failed + each.n_failed, tuple(dict.fromkeys((*before.row_ids, *each.row_ids)))
            )
    return list(said.values())


def _findings(faults: Mapping[str, list[Fault]]) -> list[Finding]:
    return [
        finding(check, _ABOUT[check], found, "warn" if check in _WARNED_OF else "error")
        for check, found in faults.items()
    ]


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
