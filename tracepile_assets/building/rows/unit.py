"""The plain values that pass between a table's rows module and the stripe builder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracepile_assets.home import Home, Settings, SourceEntry, Stripe, StripeMap

Row = dict[str, object]


@dataclass(frozen=True)
class Instrument:
    """What a feature is measured by.

    Attributes:
        module: the module that measures.
        paths: the files that it measures by.
        digest: digest of their contents.
    """

    module: str
    paths: tuple[Path, ...]
    digest: str


@dataclass(frozen=True)
class Context:
    """What a rows module may know of the stripe that it makes.

    Attributes:
        home: the home.
        entry: the source, as the registry has it.
        stripe: the stripe.
        stripe_map: the stripe map of the source.
        settings: the home's settings.
        base: digest of versions and settings, part of every unit's fingerprint.
        place: the table that is made, or the place of the feature.
        instrument: what the feature is measured by; None for a table.
    """

    home: Home
    entry: SourceEntry
    stripe: Stripe
    stripe_map: StripeMap
    settings: Settings
    base: str
    place: str
    instrument: Instrument | None = None


@dataclass(frozen=True)
class Unit:
    """A parent, or group of parents, that rows are made from.

    Attributes:
        unit_id: id of the parent.
        fingerprint: hash of the parent columns used, the settings and the versions.
        load: gives what the room needs; called only if the unit is stale.
    """

    unit_id: str
    fingerprint: str
    load: Callable[[], Mapping[str, object]]


@dataclass(frozen=True)
class Made:
    """What a room made of one unit: rows of the table, a rejection per thing that made none, and the runs made for the
    rows (rows of check_traces, in the order of the rows)."""

    unit_id: str
    rows: list[Row] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)


def rejection(parent_id: str, unit: str, reason: str, detail: str | None = None) -> Row:
    """A row of the rejected side table."""
    return {"parent_id": parent_id, "unit": unit, "reason": reason, "detail": detail or None}
