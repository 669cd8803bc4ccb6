"""Whether a program is tame: by its text it can change nothing that outlives a run of it.

Belongs here: reading this off the program's text. Does not belong here: running such programs (``guest.together``), and
programs that may share a process only with care (``sharing``).

A tame program reaches its own objects, builtins that change nothing but their arguments, and what is public in a closed
list of modules. A function or class that such a module made in Python could be changed: it is only ever called,
inherited from, or named where a type is meant, and never lies in a variable. Everything that is not known to be
harmless makes a program untame, which costs time and nothing else.
"""

import ast
import functools
import importlib
import re
from collections import deque
from types import BuiltinFunctionType

from .guest.library import TAME_MODULES
from .guest.statements import walked
from .parsing import parsed

_LONGEST = 50_000
"""Characters of a text that is looked at."""
_BUILTINS_TEXT = """
    __build_class__ __import__ breakpoint compile copyright credits delattr eval exec exit globals help
    license locals memoryview open quit setattr vars
"""
_BUILTINS = frozenset(_BUILTINS_TEXT.split())
_DENIED_TEXT = """
    ag_frame attrgetter clear_overloads cr_frame f_back f_builtins f_globals f_locals get_overloads
    get_type_hints gi_frame gi_yieldfrom methodcaller mro no_type_check_decorator overload register tb_frame
    tb_next
"""
_DENIED = frozenset(_DENIED_TEXT.split())
_SPECIAL_TEXT = """
    __abs__ __add__ __and__ __bool__ __call__ __contains__ __doc__ __enter__ __eq__ __exit__ __float__
    __floordiv__ __ge__ __getitem__ __gt__ __hash__ __init__ __int__ __invert__ __iter__ __le__ __len__ __lt__
    __mod__ __mul__ __name__ __ne__ __neg__ __new__ __next__ __or__ __pos__ __post_init__ __pow__ __qualname__
    __radd__ __repr__ __reversed__ __rmul__ __round__ __rsub__ __slots__ __str__ __sub__ __truediv__ __xor__
"""
_SPECIAL = frozenset(_SPECIAL_TEXT.split())
"""Names with two underscores on both sides that a tame program may mention."""
_NOT_DEFINED = frozenset(
    {"__class__", "__del__", "__getattribute__", "__prepare__", "__set_name__", "__subclasshook__"}
)
_SYS = frozenset({"exit", "getrecursionlimit", "maxsize", "setrecursionlimit"})
_ENTRY = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\(\))?(\.[A-Za-z][A-Za-z0-9_]*)?")
_UNTAME_NODES = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_HEAP_TYPE, _IMMUTABLE = 1 << 9, 1 << 8
_CONTAINERS = (dict, list, set, deque, bytearray)


def is_tame(code: str, entry_point: str | None) -> bool:
    """Whether nothing in a program's text can change what outlives a call of its entry point."""
    calls = entry_point is not None and _ENTRY.fullmatch(entry_point) is not None
    return calls and len(code) <= _LONGEST and _is_tame(code)


class _Untame(Exception):
    """Something is not known to be harmless."""


@functools.lru_cache(maxsize=64)
def _is_tame(code: str) -> bool:
    try:
        nodes = walked(parsed(code))
        reader = _Reader(nodes)
        for node in nodes:
            reader.check(node)
    except (_Untame, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class _Reader:
    """Checks the nodes of a program, of which it has seen what they import."""

    def __init__(self, nodes: list[ast.AST]):
        self._modules: dict[str, str] = {}
        self._foreign: dict[str, object] = {}
        self._named: set[int] = set()
        """Expressions that stand where something is called, or a type is meant."""
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._import(alias)
            elif isinstance(node, ast.ImportFrom):
                self._import_from(node)

    def check(self, node: ast.AST) -> None:
        """Raise ``_Untame`` for a node that may do harm. Nodes come before those inside them."""
        if isinstance(node, _UNTAME_NODES):
            raise _Untame
        if isinstance(node, ast.Name):
            self._name(node)
        elif isinstance(node, ast.Attribute):
            self._attribute(node)
        elif isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            self._definition(node)
        elif isinstance(node, ast.Compare):
            self._named.update(map(id, (node.left, *node.comparators)))
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            for name in node.names:
                _check_name(name)
        elif isinstance(node, ast.arg):
            _check_name(node.arg)
            self._means_type(node.annotation)
        elif isinstance(node, ast.AnnAssign):
            self._means_type(node.annotation)
        elif isinstance(node, ast.MatchClass):
            for name in node.kwd_attrs:
                _check_attribute(name)
        elif isinstance(node, ast.ExceptHandler):
            self._means_type(node.type)
        elif isinstance(node, ast.Raise):
            self._named.add(id(node.exc))
        elif isinstance(node, ast.Subscript) and self._is_of_typing(node.value):
            # A name for a type: `Grid = List[List[int]]`.
            self._means_type(node)

    def _import(self, alias: ast.alias) -> None:
        if alias.name not in TAME_MODULES and alias.name != "sys":
            raise _Untame
        _check_name(alias.asname or "")
        importlib.import_module(alias.name)
        first = alias.name.partition(".")[0]
        self._modules[alias.asname or first] = alias.name if alias.asname else first

    def _import_from(self, node: ast.ImportFrom) -> None:
        if node.level or node.module not in TAME_MODULES:
            raise _Untame
        module = importlib.import_module(node.module)
        for alias in node.names:
            _check_name(alias.asname or "")
            if alias.name == "*":
                names = getattr(module, "__all__", None) or [name for name in vars(module) if name[:1] != "_"]
                self._foreign.update((name, getattr(module, name)) for name in names)
            elif node.module != "__future__":
                self._foreign[alias.asname or alias.name] = _public(module, alias.name)

    def _name(self, node: ast.Name) -> None:
        name = node.id
        _check_name(name)
        if name in _DENIED:
            raise _Untame
        if name in self._modules:
            # As the beginning of `module.attribute`, which was looked at, it is fine.
            if id(node) not in self._named:
                raise _Untame
        elif name in self._foreign:
            if not isinstance(node.ctx, ast.Load) or not self._may_stand(node, self._foreign[name]):
                raise _Untame
        elif name == "type":
            if id(node) not in self._named:
                raise _Untame
        elif name in _BUILTINS or (name == "getattr" and id(node) not in self._named):
            raise _Untame

    def _attribute(self, node: ast.Attribute) -> None:
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id in self._modules:
            self._named.add(id(node.value))
            module = self._modules[node.value.id]
            found = _public(importlib.import_module(module), name)
            if module == "sys" and name not in _SYS:
                raise _Untame
            if not isinstance(node.ctx, ast.Load):
                raise _Untame
            if f"{module}.{name}" in TAME_MODULES:
                # `collections.abc.Iterable`: only what is in it matters.
                raise _Untame
            if not self._may_stand(node, found):
                raise _Untame
            return
        if name != "__class__":
            _check_attribute(name)
        if name == "__class__" and id(node) not in self._named:
            raise _Untame
        if name == "__name__":
            self._named.add(id(node.value))
        if not isinstance(node.ctx, ast.Load) and self._is_foreign(node.value):
            raise _Untame

    def _call(self, node: ast.Call) -> None:
        function = node.func
        self._named.add(id(function))
        if not isinstance(function, ast.Name):
            return
        if function.id == "getattr":
            name = node.args[1] if len(node.args) > 1 else None
            if not isinstance(name, ast.Constant) or type(name.value) is not str:
                raise _Untame
            if name.value[:1] == "_":
                raise _Untame
            _check_attribute(name.value)
        elif function.id in ("isinstance", "issubclass") and len(node.args) == 2:
            self._means_type(node.args[1])
        elif function.id == "type" and len(node.args) != 1:
            raise _Untame
        elif function.id == "type" and id(node) not in self._named:
            # The type of something foreign could be changed.
            raise _Untame

    def _definition(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        if node.name in _NOT_DEFINED or node.name in self._modules or node.name in self._foreign:
            raise _Untame
        for decorator in node.decorator_list:
            self._named.add(id(decorator))
        if isinstance(node, ast.FunctionDef):
            self._means_type(node.returns)
            return
        for base in node.bases:
            self._means_type(base)
        for keyword in node.keywords:
            if keyword.arg != "metaclass" or not self._is_foreign(keyword.value):
                raise _Untame
            self._named.add(id(keyword.value))

    def _means_type(self, node: ast.AST | None) -> None:
        """Note that an expression says a type, or several."""
        parts = [node]
        while parts:
            part = parts.pop()
            if isinstance(part, (ast.Name, ast.Attribute)):
                self._named.add(id(part))
            elif isinstance(part, (ast.Tuple, ast.List)):
                parts += part.elts
            elif isinstance(part, ast.Subscript):
                parts += (part.value, part.slice)
            elif isinstance(part, ast.BinOp):
                parts += (part.left, part.right)

    def _may_stand(self, node: ast.expr, found: object) -> bool:
        if id(node) in self._named or type(found) in _PLAIN or type(found) is BuiltinFunctionType:
            return True
        return isinstance(found, type) and found.__flags__ & (_HEAP_TYPE | _IMMUTABLE) != _HEAP_TYPE

    def _is_foreign(self, node: ast.AST) -> bool:
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        return isinstance(node, ast.Name) and (node.id in self._modules or node.id in self._foreign)

    def _is_of_typing(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self._modules.get(node.value.id) == "typing"
        return isinstance(node, ast.Name) and getattr(self._foreign.get(node.id), "__module__", None) == "typing"


def _check_name(name: str) -> None:
    if name[:2] == name[-2:] == "__" and name not in _SPECIAL:
        raise _Untame


def _check_attribute(name: str) -> None:
    _check_name(name)
    if name in _DENIED or name in _names_of_containers():
        raise _Untame


@functools.cache
def _names_of_containers() -> frozenset[str]:
    """Names under which classes of the modules that may be imported hold containers, which all their objects share."""
    held = [value for name in TAME_MODULES for value in vars(importlib.import_module(name)).values()]
    bases = {base for kind in held if isinstance(kind, type) for base in kind.__mro__}
    return frozenset(name for base in bases for name, value in vars(base).items() if isinstance(value, _CONTAINERS))


def _public(module: object, name: str) -> object:
    """What a module holds under a public name."""
    if name[:1] == "_" or name in _DENIED or not hasattr(module, name):
        raise _Untame
    return getattr(module, name)
