"""Which statement a call executes next."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..moments import Visit, before, visits
from ..prompt import pick
from ..run import Run
from ..wording import call as in_call
from ..wording import ordinal, question


class NextStatement(Kind):
    """Line of the statement executed after the k-th execution of another."""

    name = "next_statement"
    asks_for = (
        "The line of the statement that the c-th call of a function executes right after the k-th execution of a "
        "statement."
    )
    computed = "The next event of the call that enters a statement."
    graded = "The number of the line."
    applies = (
        "Statements after which the call does not simply go on with the one below, or not every time; lines with one "
        "statement."
    )
    weight: ClassVar[float | None] = 1.0

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """Every execution after which another statement of the call is entered, where that is not plain to see."""
        return run.once(self.name, lambda: _candidates(run))

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The line of the statement entered next."""
        visit, following = candidate.data
        line = run.statements[following].line
        target = before(visit) | {"when": "next"}
        hard = difficulty(steps=visit.event, updates=visit.visit, depth=visit.call.frame.depth)
        yield Settled(target, str(line), "int", hard, lambda seed: _asks(run, visit, seed), (visit.statement, line))


def _candidates(run: Run) -> list[Candidate]:
    recording = run.trace.recording
    found: list[tuple[Visit, int]] = []
    went: dict[int, set[int]] = defaultdict(set)
    for visit in visits(run):
        end = run.trace.end_of_statement(visit.event)
        if end is None or recording.event_kind[end] != "line":
            continue
        following = recording.event_statement[end]
        went[visit.statement].add(following)
        if (
            _is_plain(run, visit.statement)
            and _is_plain(run, following)
            and _same_blocks(run, visit.statement, following)
        ):
            found.append((visit, following))
    return [
        Candidate(visit.event, (visit, following))
        for visit, following in found
        if len(went[visit.statement]) > 1 or following != visit.statement + 1
    ]


def _is_plain(run: Run, statement: int) -> bool:
    """Whether a reader counts a statement as one that is executed, and its line names it."""
    return statement in run.countable and run.lines[run.statements[statement].line] == 1


def _same_blocks(run: Run, one: int, two: int) -> bool:
    """Whether two statements stand in the same ``try``, ``with`` and ``match`` statements: what these do as they are
    entered and left is not always recorded as a statement. In an endless loop the way back has no header to stop at."""
    return _around(run, one) == _around(run, two) and (two > one or not _in_endless(run, one))


def _around(run: Run, statement: int) -> set[tuple[int, str]]:
    found = set()
    each = run.statements[statement]
    while each.parent is not None:
        outer = run.statements[each.parent]
        if outer.kind not in ("If", "For", "While", "FunctionDef", "ClassDef"):
            found.add((outer.number, each.block))
        each = outer
    return found


def _in_endless(run: Run, statement: int) -> bool:
    loop = run.statements[statement].loop
    while loop is not None:
        if loop not in run.countable:
            return True
        loop = run.statements[loop].loop
    return False


def _asks(run: Run, visit: Visit, seed: str) -> str:
    by, k = run.labels[visit.statement], visit.visit
    where = in_call(run, visit.call, seed)
    forms = (
        f"Which line is executed right after the {ordinal(k)} execution of {by}{where}?",
        f"{by[0].upper()}{by[1:]} is executed for the {ordinal(k)} time{where}. Which line comes next?",
        f"After execution number {k} of {by}{where}: at which line does the execution go on?",
    )
    same = "What other calls do meanwhile does not count; a loop's header does, whenever the loop comes back to it."
    return question(
        run,
        visit.call,
        pick(forms, seed, "asks"),
        same,
        "Lines are counted from 1. Answer with the number of the line.",
    )
