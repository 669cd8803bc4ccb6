"""Says, from the syntax tree alone, which objects a statement can change in place.

Belongs here: the judgement per statement, erring towards "anything". Does not belong here: finding the objects in a
running frame (``touching``).

What a call of the program's own code changes is put down to the statements of that code. So a statement by itself
changes objects only by storing into them, by a method that is known to change its object, or by a call into something
unknown. This holds unless such a method is passed around as a value, which is looked for in the whole program first.
"""

import ast
from dataclasses import dataclass

from .statements import Statement, children, own_nodes

_MUTATORS_TEXT = """
    add append appendleft clear discard difference_update extend extendleft insert intersection_update
    move_to_end pop popitem popleft remove reverse rotate setdefault sort subtract symmetric_difference_update
    update __setitem__ __delitem__ __iadd__ heappush heappop heapify heapreplace heappushpop insort insort_left
    insort_right shuffle readinto iconcat setitem delitem iadd
"""
MUTATORS = frozenset(_MUTATORS_TEXT.split())
_HARMLESS_METHODS_TEXT = """
    as_integer_ratio bit_count bit_length capitalize casefold center conjugate copy count decode difference
    elements encode endswith expandtabs find format format_map fromhex fromkeys get group groups hex index
    intersection is_integer isalnum isalpha isascii isdecimal isdigit isdisjoint isidentifier islower isnumeric
    isprintable isspace issubset issuperset istitle isupper items join keys ljust lower lstrip maketrans
    most_common partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split
    splitlines start end span startswith strip swapcase symmetric_difference title to_bytes total translate
    union upper values with_traceback write writelines flush read readline readlines zfill send throw close
    __next__ __iter__ __len__ __str__ __repr__ __eq__ __lt__ __hash__ __contains__ __getitem__
"""
_HARMLESS_METHODS = frozenset(_HARMLESS_METHODS_TEXT.split())
_FIRST_ARGUMENT = {
    "heapq": {"heappush", "heappop", "heapify", "heapreplace", "heappushpop"},
    "bisect": {"insort", "insort_left", "insort_right"},
    "random": {"shuffle"},
}
_HARMLESS_MODULES_TEXT = """
    math cmath itertools re string fractions decimal copy collections statistics bisect datetime calendar typing
    functools heapq random time enum dataclasses abc textwrap unicodedata numbers __future__
"""
_HARMLESS_MODULES = frozenset(_HARMLESS_MODULES_TEXT.split())
_IMPURE_BUILTINS = frozenset(
    ("setattr", "delattr", "exec", "eval", "compile", "__import__", "vars", "globals", "locals", "open", "breakpoint")
)
_HIDING = frozenset(
    ("getattr", "methodcaller", "cached_property", "exec", "eval", "__getattribute__", "_getframe", "settrace")
)

_DEFINITIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
_NESTING = frozenset({ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})
_MAY_CHANGE = frozenset({ast.Call, ast.AugAssign, ast.Subscript, ast.Attribute, ast.Await, ast.Import, ast.ImportFrom})

Path = tuple
"""A variable's name, then steps: ``(".", attribute)`` or ``("[", index expression)``."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a statement may change: anything, or the objects on these paths (all of them, from the variable on)."""

    anything: bool
    paths: tuple[Path, ...] = ()


ANYTHING = Effect(True)
NOTHING = Effect(False)


def effects(statements: list[Statement], nodes: list[ast.AST]) -> list[Effect]:
    """The effect of each statement of a program, by number. ``nodes``: all of its tree."""
    program = _Program(nodes)
    if program.hides_methods:
        return [ANYTHING] * len(statements)
    return [program.effect(statement) for statement in statements]


class _Unknown(Exception):
    """The statement may change anything."""


class _Program:
    def __init__(self, nodes: list[ast.AST]):
        self.modules: dict[str, str] = {}
        self.imported: dict[str, tuple[str, str]] = {}
        self.methods: set[str] = set()
        self.shared: set[str] = set()
        self.bound: set[str] = set()
        called: set[int] = set()
        mentioned: set[str] = set()
        loaded: list[ast.Attribute | ast.Name] = []
        for node in nodes:
            kind = type(node)
            if kind is ast.Name:
                mentioned.add(node.id)
                if type(node.ctx) is ast.Load:
                    loaded.append(node)
                else:
                    self.bound.add(node.id)
            elif kind is ast.Call:
                called.add(id(node.func))
            elif kind is ast.Attribute:
                mentioned.add(node.attr)
                if type(node.ctx) is ast.Load:
                    loaded.append(node)
            elif kind is ast.arg:
                self.bound.add(node.arg)
            elif kind in _DEFINITIONS:
                self.bound.add(node.name)
                self.methods.add(node.name)
            elif kind is ast.Import:
                for alias in node.names:
                    self.modules[alias.asname or alias.name.partition(".")[0]] = alias.name
            elif kind is ast.ImportFrom:
                for alias in node.names:
                    self.imported[alias.asname or alias.name] = (node.module or "", alias.name)
                    mentioned.add(alias.name)
            elif kind is ast.Global or kind is ast.Nonlocal:
                self.shared.update(node.names)
        values: set[str] = set()
        for node in loaded:
            if id(node) in called:
                continue
            if type(node) is ast.Attribute:
                values.add(node.attr)
            elif node.id in self.imported:
                values.add(self.imported[node.id][1])
        self.inserts_on_read = "defaultdict" in mentioned or "__missing__" in mentioned
        self.hides_methods = (
            not MUTATORS.isdisjoint(values)
            or not _HIDING.isdisjoint(mentioned)
            or any(n == "*" for _, n in self.imported.values())
        )

    def effect(self, statement: Statement) -> Effect:
        try:
            paths = self._paths(statement)
        except _Unknown:
            return ANYTHING
        if not paths:
            return NOTHING
        stored = [n.id for n in own_nodes(statement) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)]
        if len(stored) != len(set(stored)):
            return ANYTHING
        for path in paths:
            if len(path) > 2 and len(paths) > 1:
                return ANYTHING
            if len(set(stored) & _names_of(path)) > 1:
                return ANYTHING
        return Effect(False, tuple(paths))

    def _paths(self, statement: Statement) -> list[Path]:
        if isinstance(statement, (ast.With, ast.AsyncWith, ast.AsyncFor)):
            raise _Unknown
        paths: list[Path] = []
        stack: list[tuple[ast.AST, bool]] = [(statement, False)]
        while stack:
            node, nested = stack.pop()
            kind = type(node)
            if kind in _MAY_CHANGE:
                found = self._own(node)
                if found and nested:
                    # The variables of a comprehension or lambda are not those of the frame.
                    raise _Unknown
                paths += found
            elif kind in _NESTING:
                nested = True
            for child in children(node):
                child_kind = type(child)
                if child_kind is not ast.Name and child_kind is not ast.Constant and not isinstance(child, Statement):
                    stack.append((child, nested))
        return paths

    def _own(self, node: ast.AST) -> list[Path]:
        """Paths that this node itself, without the nodes inside it, may change."""
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.AugAssign):
            # The stored target is counted here, together with what it held.
            return [_path(node.target)]
        if isinstance(node, (ast.Subscript, ast.Attribute)):
            if not isinstance(node.ctx, ast.Load):
                return [_path(node.value)]
            if isinstance(node, ast.Subscript) and self.inserts_on_read:
                return [_path(node.value)]
            return []
        raise _Unknown

    def _call(self, node: ast.Call) -> list[Path]:
        function = node.func
        if isinstance(function, ast.Name):
            return self._call_by_name(function.id, node)
        if not isinstance(function, ast.Attribute):
            return []
        if (
            isinstance(function.value, ast.Name)
            and function.value.id in self.modules
            and function.value.id not in self.bound
        ):
            return self._call_into(self.modules[function.value.id], function.attr, node)
        if function.attr in MUTATORS:
            if isinstance(function.value, ast.Name) and function.value.id not in self.bound:
                # A method of a builtin type called with its object as an argument.
                raise _Unknown
            return [_path(function.value)]
        if function.attr in _HARMLESS_METHODS:
            return []
        if function.attr in self.methods and not self._is_builtin_type(function.value):
            return []
        raise _Unknown

    def _is_builtin_type(self, node: ast.expr) -> bool:
        """Whether a method is looked up in a type that may be a builtin one, past the program's own."""
        if isinstance(node, ast.Name):
            return node.id not in self.bound
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"

    def _call_by_name(self, name: str, node: ast.Call) -> list[Path]:
        if name in self.imported:
            if name in self.bound:
                raise _Unknown
            return self._call_into(*self.imported[name], node)
        if name in _IMPURE_BUILTINS and name not in self.bound:
            raise _Unknown
        return []

    @staticmethod
    def _call_into(module: str, name: str, node: ast.Call) -> list[Path]:
        if name in _FIRST_ARGUMENT.get(module, ()):
            if not node.args or isinstance(node.args[0], ast.Starred):
                raise _Unknown
            return [_path(node.args[0])]
        if name == "dataclass" and node.args:
            # Writes into the class that it is given.
            raise _Unknown
        if module in _HARMLESS_MODULES and name not in MUTATORS:
            return []
        raise _Unknown


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
    return isinstance(index, (ast.Name, ast.Constant))


def _names_of(path: Path) -> set[str]:
    names = {path[0]}
    for kind, step in path[1:]:
        if kind == "[":
            names |= {node.id for node in ast.walk(step) if isinstance(node, ast.Name)}
    return names
