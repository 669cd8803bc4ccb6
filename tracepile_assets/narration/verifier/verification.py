"""From a text and a trace to a verdict.

Belongs here: reading sentence by sentence, sending each clause to its check, and deciding on the whole. Does not belong
here: the forms (``forms``), the single checks (``values``, ``control``, ``calls``, ``framing``).
"""

import ast
from functools import lru_cache
from typing import Any

from tracepile_assets.narration.verifier import (
    calls,
    control,
    counting,
    framing,
    iterations,
    reach,
    sequence,
    solutions,
    totals,
    values,
)
from tracepile_assets.narration.verifier.beginnings import Beginnings
from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import is_value
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded
from tracepile_assets.narration.verifier.forms import FORMS
from tracepile_assets.narration.verifier.grammar import Clause, Reader
from tracepile_assets.narration.verifier.moment import event_of
from tracepile_assets.narration.verifier.prose.admission import read_prose
from tracepile_assets.narration.verifier.remarks import is_idle
from tracepile_assets.narration.verifier.text import Sentence, sentences
from tracepile_assets.narration.verifier.verdict import VERIFIED, Claim, Verdict
from tracepile_assets.trace_model.trace import Trace

_LENIENT_COVERAGE = 0.9
_IN_OWN_FORMS = 0.6
"""Share of sentences from which on a text is taken to be written in the forms, and nothing else is asked."""

_AFTER_THE_END = {"answer", "count", "output_total"} | totals.KINDS
_OF_THE_QUESTION = _AFTER_THE_END | {"tally"}
_STEPS = {"assignment", "iteration", "swap", "set_to", "step", "observed", "test", "membership", "zero", "condition"}
_IN_TURN = _STEPS | {"contents", "emptiness", "noneness", "jump"}
_READ_OFF = {"reading", "contents", "iteration_end"}
_READS_ON = {"and", ",", ", and"}


def verify(trace: Trace, text: str, question: Any = None, *, strict: bool = True) -> Verdict:
    """Check every sentence of a telling against a recorded run.

    Args:
        trace: the run.
        text: the telling.
        question: what the telling answers: anything with ``answer`` (its text) and ``kind``; None for the telling of a
            whole run. With a question the text must end on its answer.
        strict: every sentence must be read and verified (a deterministic narrator's text). Otherwise 0.9 of them must
            be, and none may be contradicted or ungrounded; a text that is not written in the forms of ``forms`` is then
            read as free prose (``prose``).

    Returns:
        The verdict. Text that cannot be read is a claim of kind ``unparsed``; nothing raises on account of the text.
    """
    if getattr(question, "kind", None) != solutions.STATEMENT:
        return _verify(trace, text, question, strict)
    told = solutions.take_apart(trace, question, text)
    return told.joined(trace, text, _verify(trace, told.body, question, strict))


def _verify(trace: Trace, text: str, question: Any, strict: bool) -> Verdict:
    body = framing.before_output_block(text) if question is not None else len(text)
    telling = _Telling(trace, question, text[:body])
    telling.read_all()
    if body < len(text):
        telling.read_output_block(text, body)
    verdict = telling.verdict(strict)
    if strict or verdict.admitted or telling.read_share >= _IN_OWN_FORMS:
        return verdict
    return read_prose(trace, text)


def in_forms(trace: Trace, text: str, question: Any = None) -> Verdict:
    """The verdict on a text read in the forms alone, of which some sentences may be unread."""
    telling = _Telling(trace, question, text)
    telling.read_all()
    return telling.verdict(strict=False)


def names_of(trace: Trace) -> set[str]:
    """Every name that a run's program mentions."""
    return _names(trace.syntax.tree)


@lru_cache(maxsize=2)
def _reader(trace: Trace) -> tuple[Reader, dict[str, list[Clause] | None], Beginnings]:
    """The reader of texts about a run, the sentences that it has read, and the texts."""
    return Reader(FORMS, _names(trace.syntax.tree)), {}, Beginnings()


class _Telling:
    """One text being verified; `text` is it without the block of output at its end."""

    def __init__(self, trace: Trace, question: Any, text: str) -> None:
        self.text = text
        self.question = question
        self.moment = event_of(trace, question)
        self.reader, self.known, beginnings = _reader(trace)
        self.beginning, place = beginnings.begin(text, self.moment)
        self.claims = self.beginning.claims
        self.start = place.end if place else 0
        self.latest = place.latest if place else -1
        self.cursor = place.cursor.copy() if place else Cursor(trace)
        self.covered = self.counted = place.sentences if place else 0
        self.told = sequence.Told()

    def read_all(self) -> None:
        """Read the text, from where it no longer repeats an earlier one."""
        kept = True
        for sentence in sentences(self.text, self.start):
            first = len(self.claims)
            says = self.text[sentence.start : sentence.end]
            self.read(sentence, says)
            kept = kept and all(
                claim.verdict == VERIFIED and claim.kind not in _OF_THE_QUESTION for claim in self.claims[first:]
            )
            if kept:
                self.beginning.note(sentence, says, self.counted, self.latest, self.cursor)

    @property
    def read_share(self) -> float:
        """Share of the sentences that the forms could read."""
        return self.covered / self.counted if self.counted else 0.0

    def read(self, sentence: Sentence, says: str) -> None:
        self.counted += 1
        clauses = None
        if sentence.tokens and sentence.closed:
            if says not in self.known:
                self.known[says] = self.reader.read(sentence)
            clauses = self.known[says]
        if clauses is None:
            self.claims.append(
                Claim(
                    start=sentence.start,
                    end=sentence.end,
                    kind="unparsed",
                    says=says,
                    event=None,
                    verdict="ungrounded",
                    detail="the sentence could not be read",
                )
            )
            return
        self.read_on: int | None = None
        self.only_seen = False
        self.covered += 1
        for clause, following in zip(clauses, [*clauses[1:], None], strict=True):
            self.leads = following is not None and "so" in following.link.split()
            if clause.link not in _READS_ON:
                self.read_on = None
            frame, floor = self.cursor.frame, self.cursor.floors[self.cursor.frame]
            kind, finding = self._check(clause)
            if kind in _IN_TURN and self.cursor.frame == frame:
                finding = sequence.in_its_iteration(self.cursor, floor, kind, finding)
            finding = sequence.follows(self.cursor, self.told, clause.link, kind, finding)
            self.told.note(kind, finding)
            self.claims.append(
                Claim(
                    start=sentence.start + clause.start,
                    end=sentence.start + clause.end,
                    kind=kind,
                    says=says[clause.start : clause.end],
                    event=finding.event,
                    verdict=finding.verdict,
                    observed=finding.observed,
                    detail=finding.detail,
                )
            )

    def read_output_block(self, text: str, start: int) -> None:
        """The output as a whole, word for word, as the last thing in the text."""
        self.counted, self.covered = self.counted + 1, self.covered + 1
        finding = framing.output_block(self.cursor, self.question, text[start:])
        self.claims.append(
            Claim(
                start=start,
                end=len(text),
                kind="answer",
                says=text[start:],
                event=finding.event,
                verdict=finding.verdict,
                detail=finding.detail,
            )
        )

    def _check(self, clause: Clause) -> tuple[str, Finding]:
        """The kind of claim that a clause makes, and what became of it."""
        slots = clause.slots
        chain = slots.get("chain")
        if clause.kind == "assignment" and self.read_on is not None and "target" not in slots:
            seen = self.only_seen
            return "reading", values.reading(self.cursor, chain[:1], chain[1:], self.read_on, seen)  # type: ignore[index]
        self.read_on = None
        if clause.kind in _READ_OFF and not (self.cursor.finished and clause.kind != "reading"):
            kind, finding = self._reading(clause, slots, chain)
            return kind, self._in_time(kind, finding)
        if self.cursor.finished and clause.kind not in _AFTER_THE_END:
            return clause.kind, contradicted(len(self.cursor.trace) - 1, "the run has ended before")
        finding = self._finding(clause.kind, slots, chain)
        return clause.kind, self._in_time(clause.kind, finding)

    def _in_time(self, kind: str, finding: Finding) -> Finding:
        """A finding, unless it is about something after the moment asked about, as the statement next then is."""
        self.latest = max(self.latest, -1 if finding.event is None else finding.event)
        if self.moment is None or finding.event is None or kind in _AFTER_THE_END:
            return finding
        next_then = finding.event == self.moment and self.cursor.trace.recording.event_kind[self.moment] == "line"
        if finding.event > self.moment or (next_then and kind in _STEPS):
            return contradicted(finding.event, "it happens after the moment asked about")
        return finding

    def _reading(self, clause: Clause, slots: dict[str, Any], chain: Any) -> tuple[str, Finding]:
        cursor = self.cursor
        if clause.kind == "contents":
            finding = values.contents(cursor, slots["code"], chain)
            self.read_on, self.only_seen = cursor.now(), False
            return "contents", finding
        if clause.kind == "iteration_end":
            found = iterations.ended(cursor, iterations.named(slots, "count", "passing", "passing_too"))
            if isinstance(found, Finding):
                return "iteration_end", found
            self.read_on, self.only_seen = found.end or 0, not values.is_derivable(cursor, found.start)
            return "iteration_end", values.reading(cursor, chain[:1], chain[1:], self.read_on, self.only_seen)
        self.read_on, self.only_seen = cursor.now(), False
        if chain is not None:
            return "reading", values.reading(cursor, chain[:1], chain[1:], self.read_on)
        targets = [slots[name] for name in ("one", "two", "target") if name in slots]
        value = slots["value"]
        if not is_value(value) and len(targets) == 1:
            return "test", ungrounded("it is not said how the test comes out")
        if "lasts" in slots:
            return "reading", values.lasting(cursor, targets, value, self.read_on)
        asked = (getattr(self.question, "target", None) or {}).get("drill")
        return "reading", values.reading(cursor, targets, [value], self.read_on, asked=asked)

    def _finding(self, kind: str, slots: dict[str, Any], chain: Any) -> Finding:
        cursor = self.cursor
        match kind:
            case "assignment" if "way" in slots:
                return values.moved(cursor, slots["target"], chain, slots["way"], slots.get("amount"))
            case "assignment" if "begins" in slots:
                return values.begun(cursor, slots["target"], chain)
            case "assignment" if "target" in slots:
                return values.assignment(cursor, slots["target"], chain)
            case "assignment":
                return values.assignment(cursor, chain[0], chain[1:])
            case "iteration":
                return values.assignment(cursor, chain[0], chain[1:], loop_only=True)
            case "observed":
                return values.observed(cursor, slots["code"], chain)
            case "swap":
                return values.swapped(cursor, *(slots[name] for name in ("one", "two", "first", "second")))
            case "unchanged_through":
                first = iterations.named(slots, "first", "passing")
                last = iterations.named(slots, "last", "ending")
                return iterations.unchanged_through(cursor, first, last)
            case "nth":
                return iterations.nth(cursor, slots["count"])
            case "unchanged":
                return iterations.unchanged(cursor, iterations.named(slots, "count", "passing", "passing_too"))
            case "step":
                return values.carried_out(cursor, slots["code"])
            case "set_to":
                return values.set_to(cursor, slots["target"], slots["code"])
            case "test":
                told = [slots[name] for name in ("code", "told") if name in slots]
                return control.test(cursor, told, slots["truth"])
            case "membership" | "noneness":
                return self._comparison(kind, slots)
            case "emptiness":
                return control.emptiness(cursor, slots["told"], "no" not in slots, self.leads)
            case "zero":
                return control.zero(cursor, slots["told"], slots["truth"])
            case "branch":
                return control.branch(cursor, slots["arm"], slots.get("way"))
            case "loop_end":
                return control.loop_end(cursor, slots.get("iterable"), slots.get("reason"), slots.get("count"))
            case "jump":
                return control.jump(cursor)
            case "entry":
                return calls.entry(cursor, slots["call"])
            case "call":
                return calls.call(cursor, slots["call"])
            case "return":
                return calls.returned(cursor, slots.get("call"), chain)
            case "returned_from":
                return calls.returned_from(cursor)
            case "resume":
                return calls.resumed(cursor, slots["place"])
            case "output":
                return calls.output(cursor, slots["text"])
            case "exception":
                return calls.raised(cursor, slots.get("code"), slots["exception"])
            case "caught":
                return calls.caught(cursor, slots.get("header"))
            case "escapes":
                return calls.escapes(cursor, slots.get("name"))
            case "input" | "input_line" | "input_rest":
                return framing.given(cursor, kind, slots["text"], slots.get("which"))
            case "output_total":
                return framing.output_total(cursor, slots["value"])
            case "count":
                return counting.total(cursor, self.question, slots["header"], slots["count"])
            case "tally" if "header" in slots:
                return counting.runs(cursor, self.question, slots["header"], slots["nth"])
            case "tally" if "nth" in slots:
                return counting.nth(cursor, self.question, slots["nth"])
            case "tally":
                return counting.so_far(cursor, self.question, slots["count"])
            case told if told in totals.KINDS:
                return totals.claim(cursor, self.question, told, slots)
            case "condition":
                return control.condition(cursor, slots["truth"])
            case "answer":
                return framing.answer(cursor, self.question, slots["value"], self.claims)
        return ungrounded(f"nothing is known about claims of kind {kind}")

    def _comparison(self, kind: str, slots: dict[str, Any]) -> Finding:
        if kind == "membership":
            operator: ast.cmpop = ast.NotIn() if "no" in slots else ast.In()
            right = slots["right"]
        else:
            operator = ast.IsNot() if "no" in slots else ast.Is()
            right = ast.Constant(None)
        told = ast.Compare(left=slots["left"], ops=[operator], comparators=[right])
        finding = control.test(self.cursor, [told], True)
        if finding.event is None and kind == "noneness" and "no" not in slots and not self.leads:
            return values.reading(self.cursor, [slots["left"]], [right], self.cursor.now())
        return finding

    def verdict(self, strict: bool) -> Verdict:
        claims = tuple(self.claims)
        coverage = self.covered / self.counted if self.counted else 0.0
        return Verdict(
            admitted=(reason := self._reason(claims, coverage, strict)) is None,
            claims=claims,
            coverage=coverage,
            reason=reason,
        )

    def _reason(self, claims: tuple[Claim, ...], coverage: float, strict: bool) -> str | None:
        if not claims:
            return "the text is empty"
        for claim in claims:
            if claim.verdict != VERIFIED and (strict or claim.kind != "unparsed" or not self._is_idle(claim.says)):
                return f"{claim.verdict}: {claim.says!r} ({claim.detail})"
        if coverage < (1.0 if strict else _LENIENT_COVERAGE):
            return f"only {coverage:.0%} of the sentences could be read"
        return reach.ending(self.cursor, self.question, claims)

    def _is_idle(self, says: str) -> bool:
        return is_idle(says, names_of(self.cursor.trace))


def _names(tree: ast.Module) -> set[str]:
    """Every name that a program mentions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or (
            isinstance(node, ast.ExceptHandler) and node.name
        ):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
    return found
