"""The states of a run that are kept, so that each need not be replayed from the beginning.

Belongs here: which states are kept, and how one is reached from them. Does not belong here: applying changes
(``replay``).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cached_property

from tracepile_assets.trace_model.replay import State

_ALL_STATES = 4_096
_ALL_COPIES = 500_000
"""Events and copied elements up to which every state of a run is kept, once it was asked for."""
_CHECKPOINTS = 512
_RECENT = 64

Replay = Callable[[State | None, int], Iterator[tuple[int, State]]]
"""From a state and the event that comes next: each event with the state at it, which changes in place."""


class States:
    """The states of one run, none of which changes after it was given.

    Args:
        events: number of events.
        starts: for each event the number of its first change, and one more for the end.
        replay: goes through the run.

    Attributes:
        first: the states up to the last that was asked for, where all are kept.
    """

    def __init__(self, events: int, starts: list[int], replay: Replay) -> None:
        """Nothing is replayed yet."""
        self._events, self._starts, self._replay = events, starts, replay
        self._forward = replay(None, 0)
        self.first: list[State] = []
        self._keeps_all = events <= _ALL_STATES
        self._recent: OrderedDict[int, State] = OrderedDict()

    def at(self, i: int) -> State:
        """What holds just before event i, which must be one of the run."""
        if i >= len(self.first) and self._keeps_all:
            self._keep_to(i)
        if i < len(self.first):
            return self.first[i]
        if i in self._recent:
            self._recent.move_to_end(i)
            return self._recent[i]
        known, state = i - i % self._spacing, self._checkpoints[i // self._spacing]
        nearer = [j for j in self._recent if known < j < i]
        if nearer:
            known = max(nearer)
            state = self._recent[known]
        state = state.snapshot()
        if known < i:
            for j, moved in self._replay(state, known + 1):
                if j == i:
                    state = moved
                    break
        self._recent[i] = state
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)
        return state

    def _keep_to(self, i: int) -> None:
        """Keep the states up to event i, or until there is too much in them."""
        known, starts = self.first, self._starts
        for j, state in self._forward:
            known.append(state.snapshot() if starts[j] < starts[j + 1] or not known else known[-1])
            self._keeps_all = state.copied <= _ALL_COPIES
            if j == i or not self._keeps_all:
                return

    @cached_property
    def _spacing(self) -> int:
        return max(128, self._events // _CHECKPOINTS)

    @cached_property
    def _checkpoints(self) -> list[State]:
        """Snapshots of the states at events 0, spacing, 2 * spacing, ..."""
        return [state.snapshot() for i, state in self._replay(None, 0) if i % self._spacing == 0]
