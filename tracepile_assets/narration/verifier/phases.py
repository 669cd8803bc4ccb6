"""Checks tellings in four phases: what is asked, an outline of the code, the run, and what it came to.

Belongs here: the four parts, and the sentences that only they hold. Does not belong here: the telling of the run, which
is read like any other (``verification``), and outlines (``outlines``).
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tracepile_assets.narration.verifier.moment import event_of
from tracepile_assets.narration.verifier.outlines import fault, sentences
from tracepile_assets.narration.verifier.verdict import CONTRADICTED, VERIFIED, Claim, Verdict
from tracepile_assets.narration.verifier.verification import verify
from tracepile_assets.trace_model.trace import Trace

_PARTS = re.compile(
    r"Understand:\n(?P<understand>[^\n]*)\n\nPlan:\n(?P<plan>[^\n]*)\n\nExecute:\n(?P<execute>[^\n]*)\n\n"
    r"Reflect:\n(?P<reflect>.*)",
    re.DOTALL,
)
_GOAL = "We want "
_HELD = re.compile(r"`(?P<test>[^`\n]+)` held in (?P<held>\d+) of (?P<all>\d+) tests\. ")

_GOALS: dict[str, Callable[[Mapping[str, Any], str], bool]] = {
    "what it returns": lambda target, name: target.get("outcome") == "return",
    "what it prints": lambda target, name: target.get("outcome") == "stdout",
    "the exception that ends it": lambda target, name: (
        target.get("outcome") == "exception" and target.get("asks") != "line"
    ),
    "the line where the exception starts": lambda target, name: target.get("asks") == "line",
    "the value of * at the moment asked about": lambda target, name: (
        "asks" not in target and name in (_variable(target), target.get("drill"), _slot(target))
    ),
    "the type of * at the moment asked about": lambda target, name: (
        target.get("asks") == "type" and name == _variable(target)
    ),
    "which way the test goes": lambda target, name: target.get("when") == "test",
    "how often the loop iterates": lambda target, name: target.get("when") == "loop",
    "how often the statement runs": lambda target, name: target.get("when") == "call",
    "the line that runs next": lambda target, name: target.get("when") == "next",
    "the first iteration after which * holds": lambda target, name: (
        target.get("when") == "first" and name == target.get("condition")
    ),
    "what the call returns": lambda target, name: target.get("when") == "returns",
    "how often * is called": lambda target, name: (
        target.get("when") == "run" and target.get("counts") != "open" and name == _function(target)
    ),
    "how deep the calls of * nest": lambda target, name: target.get("counts") == "open" and name == _function(target),
    "the lines that never run": lambda target, name: target.get("when") == "unreached",
    "how often * changes": lambda target, name: target.get("when") == "changes" and name == _variable(target),
    "the longest value of *": lambda target, name: target.get("when") == "longest" and name == _variable(target),
}
"""What can be wanted, ``*`` for a name in backticks -> whether a question's target asks for it."""


def verify_phases(trace: Trace, text: str, question: Any) -> Verdict:
    """Check a telling in four phases, sentence by sentence.

    Args:
        trace: the run.
        text: the telling.
        question: what it answers: anything with ``answer``, ``kind`` and ``target``.

    Returns:
        The verdict, as ``verify`` gives it; sentences about the code are claims of kind ``code``, the one that says
        what is wanted of kind ``goal``, counts of tests of kind ``tests``.
    """
    parts = _PARTS.fullmatch(text)
    if parts is None:
        claim = _claim(text, 0, len(text), "unparsed", "the four parts cannot be told apart")
        return Verdict(admitted=False, claims=(claim,), coverage=0.0, reason=claim.detail)
    goal = parts.start("understand") + max(parts["understand"].rfind(_GOAL), 0)
    claims = [_goal(text, goal, parts.end("understand"), question)]
    for start, end in sentences(parts["plan"]):
        start, end = start + parts.start("plan"), end + parts.start("plan")
        claims.append(_claim(text, start, end, "code", fault(trace, text[start:end])))
    at = parts.start("reflect")
    while (held := _HELD.match(text, at)) is not None:
        claims.append(_claim(text, at, held.end() - 1, "tests", _miscounted(trace, question, held)))
        at = held.end()
    run = _run(trace, text, [(parts.start("understand"), goal), parts.span("execute"), (at, len(text))], question)
    every = tuple(sorted((*claims, *run.claims), key=lambda claim: claim.start))
    wrong = next((claim for claim in claims if claim.verdict != VERIFIED), None)
    reason = run.reason if wrong is None else f"{wrong.verdict}: {wrong.says!r} ({wrong.detail})"
    return Verdict(
        admitted=run.admitted and wrong is None,
        claims=every,
        coverage=run.coverage if wrong is None else min(run.coverage, 1 - 1 / len(every)),
        reason=reason,
    )


def _run(trace: Trace, text: str, parts: list[tuple[int, int]], question: Any) -> Verdict:
    """The verdict on parts of the text, read one after the other as one telling."""
    # What is read together begins like other tellings of the run, which are then not read again.
    pieces, shifts, length = [], [], 0
    for start, end in parts:
        piece = text[start:end] if end == len(text) else text[start:end].rstrip()
        if piece:
            if end != len(text) and not piece.endswith("."):
                claim = _claim(text, start, start + len(piece), "unparsed", "it does not end with a full stop")
                return Verdict(admitted=False, claims=(claim,), coverage=0.0, reason=claim.detail)
            pieces.append(piece)
            shifts.append((length, start - length))
            length += len(piece) + 1
    verdict = verify(trace, " ".join(pieces), question)
    claims = []
    for claim in verdict.claims:
        shift = next(shift for begins, shift in reversed(shifts) if begins <= claim.start)
        claims.append(replace(claim, start=claim.start + shift, end=claim.end + shift))
    return replace(verdict, claims=tuple(claims))


def _goal(text: str, start: int, end: int, question: Any) -> Claim:
    said = text[start:end].removeprefix(_GOAL).removesuffix(".")
    named = re.fullmatch(r"(.*?)`([^`]+)`(.*)", said)
    goal, name = (said, "") if named is None else (f"{named[1]}*{named[3]}", named[2])
    asks = _GOALS.get(goal)
    if asks is None:
        problem: str | None = "it is not known what is wanted"
    else:
        problem = None if asks(question.target, name) else "the question is about something else"
    return _claim(text, start, end, "goal", problem)


def _miscounted(trace: Trace, question: Any, said: re.Match[str]) -> str | None:
    """What is wrong with a count of tests up to the moment asked about."""
    tests = [
        statement.number
        for statement in trace.syntax.statements
        if isinstance(statement.node, ast.If) and ast.unparse(statement.node.test) == said["test"]
    ]
    if len(tests) != 1:
        return "there is no such test, or more than one"
    moment = event_of(trace, question)
    until = len(trace) if moment is None else moment
    events = [
        event
        for event in range(until)
        if trace.recording.event_kind[event] == "line" and trace.recording.event_statement[event] == tests[0]
    ]
    ways = [trace.branch(event) for event in events]
    if (said["held"], said["all"]) != (str(ways.count(True)), str(len(ways))) or None in ways:
        return f"it held in {ways.count(True)} of {len(ways)}"
    return None


def _claim(text: str, start: int, end: int, kind: str, problem: str | None) -> Claim:
    verdict = VERIFIED if problem is None else CONTRADICTED
    return Claim(start=start, end=end, kind=kind, says=text[start:end], event=None, verdict=verdict, detail=problem)


def _variable(target: Mapping[str, Any]) -> str:
    return str(target.get("variable"))


def _function(target: Mapping[str, Any]) -> str:
    return str(target.get("function")).rpartition(".")[2]


def _slot(target: Mapping[str, Any]) -> str:
    return f"{_variable(target)}{target.get('slot', '')}"
