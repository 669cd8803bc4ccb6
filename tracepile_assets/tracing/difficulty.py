"""How hard a run is to follow, measured from its recording.

Belongs here: the measures, and the one number made of them. Does not belong here: the difficulty of a question
(``questions``) and quantiles in a corpus (``mixtures``).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import log2

from tracepile_assets.trace_model.recording import Recording

_SCALES = {
    # Weight, and the count at which a part is full.
    "n_steps": (0.35, 4096),
    "max_depth": (0.15, 32),
    "n_statements": (0.15, 48),
    "n_branches": (0.15, 64),
    "state_size": (0.10, 4096),
    "longest_value": (0.10, 512),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What there is to follow in a run; all 0 for one without events.

    Attributes:
        n_steps: statements executed.
        max_depth: greatest call depth.
        n_statements: distinct statements executed.
        n_branches: ways beyond the first in which execution went on from one statement to another of the same frame.
        state_size: greatest number of characters of all values held at once, each as its shallow text: contents of a
            shared object count once. A frame's variables are held until it ends, contents of objects to the end of the
            run. What was over a cap counts nothing.
        longest_value: characters of the longest shallow value text among changes, returned and raised values.
    """

    n_steps: int = 0
    max_depth: int = 0
    n_statements: int = 0
    n_branches: int = 0
    state_size: int = 0
    longest_value: int = 0

    def columns(self) -> dict[str, int]:
        """Those that are columns of execution_traces; steps are there in the events."""
        return {name: value for name, value in asdict(self).items() if name != "n_steps"}

    def difficulty(self) -> float:
        """A number from 0 to 1, rounded to four places.

        The weighted sum of the six measures, each on a logarithmic scale that is full at the count given: steps (0.35,
        4096), depth (0.15, 32), statements (0.15, 48), branches (0.15, 64), size of the state (0.10, 4096), longest
        value (0.10, 512).
        """
        if not self.n_steps:
            return 0.0
        return round(
            sum(
                weight * min(1.0, log2(1 + getattr(self, name)) / log2(1 + full))
                for name, (weight, full) in _SCALES.items()
            ),
            4,
        )


def measure(recording: Recording) -> Measures:
    """The measures of a run."""
    if not recording.n_events:
        return Measures()
    steps = 0
    statements: set[int] = set()
    ways: set[tuple[int, int]] = set()
    last: dict[int, int] = {}
    longest = 0
    columns = zip(
        recording.event_kind,
        recording.event_statement,
        recording.event_frame_id,
        recording.event_value,
        strict=True,
    )
    for kind, statement, frame, value in columns:
        if kind == "line":
            steps += 1
            statements.add(statement)
            if frame in last:
                ways.add((last[frame], statement))
            last[frame] = statement
        elif value is not None and kind != "output" and len(value) > longest:
            longest = len(value)
    return Measures(
        n_steps=steps,
        max_depth=max(recording.event_depth),
        n_statements=len(statements),
        n_branches=len(ways) - len({start for start, _ in ways}),
        state_size=max(_sizes(recording), default=0),
        longest_value=max(longest, max(map(len, filter(None, recording.change_value)), default=0)),
    )


def difficulty(recording: Recording) -> float:
    """The one number (see ``Measures.difficulty``)."""
    return measure(recording).difficulty()


def _sizes(recording: Recording) -> Iterator[int]:
    """Characters of all values held, after each change."""
    ends = {
        frame: event
        for event, (kind, frame) in enumerate(zip(recording.event_kind, recording.event_frame_id, strict=True))
        if kind in ("return", "unwind")
    }
    ended = sorted(ends.items(), key=lambda item: item[1], reverse=True)
    # Whatever lies in an object, and the variables of a frame, go together: by owner, then by place.
    held: dict[str, dict[str, int]] = {}
    total = 0
    columns = zip(
        recording.change_event, recording.change_place, recording.change_op, recording.change_value, strict=True
    )
    for event, place, op, value in columns:
        while ended and ended[-1][1] < event:
            total -= sum(held.pop(f"f{ended.pop()[0]}", {}).values())
        owner = _owner(place)
        parts = held.setdefault(owner, {})
        if owner == place:
            total -= sum(parts.values())
            parts.clear()
        total -= parts.pop(place, 0)
        if op != "delete" and value is not None:
            parts[place] = len(value)
            total += len(value)
        yield total


def _owner(place: str) -> str:
    """``#5`` of ``#5[2]``, ``f3`` of ``f3.total``, ``g`` of ``g.name``."""
    if place[0] == "#":
        end = 1
        while end < len(place) and place[end].isdigit():
            end += 1
        return place[:end]
    return place.partition(".")[0]
