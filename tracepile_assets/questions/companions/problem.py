"""What is known of a program beside one run of it: its problem, its other runs, programs like and unlike it.

Belongs here: the plain values that companion questions are made of, and what counts as one result. Does not belong
here: reading them from tables (building), and any kind of question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..literals import NotLiteral, parse

_CUT = "…"


@dataclass(frozen=True, slots=True)
class ProblemRun:
    """One run of the program as it stands in its source.

    Attributes:
        input_id: id of the input.
        codec: how the arguments are written.
        arguments: text between the parentheses of the call; None for a program that reads stdin.
        stdin: what the program reads.
        outcome: value text of what the call returned, or what the program printed; None where the run failed, or the
            outcome was cut short or is not the same every time.
    """

    input_id: str
    codec: str
    arguments: str | None
    stdin: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class OtherProgram:
    """A program to set beside the original.

    Attributes:
        rewrites: what made it of the original.
        code: its text.
        entry_point: expression that is called; None for a program that reads stdin.
        inputs: ids of the inputs on which its runs gave the same result; of an unlike one, the input on which two runs
            of it gave another.
    """

    rewrites: tuple[str, ...]
    code: str
    entry_point: str | None
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What companion questions about the original of a program are made of.

    Attributes:
        statement: the problem in its own words; None where the source has none.
        holds_input: whether the statement itself gives the numbers, so that it fits the first input only.
        is_first: whether the run asked about is that on the first input.
        is_sound: whether every run of the program came to its end, and gave what the source states where it does.
        runs: the runs of the program that ended well, in the order of its inputs; empty unless `is_first`.
        alike: proved variants; empty unless `is_first`.
        unlike: programs that a run refuted; empty unless `is_first`.
    """

    statement: str | None
    holds_input: bool
    is_first: bool
    is_sound: bool
    runs: tuple[ProblemRun, ...] = ()
    alike: tuple[OtherProgram, ...] = ()
    unlike: tuple[OtherProgram, ...] = ()


def differ(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two runs plainly gave different results: one ended in an exception and the other did not or in one of
    another type, or they returned values that are not equal, or printed something else.

    What was cut or is no literal, and values that are equal though written otherwise (1 and 1.0), are no difference.

    Args:
        one: status, return_value, stdout and exception (its type) of a run; long texts end in an ellipsis.
        other: the same of another run.
    """
    if (one["status"], one["exception"]) != (other["status"], other["exception"]):
        return {one["status"], other["status"]} <= {"ok", "exception"}
    if _plain(one["stdout"]) != _plain(other["stdout"]):
        return True
    values = one["return_value"], other["return_value"]
    if None in values or values[0] == values[1]:
        return False
    try:
        return bool(parse(values[0]) != parse(values[1]))
    except NotLiteral:
        return False


def _plain(printed: str | None) -> list[str]:
    text = printed or ""
    # Of a text that was cut, the last line may go on alike.
    lines = text.split("\n")[:-1] if text.endswith(_CUT) else text.rstrip().split("\n")
    return [line.rstrip() for line in lines]


def shortest(runs: Sequence[ProblemRun], count: int) -> list[ProblemRun]:
    """The runs with the shortest inputs, in their own order."""
    keep = sorted(range(len(runs)), key=lambda at: len(runs[at].arguments or "") + len(runs[at].stdin or ""))[:count]
    return [runs[at] for at in sorted(keep)]
