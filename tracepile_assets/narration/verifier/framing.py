"""Checks of what frames a telling: the input at its beginning, the answer at its end.

Belongs here: input read, output as a whole, the answer against the question and the run. Does not belong here: anything
about single steps, and whether the telling has got far enough to answer (``reach``).
"""

import ast
from typing import Any

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import canonical, is_value, spelled
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.reach import at_the_end, settled
from tracepile_assets.narration.verifier.verdict import VERIFIED, Claim


def given(cursor: Cursor, kind: str, told: ast.expr | None, which: str | None = None) -> Finding:
    """The input as a whole, its first or next line, or what is left of it."""
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
    if read and which in ("first", "whole"):
        return contradicted(cursor.now(), f"{read} of the lines were read before")
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
    if not (cursor.finished or at_the_end(cursor)):
        return ungrounded("the telling does not go to the end of the run")
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


def answer(cursor: Cursor, question: Any, told: ast.expr, before: list[Claim]) -> Finding:
    """The answer told is that of the question, and something verified before it grounds it."""
    recording = cursor.trace.recording
    if question is not None and getattr(question, "answer_type", "") == "exception":
        name = (recording.exception or "").partition(":")[0].rpartition(".")[2]
        return verified(len(cursor.trace) - 1) if spelled(told) == name else contradicted(None, f"it is {name}")
    if question is not None and getattr(question, "answer_type", "") == "type":
        return settled(cursor, question, told) or verified(cursor.now())
    if not is_value(told):
        return ungrounded(f"{spelled(told)} is not a value")
    if question is not None and not _answers(told, question.answer):
        return contradicted(None, f"the answer to the question is {question.answer}")
    if question is None:
        final = canonical(recording.return_value) if recording.return_value is not None else None
        if spelled(told) != final and not _answers(told, recording.stdout):
            return contradicted(None, f"the run gives {final}")
    problem = settled(cursor, question, told) if question is not None else None
    if problem is not None:
        return problem
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
