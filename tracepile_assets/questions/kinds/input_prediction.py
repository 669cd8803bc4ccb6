"""An input for which the program gives a certain outcome."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from .. import prompt
from ..arguments import BLANK, Argument, given_by, join, split
from ..difficulty import difficulty
from ..kind import Candidate, Kind, Refusal, Settled
from ..literals import NotLiteral, parse
from ..parameters import parameter
from ..prompt import pick, quoted
from ..question import Direction
from ..run import Run, reading
from .output_prediction import LENGTH

_ONE = (
    "Which value can stand in place of {blank}{name}? Give one as a Python literal; any with this result is right.",
    "Find a value for {blank}{name} with which the call returns this. Any such value counts. Write a Python literal.",
    "What could {blank}{name} be? Give one Python literal that makes the call return exactly this.",
)
_ALL = (
    "Find arguments for which the call returns exactly this. Any that do are right. Write what stands between the "
    "parentheses.",
    "Which arguments make the call return this? Give one possibility, written as between the parentheses of the call.",
    "With which arguments can the call have been made? Give any with this result, as they stand in the parentheses.",
)
_STDIN = (
    "Find a standard input for which the program prints exactly this. Any that does is right.",
    "What could the program have read? Give a complete standard input that leads to this output.",
    "Give a standard input with which the program prints this and nothing else.",
)


class InputPrediction(Kind):
    """One argument, all arguments, or the standard input, given the outcome."""

    name = "input_prediction"
    asks_for = "An argument, all arguments, or a standard input for which the program gives the stated outcome."
    computed = "The answer is the input of the run; others are right too."
    graded = "By running the program on the answer: right if it gives the outcome that the run's own input gives."
    applies = (
        "Runs that end well on literal arguments, with an outcome that is a literal of builtin types or printed text."
    )
    direction: ClassVar[Direction] = "backward"
    from_events: ClassVar[bool] = False
    weight: ClassVar[float | None] = None

    def candidates(self, run: Run) -> Sequence[Candidate]:
        """All arguments at once, then each of several."""
        trace = run.trace
        if trace.entry_point is None:
            return [Candidate(0, None)] if (trace.stdin or "").strip() else []
        try:
            arguments = split(trace.arguments or "")
        except NotLiteral:
            return []
        masks = [None, *(range(len(arguments)) if len(arguments) > 1 else [])]
        return [Candidate(0, (arguments, mask)) for mask in masks] if arguments else []

    def settle(self, run: Run, candidate: Candidate) -> Iterator[Settled | Refusal]:
        """The question for one mask."""
        outcome = _outcome(run)
        if isinstance(outcome, Refusal):
            yield outcome
        elif run.trace.entry_point is None:
            text = run.trace.stdin or ""
            yield Settled(
                {"masked": "stdin"},
                text,
                "stdin",
                _hard(run, text),
                lambda seed: pick(_STDIN, seed, "asks"),
                ("stdin",),
            )
        else:
            yield self._arguments(run, outcome, *candidate.data)

    def _arguments(self, run: Run, outcome: str, arguments: list[Argument], mask: int | None) -> Settled | Refusal:
        entry_point = run.trace.entry_point or ""
        target: dict[str, object] = {"masked": "all", "entry_point": entry_point, "codec": run.codec}
        if mask is None:
            if len(arguments) == 1 and _same(arguments[0].text, outcome):
                return Refusal("trivial", "the outcome is the argument")
            text = join(arguments)
            return Settled(
                target, text, "arguments", _hard(run, text), lambda seed: pick(_ALL, seed, "asks"), ("all", text)
            )
        text = arguments[mask].text
        if _same(text, outcome):
            return Refusal("trivial", "the outcome is the argument")
        shown = [[each.keyword, None if place == mask else each.text] for place, each in enumerate(arguments)]
        target |= {"masked": mask, "arguments": shown}
        name = parameter(run, arguments, mask)
        said = f" (the argument {quoted(name)})" if name else ""
        return Settled(
            target,
            text,
            "argument",
            _hard(run, text),
            lambda seed: pick(_ONE, seed, "asks").format(blank=quoted(BLANK), name=said),
            ("one", mask),
        )

    def prompt(self, run: Run, settled: Settled, seed: str) -> str:
        """The prompt: code and outcome, never the input asked for."""
        outcome = _outcome(run)
        assert isinstance(outcome, str)
        call = None
        if run.trace.entry_point is not None:
            shown = "..." if settled.target["masked"] == "all" else given_by(settled.target, BLANK)
            call = f"{run.trace.entry_point}({shown})"
        return prompt.backward(run.trace.code, call, outcome, settled.asks(seed), seed)


def _outcome(run: Run) -> str | Refusal:
    """What the prompt shows: value text of the result, or the output."""
    recording = run.trace.recording
    if run.trace.entry_point is None:
        if not recording.stdout.strip():
            return Refusal("not_applicable", "prints nothing")
        if len(recording.stdout) > LENGTH:
            return Refusal("too_long", f"output of more than {LENGTH} characters")
        return recording.stdout
    if recording.return_value is None:
        return Refusal("not_known", "the return value was cut short")
    if recording.return_value == "None":
        return Refusal("trivial", "returns None whatever the arguments")
    if len(recording.return_value) > LENGTH:
        return Refusal("too_long", f"value of more than {LENGTH} characters")
    if reading(recording.return_value) is None:
        return Refusal("not_known", "no literal of builtin types")
    return recording.return_value


def _same(text: str, outcome: str) -> bool:
    try:
        return repr(parse(text)) == repr(parse(outcome))
    except NotLiteral:
        return text == outcome


def _hard(run: Run, text: str) -> float:
    # To go back is harder than to go forward: the run may have to be gone through more than once.
    return difficulty(steps=2 * (len(run.trace) or len(run.statements)), length=len(text), depth=run.trace.max_depth)
