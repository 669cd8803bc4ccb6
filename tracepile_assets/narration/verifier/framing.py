"""Checks of what frames a telling: the input at its beginning, the answer at its end.

Belongs here: input read, output as a whole, the answer against the question and the run, and whether the text goes to
the end. Does not belong here: anything about single steps.
"""

import ast
from typing import Any

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import canonical, is_value, spelled
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
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


def answer(cursor: Cursor, question: Any, told: ast.expr, before: list[Claim]) -> Finding:
    """The answer told is that of the question, and something verified before it states it."""
    if not is_value(told):
        return ungrounded(f"{spelled(told)} is not a value")
    stated = spelled(told)
    if question is not None and not _answers(told, question.answer):
        return contradicted(None, f"the answer to the question is {question.answer}")
    recording = cursor.trace.recording
    if question is None:
        final = canonical(recording.return_value) if recording.return_value is not None else None
        if stated != final and not _answers(told, recording.stdout):
            return contradicted(None, f"the run gives {final}")
    for claim in reversed(before):
        if claim.verdict == VERIFIED and claim.event is not None:
            return verified(claim.event)
    return ungrounded("nothing told before it gives the answer")


def _answers(told: ast.expr, answer: str) -> bool:
    """Whether a told value is an answer's text, as value text or as the plain text of a string."""
    if spelled(told) == canonical(answer):
        return True
    return isinstance(told, ast.Constant) and isinstance(told.value, str) and told.value.rstrip("\n") == answer.rstrip("\n")


def ending(cursor: Cursor, question: Any, claims: tuple[Claim, ...]) -> str | None:
    """Why the text does not end where it should; None if it does."""
    last = claims[-1]
    if question is not None:
        return None if last.kind == "answer" else "the text does not end on the answer"
    if cursor.finished or last.kind == "answer":
        return None
    return "the text does not go to the end of the run"
