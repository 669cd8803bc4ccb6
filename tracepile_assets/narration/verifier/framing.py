"""Checks of what frames a telling: the input at its beginning, the answer at its end.

Belongs here: input read, output as a whole, the answer against the question and the run, and whether the text goes to
the end. Does not belong here: anything about single steps.
"""

import ast
from typing import Any

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import canonical, is_value, spelled, variable
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.moment import event_of, frame_of
from tracepile_assets.narration.verifier.verdict import VERIFIED, Claim


def given(cursor: Cursor, kind: str, told: ast.expr | None) -> Finding:
    """The input as a whole, its next line, or what is left of it."""
    stdin = cursor.trace.stdin
    if stdin is None:
        return contradicted(0, "the program is given no input")
    if told is None:
        return verified(0) if stdin == "" else contradicted(0, "there is input")
    if not isinstance(told, ast.Constant) or not isinstance(told.value, str):
        return ungrounded(f"{spelled(told)} is not a string")
    if kind == "input":
        return verified(0) if told.value == stdin else contradicted(0, f"the input is {stdin!r}")
    read = sum(1 for entry in cursor.done if isinstance(entry, tuple) and entry[0] == "input")
    lines = stdin.splitlines()
    if kind == "input_line":
        cursor.done.add(("input", read))
        if read >= len(lines):
            return contradicted(cursor.now(), "the input has no more lines")
        return verified(cursor.now()) if told.value == lines[read] else contradicted(0, f"it is {lines[read]!r}")
    rest = "".join(stdin.splitlines(keepends=True)[read:])
    return verified(cursor.now()) if told.value == rest else contradicted(0, f"it is {rest!r}")


def output_total(cursor: Cursor, told: ast.expr) -> Finding:
    """All that was written."""
    stdout = cursor.trace.recording.stdout
    if isinstance(told, ast.Constant) and told.value == stdout:
        return verified(len(cursor.trace) - 1)
    return contradicted(len(cursor.trace) - 1, f"it is {stdout!r}")


_BLOCK = "The whole output is:\n\n"


def before_output_block(text: str) -> int:
    """Where the block begins that gives the output word for word at the end of a text; its length if there is none."""
    found = text.find(_BLOCK)
    return found if found >= 0 else len(text)


def output_block(cursor: Cursor, question: Any, block: str) -> Finding:
    """The block holds exactly the output, which is the answer to the question."""
    stdout = cursor.trace.recording.stdout
    told = block.removeprefix(_BLOCK)
    if told.rstrip("\n") != stdout.rstrip("\n") or told.rstrip("\n") != question.answer.rstrip("\n"):
        return contradicted(len(cursor.trace) - 1, f"it is {stdout!r}")
    return verified(len(cursor.trace) - 1)


def count(cursor: Cursor, question: Any, header: str, told: int) -> Finding:
    """How often a statement was entered in the call that the question is about, or in the whole run."""
    target = getattr(question, "target", None) or {}
    frame = frame_of(cursor.trace, question)
    syntax = cursor.trace.syntax
    meant = [s.number for s in syntax.statements if syntax.header_source(s.number) == header]
    if target.get("statement") in meant:
        meant = [target["statement"]]
    if not meant:
        return ungrounded("there is no such statement")
    visits = [event for number in meant for event in cursor.trace.visits(number, frame)]
    if len(visits) != told:
        return contradicted(visits[-1] if visits else None, f"it ran {len(visits)} times")
    return verified(visits[-1] if visits else cursor.now())


def answer(cursor: Cursor, question: Any, told: ast.expr, before: list[Claim]) -> Finding:
    """The answer told is that of the question, and something verified before it grounds it."""
    recording = cursor.trace.recording
    if question is not None and getattr(question, "answer_type", "") == "exception":
        name = (recording.exception or "").partition(":")[0].rpartition(".")[2]
        return verified(len(cursor.trace) - 1) if spelled(told) == name else contradicted(None, f"it is {name}")
    if not is_value(told):
        return ungrounded(f"{spelled(told)} is not a value")
    if question is not None and not _answers(told, question.answer):
        return contradicted(None, f"the answer to the question is {question.answer}")
    if question is None:
        final = canonical(recording.return_value) if recording.return_value is not None else None
        if spelled(told) != final and not _answers(told, recording.stdout):
            return contradicted(None, f"the run gives {final}")
    moment, frame = event_of(cursor.trace, question), frame_of(cursor.trace, question)
    name = (getattr(question, "target", None) or {}).get("variable")
    if moment is not None and name is not None:
        held = cursor.text(variable(name), moment, frame)
        if held != spelled(told):
            return contradicted(moment, f"{name} is {held} then")
    for claim in reversed(before):
        if claim.verdict == VERIFIED and claim.event is not None:
            return verified(claim.event)
    return ungrounded("nothing told before it gives the answer")


def _answers(told: ast.expr, stated: str) -> bool:
    """Whether a told value is an answer's text, as value text or as the plain text of a string."""
    if spelled(told) == canonical(stated):
        return True
    return (
        isinstance(told, ast.Constant)
        and isinstance(told.value, str)
        and told.value.rstrip("\n") == stated.rstrip("\n")
    )


def ending(cursor: Cursor, question: Any, claims: tuple[Claim, ...]) -> str | None:
    """Why the text does not end where it should; None if it does."""
    last = claims[-1]
    if question is not None:
        return None if last.kind == "answer" else "the text does not end on the answer"
    if cursor.finished or last.kind == "answer" or _at_the_end(cursor):
        return None
    return "the text does not go to the end of the run"


def _at_the_end(cursor: Cursor) -> bool:
    """Whether the last statement of a module body was told."""
    frame = cursor.trace.frames[0]
    if frame.function != "<module>" or cursor.frame != 0 or not frame.line_events:
        return False
    written = [e for e, kind in enumerate(cursor.trace.recording.event_kind) if kind == "output"]
    return all(("output", event) in cursor.done for event in written) or cursor.floors[0] >= frame.line_events[-1]
