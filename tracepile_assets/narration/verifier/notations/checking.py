"""Compares what a text in a notation says with what the run shows, one after the other.

Belongs here: the comparison and the verdict. Does not belong here: reading texts (one module per notation) and what a
run shows (``facts``).

A notation leaves nothing out, so what is said in its turn must be what the run shows in its turn. A line that says
something else is contradicted, and what follows has nothing to be compared with.
"""

import ast
import json
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

from tracepile_assets.narration.verifier.notations import answers, cwm, inline, scratchpad
from tracepile_assets.narration.verifier.notations.facts import Fact, facts
from tracepile_assets.narration.verifier.notations.said import Said
from tracepile_assets.narration.verifier.verdict import CONTRADICTED, UNGROUNDED, VERIFIED, Claim, Verdict
from tracepile_assets.trace_model.trace import Trace

NOTATIONS: dict[str, Callable[[str], Iterator[Said]]] = {
    "scratchpad": scratchpad.read,
    "inline": inline.read,
    "cwm": cwm.read,
}
"""Style -> what reads it."""

_CLAIMS = {
    "call": "call",
    "line": "step",
    "effect": "assignment",
    "way": "test",
    "output": "output",
    "return": "return",
    "end": "return",
    "raise": "exception",
    "unwind": "escapes",
    "yield": "return",
    "resume": "resume",
}
_WAYS = {"True": "yes", "False": "no"}
_INDENTS = {"call": 0, "line": 2, "effect": 5, "way": 5, "output": 5}
_DONE = ("way", "effect")
_OF_FRAMES = ("call", "line", "return", "raise", "end")


def verify_notation(trace: Trace, text: str, style: str, question: Any = None) -> Verdict:
    """Check a run told in a notation.

    Args:
        trace: the run.
        text: the telling.
        style: one of ``NOTATIONS``.
        question: what the text answers: anything with ``answer``, ``answer_type`` and ``target``. It must then tell the
            run up to the moment asked about, no further, and end on the answer. None for a whole run.

    Returns:
        The verdict: admitted if every line is verified and the text goes as far as it must. Nothing raises on account
        of the text.
    """
    end, until = len(text), len(trace)
    if question is not None:
        end, until = answers.begin(text, question), answers.until(trace, question)
    checker = (_Frames if style == "cwm" else _Lines)(trace, style, until)
    claims: list[Claim] = []
    n_read = n_verified = 0
    for said in NOTATIONS[style](text[:end]):
        found = list(checker.claims(said, text))
        claims += found
        n_read += 1
        n_verified += all(claim.verdict == VERIFIED for claim in found)
    short = None
    if not claims or checker.following() is not None:
        short = "the text is empty" if not text else "it stops before the run does"
    if question is not None:
        found = [_answer(trace, text, end, question)] if end < len(text) else []
        short = short or (None if found else "the text does not end on the answer")
        claims += found
        n_read += 1
        n_verified += all(claim.verdict == VERIFIED for claim in found) and bool(found)
    wrong = next((claim for claim in claims if claim.verdict != VERIFIED), None)
    reason = short if wrong is None else f"{wrong.verdict}: {wrong.says!r} ({wrong.detail})"
    coverage = n_verified / n_read if n_read else 0.0
    return Verdict(admitted=reason is None, claims=tuple(claims), coverage=coverage, reason=reason)


def _answer(trace: Trace, text: str, start: int, question: Any) -> Claim:
    said = text[start:].removeprefix("\n")
    finding = answers.answered(trace, question, said.removeprefix("answer:"))
    return Claim(
        start=len(text) - len(said),
        end=len(text),
        kind="answer",
        says=said,
        event=finding.event,
        verdict=finding.verdict,
        detail=finding.detail,
    )


class _Checker:
    """Goes through the facts of a run as a text is read."""

    def __init__(self, trace: Trace, style: str, until: int) -> None:
        self._trace = trace
        self._style = style
        # What a statement did is known at the event that follows it.
        known = takewhile(lambda fact: fact.event < until or (fact.event == until and fact.kind in _DONE), facts(trace))
        self._facts = self._relevant(known)
        self._next = next(self._facts, None)
        self._lost = False

    def _relevant(self, every: Iterator[Fact]) -> Iterator[Fact]:
        return every

    def following(self) -> Fact | None:
        """What is to be said next; None at the end of the run."""
        return self._next

    def claims(self, said: Said, text: str) -> Iterator[Claim]:
        """The claims of one line or frame, compared with the next fact."""
        fact = self._next
        if self._lost or fact is None or said.kind != fact.kind:
            if said.kind == "unread":
                fault = "it could not be read"
            else:
                fault = "the run has ended before" if fact is None else f"what comes here is {_shown(fact)}"
            lost = self._lost or said.kind == "unread" or fact is None
            self._lost = True
            event = None if lost or fact is None else fact.event
            yield _claim(said, text, UNGROUNDED if lost else CONTRADICTED, event, fault)
            return
        self._next = next(self._facts, None)
        yield from self._compared(said, fact, text)

    def _compared(self, said: Said, fact: Fact, text: str) -> Iterator[Claim]:
        raise NotImplementedError


class _Lines(_Checker):
    """Of the scratchpad and of code with comments."""

    def __init__(self, trace: Trace, style: str, until: int) -> None:
        super().__init__(trace, style, until)
        self._steps = 0
        self._margins: dict[int, int] = {}

    def _compared(self, said: Said, fact: Fact, text: str) -> Iterator[Claim]:
        fault = self._fault(said, fact)
        if said.kind != "effect" or fault:
            yield _claim(said, text, CONTRADICTED if fault else VERIFIED, fact.event, fault)
        told = {}
        for cell in said.cells:
            held = fact.values.get(cell.name, _NOTHING)
            wrong = held != cell.value or cell.name in told
            told[cell.name] = cell.value
            yield Claim(
                start=cell.start,
                end=cell.end,
                kind="assignment",
                says=text[cell.start : cell.end],
                event=fact.event,
                verdict=CONTRADICTED if wrong else VERIFIED,
                detail=_difference(cell.name, held) if wrong else None,
            )

    def _fault(self, said: Said, fact: Fact) -> str | None:
        """What is wrong with a line as a whole."""
        if said.kind == "line":
            self._steps += 1
            if said.number is not None and said.number != self._steps:
                return f"it is step {self._steps}"
            if said.text != _one_line(fact.text):
                return f"the statement is {_one_line(fact.text)!r}"
        elif said.kind == "way":
            if _WAYS.get(said.text, said.text) != fact.text:
                return f"it comes out as {fact.text!r}"
        elif said.kind != "effect" and said.text != fact.text:
            return f"it is {fact.text!r}"
        missing = [name for name, text in fact.values.items() if name not in {cell.name for cell in said.cells}]
        if fact.kind == "call":
            missing = [name for name in missing if fact.values[name] is not None]
        if missing:
            return f"{', '.join(missing)} changed too"
        if self._style == "scratchpad" and said.indent != 4 * fact.level + _INDENTS.get(said.kind, 2):
            return f"it stands in {fact.level} calls"
        if self._style == "inline" and said.kind == "line" and said.indent is not None:
            margin = said.indent - 4 * _depth(self._trace, fact.statement)
            if margin != self._margins.setdefault(fact.frame, margin):
                return "it stands in another block"
        return None


def _depth(trace: Trace, statement: int) -> int:
    """In how many other statements of its function a statement stands."""
    statements = trace.syntax.statements
    function, parent, depth = statements[statement].function, statements[statement].parent, 0
    while parent is not None and statements[parent].function == function:
        parent, depth = statements[parent].parent, depth + 1
    return depth


class _Frames(_Checker):
    """Of the frames of Code World Models; each is one claim."""

    def __init__(self, trace: Trace, style: str, until: int) -> None:
        super().__init__(trace, style, until)
        self._held: dict[int, dict[str, str]] = {}
        self._at: dict[int, int] = {}

    def _relevant(self, every: Iterator[Fact]) -> Iterator[Fact]:
        return (fact for fact in every if fact.kind in _OF_FRAMES)

    def claims(self, said: Said, text: str) -> Iterator[Claim]:
        """As of any checker; the body of a class ends with a frame like any other."""
        if self._next is not None and self._next.kind == "end" and said.kind == "return":
            fact, self._next = self._next, next(self._facts, None)
            yield from self._compared(said, fact, text)
        else:
            yield from super().claims(said, text)

    def _compared(self, said: Said, fact: Fact, text: str) -> Iterator[Claim]:
        fault = self._fault(said, fact)
        yield _claim(said, text, CONTRADICTED if fault else VERIFIED, fact.event, fault)

    def _fault(self, said: Said, fact: Fact) -> str | None:
        if said.kind in ("call", "line"):
            self._at[fact.frame] = fact.statement
        header = self._header(self._at.get(fact.frame, fact.statement))
        if said.text != header:
            return f"the line is {header!r}"
        if said.kind in ("return", "raise"):
            value = "None" if fact.kind == "end" else fact.text
            return None if _same(said.cells[0].value or "", value) else f"the value is {value}"
        before, self._held[fact.frame] = self._held.get(fact.frame, {}), fact.held
        if [cell.name for cell in said.cells] != list(fact.held):
            return f"the variables are {', '.join(fact.held) or 'none'}"
        for cell in said.cells:
            held = fact.held[cell.name]
            if cell.value == cwm.SAME:
                if before.get(cell.name) != held:
                    return _difference(cell.name, held)
            elif not _same(cell.value or "", held):
                return _difference(cell.name, held)
        return None

    def _header(self, statement: int) -> str:
        syntax = self._trace.syntax
        line = syntax.statements[statement].line - 1
        n_lines = len(syntax.header_source(statement).split("\n"))
        return "\n".join(syntax.lines[line : line + n_lines]) + "\n"


_NOTHING = object()


def _claim(said: Said, text: str, verdict: str, event: int | None, detail: str | None) -> Claim:
    kind = _CLAIMS.get(said.kind, "unparsed")
    return Claim(
        start=said.start,
        end=said.end,
        kind=kind,
        says=text[said.start : said.end],
        event=event,
        verdict=verdict,
        detail=detail,
    )


def _difference(name: str, held: object) -> str:
    if held is _NOTHING:
        return f"{name} does not change here"
    return f"{name} is bound no more" if held is None else f"{name} is {held}"


def _shown(fact: Fact) -> str:
    if fact.kind == "effect":
        return ", ".join(_difference(name, held) for name, held in fact.values.items())
    return f"{fact.kind} {fact.text}".rstrip()


def _one_line(header: str) -> str:
    return " ".join(part.strip() for part in header.split("\n")) if "\n" in header else header


def _same(said: str, held: str) -> bool:
    """Whether a text of a frame gives a value: its JSON where that can be, else the text as Python writes it."""
    try:
        value = ast.literal_eval(held)
        if not _is_json(value):
            return said == held
        # Their text tells 1, 1.0 and True apart.
        return repr(json.loads(said)) == repr(value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return said == held


def _is_json(value: object) -> bool:
    if isinstance(value, (list, dict)):
        parts = value.values() if isinstance(value, dict) else value
        return all(map(_is_json, parts)) and all(type(key) is str for key in (value if isinstance(value, dict) else ()))
    return value is None or (type(value) in (bool, int, str)) or (type(value) is float and abs(value) < float("inf"))
