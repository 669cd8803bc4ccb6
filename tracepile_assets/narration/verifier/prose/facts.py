"""What a run shows, gathered once for a text in free prose: values by name, values of all expressions, counts.

Belongs here: collecting. Does not belong here: reading the text (``reading``) and judging it (``checks``).
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache, partial
from typing import Any

from tracepile_assets.narration.verifier.expressions import (
    MATCH,
    canonical,
    has_shape,
    instance,
    is_closed,
    parse,
    substituted,
)
from tracepile_assets.narration.verifier.statements import parameters
from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, Recorded, evaluate
from tracepile_assets.trace_model.replay import ReplayError
from tracepile_assets.trace_model.text_of_objects import text_of
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.value_parser import parse_value
from tracepile_assets.trace_model.values import Unknown

_MOST_EVENTS = 20_000
_MOST_ELEMENTS = 200
_MOST_CALLS = 2_000
_LONGEST = 20_000
_WHOLE_ALIKE = 200
_SEVERAL = 2
"""Steps from which on it is no chance that two calculations are of one shape."""

Atom = int | float | str | bool | None


class Facts:
    """Everything that a run shows; each part is gathered when it is first asked for.

    Attributes:
        trace: the run.
    """

    def __init__(self, trace: Trace) -> None:
        """Nothing is gathered yet."""
        self.trace = trace
        self._evaluated: dict[tuple[str, int, int], Any] = {}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name of the program's text, those of attributes and parameters too."""
        found: set[str] = set()
        for node in ast.walk(self.trace.syntax.tree):
            for name in ("id", "arg", "name", "attr"):
                value = getattr(node, name, None)
                if isinstance(value, str):
                    found.add(value.split(".")[0])
        return frozenset(found)

    @cached_property
    def moments(self) -> list[tuple[int, int]]:
        """Events at which something may be said of a frame, each with the frame."""
        recording = self.trace.recording
        kinds = ("line", "return", "call", "raise")
        return [
            (event, recording.event_frame_id[event])
            for event in range(min(len(self.trace), _MOST_EVENTS))
            if recording.event_kind[event] in kinds
        ]

    @cached_property
    def history(self) -> dict[str, dict[str, int]]:
        """Variable -> the texts of the values that it has held in any frame, each with the first event of it."""
        found: dict[str, dict[str, int]] = {}
        recording = self.trace.recording
        for event, state in self.trace.replay():
            if event >= _MOST_EVENTS:
                break
            for name, value in state.variables(recording.event_frame_id[event]).items():
                try:
                    text = state.text(value)
                except (Unknown, ReplayError, RecursionError):
                    continue
                if len(text) <= _LONGEST:
                    found.setdefault(name, {}).setdefault(canonical(text), event)
        return found

    @cached_property
    def values(self) -> set[tuple[type, Any]]:
        """Atoms that occur: in any state, in the code, or as the value of any expression that was executed."""
        found: set[tuple[type, Any]] = set()
        for text in {text for texts in self.history.values() for text in texts}:
            _atoms(text, found)
        for node in ast.walk(self.trace.syntax.tree):
            if isinstance(node, ast.Constant) and _is_atom(node.value):
                found.add((type(node.value), node.value))
        for text in self.texts:
            _atoms(text, found)
        for size in self.sizes:
            found.add((int, size))
        return found

    @cached_property
    def texts(self) -> set[str]:
        """Canonical texts of every value of every expression executed, of every variable, and of what is in them."""
        found: set[str] = {text for texts in self.history.values() for text in texts}
        recording = self.trace.recording
        for event, frame in self.moments:
            if recording.event_kind[event] == "line":
                for node in self._expressions(event):
                    text = self.text(node, event, frame)
                    if text is not None and len(text) <= _LONGEST:
                        found.add(text)
            carried = recording.event_value[event]
            if carried is not None and "#" not in carried:
                found.add(canonical(carried))
        for text in (recording.return_value, *self._given):
            if text is not None:
                found.add(canonical(text))
        return found | {part for text in found for part in _parts(text)}

    @property
    def _given(self) -> Iterable[str | None]:
        call = parse(f"f({self.trace.arguments or ''})")
        return [ast.unparse(each) for each in call.args] if isinstance(call, ast.Call) else []

    def _expressions(self, event: int) -> Iterator[ast.expr]:
        """The expressions that a statement evaluates at its own level, those of comprehensions for each element."""
        statement = self.trace.syntax.statements[self.trace.recording.event_statement[event]].node
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr):
                yield from self._inside(child, event)
        if isinstance(statement, ast.AugAssign):
            yield ast.BinOp(statement.target, statement.op, statement.value)
        if isinstance(statement, ast.If | ast.While):
            yield ast.UnaryOp(ast.Not(), statement.test)

    def _inside(self, node: ast.AST, event: int) -> Iterator[ast.expr]:
        if isinstance(node, ast.expr):
            yield node
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            yield from self._elements(node, event)
            return
        if isinstance(node, ast.Lambda):
            return
        for child in ast.iter_child_nodes(node):
            yield from self._inside(child, event)

    def _elements(self, node: Any, event: int) -> Iterator[ast.expr]:
        frame = self.trace.recording.event_frame_id[event]
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for bound in self._bindings(node.generators, {}, event, frame):
            for part in [*parts, *(test for each in node.generators for test in each.ifs)]:
                yield from self._inside(_with(part, bound), event)

    def _bindings(self, generators: list, bound: dict[str, ast.expr], event: int, frame: int) -> Iterator[dict]:
        if not generators:
            yield bound
            return
        first, *rest = generators
        try:
            held = evaluate(_with(first.iter, bound), None, frame, self.trace, event)
            elements = [element for element, _ in zip(held, range(_MOST_ELEMENTS), strict=False)]
        except (Abstain, EvaluatedToError, Unknown, ReplayError, TypeError, RecursionError):
            return
        for element in elements:
            more = _bound(first.target, element)
            if more is not None:
                yield from self._bindings(rest, {**bound, **more}, event, frame)

    def text(self, node: ast.AST, event: int, frame: int) -> str | None:
        """Canonical text of an expression's value just before an event; None where it cannot be worked out."""
        try:
            value = evaluate(node, None, frame, self.trace, event)  # type: ignore[arg-type]
            state = self.trace.state_at(event)
            return canonical(text_of(value, lambda held: _recorded(state, held)))
        except (Abstain, EvaluatedToError, Unknown, ReplayError, RecursionError, KeyError, ValueError, TypeError):
            return None

    def ever(self, node: ast.AST) -> dict[str, int]:
        """Texts of the values that an expression has at any moment of any frame, with the first event of each."""
        if isinstance(node, ast.Name):
            return self.history.get(node.id, {})
        spelled = ast.unparse(node)
        if (spelled, -1, -1) not in self._evaluated:
            found: dict[str, int] = {}
            for event, frame in self.moments:
                text = self.text(node, event, frame)
                if text is not None:
                    found.setdefault(text, event)
            self._evaluated[spelled, -1, -1] = found
        return self._evaluated[spelled, -1, -1]

    def works_out(self, told: ast.expr) -> bool:
        """Whether an expression of values is one that the run evaluated, with its values put in."""
        lines = [at for at in self.moments if self.trace.recording.event_kind[at[0]] == "line"]
        return any(
            has_shape(code, told) and instance(code, told, partial(self.text, event=event, frame=frame)) == MATCH
            for event, frame in lines
            for code in self._expressions(event)
            if type(code) is type(told)
        )

    def is_misplaced(self, told: ast.expr, value: str) -> bool:
        """Whether arithmetic of several steps reads as an expression of the code that came to the same value, which had
        other operands each time. What calls give is not always known, so expressions with calls are left aside."""
        if sum(isinstance(part, ast.BinOp) for part in ast.walk(told)) < _SEVERAL or self.works_out(told):
            return False
        codes = (code for code in ast.walk(self.trace.syntax.tree) if isinstance(code, ast.BinOp))
        return any(
            has_shape(code, told)
            and not is_closed(code)
            and not any(isinstance(part, ast.Call) for part in ast.walk(code))
            and value in self.ever(code)
            for code in codes
        )

    @cached_property
    def returned(self) -> set[str]:
        """Canonical texts of what any call returned or yielded, and of what the run gave."""
        recording = self.trace.recording
        found = {canonical(text) for text in (recording.return_value, recording.stdout) if text is not None}
        for event, kind in enumerate(recording.event_kind[:_MOST_EVENTS]):
            carried = recording.event_value[event]
            if kind in ("return", "yield") and carried is not None:
                if "#" not in carried:
                    found.add(canonical(carried))
                    continue
                try:
                    found.add(canonical(self.trace.state_at(event).text(parse_value(carried))))
                except (Unknown, ReplayError, ValueError, RecursionError):
                    continue
        return found

    @cached_property
    def arguments(self) -> dict[str, list[tuple[int, dict[str, str]]]]:
        """Function -> its calls, each with the call event and parameters that are known, in their order."""
        found: dict[str, list[tuple[int, dict[str, str]]]] = {}
        for frame in self.trace.frames[:_MOST_CALLS]:
            if frame.call_event is None or frame.function.endswith((">",)):
                continue
            node = self.trace.syntax.statements[self.trace.recording.event_statement[frame.call_event]].node
            names, _ = parameters(node)
            state = self.trace.state_at(frame.call_event)
            held: dict[str, str] = {}
            for name in names:
                try:
                    held[name] = canonical(state.text(state.lookup(frame.id, name)))
                except (KeyError, Unknown, ReplayError, RecursionError):
                    held[name] = ""
            found.setdefault(frame.function.rpartition(".")[2], []).append((frame.call_event, held))
        return found

    # Counts.

    @cached_property
    def sizes(self) -> set[int]:
        """Lengths of everything that has one, in any state or expression."""
        return {size for text in self.texts for size in _sizes(text)}

    @cached_property
    def rounds(self) -> set[int]:
        """How often loops went round: each run, each loop over the whole run, all loops together."""
        runs = self.trace.loops
        found = {len(run.iterations) for run in runs}
        by_loop: dict[int, int] = {}
        for run in runs:
            by_loop[run.statement] = by_loop.get(run.statement, 0) + len(run.iterations)
        found |= set(by_loop.values()) | {sum(by_loop.values())}
        # A loop that is left in the middle of a round has gone round once less in full.
        found |= {len(run.iterations) - 1 for run in runs if run.exit in ("break", "return")}
        return found | self._inside_comprehensions

    @cached_property
    def _inside_comprehensions(self) -> set[int]:
        found = set()
        for event, frame in self.moments:
            node = self.trace.syntax.statements[self.trace.recording.event_statement[event]].node
            for part in ast.walk(node):
                if isinstance(part, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
                    found.add(sum(1 for _ in self._bindings(part.generators, {}, event, frame)))
        return found

    @cached_property
    def calls(self) -> set[int]:
        """How often functions were called: each, each by another frame, all together, with and without the first."""
        frames = [frame for frame in self.trace.frames if not frame.function.endswith((".<genexpr>", ".<lambda>"))]
        by_name: dict[str, int] = {}
        for frame in frames:
            by_name[frame.function] = by_name.get(frame.function, 0) + 1
        found = {*by_name.values(), len(frames), len(frames) - 1, self.trace.max_depth, self.trace.max_depth + 1}
        return found | {count - 1 for count in by_name.values()}

    @cached_property
    def executions(self) -> set[int]:
        """How often anything ran: statements, arms of tests, in one frame or in all; and rounds and calls."""
        found = set(self.rounds) | self.calls
        kinds = [self.trace.syntax.statements[n].kind for n in self.trace.recording.event_statement]
        entered = [kind for kind, each in zip(kinds, self.trace.recording.event_kind, strict=True) if each == "line"]
        found |= {entered.count("If"), entered.count("If") + entered.count("While")}
        for statement in self.trace.syntax.statements:
            visits = self.trace.visits(statement.number)
            ways = [self.trace.branch(event) for event in visits]
            found |= {len(visits), ways.count(True), ways.count(False)}
            frames = {self.trace.recording.event_frame_id[event] for event in visits}
            found |= (
                {len(self.trace.visits(statement.number, frame)) for frame in frames} if len(frames) < 50 else set()
            )
        for texts in self.history.values():
            found |= {len(texts), len(texts) - 1}
        return found

    @cached_property
    def reached(self) -> frozenset[int]:
        """Lines on which a statement was entered."""
        statements = self.trace.syntax.statements
        return frozenset(statements[number].line for number in self.trace.coverage)


@lru_cache(maxsize=2)
def facts_of(trace: Trace) -> Facts:
    """One for each run."""
    return Facts(trace)


def _recorded(state: Any, held: object) -> str:
    if not isinstance(held, Recorded):
        raise Unknown(f"a value of type {type(held).__name__}")
    return state.text(held.ref)


def _with(node: ast.AST, bound: dict[str, ast.expr]) -> Any:
    """A copy of an expression with names replaced."""
    places = {id(part): bound[part.id] for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in bound}
    return substituted(node, places) if places else node


def _bound(target: ast.expr, element: object) -> dict[str, ast.expr] | None:
    if isinstance(target, ast.Name):
        value = parse(repr(element))
        return None if value is None else {target.id: value}
    if isinstance(target, ast.Tuple | ast.List) and isinstance(element, tuple | list):
        found: dict[str, ast.expr] = {}
        for part, each in zip(target.elts, element, strict=False):
            more = _bound(part, each)
            if more is None:
                return None
            found.update(more)
        return found
    return None


def _is_atom(value: object) -> bool:
    return isinstance(value, int | float | str | bool) or value is None


@lru_cache(maxsize=4_096)
def _literal(text: str) -> Any:
    node = parse(text)
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError, RecursionError, MemoryError):
        return None


def _atoms(text: str, found: set[tuple[type, Any]]) -> None:
    node = parse(text)
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.Constant) and _is_atom(part.value):
            found.add((type(part.value), part.value))
        elif (
            isinstance(part, ast.UnaryOp)
            and isinstance(part.op, ast.USub)
            and isinstance(part.operand, ast.Constant)
            and isinstance(part.operand.value, int | float)
        ):
            found.add((type(part.operand.value), -part.operand.value))


def _parts(text: str) -> Iterator[str]:
    node = parse(text)
    for part in ast.walk(node) if node is not None and text[:1] in "[({dCDO" else ():
        if isinstance(part, ast.List | ast.Tuple | ast.Set | ast.Dict):
            yield ast.unparse(part)


def _sizes(text: str) -> Iterator[int]:
    node = parse(text)
    for part in ast.walk(node) if node is not None else ():
        if isinstance(part, ast.List | ast.Tuple | ast.Set):
            yield len(part.elts)
        elif isinstance(part, ast.Dict):
            yield len(part.keys)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str | bytes):
            yield len(part.value)
