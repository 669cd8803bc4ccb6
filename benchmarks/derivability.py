"""Whether each value that a narration states follows from the code, the input and the text before it.

    TRACEPILE_TEST_DATA=... python -m benchmarks.derivability [--most 10000]

A run is gone through event by event beside its text. A variable is known from the input on, by being told, or by a
statement that can be worked out from what is known; what changes in another way is unknown until it is told. A claim
follows if every variable that its statement reads is known just before it, its calls are told to an end that is known,
and the evaluator works its expressions out; or, for what merely holds, if the variable is known. What the verifier
marks as observed is counted apart; texts with an opaque fold are left out. That no claim runs ahead of the run is the
verifier's to say, whose matching never moves back.

Belongs here: what is known when. Does not belong here: whether a claim is true (the verifier, `quality.independent`).
"""

import argparse
import ast
import sys
from collections import Counter, defaultdict, deque
from typing import Any

from benchmarks.corruptions import SOURCES, runs
from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.quality.independent import CannotTell, Document, document_of
from tracepile_assets.quality.independent.states import States
from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, evaluate
from tracepile_assets.trace_model.trace import Trace

STEPS = {"assignment", "iteration", "contents", "swap", "return", "test", "membership", "zero", "emptiness", "noneness"}
"""Claims that state what comes of a statement."""
HELD = {"iteration_end", "reading"}
"""Claims that state what holds."""
_ABSTAINS = "the evaluator abstains"


class Knowledge:
    """What a reader knows of a run as its text goes on."""

    def __init__(self, trace: Trace, claims: Any) -> None:
        """Go through the run; ``outcomes`` counts the claims by what they rest on, ``missing`` names the others."""
        self.trace = trace
        row = trace.recording.to_row()
        document = document_of(row, trace.code, trace.entry_point, trace.arguments, trace.stdin)
        self.states = States(Document(document))
        self.known: dict[tuple[int, str], str] = {}
        self.contents: set[str] = set()
        self.returned: dict[int, bool] = {}
        self.pending: dict[int, tuple[int, int, list[Any]]] = {}
        self.outcomes: Counter[str] = Counter()
        self.missing: list[tuple[str, str]] = []
        told = defaultdict(list)
        for claim in claims:
            if claim.event is not None and claim.kind in STEPS | HELD | {"observed", "call"}:
                told[claim.event].append(claim)
        last = max(told, default=-1)
        for event in range(last + 1):
            self._event(event, told.get(event, []))
        for waiting in self.pending.values():
            self._line(*waiting)

    def _event(self, event: int, claims: list[Any]) -> None:
        kind = self.trace.recording.event_kind[event]
        frame = self.trace.recording.event_frame_id[event]
        if frame in self.pending:
            # What a statement comes to can be known only after the calls within it. What it leaves is matched to the
            # event after it.
            started, own, steps = self.pending.pop(frame)
            left = [claim for claim in claims if claim.kind == "contents"]
            claims = [claim for claim in claims if claim.kind != "contents"]
            self._line(started, own, steps + left)
        for claim in claims:
            if claim.kind in HELD:
                self._held(event, frame, claim)
        steps = [claim for claim in claims if claim.kind not in HELD]
        if kind in ("call", "resume"):
            # What a call is given is worked out by the statement that makes it.
            self._learn(event, frame, self.states.texts(event))
        elif kind == "line":
            self.pending[frame] = (event, frame, steps)
        elif kind == "return":
            # A call that ends without a return statement gives None.
            known = self.returned.setdefault(frame, self.trace.recording.event_value[event] == "None")
            if any(claim.kind == "return" for claim in steps):
                self._count(steps[0], None if known else "what is returned is not known")
                self.returned[frame] = True

    def _held(self, event: int, frame: int, claim: Any) -> None:
        names = {name for name in self.states.texts(event) if name in claim.says}
        told = {name for name in names if f"{name} = " in claim.says or f"{name}[" in claim.says}
        unknown = [name for name in sorted(told) if not self._is_known(event, frame, name)]
        self._count(claim, None if not unknown else f"{unknown[0]} is not known")
        self._learn(event, frame, {name: self.states.texts(event)[name] for name in told})

    def _line(self, event: int, frame: int, claims: list[Any]) -> None:
        node = self.states.node(event)
        reason = self._reason(event, frame, node)
        if isinstance(node, ast.Return):
            self.returned[frame] = reason is None or bool(claims)
        parts = {}
        if reason is not None:
            parts = {ast.unparse(part.targets[0]): self._reason(event, frame, part) for part in _parts(node)}
        for claim in claims:
            if claim.kind != "call":
                own = [why for name, why in parts.items() if claim.says.startswith(f"{name} = ")]
                found = own[0] if own else reason
                # What a method does to an object that is known follows, though the evaluator has no effects.
                self._count(claim, None if found == _ABSTAINS and claim.kind == "contents" else found)
        try:
            after = self.states.after(event)
        except CannotTell:
            return
        before, now = self.states.texts(event), self.states.texts(after)
        changed = {name: text for name, text in now.items() if before.get(name) != text}
        if reason is not None and all(claim.kind == "call" for claim in claims):
            changed = {name: text for name, text in changed.items() if parts.get(name, reason) is None}
        self._learn(after, frame, changed)

    def _reason(self, event: int, frame: int, node: ast.AST) -> str | None:
        """Why what a statement does cannot be worked out from what is known; None if it can."""
        recording = self.trace.recording
        end = next((e for e in self.states.of_frame[frame] if e > event), len(recording.event_kind))
        for inner in range(event + 1, end):
            own = recording.event_frame_id[inner]
            # Lambdas and generator expressions are part of the statement.
            told = self._caller(own) == frame and not self.states.events[inner]["function"].endswith(">")
            if told and recording.event_kind[inner] == "return" and not self.returned.get(own, False):
                return "a call inside it is not known to its end"
        expressions = _expressions(node)
        parts = (part for expression in expressions for part in ast.walk(expression))
        for name in sorted({part.id for part in parts if isinstance(part, ast.Name)}):
            if name in self.states.texts(event) and not self._is_known(event, frame, name):
                return f"{name} is not known"
        try:
            self._evaluate(event, frame, expressions)
        except EvaluatedToError:
            pass
        except Abstain:
            if not _is_effect(node) and not self._takes(event, frame, expressions):
                return _ABSTAINS
        return None

    def _evaluate(self, event: int, frame: int, expressions: list[ast.expr]) -> Any:
        # All of them in one, since the calls in them were made one after the other.
        whole = ast.Tuple(expressions, ast.Load())
        return evaluate(whole, self.trace.state_at(event), frame, self.trace, event)

    def _takes(self, event: int, frame: int, expressions: list[ast.expr]) -> bool:
        """Whether a statement can be worked out but for one element that it takes from a list or deque: what is taken
        is what stood there."""
        found = [part for each in expressions for part in ast.walk(each) if _is_taking(part)]
        if len(found) != 1:
            return False
        call = found[0]
        place = call.args[0] if call.args else ast.Constant(0 if call.func.attr == "popleft" else -1)
        looked_up = ast.Subscript(call.func.value, place, ast.Load())
        try:
            owner = self._evaluate(event, frame, [call.func.value])[0]
            self._evaluate(event, frame, [_Replaced(call, looked_up).visit(_copied(each)) for each in expressions])
        except (Abstain, EvaluatedToError):
            return False
        return isinstance(owner, list | deque)

    def _caller(self, frame: int) -> int | None:
        """The frame that a call was made from, past lambdas and generator expressions."""
        parent = self.trace.frames[frame].parent
        while parent is not None and self.trace.frames[parent].function.endswith(">"):
            parent = self.trace.frames[parent].parent
        return parent

    def _is_known(self, event: int, frame: int, name: str) -> bool:
        text = self.states.texts(event).get(name)
        return self.known.get((frame, name)) == text or text in self.contents or self._is_global(event, name)

    def _is_global(self, event: int, name: str) -> bool:
        return any(self.known.get((other, name)) == self.states.texts(event).get(name) for other in self._outer(event))

    def _outer(self, event: int) -> list[int]:
        """The frames that are open around an event."""
        found, frame = [], self.trace.frames[self.trace.recording.event_frame_id[event]]
        while frame.parent is not None:
            frame = self.trace.frames[frame.parent]
            found.append(frame.id)
        return [*found, 0]

    def _learn(self, event: int, frame: int, texts: dict[str, str]) -> None:
        for name, text in texts.items():
            self.known[frame, name] = text
            if text[:1] in "[{" or "(" in text:
                # Another name for the same object shows the same; it may belong to another call.
                self.contents.add(text)

    def _count(self, claim: Any, reason: str | None) -> None:
        if claim.observed or claim.kind == "observed":
            self.outcomes["observed"] += 1
        elif reason is None:
            self.outcomes["follows"] += 1
        else:
            self.outcomes["does not follow"] += 1
            self.missing.append((claim.says, reason))


def _expressions(node: ast.AST) -> list[ast.expr]:
    """The expressions that a statement evaluates itself, not those of statements within it."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr):
        inner = [node.target, node.value] if isinstance(node, ast.AugAssign) else [node.value]
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not isinstance(node, ast.AugAssign):
            inner += [part.slice for top in targets if top for part in ast.walk(top) if isinstance(part, ast.Subscript)]
        return [_read(part) for part in inner if part is not None and not isinstance(part, ast.Slice)]
    if isinstance(node, ast.If | ast.While | ast.Assert):
        return [node.test]
    return [node.iter] if isinstance(node, ast.For) else []


def _parts(node: ast.AST) -> list[ast.Assign]:
    """The assignments that one of several values to several targets is made of."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple) or len(node.targets) != 1:
        return []
    target = node.targets[0]
    if not isinstance(target, ast.Tuple) or len(target.elts) != len(node.value.elts):
        return []
    return [ast.Assign([one], value) for one, value in zip(target.elts, node.value.elts, strict=True)]


class _Replaced(ast.NodeTransformer):
    """A copy of an expression with one call, as it is spelled, replaced."""

    def __init__(self, call: ast.Call, by: ast.expr) -> None:
        """Replace this call."""
        self._spelled, self._by = ast.unparse(call), by

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Replace the call, or what is in it."""
        return self._by if ast.unparse(node) == self._spelled else self.generic_visit(node)


def _copied(node: ast.expr) -> ast.expr:
    return ast.parse(ast.unparse(node), mode="eval").body


def _is_taking(node: ast.AST) -> bool:
    """Whether an expression takes an element from a list or deque, if it is one."""
    is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return is_method and node.func.attr in ("pop", "popleft") and len(node.args) < 2 and not node.keywords


def _read(node: ast.expr) -> ast.expr:
    return _copied(node) if isinstance(getattr(node, "ctx", None), ast.Store) else node


def _is_effect(node: ast.AST) -> bool:
    """Whether a statement only changes an object, as `items.append(x)` does, or goes over what it went over before."""
    return isinstance(node, ast.For) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))


def main() -> None:
    """Run the command."""
    sys.setrecursionlimit(20_000)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.derivability", description=__doc__.split("\n\n")[0])
    parser.add_argument("--sources", nargs="*", default=list(SOURCES), choices=SOURCES)
    parser.add_argument("--most", type=int, default=10_000, help="stop after so many texts")
    parser.add_argument("--every", type=int, default=1, help="take every so many-th program of MBPP and LeetCode")
    parser.add_argument("--inputs", type=int, default=4, help="inputs of a program")
    parser.add_argument("--events", type=int, default=2_000, help="events of the longest run")
    parser.add_argument("--show", type=int, default=20, help="claims to name")
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    shown = 0
    for name, trace in runs(tuple(options.sources), options.every, options.inputs, options.events):
        if outcomes["texts"] >= options.most:
            break
        told = narrate(trace, None, seed=name)
        if not isinstance(told, Narration):
            continue
        if told.opaque_fold:
            outcomes["texts with an opaque fold, left out"] += 1
            continue
        found = Knowledge(trace, verify(trace, told.text, None).claims)
        outcomes["texts"] += 1
        outcomes.update(found.outcomes)
        outcomes["texts in which all follows"] += not found.missing
        for says, reason in found.missing:
            reasons["a name is not known" if reason.endswith("is not known") else reason] += 1
            if shown < options.show:
                shown += 1
                print(f"does not follow: {says[:120]!r}: {reason}: {name[:70]}")
    for counted in (outcomes, reasons):
        for what, number in counted.most_common():
            print(f"{number:>9,}  {what}")


if __name__ == "__main__":
    main()
