"""The words of a telling that goes back from an outcome to an input, and then shows that the input works.

Belongs here: what is looked for, how it follows, what is tried, and the end. Does not belong here: the run itself,
which is told as any other (``deterministic``).
"""

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tracepile_assets.narration.narrators.backward.search import Attempt, entry_of
from tracepile_assets.narration.narrators.deterministic import BUDGET, narrate
from tracepile_assets.narration.narrators.telling import Narration, Rejection
from tracepile_assets.narration.narrators.tokens import Count, estimated_tokens
from tracepile_assets.trace_model.trace import Trace

UNIT = "deterministic:backward"


def narrate_backward(
    trace: Trace,
    attempt: Attempt,
    target: Mapping[str, Any],
    outcome: str,
    *,
    seed: object = 0,
    budget: int = BUDGET,
    count: Count = estimated_tokens,
) -> Narration | Rejection:
    """Tell how an input follows from the outcome, and the run that shows that it works.

    Args:
        trace: the run on the input that was found.
        attempt: that input, and how it follows.
        target: what the question leaves open.
        outcome: what the call has to return.
        seed: as of ``narrate``.
        budget: most tokens of the text.
        count: gives the number of tokens of a text.

    Returns:
        The telling, or why there is none.
    """
    if entry_of(trace.code, trace.entry_point or "") is None:
        return Rejection(unit=UNIT, reason="not_narrated", detail="the function that is called is not found")
    before = [_sought(trace, attempt, target, outcome), *_reasons(attempt)]
    if not attempt.needs:
        before.append(f"We try {_and([f'{name} = {text}' for name, text in attempt.open])}.")
    after = f"So {_works(attempt)}, and the answer is {attempt.answer}."
    around = count(" ".join([*before, after])) + 1
    told = narrate(trace, None, seed=seed, budget=budget - around, count=count)
    if isinstance(told, Rejection):
        return replace(told, unit=UNIT)
    text = " ".join([*before, told.text, after])
    tokens = count(text)
    if tokens > budget:
        return Rejection(unit=UNIT, reason="over_budget", detail=f"more than {budget} tokens")
    return replace(told, text=text, style="backward", direction="backward", n_tokens=tokens)


def _sought(trace: Trace, attempt: Attempt, target: Mapping[str, Any], outcome: str) -> str:
    """What is looked for: the call with names for what is open."""
    names = [name for name, _ in attempt.open]
    if target.get("masked") == "all":
        shown = ", ".join(names)
    else:
        given = [(word, names[0] if text is None else text) for word, text in target["arguments"]]
        shown = ", ".join(text if word is None else f"{word}={text}" for word, text in given)
    called = (trace.entry_point or "").rpartition(".")[2]
    return f"We look for {_and(names)} such that {called}({shown}) returns {outcome}."


def _reasons(attempt: Attempt) -> list[str]:
    """How the input follows from what is returned."""
    if not attempt.needs:
        return []
    first, *others = attempt.needs
    found = [f"The call returns `{first.code}`, which has to be {first.value}."]
    beside = [(name, text) for name, text in attempt.open if not others or name != others[-1].code]
    if beside and others:
        found.append(f"We choose {_and([f'{name} = {text}' for name, text in beside])}.")
    for need in others:
        part = need.code if isinstance(ast.parse(need.code, mode="eval").body, ast.Name) else f"`{need.code}`"
        worked = "" if need.worked is None else f"{need.worked} = "
        found.append(f"Then {part} can be {worked}{need.value}.")
    return found


def _works(attempt: Attempt) -> str:
    said = _and([f"{name} = {text}" for name, text in attempt.open])
    return f"{said} work" if len(attempt.open) > 1 else f"{said} works"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
