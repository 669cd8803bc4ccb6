"""Counting as a telling goes: of a statement whose executions are asked for, each is told with its number.

Belongs here: the words for the count, after what a statement did and at the end of a folded iteration. Does not belong
here: which statement is counted (``moments``) and what it did (``phrases``).
"""

from bisect import bisect_left
from collections.abc import Iterator

from tracepile_assets.narration.narrators.beats import Beat
from tracepile_assets.narration.narrators.moments import Ending
from tracepile_assets.trace_model.trace import Trace


class Tally:
    """The executions of one statement in one call; of none, where nothing is counted."""

    def __init__(self, trace: Trace, end: Ending) -> None:
        """Count what the end of a telling asks for."""
        counted = end.what == "visits" and end.statement is not None
        self.statement = end.statement
        self.visits = trace.visits(end.statement, end.frame) if counted else []
        self.header = trace.syntax.header_source(end.statement) if counted else ""

    def counts(self, event: int) -> bool:
        """Whether an event enters the statement that is counted."""
        position = bisect_left(self.visits, event)
        return position < len(self.visits) and self.visits[position] == event

    def lead(self, event: int) -> Iterator[Beat]:
        """The clause for an execution of which nothing else is told, or whose inside is told next."""
        number = bisect_left(self.visits, event) + 1
        if "\n" not in self.header and "`" not in self.header:
            yield Beat(
                "effect", f"`{self.header.rstrip(': ')}` runs for the {_ordinal(number)} time", event, key="tally"
            )

    def numbered(self, beats: list[Beat], event: int) -> Iterator[Beat]:
        """What is told of an execution, with its number after the first clause."""
        if not beats:
            yield from self.lead(event)
            return
        said = f" ({_ordinal(bisect_left(self.visits, event) + 1)} time)"
        first = beats[0]
        bare = None if first.bare is None else first.bare + said
        longer = None if first.first is None else first.first._replace(said=said)
        yield first._replace(text=first.text + said, bare=bare, first=longer)
        yield from beats[1:]

    def carried(self, line: Beat | None, start: int) -> Beat | None:
        """The line of an iteration that began at an event, with the count where it has grown."""
        if line is None or not self.visits:
            return line
        before, now = bisect_left(self.visits, start), bisect_left(self.visits, line.event)
        if before == now:
            return line
        said = f" ({now} time{'' if now == 1 else 's'} so far)"
        return Beat(line.kind, line.text + said, line.event, key="fold")


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
