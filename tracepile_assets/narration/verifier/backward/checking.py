"""From a backward telling and the run of the input that was found to a verdict.

Belongs here: reading the sentences around the told run (what is looked for, how an input follows from the outcome, that
it works) and checking each claim in them. Does not belong here: which argument is which (``call``).

Only that the input is enough is ever claimed. What a part of the code can be is checked where it is evaluated in the
run that shows it: there it must have that value. The arithmetic by which it follows must come out so, from numbers that
stand in the code, in the question or in the text before.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any

from tracepile_assets.narration.verifier.backward.call import OpenCall, Unreadable, parsed, spelled
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.text import Sentence, sentences
from tracepile_assets.narration.verifier.verdict import VERIFIED, Claim, Verdict
from tracepile_assets.narration.verifier.verification import verify
from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, evaluate
from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.trace import Trace

_FORMS = {
    "sought": re.compile(r"We look for (?P<names>[\w, ]+?) such that (?P<call>.+) returns (?P<value>.+)\Z", re.DOTALL),
    "outcome": re.compile(r"The call returns `(?P<code>.+)`, which has to be (?P<value>.+)\Z", re.DOTALL),
    "possible": re.compile(r"Then (?:`(?P<code>.+)`|(?P<name>\w+)) can be (?P<value>.+)\Z", re.DOTALL),
    "tried": re.compile(r"We (?:try|choose) (?P<value>.+)\Z", re.DOTALL),
}
_END = re.compile(r"So (?P<value>.+) works?, and the answer is (?P<answer>.+)\Z", re.DOTALL)


def verify_backward(trace: Trace, text: str, question: Any, outcome: str) -> Verdict:
    """Check every sentence of a backward telling.

    Args:
        trace: the run on the input that the telling finds.
        text: the telling.
        question: the question that it answers: anything with ``target``, as ``input_prediction`` states it.
        outcome: value text of what the call has to return.

    Returns:
        The verdict, as ``verify`` gives it. Nothing raises on account of the text.
    """
    every = sentences(text)
    before = list(_leading(text, every))
    last = every[-1] if len(every) > len(before) else None
    if not before or last is None or _END.match(_says(text, last)) is None:
        return _blocked("it does not begin with what is looked for and end on the answer")
    try:
        check = _Check(trace, OpenCall(trace, question.target), outcome)
    except (Unreadable, KeyError, TypeError) as error:
        return _blocked(f"what the question leaves open is not that of the run ({error})")
    claims = [check.claim(text, sentence) for sentence in before]
    start, end = before[-1].end, last.start
    told = verify(trace, text[start:end].strip())
    shift = start + len(text[start:end]) - len(text[start:end].lstrip())
    claims += [_shifted(claim, shift) for claim in told.claims]
    claims.append(check.end(text, last))
    wrong = next((claim for claim in claims if claim.verdict != VERIFIED), None)
    reason = told.reason if wrong is None else f"{wrong.verdict}: {wrong.says!r} ({wrong.detail})"
    return Verdict(admitted=reason is None, claims=tuple(claims), coverage=told.coverage, reason=reason)


def _blocked(reason: str) -> Verdict:
    return Verdict(admitted=False, claims=(), coverage=0.0, reason=reason)


def _says(text: str, sentence: Sentence) -> str:
    return text[sentence.start : sentence.end].removesuffix(".")


def _leading(text: str, every: list[Sentence]) -> Iterator[Sentence]:
    """The sentences before the told run."""
    for number, sentence in enumerate(every):
        says = _says(text, sentence)
        if not any(form.match(says) for form in _FORMS.values()):
            return
        if (number == 0) != bool(_FORMS["sought"].match(says)):
            return
        yield sentence


def _shifted(claim: Claim, by: int) -> Claim:
    values = {name: getattr(claim, name) for name in Claim.__slots__}
    return Claim(**{**values, "start": claim.start + by, "end": claim.end + by})


class _Check:
    """The checks of single sentences, and what has been stated so far."""

    def __init__(self, trace: Trace, call: OpenCall, outcome: str) -> None:
        self.trace = trace
        self.call = call
        self.outcome = outcome
        self.stated = {spelled(parsed(outcome))}
        self.stated |= {ast.unparse(node) for node in ast.walk(trace.syntax.tree) if isinstance(node, ast.Constant)}
        self.stated |= {spelled(parsed(text)) for text in call.shown.values()}

    def claim(self, text: str, sentence: Sentence) -> Claim:
        """The claim of a sentence before the told run."""
        says = _says(text, sentence)
        kind, found = next((kind, found) for kind, form in _FORMS.items() if (found := form.match(says)))
        try:
            finding = getattr(self, f"_{kind}")(found.groupdict())
        except (Unreadable, Abstain, EvaluatedToError) as error:
            finding = ungrounded(str(error))
        return _claim(text, sentence, kind, finding)

    def end(self, text: str, sentence: Sentence) -> Claim:
        """The claim that the input works and is the answer."""
        found = _END.match(_says(text, sentence))
        assert found is not None
        try:
            finding = self._end(found["value"], found["answer"])
        except Unreadable as error:
            finding = ungrounded(str(error))
        return _claim(text, sentence, "answer", finding)

    def _sought(self, said: dict[str, str]) -> Finding:
        if re.split(r", | and ", said["names"]) != self.call.open:
            return contradicted(0, f"the question leaves {', '.join(self.call.open)} open")
        if said["value"] != self.outcome:
            return contradicted(0, f"the call has to return {self.outcome}")
        shown = [
            f"{name}={value}" if name in self.call.words else value
            for name in self.call.tried
            for value in [self.call.shown.get(name, name)]
        ]
        wanted = parsed(f"{self.call.function}({', '.join(shown)})")
        told = parsed(said["call"])
        if told is None or spelled(told) != spelled(wanted):
            return contradicted(0, f"the question is about {spelled(wanted)}")
        return verified(0)

    def _outcome(self, said: dict[str, str]) -> Finding:
        event = self._last()
        node = self.trace.syntax.statements[self.trace.recording.event_statement[event]].node
        if not isinstance(node, ast.Return) or node.value is None or spelled(node.value) != said["code"]:
            return contradicted(event, "the call does not end in that return")
        if said["value"] != spelled(parsed(self.outcome)) and said["value"] != self.outcome:
            return contradicted(event, f"it has to be {self.outcome}")
        return verified(event) if self._returns() else contradicted(event, "the call returns something else")

    def _possible(self, said: dict[str, str]) -> Finding:
        event = self._last()
        code = parsed(said["name"] or said["code"])
        if code is None or spelled(code) not in self._parts():
            return ungrounded("it is no part of what the call computes")
        links = [parsed(link) for link in said["value"].split(" = ")]
        if any(link is None for link in links):
            return ungrounded("it is no value")
        held = evaluate(code, None, 0, self.trace, event)
        for link in links:
            assert link is not None
            if not _equal(_constant(link), held):
                return contradicted(event, f"{spelled(code)} is {held!r} in the run that is to show it")
        for link in links[:-1]:
            for part in ast.walk(link):  # type: ignore[arg-type]
                if isinstance(part, ast.Constant) and not self._is_stated(ast.unparse(part)):
                    return ungrounded(f"{ast.unparse(part)} stands nowhere before")
        self.stated.add(spelled(links[-1]))
        return verified(event)

    def _tried(self, said: dict[str, str]) -> Finding:
        told = _pairs(said["value"])
        if not told:
            return ungrounded("it cannot be read")
        for name, value in told.items():
            if name not in self.call.open or spelled(self.call.tried[name]) != value:
                return contradicted(0, "the run was given something else")
            self.stated.add(value)
        return verified(0)

    def _end(self, works: str, answer: str) -> Finding:
        last = len(self.trace) - 1
        if not self.call.keeps_to_the_question():
            return contradicted(last, "the run was given other arguments than the question shows")
        if not self._returns():
            return contradicted(last, f"the run does not return {self.outcome}")
        if _pairs(works) != {name: spelled(self.call.tried[name]) for name in self.call.open}:
            return contradicted(last, "the run was given something else")
        if self.call.whole:
            right = spelled(parsed(f"f({answer})")) == spelled(parsed(f"f({self.trace.arguments or ''})"))
        else:
            right = spelled(parsed(answer)) == spelled(self.call.tried[self.call.open[0]])
        return verified(last) if right else contradicted(last, "the answer is not what the run was given")

    def _returns(self) -> bool:
        recording = self.trace.recording
        return recording.status == "ok" and recording.return_value == self.outcome

    def _last(self) -> int:
        """The event of the statement that the call executes last."""
        lines = self.trace.frames[0].line_events
        if not lines:
            raise Unreadable("the run shows no statement")
        return lines[-1]

    def _parts(self) -> set[str]:
        """The expressions that the call evaluates, each of which has one value in it."""
        frame = self.trace.frames[0]
        found: set[str] = set()
        for event in frame.line_events:
            node = self.trace.syntax.statements[self.trace.recording.event_statement[event]].node
            if isinstance(node, ast.Assign | ast.Return) and node.value is not None:
                found |= {ast.unparse(each) for each in ast.walk(node.value) if isinstance(each, ast.expr)}
            elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                raise Unreadable("the call does more than assign and return")
        return found

    def _is_stated(self, constant: str) -> bool:
        return constant in self.stated or f"-{constant}" in self.stated


def _claim(text: str, sentence: Sentence, kind: str, finding: Finding) -> Claim:
    return Claim(
        start=sentence.start,
        end=sentence.end,
        kind=kind,
        says=text[sentence.start : sentence.end],
        event=finding.event,
        verdict=finding.verdict,
        detail=finding.detail,
    )


def _pairs(text: str) -> dict[str, str] | None:
    """``a = 1, b = [2] and c = 3`` as names and spelled values; None if it is nothing of the kind."""
    found: dict[str, str] = {}
    rest = text
    while rest:
        match = re.match(r"(\w+) = ", rest)
        if match is None:
            return None
        body = rest[match.end() :]
        ends = [each.start() for each in re.finditer(r"(?:, | and )\w+ = ", body)]
        for end in [*ends, len(body)]:
            value = parsed(body[:end])
            if value is not None:
                found[match[1]] = spelled(value)
                rest = re.sub(r"\A(?:, | and )", "", body[end:])
                break
        else:
            return None
    return found


def _constant(node: ast.expr) -> Any:
    """The value of an expression of literals alone."""
    if any(isinstance(each, ast.Name | ast.Call | ast.Attribute) for each in ast.walk(node)):
        raise Unreadable(f"{ast.unparse(node)} is not of values alone")
    return evaluate(node, State(), None)


def _equal(one: Any, two: Any) -> bool:
    return type(one) is type(two) and one == two
