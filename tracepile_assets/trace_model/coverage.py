"""What a run reached of its program: statements, ways from a test, and how often loops went round.

Belongs here: the one measure of coverage that inputs are kept by and that reports count with. Does not belong here:
which inputs are kept (``building``), branches and loops as something to tell (``flow``).
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.statements import Syntax

_LOOPS = frozenset(("For", "AsyncFor", "While"))
_TESTS = _LOOPS | {"If"}
_ENDS = frozenset(("return", "unwind"))
_INLINE = frozenset(("<lambda>", "<genexpr>"))
_MANY = 3

Way = tuple[int, bool]
"""A test, by its statement's number, and whether it led into the body."""
Rounds = tuple[int, int]
"""A loop, by its statement's number, and a class of its number of rounds: 0, 1, 2, or 3 for that many and more."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What one run or several reached.

    ``statements``: numbers of those entered. ``ways``: tests (``if``, ``while``, ``for``) with the way they went.
    ``rounds``: loops with the class of the number of rounds of a run of theirs that was left within the recording.
    """

    statements: frozenset[int] = frozenset()
    ways: frozenset[Way] = frozenset()
    rounds: frozenset[Rounds] = frozenset()

    def __or__(self, other: "Reached") -> "Reached":
        """What either reached."""
        return Reached(self.statements | other.statements, self.ways | other.ways, self.rounds | other.rounds)

    def __sub__(self, other: "Reached") -> "Reached":
        """What the other did not reach."""
        return Reached(self.statements - other.statements, self.ways - other.ways, self.rounds - other.rounds)

    def __len__(self) -> int:
        """Number of things reached."""
        return len(self.statements) + len(self.ways) + len(self.rounds)


def together(parts: Iterable[Reached]) -> Reached:
    """What any of several runs reached."""
    found = Reached()
    for part in parts:
        found |= part
    return found


def reached(syntax: Syntax, recording: Recording) -> Reached:
    """What a run reached, in one pass over its events.

    Lambdas and generator expressions enter no statement. A test that raised went neither way.
    """
    statements = syntax.statements
    inline = {number for number, name in enumerate(recording.frame_function) if name.rpartition(".")[2] in _INLINE}
    entered: set[int] = set()
    ways: set[Way] = set()
    rounds: set[Rounds] = set()
    pending: dict[int, int] = {}  # frame -> the test that it stands at
    running: dict[int, list[list[int]]] = {}  # frame -> its loops under way, outermost first: statement, rounds so far
    columns = zip(recording.event_kind, recording.event_statement, recording.event_frame_id, strict=True)
    for kind, statement, frame in columns:
        if frame in inline or kind in ("call", "resume", "yield", "output"):
            continue
        test = pending.pop(frame, None)
        loops = running.get(frame)
        if test is not None and kind in ("line", "return"):
            into = kind == "line" and syntax.inside(statement, test, "body")
            ways.add((test, into))
            if statements[test].kind in _LOOPS:
                if into:
                    loops[-1][1] += 1
                else:
                    rounds.add((test, min(loops.pop()[1], _MANY)))
        if kind == "line":
            entered.add(statement)
            while loops and not loops[-1][0] <= statement <= statements[loops[-1][0]].last:
                loop, times = loops.pop()
                rounds.add((loop, min(times, _MANY)))
            if statements[statement].kind in _TESTS:
                pending[frame] = statement
                if statements[statement].kind in _LOOPS and not (loops and loops[-1][0] == statement):
                    if loops is None:
                        loops = running[frame] = []
                    loops.append([statement, 0])
        elif kind in _ENDS:
            for loop, times in running.pop(frame, ()):
                rounds.add((loop, min(times, _MANY)))
    return Reached(frozenset(entered), frozenset(ways), frozenset(rounds))


def possible_ways(syntax: Syntax, *, in_module: bool) -> frozenset[Way]:
    """The ways that runs of a program could go, as far as its text tells: two from each test.

    Not those from a test that is a constant, except the one that it leads to. ``in_module`` counts the tests of module
    and class bodies too, which are not recorded where a function is called.
    """
    functions = {s.number for s in syntax.statements if s.kind in ("FunctionDef", "AsyncFunctionDef")}
    found: set[Way] = set()
    for statement in syntax.statements:
        if statement.kind not in _TESTS or not (in_module or _in_function(syntax, statement.number, functions)):
            continue
        test = getattr(statement.node, "test", None)
        both = (True, False) if not isinstance(test, ast.Constant) else (bool(test.value),)
        found.update((statement.number, way) for way in both)
    return frozenset(found)


def _in_function(syntax: Syntax, number: int, functions: set[int]) -> bool:
    parent = syntax.statements[number].parent
    while parent is not None:
        if parent in functions:
            return True
        parent = syntax.statements[parent].parent
    return False
