"""Says of a program, from its syntax tree alone, whether library code may show it an object that is not finished.

Belongs here: the classes of a program, what they derive from, and which of their methods library code calls while it
makes an object or a class. Does not belong here: what names stand for (``world``).

What the library does to an object once a method of the program has returned is put down to no statement. Such a method
is known by its name: one of a class below a container that the container calls, ``__hash__`` where copies are put into
a set, ``__init__`` of an enumeration that is made by a call.
"""

import ast
import builtins

from .statements import nested_statements
from .vocabulary import MUTATORS

_SAFE = frozenset({"object", "ABC", "Protocol", "Generic", "NamedTuple", "TypedDict"})
"""Bases that keep nothing of their own in an object, or nothing that changes."""
_ENUMERATIONS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum"})
_CONTAINERS_TEXT = """
    Counter DefaultDict Deque Dict FrozenSet List OrderedDict Set Tuple bool bytearray bytes complex defaultdict deque
    dict float frozenset int list set str tuple
"""
_CONTAINERS = frozenset(_CONTAINERS_TEXT.split())
_ERRORS = frozenset(
    name
    for name, held in vars(builtins).items()
    if isinstance(held, type) and issubclass(held, BaseException) and not issubclass(held, BaseExceptionGroup)
)
_QUIET = frozenset({"__slots__", "__doc__", "__repr__", "__str__", "__module__", "__annotations__", "__format__"})
"""What a class may define that nothing calls which changes an object."""
_SAFE_BASE, _ERROR, _ENUMERATION, _CONTAINER, _OTHER = range(5)


class Classes:
    """The classes of a program. ``nodes``: all of its tree."""

    def __init__(self, nodes: list[ast.AST]):
        made = [node for node in nodes if type(node) is ast.ClassDef]
        self._groups: dict[str, str] = {node.name: node.name for node in made}
        for node in made:
            for base in map(_name, node.bases):
                if base in self._groups:
                    self._join(node.name, base)
        self._bases: dict[str, set[int]] = {}
        self._defined: dict[str, set[str]] = {}
        for node in made:
            group = self._group(node.name)
            self._bases.setdefault(group, set()).update(_kind(each) for each in node.bases if not self._is_own(each))
            self._defined.setdefault(group, set()).update(_defined(node))
        self._calls = [node for node in nodes if type(node) is ast.Call and self._is_own(node.func)] if made else []

    def show_unfinished(self, copies: bool) -> bool:
        """Whether library code may call a method of an object and go on with making it. ``copies``: the program has
        copies made of what it holds."""
        return any(self._shows(group, bases, copies) for group, bases in self._bases.items())

    def _shows(self, group: str, bases: set[int], copies: bool) -> bool:
        names = self._defined[group] - _QUIET
        called = {name for name in names if name in MUTATORS or (name[:2] == "__" == name[-2:])}
        if _OTHER in bases:
            return bool(names)
        if called and (_CONTAINER in bases or (copies and (_ERROR in bases or "__hash__" in called))):
            return True
        return _ENUMERATION in bases and "__init__" in called and any(map(self._makes_class, self._calls))

    @staticmethod
    def _makes_class(call: ast.Call) -> bool:
        return len(call.args) + len(call.keywords) != 1 or type(call.args[0] if call.args else None) is ast.Starred

    def _is_own(self, node: ast.expr) -> bool:
        return _name(node) in self._groups

    def _group(self, name: str) -> str:
        while self._groups[name] != name:
            name = self._groups[name]
        return name

    def _join(self, one: str, other: str) -> None:
        self._groups[self._group(one)] = self._group(other)


def _name(node: ast.expr) -> str | None:
    """The last name in what a base is: ``List`` of ``typing.List[int]``."""
    if type(node) is ast.Subscript:
        node = node.value
    if type(node) is ast.Attribute:
        return node.attr
    return node.id if type(node) is ast.Name else None


def _kind(base: ast.expr) -> int:
    name = _name(base.func) if type(base) is ast.Call else _name(base)
    if type(base) is ast.Call:
        return _SAFE_BASE if name == "namedtuple" else _OTHER
    if name in _SAFE:
        return _SAFE_BASE
    if name in _ERRORS:
        return _ERROR
    if name in _ENUMERATIONS:
        return _ENUMERATION
    return _CONTAINER if name in _CONTAINERS else _OTHER


def _defined(node: ast.ClassDef) -> set[str]:
    """Names that the body of a class binds."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(statement.name)
            continue
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            found.update(alias.asname or alias.name for alias in statement.names)
        below = nested_statements(statement)
        waiting += below
        inside = set(map(id, below))
        parts = [each for each in ast.iter_child_nodes(statement) if id(each) not in inside]
        for part in parts:
            found.update(n.id for n in ast.walk(part) if type(n) is ast.Name and type(n.ctx) is not ast.Load)
    return found
