"""How hard a run is to follow, measured from its recording.

Belongs here: the measure. Does not belong here: the difficulty of a question (``questions``) and its quantiles in a
corpus (``mixtures``).
"""

from math import log2

from tracepile_assets.trace_model.recording import Recording

_SCALES = {
    # Weight, and the count at which a part is full.
    "steps": (0.40, 4096),
    "depth": (0.15, 32),
    "statements": (0.15, 48),
    "turns": (0.15, 64),
    "state": (0.15, 1024),
}


def difficulty(recording: Recording) -> float:
    """A number from 0 to 1, rounded to four places; 0 for a run without events.

    The weighted sum of five counts, each on a logarithmic scale that is full at the count given: statements executed
    (0.40, 4096), greatest call depth (0.15, 32), distinct statements (0.15, 48), turns, which are the ways beyond the
    first in which execution goes on from one statement to another of the same frame (0.15, 64), and changes of state
    (0.15, 1024).
    """
    if not recording.n_events:
        return 0.0
    steps = 0
    statements: set[int] = set()
    ways: set[tuple[int, int]] = set()
    last: dict[int, int] = {}
    columns = zip(recording.event_kind, recording.event_statement, recording.event_frame_id, strict=True)
    for kind, statement, frame in columns:
        if kind != "line":
            continue
        steps += 1
        statements.add(statement)
        if frame in last:
            ways.add((last[frame], statement))
        last[frame] = statement
    counts = {
        "steps": steps,
        "depth": max(recording.event_depth),
        "statements": len(statements),
        "turns": len(ways) - len({start for start, _ in ways}),
        "state": sum(event > 0 for event in recording.change_event),
    }
    return round(
        sum(weight * min(1.0, log2(1 + counts[name]) / log2(1 + full)) for name, (weight, full) in _SCALES.items()), 4
    )
