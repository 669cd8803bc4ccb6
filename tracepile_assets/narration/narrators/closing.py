"""The last sentence of a telling: what the question comes to, and its answer.

Belongs here: the words of the end. Does not belong here: how far a telling goes (``moments``), and the telling itself.
"""

import ast
from collections.abc import Container
from itertools import pairwise

from tracepile_assets.narration.narrators.moments import Ending
from tracepile_assets.narration.narrators.scene import Scene

_CONDITION = 80
_HELD = 240
"""Characters of the longest value that is restated."""


def closing(scene: Scene, end: Ending, answer: str, tested: str) -> str | None:
    """The last sentence.

    Args:
        scene: the run.
        end: where the telling stops, and what is asked.
        answer: the answer.
        tested: what was told last of the test that is asked about, empty if nothing.

    Returns:
        The sentence; None if what it must restate cannot be told.
    """
    so = f"so the answer is {answer}."
    times = f"{answer} time{'' if answer == '1' else 's'}"
    match end.what:
        case "stdout":
            body = answer if answer.endswith("\n") else f"{answer}\n"
            return f"The whole output is:\n\n{body}"
        case "visits" if end.statement is not None:
            header = scene.trace.syntax.header_source(end.statement)
            ticked = "\n" not in header and "`" not in header
            return f"`{header}` ran {times}, {so}" if ticked else f"The answer is {answer}."
        case "value" if end.variable is not None:
            return f"{end.part or end.variable} is now {answer}, {so}"
        case "branch" if end.statement is not None:
            return _condition(scene.trace.syntax.statements[end.statement].node, answer, tested)
        case "drill" | "type":
            held = scene.variable(str(end.variable), end.until, end.frame)
            if held is None or len(held) > _HELD:
                return None
            if end.what == "type":
                return f"{end.variable} is now {held}, so the answer is `{answer}`."
            return f"{end.variable} is now {held}, so {end.part} is {answer} and the answer is {answer}."
        case "next":
            return f"The run goes on at line {answer}, {so}"
        case "first":
            return f"`{end.part}` holds for the first time after iteration {answer}, {so}"
        case "calls":
            return f"{_short(end)} was called {times}, {so}"
        case "open":
            return f"At most {answer} calls of {_short(end)} were open at once, {so}"
        case "changes":
            return f"{end.variable} changed {times}, {so}"
        case "longest":
            return f"{end.variable} is longest as {answer}, {so}"
        case "raised":
            return f"The exception starts at line {answer}, {so}"
    return f"The answer is {answer}."


def is_silent(scene: Scene, end: Ending, said: set[int], entered: Container[int]) -> bool:
    """Whether nothing was told of what the answer rests on: a change of the variable asked for, a test, or a call.

    ``said``: the events told; ``entered``: the frames told step by step.
    """
    if end.what in ("calls", "open"):
        return any(call.id and call.id not in entered for call in scene.trace.frame_calls(str(end.variable)))
    frame = scene.trace.frames[end.frame]
    if end.what == "unreached":
        return any(event not in said and scene.is_test(event) for event in frame.line_events)
    if end.what not in ("changes", "longest"):
        return False
    name = str(end.variable)
    texts = [scene.variable(name, event, frame.id) for event in (*frame.line_events, end.until)]
    return any(
        before not in (None, after) and event not in said
        for event, (before, after) in zip(frame.line_events, pairwise(texts), strict=True)
    )


def _short(end: Ending) -> str:
    return str(end.variable).rpartition(".")[2]


def _condition(node: ast.AST, answer: str, told: str) -> str:
    """The answer to how a test comes out, after the whole test where only its parts were told, or nothing was."""
    test = getattr(node, "test", None)
    if told and not isinstance(test, (ast.BoolOp, ast.UnaryOp)):
        return f"The answer is {answer}."
    code = ast.unparse(test) if test is not None else ""
    whole = f"`{code}`" if len(code) <= _CONDITION and "`" not in code else "The whole condition"
    outcome = f"{whole} {'holds' if answer == 'True' else 'fails'}"
    return f"The answer is {answer}." if told == outcome else f"{outcome}, so the answer is {answer}."
