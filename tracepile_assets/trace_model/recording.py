"""What one recorded run holds, column by column.

Belongs here: the frozen record ``Recording`` and its way to and from a table row. Does not belong here: what the
columns mean taken together (``trace``), the text of values (``values``), and checks of what came out of the sandbox
(``execution``).
"""

from dataclasses import dataclass, field, fields
from typing import Any

_PER_EVENT = ("event_kind", "event_statement", "event_line", "event_depth", "event_frame_id", "event_value")
_PER_CHANGE = ("change_event", "change_cause", "change_place", "change_op", "change_value")
_LISTS = (*_PER_EVENT, *_PER_CHANGE, "frame_function")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One run of one program on one input, as the recorder saw it.

    Per event (parallel lists): ``event_kind`` (call, line, return, raise, unwind, yield, resume, output),
    ``event_statement`` (number of the statement), ``event_line`` (its first source line, from 1), ``event_depth`` (0 in
    the entry frame), ``event_frame_id`` (frames numbered in order of call) and ``event_value`` (value text of what a
    return or yield gives or a raise carries, the raw text that an output wrote, else None).

    Per change (parallel lists): ``change_event`` (first event whose state shows it), ``change_cause`` (event that made
    it, -1 for the input), ``change_place``, ``change_op`` (set, delta, delete) and ``change_value`` (value text; None
    with set or delta: over a cap).

    ``frame_function`` holds the qualified name of each frame's code. ``return_value`` and ``arguments_after`` are deep
    value text; ``exception`` is ``Type: message`` of what left the entry frame.
    """

    status: str = "ok"
    reason: str | None = None
    return_value: str | None = None
    stdout: str = ""
    exception: str | None = None
    arguments_after: str | None = None
    expected_agrees: bool | None = None
    truncated: bool = False
    python_version: str = ""
    recorder_version: str = ""
    event_kind: list[str] = field(default_factory=list)
    event_statement: list[int] = field(default_factory=list)
    event_line: list[int] = field(default_factory=list)
    event_depth: list[int] = field(default_factory=list)
    event_frame_id: list[int] = field(default_factory=list)
    event_value: list[str | None] = field(default_factory=list)
    change_event: list[int] = field(default_factory=list)
    change_cause: list[int] = field(default_factory=list)
    change_place: list[str] = field(default_factory=list)
    change_op: list[str] = field(default_factory=list)
    change_value: list[str | None] = field(default_factory=list)
    frame_function: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse parallel lists of unequal length with ``ValueError``."""
        for names in (_PER_EVENT, _PER_CHANGE):
            lengths = [len(getattr(self, name)) for name in names]
            if lengths.count(lengths[0]) != len(lengths):
                lengths = dict(zip(names, lengths, strict=True))
                raise ValueError(f"parallel lists of a recording differ in length: {lengths}")

    @property
    def n_events(self) -> int:
        """Number of events recorded."""
        return len(self.event_kind)

    def to_row(self) -> dict[str, Any]:
        """The columns by name, with ``n_events``; the lists are copies."""
        row: dict[str, Any] = {
            f.name: list(getattr(self, f.name)) if f.name in _LISTS else getattr(self, f.name) for f in fields(self)
        }
        row["n_events"] = self.n_events
        return row

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Recording":
        """Build a recording from a mapping of columns; other columns are ignored, absent or null lists are empty.

        Raises ``ValueError`` if parallel lists differ in length.
        """
        values: dict[str, Any] = {}
        for f in fields(cls):
            if f.name in _LISTS:
                values[f.name] = list(row.get(f.name) or ())
            elif f.name in row:
                values[f.name] = row[f.name]
        return cls(**values)
