"""A trace seen with a questioner's eyes: which calls can be named, which variables are worth asking about.

Belongs here: what several kinds need to know of a run, computed once. Does not belong here: any single kind, and
wording (`wording`).
"""

import ast
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from tracepile_assets.execution.guest.statements import own_nodes
from tracepile_assets.trace_model.assignments import bindings
from tracepile_assets.trace_model.statements import Statement
from tracepile_assets.trace_model.trace import Frame, Trace
from tracepile_assets.trace_model.values import Ref, Unknown, Value

from .altering import Alteration
from .literals import NotLiteral, parse
from .prompt import quoted

T = TypeVar("T")

MODULE = "<module>"

_SHOWN = 100
"""Characters of a statement that are shown."""

ANSWER_LENGTH = 400
"""Characters of the longest value that is asked for; a longer one tests patience, not reasoning."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COUNTED = (
    ast.Assign,
    ast.AugAssign,
    ast.For,
    ast.Return,
    ast.Raise,
    ast.Assert,
    ast.Delete,
    ast.Break,
    ast.Continue,
    ast.Pass,
)
_HARMLESS = ("staticmethod", "classmethod", "property")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call that a question can name without doubt.

    Attributes:
        frame: its frame.
        call: its number among the calls of its function, from 1, in the order in which they began.
        of: how many calls of that function there were.
    """

    frame: Frame
    call: int
    of: int

    @property
    def function(self) -> str:
        """Qualified name of the function; ``<module>`` for the program itself."""
        return self.frame.function


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that may be an answer: its text and its type."""

    text: str
    type_name: str


@dataclass(frozen=True, slots=True)
class AlteredRun:
    """A run of the same program on an input of which one element is changed, and what a second run of it proved."""

    alteration: Alteration
    trace: Trace
    deterministic: str


class Run:
    """A trace, whether it proved deterministic, and what can be told of its calls and variables."""

    def __init__(
        self, trace: Trace, deterministic: str, codec: str = "literal", altered: Sequence[AlteredRun] = ()
    ) -> None:
        """Take the columns ``deterministic`` of execution_traces and ``codec`` of the input along with the trace, and
        runs on changed inputs."""
        self.trace = trace
        self.altered = altered
        self.deterministic = deterministic
        self.codec = codec
        self._literal: dict[tuple[int, str], bool] = {}
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """What ``find`` gives, found once for this run."""
        if key not in self._kept:
            self._kept[key] = find()
        return self._kept[key]

    @property
    def statements(self) -> list[Statement]:
        """The statements of the program by number."""
        return self.trace.syntax.statements

    @cached_property
    def functions(self) -> dict[str, ast.AST]:
        """Functions that their qualified name tells apart: defined once, no lambda, no class body. And the module."""
        found: dict[str, list[ast.AST]] = defaultdict(list)
        for statement in self.statements:
            if isinstance(statement.node, _SCOPES):
                found[_inner_name(statement, self._classes)].append(statement.node)
        shown = Counter(shown_name(name) for name in found)
        known = {name: nodes[0] for name, nodes in found.items() if len(nodes) == 1 and shown[shown_name(name)] == 1}
        known = {name: node for name, node in known.items() if not isinstance(node, ast.ClassDef)}
        return {MODULE: self.trace.syntax.tree, **known}

    @cached_property
    def countable(self) -> frozenset[int]:
        """Statements that a reader counts as executed when the recording does: no definitions, docstrings or other
        constants, declarations, tests of constants, and no ``try``, ``with`` or ``match``."""
        return frozenset(each.number for each in self.statements if _is_countable(each.node))

    @cached_property
    def lines(self) -> Counter[int]:
        """Line -> how many statements begin on it."""
        return Counter(each.line for each in self.statements)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Every statement by line and source, such as ``line 5 (`x = y + 1`)``; no two are equal."""
        plain = []
        for each in self.statements:
            source = " ".join(self.trace.syntax.header_source(each.number).split())
            cut = source if len(source) <= _SHOWN else source[: _SHOWN - 2].rstrip() + " …"
            plain.append(f"line {each.line} ({quoted(cut)})")
        total, seen = Counter(plain), Counter()
        labels = []
        for label in plain:
            seen[label] += 1
            alone = total[label] == 1
            labels.append(label if alone else f"number {seen[label]} of the equal statements on {label}")
        return tuple(labels)

    @cached_property
    def _classes(self) -> set[str]:
        names: set[str] = set()
        for statement in self.statements:
            if statement.kind == "ClassDef":
                names.add(_inner_name(statement, names))
        return names

    @cached_property
    def calls(self) -> list[NamedCall]:
        """The calls that can be named, in the order in which they began."""
        total = Counter(frame.function for frame in self.trace.frames)
        countable = {name for name in total if name in self.functions and not self._suspends(name)}
        seen: Counter[str] = Counter()
        found = []
        for frame in self.trace.frames:
            if frame.function in countable:
                seen[frame.function] += 1
                named = NamedCall(frame, seen[frame.function], total[frame.function])
                # What a decorator makes of a function may be called without the function itself being run.
                if (frame.id == 0 and named.of == 1) or not self._decorated(frame.function):
                    found.append(named)
        return found

    def _decorated(self, function: str) -> bool:
        decorators = getattr(self.functions[function], "decorator_list", [])
        return any(not (isinstance(each, ast.Name) and each.id in _HARMLESS) for each in decorators)

    def _suspends(self, function: str) -> bool:
        """Whether its calls are generators or coroutines: those begin when first resumed, not when called."""
        node = self.functions[function]
        if isinstance(node, ast.AsyncFunctionDef):
            return True
        return any(
            isinstance(part, ast.Yield | ast.YieldFrom)
            for statement in self.statements
            if statement.function == function
            for part in own_nodes(statement.node)
        )

    def is_entry(self, call: NamedCall) -> bool:
        """Whether it is the entry call, of a function that the program never mentions: it need not be named, for there
        is no other call of it, and a reader knows so before the run has ended."""
        return call.frame.id == 0 and call.of == 1 and shown_name(call.function).rpartition(".")[2] not in self._used

    @cached_property
    def _used(self) -> set[str]:
        """The names that the program reads, as variables or attributes."""
        nodes = list(ast.walk(self.trace.syntax.tree))
        names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}

    @cached_property
    def bound_by(self) -> dict[tuple[str, str], list[int]]:
        """(function, name) -> statements that bind the name, only where every execution of them can be counted."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        unsure: set[tuple[str, str]] = set()
        for statement in self.statements:
            for bound in bindings(statement):
                key = (statement.function, bound.name)
                found[key].append(statement.number)
                if statement.kind not in ("Assign", "AugAssign", "AnnAssign", "For") or bound.how == "maybe":
                    unsure.add(key)
            if isinstance(statement.node, ast.Delete):
                unsure.update(
                    (statement.function, part.id) for part in ast.walk(statement.node) if isinstance(part, ast.Name)
                )
        return {key: numbers for key, numbers in found.items() if key not in unsure and not self._shared(*key)}

    def _shared(self, function: str, name: str) -> bool:
        """Whether the name may be written elsewhere (global, nonlocal), or means another thing in a comprehension."""
        return name in self._declared or (function, name) in self._hidden or self._is_idle(name)

    def _is_idle(self, name: str) -> bool:
        """Whether a name says by its underscore that nobody wants its value, and the program never reads it."""
        return name.startswith("_") and name not in self._used

    def is_hidden(self, function: str, name: str) -> bool:
        """Whether a name also means something that is no variable of the function, in a comprehension or a lambda, or
        nobody wants its value."""
        return (function, name) in self._hidden or self._is_idle(name)

    @cached_property
    def _declared(self) -> set[str]:
        return {
            name
            for statement in self.statements
            if isinstance(statement.node, ast.Global | ast.Nonlocal)
            for name in statement.node.names
        }

    @cached_property
    def _hidden(self) -> set[tuple[str, str]]:
        found = set()
        for statement in self.statements:
            for node in own_nodes(statement.node):
                if isinstance(node, _COMPREHENSIONS):
                    stored = (part for generator in node.generators for part in ast.walk(generator.target))
                    found.update((statement.function, part.id) for part in stored if isinstance(part, ast.Name))
                elif isinstance(node, ast.Lambda):
                    found.update(
                        (statement.function, part.arg) for part in ast.walk(node.args) if isinstance(part, ast.arg)
                    )
        return found

    # Changes, seen by place.

    @cached_property
    def _changes(self) -> dict[str, list[int]]:
        """Variable (``f3.total``, ``g.x``) or object (``#5``) -> events that show a change of it, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for event, place in zip(self.trace.recording.change_event, self.trace.recording.change_place, strict=True):
            found[_root(place)].append(event)
        return dict(found)

    def updates(self, call: NamedCall, name: str, value: Value, event: int | None = None) -> int:
        """How often a variable was bound or its object changed, up to an event or in the whole run."""
        place = f"g.{name}" if call.function == MODULE else f"f{call.frame.id}.{name}"
        places = [place, repr(value)] if isinstance(value, Ref) else [place]
        return sum(
            len(events) if event is None else bisect_left(events, event + 1)
            for events in (self._changes.get(place, ()) for place in places)
        )

    def variables(self, call: NamedCall, event: int) -> Iterator[tuple[str, Value, int]]:
        """Variables of a call at an event that moved in the course of it: name, value, updates so far."""
        scope = None if call.function == MODULE else call.frame.id
        for name, value in self.trace.state_at(event).locals(scope).items():
            if not name.isidentifier() or self.is_hidden(call.function, name):
                continue
            if self._moves(call, name, value) and not self.trace.state_at(event).is_class(value):
                yield name, value, self.updates(call, name, value, event)

    def _moves(self, call: NamedCall, name: str, value: Value) -> bool:
        # Binding an object and writing its contents for the first time are two changes.
        return self.updates(call, name, value) > (2 if isinstance(value, Ref) else 1)

    def read(self, event: int, value: Value) -> Reading | None:
        """Text and type of a value at an event, or None where it may not be asked for: cut, opaque, or no literal."""
        try:
            text = self.trace.state_at(event).text(value)
        except (Unknown, RecursionError):
            return None
        return reading(text)

    def set_by_literal(self, call: NamedCall, event: int, name: str) -> bool:
        """Whether the statement that this call executed just before an event assigns a literal to the variable."""
        lines = call.frame.line_events
        position = bisect_left(lines, event)
        return position > 0 and self.assigns_literal(self.trace.recording.event_statement[lines[position - 1]], name)

    def counts(self, call: NamedCall, name: str) -> int | None:
        """The only statement that binds the variable, if it is a loop over a range: the k-th value needs no tracing."""
        bound = self.bound_by.get((call.function, name), [])
        node = self.statements[bound[0]].node if len(bound) == 1 else None
        if not isinstance(node, ast.For) or not isinstance(node.iter, ast.Call):
            return None
        over, target = node.iter.func, node.target
        if isinstance(target, ast.Tuple) and isinstance(over, ast.Name) and over.id == "enumerate":
            target = target.elts[0]
        elif not isinstance(over, ast.Name) or over.id != "range":
            return None
        return bound[0] if isinstance(target, ast.Name) and target.id == name else None

    def assigns_literal(self, statement: int, name: str) -> bool:
        """Whether a statement assigns the name a value that can be read off it."""
        key = (statement, name)
        if key not in self._literal:
            self._literal[key] = self._reads_off(statement, name)
        return self._literal[key]

    def _reads_off(self, statement: int, name: str) -> bool:
        node = self.statements[statement].node
        if isinstance(node, ast.Assign):
            pairs = [pair for target in node.targets for pair in _pairs(target, node.value)]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs = _pairs(node.target, node.value)
        else:
            return False
        return any(isinstance(target, ast.Name) and target.id == name and is_literal(value) for target, value in pairs)


def _is_countable(node: ast.AST) -> bool:
    if isinstance(node, ast.If | ast.While):
        return not isinstance(node.test, ast.Constant)
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign):
        return node.value is not None
    return isinstance(node, _COUNTED)


def shown_name(function: str) -> str:
    """A function's qualified name as a reader would write it."""
    return function.replace(".<locals>.", ".")


def reading(text: str) -> Reading | None:
    """Text and type of a value whose text is a literal of exact builtin types; None for any other."""
    try:
        value = parse(text)
    except NotLiteral:
        return None
    return None if " object at 0x" in text else Reading(text, type(value).__name__)


def is_literal(node: ast.expr) -> bool:
    """Whether the value of an expression can be read off it: a constant, or an empty or literal container."""
    try:
        parse(ast.unparse(node))
    except NotLiteral:
        return (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and not node.args
            and not node.keywords
            and (node.func.id in ("list", "dict", "tuple", "set", "str", "int", "float"))
        )
    return True


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Targets of an assignment beside the expressions that they take, as far as the source shows them."""
    if isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, ast.Tuple | ast.List) and len(target.elts) == len(value.elts):
            return [pair for parts in zip(target.elts, value.elts, strict=True) for pair in _pairs(*parts)]
        return []
    return [(target, value)]


def _inner_name(statement: Statement, classes: set[str]) -> str:
    """Qualified name of what a definition statement defines."""
    if statement.function == MODULE:
        return statement.node.name
    middle = "." if statement.function in classes else ".<locals>."
    return f"{statement.function}{middle}{statement.node.name}"


def _root(place: str) -> str:
    """The variable or the object that a place lies in."""
    if not place.startswith("#"):
        return place
    end = 1
    while end < len(place) and place[end].isdigit():
        end += 1
    return place[:end]
