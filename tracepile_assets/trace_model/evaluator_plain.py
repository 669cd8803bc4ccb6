"""The short way to what an expression gives, where it is made of plain values.

Most expressions of a run read numbers, strings and slots of lists. The evaluator proper copies every object that it
touches; here they are read as they were recorded. Belongs here: the same answers as the evaluator's for these, and
``Unclear`` for everything else, errors included. Does not belong here: any expression that needs more
(``evaluator_walk``).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tracepile_assets.trace_model.evaluator_builtins import BINARY, COMPARE, UNARY
from tracepile_assets.trace_model.evaluator_library import origin
from tracepile_assets.trace_model.evaluator_objects import MAPPINGS, Abstain, ProgramFacts
from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.values import TRUNCATED, Holding, Ref, Value

if TYPE_CHECKING:
    from tracepile_assets.trace_model.trace import Trace

_NUMBERS = frozenset({int, float, bool})
_ATOMS = frozenset({int, float, bool, str, type(None)})
_GIVEN = _ATOMS | {range, tuple}
_KEYS = frozenset({int, str})
_SOUND = frozenset({int, str, bool, Ref})
"""Types of which every value may be computed with."""
_LONGEST = 1_000
"""Elements of the largest container that is read so: the evaluator proper counts them as steps."""
_WIDEST = 2**64
"""Bound on integers that are computed with: below it no operation here gives what the evaluator would refuse."""
_DEEPEST = 4


class Unclear(Exception):
    """The short way does not lead to the value; the evaluator proper has to be asked."""


class Plain:
    """Expressions in a frame at a moment of a run."""

    __slots__ = ("_frame", "_globals", "_locals", "_state", "_trace")

    def __init__(self, state: State, frame: int | None, trace: Trace) -> None:
        """Read the variables of a frame at a state."""
        self._state, self._frame, self._trace = state, frame, trace
        self._locals: Mapping[str, Value] = state.locals(frame)
        self._globals: Mapping[str, Value] = state.globals

    def value(self, node: ast.expr) -> Any:
        """What an expression gives, if it is a number, a string, a truth value, None, a tuple of these or a range.

        Raises ``Unclear`` otherwise.
        """
        try:
            found = self._of(node)
        except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise Unclear from error
        if type(found) not in _GIVEN:
            raise Unclear
        return found

    def _of(self, node: ast.expr) -> Value:
        # What has no entry is a LookupError, and as unclear as any other.
        return _DISPATCH[type(node)](self, node)

    def _name(self, node: ast.Name) -> Value:
        name = node.id
        if name in self._locals:
            found = self._locals[name]
        elif name in self._globals and (self._frame is None or not self._trace.is_local(self._frame, name)):
            found = self._globals[name]
        else:
            raise Unclear
        return found if type(found) in _SOUND else _sound(found)

    def _constant(self, node: ast.Constant) -> Value:
        return node.value if type(node.value) in _SOUND else _sound(node.value)

    def _contents(self, ref: Ref) -> Any:
        """Contents of a plain container that holds nothing that the evaluator would stumble over."""
        contents = self._state.heap[ref.n]
        if not self._is_readable(contents, _DEEPEST):
            raise Unclear
        return contents

    def _is_readable(self, contents: Any, deepest: int) -> bool:
        if contents is TRUNCATED or contents.kind == "bytearray":
            return False
        if not contents.is_plain and not self._is_mapping(contents):
            return False
        if len(contents.items) > _LONGEST:
            return False
        holding = contents.holding
        if holding is Holding.ATOMS or holding is Holding.TUPLES:
            return True
        if holding is not Holding.OBJECTS or not deepest or contents.kind == "set":
            return False
        parts = contents.items.values() if contents.kind == "dict" else contents.items
        heap = self._state.heap
        return all(type(part) is not Ref or self._is_readable(heap[part.n], deepest - 1) for part in parts)

    def _is_mapping(self, contents: Any) -> bool:
        """Whether contents are those of a mapping of the standard library that is read like a dict."""
        known = contents.kind == "dict" and contents.type_name in MAPPINGS and not contents.attributes
        return known and contents.type_name not in self._trace.program_facts.classes

    def _attribute(self, node: ast.Attribute) -> Value:
        facts = self._trace.program_facts
        if isinstance(node.value, ast.Name) and node.value.id in facts.modules:
            raise Unclear
        owner = self._of(node.value)
        if type(owner) is not Ref or facts.tampers or node.attr in facts.methods:
            raise Unclear
        contents = self._state.heap[owner.n]
        if contents is TRUNCATED or contents.kind != "object":
            raise Unclear
        found = contents.attributes[node.attr]
        return found if type(found) is Ref else _sound(found)

    def _tuple(self, node: ast.Tuple) -> Value:
        return _sound(tuple([self._of(part) for part in node.elts]))

    def _sliced(self, node: ast.Subscript) -> str:
        """A part of a string."""
        owner, bounds = self._of(node.value), (node.slice.lower, node.slice.upper, node.slice.step)
        given = [None if bound is None else self._of(bound) for bound in bounds]
        if type(owner) is not str or not all(bound is None or type(bound) is int for bound in given):
            raise Unclear
        return owner[slice(*given)]

    def _subscript(self, node: ast.Subscript) -> Value:
        if type(node.slice) is ast.Slice:
            return self._sliced(node)
        owner, index = node.value, node.slice
        owner, index = _DISPATCH[type(owner)](self, owner), _DISPATCH[type(index)](self, index)
        if type(owner) is Ref:
            contents = self._contents(owner)
            if contents.kind == "dict" and type(index) in _KEYS:
                return contents.items.get(index, 0) if contents.type_name == "Counter" else contents.items[index]
            if contents.kind in ("list", "deque") and type(index) is int:
                return contents.items[index]
        elif type(owner) in (str, tuple) and type(index) is int:
            return owner[index]
        raise Unclear

    def _binary(self, node: ast.BinOp) -> Value:
        left, right = node.left, node.right
        left, right = _DISPATCH[type(left)](self, left), _DISPATCH[type(right)](self, right)
        compute = _BINARY.get(type(node.op))
        if compute is not None and type(left) in _NUMBERS and type(right) in _NUMBERS:
            if -_WIDEST < left < _WIDEST and -_WIDEST < right < _WIDEST:
                found = compute(left, right)
                return found if type(found) is int else _sound(found)
        elif type(node.op) is ast.Add and type(left) is type(right) is str and len(left) + len(right) < _LONGEST:
            return left + right
        raise Unclear

    def _unary(self, node: ast.UnaryOp) -> Value:
        operand = self._of(node.operand)
        if type(node.op) is ast.Not:
            return not self._truth(operand)
        if type(operand) not in _NUMBERS:
            raise Unclear
        return _UNARY[type(node.op)](operand)

    def _truth(self, value: Value) -> bool:
        return len(self._contents(value).items) > 0 if type(value) is Ref else bool(value)

    def _boolean(self, node: ast.BoolOp) -> Value:
        stops, value = type(node.op) is ast.Or, None
        for part in node.values:
            value = self._of(part)
            if self._truth(value) is stops:
                break
        return value

    def _compare(self, node: ast.Compare) -> bool:
        left = _DISPATCH[type(node.left)](self, node.left)
        for op, part in zip(node.ops, node.comparators, strict=True):
            right = _DISPATCH[type(part)](self, part)
            both = type(left) is type(right) is int and type(op) in COMPARE
            if not (COMPARE[type(op)](left, right) if both else self._compared(type(op), left, right)):
                return False
            left = right
        return True

    def _compared(self, op: type, left: Value, right: Value) -> bool:
        if op is ast.In or op is ast.NotIn:
            return self._is_inside(left, right) is (op is ast.In)
        if op is ast.Is or op is ast.IsNot:
            if right is not None or (type(left) is Ref and not self._is_object(left)):
                raise Unclear
            return (left is None) is (op is ast.Is)
        both = {type(left), type(right)}
        if both <= _NUMBERS or both == {str}:
            return COMPARE[op](left, right)
        if both <= _ATOMS and (op is ast.Eq or op is ast.NotEq):
            return COMPARE[op](left, right)
        raise Unclear

    def _is_object(self, ref: Ref) -> bool:
        """Whether an object is there, and not cut short, so that it is not None."""
        contents = self._state.heap[ref.n]
        return contents is not TRUNCATED and (contents.kind == "object" or self._is_readable(contents, _DEEPEST))

    def _is_inside(self, left: Value, right: Value) -> bool:
        if type(left) not in _ATOMS and type(left) is not tuple:
            raise Unclear
        if type(right) is str and type(left) is str:
            return left in right
        if type(right) is tuple:
            return left in right
        if type(right) is not Ref:
            raise Unclear
        contents = self._contents(right)
        if contents.kind != "dict" and contents.holding is Holding.OBJECTS:
            raise Unclear
        return left in contents.items

    def _conditional(self, node: ast.IfExp) -> Value:
        return self._of(node.body if self._truth(self._of(node.test)) else node.orelse)

    def _call(self, node: ast.Call) -> Value:
        """``len`` and ``bool`` of one thing, and a few functions of numbers, where the names mean the builtins; ``get``
        of a dict."""
        if type(node.func) is ast.Attribute:
            return self._got(node.func, node)
        name = node.func.id if type(node.func) is ast.Name else ""
        if name not in _BUILTINS or node.keywords or not self._is_builtin(name):
            raise Unclear
        function, fewest, most = _BUILTINS[name]
        if not fewest <= len(node.args) <= most:
            raise Unclear
        if function is not None:
            values = [self._of(argument) for argument in node.args]
            if not all(type(value) in _NUMBERS for value in values):
                raise Unclear
            return range(*values) if function is range else _sound(function(*values))
        value = self._of(node.args[0])
        if name == "bool":
            return self._truth(value)
        if type(value) is Ref:
            return len(self._contents(value).items)
        if type(value) in (str, tuple):
            return len(value)
        raise Unclear

    def _got(self, function: ast.Attribute, node: ast.Call) -> Value:
        """What ``get`` of a dict gives: the default is worked out whether it is needed or not, as Python does."""
        facts, owner = self._trace.program_facts, function.value
        if function.attr != "get" or "get" in facts.methods or node.keywords or not 1 <= len(node.args) <= 2:
            raise Unclear
        if type(owner) is ast.Name and owner.id in facts.modules:
            raise Unclear
        mapping = self._of(owner)
        key, *default = [self._of(argument) for argument in node.args]
        if type(mapping) is not Ref or type(key) not in _KEYS:
            raise Unclear
        contents = self._contents(mapping)
        if contents.kind != "dict":
            raise Unclear
        return contents.items.get(key, *default)

    def _is_builtin(self, name: str) -> bool:
        return name not in self._locals and name not in self._globals and _is_left(name, self._trace.program_facts)


@lru_cache(maxsize=64)
def _is_left(name: str, facts: ProgramFacts) -> bool:
    """Whether a program nowhere gives a builtin's name another meaning."""
    if name in facts.bound or name in facts.modules or name in facts.imported:
        return False
    try:
        return origin(name, facts.imported, facts.stars) is None
    except Abstain:
        return False


def _sound(value: Value) -> Value:
    """A value that is a plain one, or a tuple of plain ones; a NaN is not."""
    kind = type(value)
    if kind not in _ATOMS and not (kind is tuple and all(type(part) in _ATOMS for part in value)):
        raise Unclear
    if kind is float and value != value:
        raise Unclear
    if kind is tuple and any(part != part for part in value):
        raise Unclear
    return value


_BINARY = {op: apply for op, apply in BINARY.items() if op not in (ast.Pow, ast.LShift)}
_UNARY = {op: apply for op, apply in UNARY.items() if op is not ast.Not}
_BUILTINS: dict[str, tuple[Callable[..., Any] | None, int, int]] = {
    "len": (None, 1, 1),
    "bool": (None, 1, 1),
    "abs": (abs, 1, 1),
    "min": (min, 2, 5),
    "max": (max, 2, 5),
    "range": (range, 1, 3),
}
"""Builtins that are applied, with the fewest and the most arguments; of those without a function see ``_call``."""
_DISPATCH: dict[type, Callable[[Plain, Any], Value]] = {
    ast.Constant: Plain._constant,
    ast.Name: Plain._name,
    ast.Attribute: Plain._attribute,
    ast.Subscript: Plain._subscript,
    ast.Tuple: Plain._tuple,
    ast.BinOp: Plain._binary,
    ast.UnaryOp: Plain._unary,
    ast.BoolOp: Plain._boolean,
    ast.Compare: Plain._compare,
    ast.IfExp: Plain._conditional,
    ast.Call: Plain._call,
}
