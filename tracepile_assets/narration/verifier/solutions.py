"""Tellings for a reader who was given a problem and no code: the program as the plan, or the problem's own words.

Belongs here: what such a text holds beside the telling of the run, checked against the code. What is left is a telling
like any other (``verification``). Does not belong here: any check of a step.
"""

import ast
import re
from dataclasses import dataclass, field, replace
from typing import Any

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import spelled, variable
from tracepile_assets.narration.verifier.verdict import CONTRADICTED, VERIFIED, Claim, Verdict
from tracepile_assets.trace_model.trace import Trace

STATEMENT = "statement_prediction"
"""Kind of the question that shows no code."""

_PLAN = re.compile(
    r"(?:This program solves the problem|A program for the problem is this|The plan, as a Python program):\n\n"
    r"(?P<fence>`{3,})python\n"
)
_GIVEN = re.compile(r"Given (?P<names>[^\n]*?)\.(?= )")
_RESULT, _RETURNS = "The result is ", "The call returns "


@dataclass
class Told:
    """A text taken apart.

    Attributes:
        body: the telling of the run.
        claims: what the rest says, with its verdicts.
        parts: where pieces of the body come from: first character in the body, first character in the text.
        words: characters of the body at which words about a statement stood, and the statement.
    """

    body: str
    claims: list[Claim] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])
    words: list[tuple[int, int]] = field(default_factory=list)

    def joined(self, trace: Trace, text: str, verdict: Verdict) -> Verdict:
        """The verdict on the whole text, given that on the body."""
        own = self._placed(trace, verdict)
        claims = sorted([*own, *(self._moved(claim, text) for claim in verdict.claims)], key=lambda claim: claim.start)
        wrong = next((claim for claim in own if claim.verdict != VERIFIED), None)
        reason = verdict.reason if wrong is None else f"{wrong.verdict}: {wrong.says!r} ({wrong.detail})"
        admitted = verdict.admitted and wrong is None
        return Verdict(admitted=admitted, claims=tuple(claims), coverage=verdict.coverage, reason=reason)

    def _placed(self, trace: Trace, verdict: Verdict) -> list[Claim]:
        """The claims of the rest; each of a comment with the event of the statement told next, or refused."""
        placed, words = [], iter(self.words)
        for claim in self.claims:
            if claim.kind == "comment":
                at, statement = next(words)
                told = next((each.event for each in verdict.claims if each.start >= at), None)
                if told is None or trace.recording.event_statement[told] != statement:
                    claim = replace(claim, verdict=CONTRADICTED, detail="it stands above another statement")
                else:
                    claim = replace(claim, event=told)
            placed.append(claim)
        return placed

    def _moved(self, claim: Claim, text: str) -> Claim:
        start, end = self._place(claim.start), self._place(claim.end - 1) + 1
        return replace(claim, start=start, end=end, says=text[start:end])

    def _place(self, at: int) -> int:
        begin, place = next(part for part in reversed(self.parts) if part[0] <= at)
        return place + at - begin


def take_apart(trace: Trace, question: Any, text: str) -> Told:
    """Find what a text holds beside the telling of the run, and check it.

    The program has to be given word for word, first of all. Words of the problem have to be those of the comment right
    above the statement whose telling they lead to, in the order of the statements.
    """
    plan = _PLAN.match(text)
    if plan is not None:
        return _planned(trace, text, plan)
    given = _GIVEN.match(text)
    if given is not None:
        return _worded(trace, text, given)
    return Told(text)


def _planned(trace: Trace, text: str, plan: re.Match[str]) -> Told:
    code = trace.code.removesuffix("\n")
    close = f"\n{plan['fence']}\n\n"
    right = text.startswith(code + close, plan.end())
    found = plan.end() + len(code) if right else text.find(close, plan.end())
    end = found + len(close) if found >= 0 else len(text)
    detail = None if right else "it is not the program that was run"
    claim = _claim(text, 0, end, "plan", None, detail)
    return Told(text[end:], [claim], [(0, end)])


def _worded(trace: Trace, text: str, given: re.Match[str]) -> Told:
    told = Told("", [_claim(text, 0, given.end(), "given", 0, _wrong_names(trace, given["names"]))], [])
    at = given.end() + 1
    for statement, words in _comments(trace):
        found = text.find(f"{words}: ", at)
        if found < 0 or text[found - 2 : found] != ". ":
            continue
        _piece(told, text, at, found)
        at = found + len(words) + 2
        told.words.append((len(told.body), statement))
        told.claims.append(_claim(text, found, at - 1, "comment", None, None))
    result = text.rfind(_RESULT, at)
    if result >= 0 and text[result - 2 : result] == ". ":
        _piece(told, text, at, result)
        # A shorter beginning stands for a longer one: its last characters are those that count.
        told.parts.append((len(told.body), result))
        told.body += _RETURNS
        at = result + len(_RESULT)
    _piece(told, text, at, len(text))
    return told


def _piece(told: Told, text: str, start: int, end: int) -> None:
    told.parts.append((len(told.body), start))
    told.body += text[start:end]


def _claim(text: str, start: int, end: int, kind: str, event: int | None, detail: str | None) -> Claim:
    verdict = VERIFIED if detail is None else CONTRADICTED
    return Claim(start=start, end=end, kind=kind, says=text[start:end], event=event, verdict=verdict, detail=detail)


def _wrong_names(trace: Trace, names: str) -> str | None:
    """What is wrong with the names and values that are given; None if they are the parameters and their values."""
    *others, last = names.rsplit(" and ", 1)
    try:
        call = ast.parse(f"f({', '.join([*others, last])})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "it cannot be read"
    cursor = Cursor(trace)
    if not isinstance(call, ast.Call) or call.args or not call.keywords:
        return "it names nothing"
    for word in call.keywords:
        held = cursor.text(variable(word.arg or "**"), 0, 0)
        if held is None or held != spelled(word.value):
            return f"{word.arg} is {held}"
    return None


def _comments(trace: Trace) -> list[tuple[int, str]]:
    """The comments that stand alone on the line above a statement, in order, without their marks."""
    lines = trace.code.split("\n")
    found = []
    for statement in trace.syntax.statements:
        above = lines[statement.line - 2].strip() if statement.line > 1 else ""
        if above.startswith("#"):
            found.append((statement.number, above.lstrip("# ").rstrip(" .:;,")))
    return found
