"""Which stripes have to be rebuilt, in which order, and why.

Reads footers only. A step whose parents are rebuilt too is listed as `settled later`: whether rows of it change is
known
when it is reached, and costs nothing where they do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracepile_assets.home import Home, Stripe
from tracepile_assets.tables.files import TableError, read_footer
from tracepile_assets.tables.schemas import table_of_place

from .fingerprints import fingerprint


@dataclass(frozen=True)
class Rule:
    """How a table is made, as building/ hands it in.

    Attributes:
        table: name of the table, or the place of a part of it that is built by itself.
        parents: tables of the same stripe that it is made from.
        versions: digest of the versions of its units.
        settings: the settings that decide its rows.
    """

    table: str
    parents: tuple[str, ...]
    versions: str
    settings: Mapping[str, object]


@dataclass(frozen=True)
class Step:
    """One stripe of one table that has to be rebuilt, or may have to.

    Attributes:
        table: name of the table, or the place of a part of it.
        stripe: the stripe.
        reasons: why, in words; never empty.
        certain: False where it depends on what its parents' rebuild gives.
    """

    table: str
    stripe: Stripe
    reasons: tuple[str, ...]
    certain: bool


@dataclass(frozen=True)
class Plan:
    """Steps in the order in which they have to be done, and how many stripes are current."""

    steps: tuple[Step, ...]
    n_current: int

    @property
    def stripes(self) -> list[Stripe]:
        """Stripes with at least one step, in order."""
        return list(dict.fromkeys(step.stripe for step in self.steps))

    def tables(self, stripe: Stripe) -> list[str]:
        """The tables of a stripe that have a step, in order; what has many places is one table."""
        return list(dict.fromkeys(table_of_place(step.table) for step in self.steps if step.stripe == stripe))

    def digest(self, stripe: Stripe) -> str:
        """Digest of a stripe's own part of the plan: the same plan gives the same digest."""
        return fingerprint([[step.table, step.reasons] for step in self.steps if step.stripe == stripe])


def inputs_of(
    home: Home, rule: Rule, stripe: Stripe, source_digests: Mapping[Stripe, str]
) -> tuple[str, dict[str, object]] | None:
    """What the footer of a current stripe says that it was made from.

    Args:
        home: the home.
        rule: the rule of the table.
        stripe: the stripe.
        source_digests: digest of the stripe map's slots, the parent of the first table.

    Returns:
        A digest, and its parts by name; None where a parent's file is missing.
    """
    rows: dict[str, object] = {}
    if not rule.parents:
        rows["source"] = source_digests[stripe]
    for parent in rule.parents:
        said = read_footer(home.stripe_file(parent, stripe))
        if said is None:
            return None
        rows[parent] = said["content"]
    parts = {"rows": rows, "versions": rule.versions, "settings": dict(rule.settings)}
    return fingerprint(parts), parts


def plan_stripes(
    home: Home, rules: Sequence[Rule], stripes: Sequence[Stripe], source_digests: Mapping[Stripe, str]
) -> Plan:
    """Compare every stripe's footer with what it would be made from now.

    Args:
        home: the home.
        rules: one rule per table, parents first.
        stripes: the stripes to look at.
        source_digests: digest of the stripe map's slots per stripe.
    """
    steps: list[Step] = []
    n_current = 0
    for stripe in stripes:
        rebuilt: set[str] = set()
        for rule in rules:
            reasons, certain = _reasons(home, rule, stripe, source_digests, rebuilt)
            if reasons:
                steps.append(Step(rule.table, stripe, tuple(reasons), certain))
                rebuilt.add(rule.table)
            else:
                n_current += 1
    return Plan(tuple(steps), n_current)


def _reasons(
    home: Home, rule: Rule, stripe: Stripe, source_digests: Mapping[Stripe, str], rebuilt: set[str]
) -> tuple[list[str], bool]:
    try:
        said = read_footer(home.stripe_file(rule.table, stripe))
    except TableError as error:
        return [str(error)], True
    if said is None:
        return ["not built yet"], True
    try:
        wanted = inputs_of(home, rule, stripe, source_digests)
    except TableError:
        wanted = None
    if wanted is None:
        return [f"{' or '.join(rule.parents)} is rebuilt first"], False
    digest, parts = wanted
    if said["inputs"] == digest:
        upstream = [parent for parent in rule.parents if parent in rebuilt]
        return ([f"{', '.join(upstream)} is rebuilt first"], False) if upstream else ([], True)
    return _differences(said["made_from"], parts), True


def _differences(then: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    reasons = []
    rows_then, rows_now = then["rows"], now["rows"]
    for parent, digest in rows_now.items():
        if rows_then.get(parent) != digest:
            reasons.append("rows of the source changed" if parent == "source" else f"rows of {parent} changed")
    if then["versions"] != now["versions"]:
        reasons.append("code version changed")
    settings_then, settings_now = then["settings"], now["settings"]
    for key in sorted(settings_then.keys() | settings_now.keys()):
        if settings_then.get(key) != settings_now.get(key):
            reasons.append(f"setting {key} changed from {settings_then.get(key)} to {settings_now.get(key)}")
    return reasons or ["its parents are other tables than before"]
