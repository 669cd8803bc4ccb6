"""The full prompt of a question: code, input or outcome, question; and reading the code back out of it.

Not here: how a moment is worded (`wording`).
"""

import re
from collections.abc import Sequence

from .choice import draw

_OPENINGS = (
    "Consider this Python program.",
    "Here is a Python program.",
    "Read the following Python program.",
)
_CALLS = ("It is run as {call}.", "The call is {call}.", "Now {call} is called.")
_STDIN = (
    "It is run with this standard input:",
    "Its standard input is:",
    "It reads the following from standard input:",
)
_OUTCOME_VALUE = ("It is called as {call} and returns {value}.", "The call {call} returns {value}.")
_OUTCOME_STDOUT = ("It printed this:", "Run on some standard input, it prints:", "Its output on a certain input is:")

_CODE = re.compile(r"^(`{3,})python\n(.*?)\n^\1$", re.DOTALL | re.MULTILINE)


def pick(options: Sequence[str], *seed: object) -> str:
    """One of several wordings, chosen by seed."""
    return options[int(draw(*seed) * len(options))]


def forward(
    code: str, entry_point: str | None, arguments: str | None, stdin: str | None, asks: str, seed: object
) -> str:
    """Prompt of a question from input to outcome.

    Args:
        code: the program.
        entry_point: what is called; None for a program that reads stdin.
        arguments: text between the parentheses of the call.
        stdin: what the program reads.
        asks: the question.
        seed: decides the wording around it.
    """
    return _prompt(code, _given(entry_point, arguments, stdin, seed), asks, seed)


def backward(code: str, call: str | None, outcome: str, asks: str, seed: object) -> str:
    """Prompt of a question from outcome to input.

    Args:
        code: the program.
        call: the call with what is asked for left open; None for a program that reads stdin.
        outcome: value text of what the call returned, or what the program printed.
        asks: the question.
        seed: decides the wording around it.
    """
    if call is None:
        shown = f"{pick(_OUTCOME_STDOUT, seed, 'outcome')}\n\n{fenced(outcome, 'text')}"
    else:
        shown = pick(_OUTCOME_VALUE, seed, "outcome").format(call=quoted(call), value=quoted(outcome))
    return _prompt(code, shown, asks, seed)


def code_of(prompt: str) -> str:
    """The program in a prompt made here, lines ended by one newline each.

    Raises:
        ValueError: there is none.
    """
    found = _CODE.search(prompt)
    if found is None:
        raise ValueError("the prompt holds no ```python block")
    return found.group(2) + "\n"


def fenced(text: str, language: str) -> str:
    """A fenced block, with a fence longer than any run of backticks in the text; its last line end is the block's."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.removesuffix(chr(10))}\n{fence}"


def quoted(text: str) -> str:
    """Text as inline code, whatever backticks it holds."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _given(entry_point: str | None, arguments: str | None, stdin: str | None, seed: object) -> str:
    if entry_point is None:
        if not stdin:
            return "Its standard input is empty."
        return f"{pick(_STDIN, seed, 'input')}\n\n{fenced(stdin, 'text')}"
    call = quoted(f"{entry_point}({arguments or ''})")
    return pick(_CALLS, seed, "input").format(call=call)


def _prompt(code: str, shown: str, asks: str, seed: object) -> str:
    return "\n\n".join([pick(_OPENINGS, seed, "opening"), fenced(code, "python"), shown, asks])
