"""What the run would have come to if one element of its input had been another."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..altering import Alteration
from ..arguments import split
from ..choice import draw
from ..kind import Candidate, Kind, Refusal, Settled
from ..literals import NotLiteral
from ..parameters import parameter
from ..prompt import pick, quoted
from ..run import Run, reading
from ..sandbox import decided_by_sandbox
from ..wording import ordinal
from .output_prediction import LENGTH, always_same, hard

_CALL = (
    "What would the call return if {what}? Give the value as a Python literal.",
    "Suppose that {what}, and all else stayed as it is: which value would the call return? Write a Python literal.",
    "Now change one thing: say that {what}. What does the call return then? Write it as Python's `repr` would.",
)
_PRINTS = (
    "What would the program print if {what}? Give its complete output.",
    "Suppose that {what}, and all else stayed as it is: what would the program print? Give the complete output.",
    "Now change one thing: say that {what}. Give the complete output of the program then, line by line.",
)
_SET = ("{place} were {to} instead of {old}", "{place} were {to} and not {old}")
_DROP = ("the last element of {place}, {old}, were left out", "{place} ended before its last element, {old}")
_APPEND = ("{place} had one more element at its end, {to}", "{to} were appended to {place}")

_READ_OFF_SHARE = 0.25
"""Share of the changes that are asked about though they make no difference, or the new element is the outcome: else the
answer would often be the old one, or stand in the question."""


class WhatIf(Kind):
    """Outcome of the run on an input of which one element is changed."""

    name = "what_if"
    asks_for = "The return value, or the output, if one element of the input were another, were missing or were added."
    computed = "What the program returned or printed when it was run on the changed input, twice: see `check_trace_id`."
    graded = "As the outcome of the run itself: a literal equal to the value, or the output as text."
    applies = (
        "Runs on literal arguments or words of stdin that end well, as the changed one does; of the changes that make "
        "no difference, or whose new element is the outcome, a quarter; not where the outcome is a fixed constant or "
        "an argument. A changed run has to be told from its beginning, so they are asked of a share of the runs "
        "(setting `questions.what_ifs`)."
    )
    from_events: ClassVar[bool] = False
    weight: ClassVar[float | None] = None

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """The runs on changed inputs that there are."""
        return [Candidate(number, None) for number in range(len(run.altered))]

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The outcome of one of them."""
        altered = run.altered[candidate.order]
        then = Run(altered.trace, altered.deterministic, run.codec)
        refusal = self.unfit(then) or decided_by_sandbox(altered.trace)
        yield refusal or self._outcome(run, then, altered.alteration)

    def _outcome(self, run: Run, then: Run, alteration: Alteration) -> Settled | Refusal:
        called = run.trace.entry_point is not None
        now, before = (
            (each.trace.recording.return_value if called else each.trace.recording.stdout) for each in (then, run)
        )
        if now is None or before is None:
            return Refusal("not_known", "the return value was cut short")
        if not now.strip() or (called and now == "None"):
            return Refusal("not_applicable", "returns None or prints nothing")
        if len(now) > LENGTH:
            return Refusal("too_long", f"outcome of more than {LENGTH} characters")
        read = reading(now) if called else None
        if " object at 0x" in now or (called and read is None):
            return Refusal("not_known", "no literal of builtin types")
        if called and (always_same(run) or _is_argument(then, now)):
            return Refusal("trivial", "returns a fixed constant or an argument")
        change = alteration.change
        if now in (before, change.get("to")) and draw("what_if", run.trace.code, str(change)) >= _READ_OFF_SHARE:
            return Refusal("trivial", "the change makes no difference, or what it changes to is the outcome")
        what = _placed(run, alteration)
        return Settled(
            {"outcome": "return" if called else "stdout", "change": change},
            now if read is None else read.text,
            "stdout" if read is None else read.type_name,
            hard(then, now),
            lambda seed: _asks(called, alteration, what, seed),
            (now != before, str(change.get("argument"))),
        )


def _is_argument(run: Run, outcome: str) -> bool:
    try:
        return outcome in [each.text for each in split(run.trace.arguments or "")]
    except NotLiteral:
        return False


def _placed(run: Run, alteration: Alteration) -> str:
    """How the changed element, or the list that grows or shrinks, is named."""
    change = alteration.change
    if "line" in change:
        return f"the {ordinal(int(str(change['word'])))} word of line {change['line']} of the input"
    arguments, index = split(run.trace.arguments or ""), int(str(change["argument"]))
    path = "".join(f"[{step!r}]" for step in change["path"])
    name = parameter(run, arguments, index)
    if name is not None:
        return quoted(f"{name}{path}")
    which = f"the {ordinal(index + 1)} argument"
    return f"{which}, at {quoted(path)}," if path else which


def _asks(called: bool, alteration: Alteration, what: str, seed: str) -> str:
    change = alteration.change
    forms = {"drop": _DROP, "append": _APPEND}.get(str(change.get("how")), _SET)
    said = pick(forms, seed, "change").format(
        place=what, old=quoted(str(change.get("from"))), to=quoted(str(change.get("to")))
    )
    return pick(_CALL if called else _PRINTS, seed, "asks").format(what=said)
