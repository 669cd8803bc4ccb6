"""The yield funnel: what each stage made, what it dropped, and why, counted from the tables.

Not here: printing it (cli/), and the reports in SQL (sql/reports).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tracepile_assets.home import Home, Stripe
from tracepile_assets.tables.files import read_footer, read_table
from tracepile_assets.tables.schemas import STRIPE_TABLES

from .feature_units import features, place_of
from .mixtures import mixture_counts
from .rows.chains_of_execution import WHOLE_RUN

STAGES = {
    "raw_programs": "programs",
    "code_variants": "variants",
    "execution_traces": "traces",
    "tracing_questions": "questions",
    "chains_of_execution": "narrations",
    "corrupted_twins": "twins",
}
_BREAKDOWN = {
    "raw_programs": "source",
    "code_variants": "equivalence",
    "execution_traces": "status",
    "tracing_questions": "kind",
    "chains_of_execution": "style",
    "corrupted_twins": "fault_kind",
}
_ALSO_READ = {"raw_programs": ("status", "reason"), "chains_of_execution": ("question_id",)}


@dataclass(frozen=True)
class Stage:
    """One stage of the funnel.

    Attributes:
        name: what it makes: programs, variants, traces, questions, narrations, twins, rows of features, or ``samples of
            <mixture>``.
        made: rows that it made.
        breakdown: those rows by source, equivalence, status, kind, style (and whole runs), fault, feature or split.
        dropped: what it did not make, by reason, each counted once.
    """

    name: str
    made: int
    breakdown: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Funnel:
    """All stages, in the order of the data."""

    stages: tuple[Stage, ...]

    def __iter__(self) -> Iterator[Stage]:
        """The stages."""
        return iter(self.stages)


def read_funnel(home: Home, sources: Iterable[str] | None = None) -> Funnel:
    """Count the tables of the sources in the registry, or of those named; mixtures only if none is named."""
    chosen = None if sources is None else set(sources)
    stripes = [
        stripe
        for entry in home.registry().entries()
        if chosen is None or entry.name in chosen
        for stripe in home.stripe_map(entry.name).keys(entry.name)
    ]
    stages = [_stage(home, table, stripes) for table in STRIPE_TABLES]
    stages.append(_features(home, stripes))
    if chosen is None:
        for name, counts in mixture_counts(home).items():
            stages.append(Stage(f"samples of {name}", sum(counts.splits.values()), counts.splits, counts.dropped))
    return Funnel(tuple(stages))


def _stage(home: Home, table: str, stripes: Iterable[Stripe]) -> Stage:
    made = 0
    breakdown: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for stripe in stripes:
        path = home.stripe_file(table, stripe)
        said = read_footer(path)
        if said is None:
            continue
        columns = [_BREAKDOWN[table], *_ALSO_READ.get(table, ())]
        for row in read_table(path, table, columns).to_pylist():
            if table == "raw_programs" and row["status"] != "ok":
                dropped[f"{row['status']}: {_short(row['reason'])}"] += 1
            else:
                made += 1
                kind = row[_BREAKDOWN[table]]
                breakdown[kind if row.get("question_id", "") is not None else f"{WHOLE_RUN}: {kind}"] += 1
        for side, columns in (("rejected", ("unit", "reason")), ("quarantine", ("check",))):
            file = home.side_file(side, table, stripe)
            side_said = read_footer(file)
            if side_said is None or side_said["inputs"] != said["inputs"]:
                continue
            for row in read_table(file, side, columns).to_pylist():
                dropped[f"{row['unit']}: {row['reason']}" if side == "rejected" else f"quarantine: {row['check']}"] += 1
    return Stage(STAGES[table], made, dict(breakdown.most_common()), dict(dropped.most_common()))


def _features(home: Home, stripes: Iterable[Stripe]) -> Stage:
    """Questions and rationales measured, by feature."""
    made: dict[str, int] = {}
    for feature in features(home):
        said = [read_footer(home.stripe_file(place_of(feature), stripe)) for stripe in stripes]
        made[feature.name] = sum(footer["rows"] for footer in said if footer)
    return Stage("rows of features", sum(made.values()), {name: number for name, number in made.items() if number})


def _short(reason: str | None) -> str:
    return (reason or "").split(":")[0][:60]
