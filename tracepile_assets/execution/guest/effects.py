"""Says, from the syntax tree alone, which objects a statement can change in place.

Belongs here: the judgement per statement, erring towards "anything". Does not belong here: finding the objects in a
running frame (``touching``).

What a call of the program's own code changes is put down to the statements of that code. So in a closed world
(``world``) a statement by itself changes objects only by storing into them, by a method that is known to change its
object, or by a call that is listed as one that may change anything. In an open world anything may change at any time.
"""

import ast
from dataclasses import dataclass
from typing import NamedTuple

from . import vocabulary
from .statements import Parsed, Statement, in_class_bodies, walked
from .vocabulary import CALLED_BUILTINS, FORMATTING, HARMLESS_METHODS, KNOWN_ATTRIBUTES, MUTATORS, SUBSCRIBING
from .world import World

_NESTING = frozenset({ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})
_SUSPENDING = (ast.Yield, ast.YieldFrom)
_MAY_CHANGE = frozenset({ast.Call, ast.AugAssign, ast.Subscript, ast.Attribute, ast.Await, ast.Import, ast.ImportFrom})

_ITEMS, _ATTRIBUTES, _NEW_ITEMS = "[", ".", "+"
"""What of an object is changed, named as the steps of a path that lead through it; new items lead nothing astray."""

Path = tuple
"""A variable's name, then steps: ``(".", attribute)`` or ``("[", index expression)``."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a statement may change: anything, or the objects on these paths (all of them, from the variable on)."""

    anything: bool
    paths: tuple[Path, ...] = ()


class _Change(NamedTuple):
    """A change in place that a statement may make."""

    path: Path
    """To the object that is changed."""
    of: str
    """What of it: items, attributes, or items that were not there."""
    by: int
    """The node that makes it: the changes of one node do not lead each other astray."""


ANYTHING = Effect(True)
NOTHING = Effect(False)


def effects(parsed: Parsed, world: World) -> list[Effect]:
    """The effect of each statement of a program, by number: of use where its world is closed."""
    reader = _Reader(world, frozenset(map(id, in_class_bodies(parsed.statements))))
    return list(map(reader.effect, parsed.statements, parsed.own))


def _may_be_led_astray(change: _Change, changes: list[_Change]) -> bool:
    """Whether what lies on the way to what is changed may be changed by the same statement: then the path, which is
    followed afterwards, may lead elsewhere."""
    steps = {kind for kind, _ in change.path[1:]}
    return any(other.of in steps and other.by != change.by for other in changes)


def _stored(node: ast.AST) -> list[str]:
    """Variables that a node binds or deletes."""
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, (ast.MatchAs, ast.MatchStar)):
        return [node.name] if node.name else []
    return [node.rest] if isinstance(node, ast.MatchMapping) and node.rest else []


class _Unknown(Exception):
    """The statement may change anything."""


class _Reader:
    """Reads statements of a program whose world is closed."""

    def __init__(self, world: World, in_classes: frozenset[int]):
        self._world = world
        self._in_classes = in_classes
        self._may_change = _MAY_CHANGE | {ast.BinOp} if world.inserts_on_read else _MAY_CHANGE

    def effect(self, statement: Statement, nodes: list[ast.AST]) -> Effect:
        try:
            changes = self._changes(statement, nodes)
        except _Unknown:
            return ANYTHING
        if not changes:
            return NOTHING
        stored = [name for node in nodes for name in _stored(node)]
        if len(stored) != len(set(stored)) or any(isinstance(node, _SUSPENDING) for node in nodes):
            return ANYTHING
        # Bound in the midst of the statement: what is changed may be what stood there before.
        walruses = {node.target.id for node in nodes if isinstance(node, ast.NamedExpr)}
        for change in changes:
            if not walruses.isdisjoint(_names_of(change.path)):
                return ANYTHING
            if _may_be_led_astray(change, changes) or len(set(stored) & _names_of(change.path)) > 1:
                return ANYTHING
        return Effect(False, tuple(change.path for change in changes))

    def _changes(self, statement: Statement, nodes: list[ast.AST]) -> list[_Change]:
        if isinstance(statement, (ast.With, ast.AsyncWith, ast.AsyncFor)):
            raise _Unknown
        if isinstance(statement, ast.ClassDef) and (statement.decorator_list or statement.keywords or statement.bases):
            # What makes the class may have shown it to the program, and go on with it.
            raise _Unknown
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and len(statement.decorator_list) > 1:
            # The second may write into what the first gave.
            raise _Unknown
        changes: list[_Change] = []
        nested: set[int] = set()
        for node in nodes:
            kind = type(node)
            if kind in self._may_change:
                found = self._own(node)
                if found and id(node) in nested:
                    # The variables of a comprehension or lambda are not those of the frame.
                    raise _Unknown
                changes += found
            elif kind in _NESTING and id(node) not in nested:
                nested.update(map(id, walked(node)))
        if changes and id(statement) in self._in_classes:
            # Variables of functions around a class are not looked up from its body.
            raise _Unknown
        return changes

    def _own(self, node: ast.AST) -> list[_Change]:
        """What this node itself, without the nodes inside it, may change."""
        if isinstance(node, ast.Call):
            return self._call(node)
        inserts = self._world.inserts_on_read
        if isinstance(node, ast.AugAssign):
            # What the target held is changed first, and then stored where it was found: one change to what lies around.
            target = [_Change(_path(node.target), _ITEMS, id(node.target))]
            return target + _formatted(node.value) if inserts and isinstance(node.op, ast.Mod) else target
        if isinstance(node, ast.BinOp):
            return _formatted(node.right) if isinstance(node.op, ast.Mod) else []
        if isinstance(node, ast.Attribute):
            return [] if isinstance(node.ctx, ast.Load) else [_Change(_path(node.value), _ATTRIBUTES, id(node))]
        if isinstance(node, ast.Subscript):
            if not isinstance(node.ctx, ast.Load):
                return [_Change(_path(node.value), _ITEMS, id(node))]
            return [_Change(_path(node.value), _NEW_ITEMS, id(node))] if inserts else []
        raise _Unknown

    def _call(self, node: ast.Call) -> list[_Change]:
        function, world = node.func, self._world
        if isinstance(function, ast.Name):
            return self._call_by_name(function.id, node)
        if not isinstance(function, ast.Attribute):
            return []
        name = function.attr
        if isinstance(function.value, ast.Name) and function.value.id in world.modules:
            if function.value.id in world.bound and name in MUTATORS:
                # One name for two things.
                raise _Unknown
            return self._call_into(world.modules[function.value.id], name, node)
        if name in MUTATORS:
            if isinstance(function.value, ast.Name) and function.value.id not in world.bound:
                # A method of a builtin type called with its object as an argument.
                raise _Unknown
            return [_Change(_path(function.value), _ITEMS, id(node))]
        if name in HARMLESS_METHODS:
            if world.inserts_on_read and name in FORMATTING:
                raise _Unknown
            return []
        if name in KNOWN_ATTRIBUTES or name[:2] == "__" == name[-2:]:
            raise _Unknown
        if name in world.methods and not self._is_builtin_type(function.value):
            return []
        raise _Unknown

    def _is_builtin_type(self, node: ast.expr) -> bool:
        """Whether a method is looked up in a type that may be a builtin one, past the program's own."""
        if isinstance(node, ast.Name):
            return node.id not in self._world.bound
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"

    def _call_by_name(self, name: str, node: ast.Call) -> list[_Change]:
        if name in self._world.imported:
            return self._call_into(*self._world.imported[name], node)
        if name in CALLED_BUILTINS and name != "getattr":
            raise _Unknown
        return []

    def _call_into(self, module: str, name: str, node: ast.Call) -> list[_Change]:
        known = vocabulary.of_module(module, name)
        if known == vocabulary.FIRST_ARGUMENT:
            if not node.args or isinstance(node.args[0], ast.Starred):
                raise _Unknown
            return [_Change(_path(node.args[0]), _ITEMS, id(node))]
        if known == vocabulary.CALLED and (name != "deepcopy" or len(node.args) != 1 or node.keywords):
            raise _Unknown
        if known == vocabulary.UNKNOWN or (self._world.inserts_on_read and name in SUBSCRIBING):
            raise _Unknown
        return []


def _formatted(node: ast.expr) -> list[_Change]:
    """What stands behind ``%``: text before it may ask a mapping for its items."""
    if isinstance(node, ast.BinOp):
        return _formatted(node.left) + _formatted(node.right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        return []
    return [] if isinstance(node, (ast.Constant, ast.Tuple)) else [_Change(_path(node), _NEW_ITEMS, id(node))]


def _path(node: ast.expr) -> Path:
    """The path that an expression names. Raises ``_Unknown`` for any other expression."""
    steps: list = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            steps.append((".", node.attr))
        elif isinstance(node, ast.Subscript) and _simple(node.slice):
            steps.append(("[", node.slice))
        else:
            raise _Unknown
        node = node.value
    if node.id[:2] == "__":
        # In a class it has another name.
        raise _Unknown
    return (node.id, *reversed(steps))


def _simple(index: ast.expr) -> bool:
    if isinstance(index, ast.UnaryOp):
        return isinstance(index.op, ast.USub) and _simple(index.operand)
    if isinstance(index, ast.BinOp):
        return isinstance(index.op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)) and (
            _simple(index.left) and _simple(index.right)
        )
    if isinstance(index, ast.Tuple):
        return all(map(_simple, index.elts))
    return isinstance(index, ast.Constant) or (isinstance(index, ast.Name) and index.id[:2] != "__")


def _names_of(path: Path) -> set[str]:
    names = {path[0]}
    for kind, step in path[1:]:
        if kind == "[":
            names |= {node.id for node in ast.walk(step) if isinstance(node, ast.Name)}
    return names
