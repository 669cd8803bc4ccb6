"""Finds, in a running frame, the objects that a statement may have changed.

Belongs here: following the paths of ``effects`` through plain containers and instances. Does not belong here:
comparing the objects (``heap``). No code of the program runs: only exact builtin containers and instances' own
attributes are looked into.
"""

import ast
from collections import Counter, OrderedDict, defaultdict, deque

from .effects import Effect
from .heap import Entry
from .kinds import PLAIN_ATOMS, is_atom, is_class, is_invisible
from .serialise import Shapes

_MISSING = object()


class Lost(Exception):
    """A path cannot be followed: anything may have changed."""


class Plan:
    """What is to be looked at after a statement that may change objects in place."""

    __slots__ = ("anything", "is_risky", "names", "paths", "roots")

    def __init__(self, effect: Effect, shared: set[str]):
        self.anything = effect.anything
        self.paths = effect.paths
        self.is_risky = any(len(path) > 1 or path[0] in shared for path in effect.paths)
        """Whether the paths may lead elsewhere once other frames have run."""
        steps = [step for path in effect.paths for kind, step in path[1:] if kind == "["]
        self.names = frozenset(path[0] for path in effect.paths).union(
            node.id for step in steps for node in ast.walk(step) if isinstance(node, ast.Name)
        )
        """The variables that the paths mention."""
        self.roots = tuple(dict.fromkeys(path[0] for path in effect.paths)) if not self.is_deep() else ()
        """The variables that the paths are, if they are no more than that."""

    def is_deep(self) -> bool:
        """Whether a path leads beyond a variable."""
        return any(len(path) > 1 for path in self.paths)


def planned(effects: list[Effect], shared: set[str]) -> list[Plan | None]:
    """A plan for each statement, by number, and for none (-1); None where nothing can change."""
    return [Plan(effect, shared) if effect.anything or effect.paths else None for effect in effects] + [None]


def entries_at(roots: tuple[str, ...], before: tuple, after: tuple, entries: dict[int, Entry]) -> list[Entry] | None:
    """As ``touched``, of paths that are variables and lead to nothing but objects known by their entries; else None."""
    found: list[Entry] = []
    for root in roots:
        last: object = _MISSING
        for environment in (before, after):
            value = _lookup(root, environment)
            kind = type(value)
            if value is last or value is _MISSING or kind is int or kind is str or id(kind) in PLAIN_ATOMS:
                continue
            last = value
            entry = entries.get(id(value))
            if entry is None or entry.fixed or entry.shape.of_class:
                return None
            if entry not in found:
                found.append(entry)
    if len(found) > 1:
        found.sort(key=_number)
    return found


def _number(entry: Entry) -> int:
    return entry.number


def touched(plan: Plan, before: tuple, after: tuple, shapes: Shapes) -> list[object]:
    """Objects on the paths, as the variables were before and are after the statement.

    Both environments are tuples of mappings, searched in order. Raises ``Lost``.
    """
    same = all(_lookup(name, before) is _lookup(name, after) for name in plan.names)
    environments = (after,) if same else (before, after)
    found: list[object] = []
    for path in plan.paths:
        for environment in environments:
            value = _lookup(path[0], environment)
            if value is _MISSING:
                continue
            if is_invisible(value):
                raise Lost
            found.append(value)
            for kind, step in path[1:]:
                if is_atom(value):
                    break
                if kind == "[":
                    index = _evaluate(step, environment)
                    if index is _MISSING:
                        raise Lost
                    value = _item(value, index, shapes)
                else:
                    value = _attribute(value, step, shapes)
                if value is _MISSING:
                    break
                if is_class(value):
                    raise Lost
                found.append(value)
            if _leads_on(value, shapes):
                raise Lost
    return found


def _leads_on(value: object, shapes: Shapes) -> bool:
    """Whether what is done to an object may change others: if it is no container and of no class of the program's."""
    kind = type(value)
    if kind is list or kind is dict or kind is tuple or value is _MISSING or is_atom(value):
        return False
    return shapes.of(value).opaque


def _lookup(name: str, environment: tuple) -> object:
    for held in environment:
        value = held.get(name, _MISSING)
        if value is not _MISSING:
            return value
    return _MISSING


def _item(value: object, index: object, shapes: Shapes) -> object:
    kind = type(value)
    if kind is list or kind is tuple or kind is deque:
        if type(index) is int or type(index) is bool:
            return value[index] if -len(value) <= index < len(value) else _MISSING
        if index is None or is_atom(index):
            return _MISSING
        raise Lost
    if kind is dict or kind is defaultdict or kind is Counter or kind is OrderedDict:
        if not _plain_key(index):
            raise Lost
        return dict.get(value, index, _MISSING)
    # Subscripting an instance of the program runs its own code, which has statements of its own.
    raise Lost


def _plain_key(key: object) -> bool:
    if type(key) is int:
        return True
    if type(key) is tuple:
        return all(map(_plain_key, key))
    return is_atom(key) and type(key) is not slice


def _attribute(value: object, name: str, shapes: Shapes) -> object:
    shape = shapes.of(value)
    if shape.opaque or shape.exact:
        raise Lost
    names, values = shape.attributes(value)
    if name in names:
        return values[names.index(name)]
    raise Lost


def _evaluate(node: ast.expr, environment: tuple) -> object:
    """Value of a simple index over plain values, else ``_MISSING``."""
    kind = type(node)
    if kind is ast.Constant:
        return node.value
    if kind is ast.Name:
        value = _lookup(node.id, environment)
        return value if value is _MISSING or _plain_key(value) else _MISSING
    if kind is ast.Tuple:
        parts = tuple(_evaluate(part, environment) for part in node.elts)
        return _MISSING if any(part is _MISSING for part in parts) else parts
    operands = [node.operand] if kind is ast.UnaryOp else [node.left, node.right]
    numbers = [_evaluate(operand, environment) for operand in operands]
    if any(type(number) is not int or number.bit_length() > 64 for number in numbers):
        return _MISSING
    if kind is ast.UnaryOp:
        return -numbers[0]
    left, right = numbers
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    if isinstance(node.op, ast.Mult):
        return left * right
    if right == 0:
        return _MISSING
    return left // right if isinstance(node.op, ast.FloorDiv) else left % right
