"""Whether a program's text takes hold of nothing but what is on closed lists.

Belongs here: reading a text against such lists. Does not belong here: the lists of programs that run on all inputs
without care (``taming``), and of those that share a process with care (``sharing``).

A program that keeps to them reaches its own objects, builtins that change nothing but their arguments, and what is
public in the listed modules. A function or class that such a module made in Python could be changed: it is only ever
called, inherited from, or named where a type is meant, and never lies in a variable. Whatever is not known to be
harmless makes a program one that does not keep to them, which costs time and nothing else.
"""

import ast
import functools
import importlib
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import BuiltinFunctionType

from .guest.statements import walked
from .parsing import parsed

_BUILTINS_TEXT = """
    __build_class__ __import__ breakpoint compile copyright credits delattr eval exec exit globals help
    license locals memoryview open quit setattr vars
"""
_BUILTINS = frozenset(_BUILTINS_TEXT.split())
_CALLED = frozenset({"exit", "getattr", "quit", "type"})
"""Builtins that are called, or named where a type is meant, and stand nowhere else."""
_JUDGED = frozenset({"getattr", "isinstance", "issubclass", "type"})
"""Builtins whose calls are looked at: a program has no others of these names."""
_DENIED_TEXT = """
    ag_frame attrgetter clear_overloads cr_frame f_back f_builtins f_globals f_locals get_overloads
    get_type_hints gi_frame gi_yieldfrom methodcaller mro no_type_check_decorator overload register tb_frame
    tb_next
"""
_DENIED = frozenset(_DENIED_TEXT.split())
_INTERNING = frozenset({"namedtuple", "make_dataclass", "NamedTuple", "TypedDict"})
"""What makes names of texts that it is given."""
_SPECIAL_TEXT = """
    __abs__ __add__ __and__ __bool__ __call__ __contains__ __doc__ __enter__ __eq__ __exit__ __float__
    __floordiv__ __ge__ __getitem__ __gt__ __hash__ __init__ __int__ __invert__ __iter__ __le__ __len__ __lt__
    __mod__ __mul__ __name__ __ne__ __neg__ __new__ __next__ __or__ __pos__ __post_init__ __pow__ __qualname__
    __radd__ __repr__ __reversed__ __rmul__ __round__ __rsub__ __slots__ __str__ __sub__ __truediv__ __xor__
"""
_SPECIAL = frozenset(_SPECIAL_TEXT.split())
"""Names with two underscores on both sides that a program may mention."""
_NOT_DEFINED = frozenset(
    {"__class__", "__del__", "__getattribute__", "__prepare__", "__set_name__", "__subclasshook__"}
)
_DENIED_NODES = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_HEAP_TYPE, _IMMUTABLE = 1 << 9, 1 << 8
_CONTAINERS = (dict, list, set, deque, bytearray)


@dataclass(frozen=True)
class Allowed:
    """What a program may take hold of."""

    modules: frozenset[str]
    """Modules whose public names it may use."""
    listed: Mapping[str, frozenset[str]]
    """Other modules, of which it may use these names; what they stand for may only be called, or is a number."""
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names of modules that may be used for whatever they stand for, as each run has its own of it or none can change
    it."""
    bound: frozenset[str] = frozenset()
    """Names of ``sys`` that it may bind anew, since they are put back."""
    builtins: frozenset[str] = frozenset()
    """Builtins that it may call, of those that are denied otherwise; ``open`` for file 0 alone."""


def keeps_to(allowed: Allowed, code: str) -> bool | None:
    """Whether a program's text takes hold of nothing else; ``None`` if it is no program, which never runs."""
    try:
        nodes = parsed(code).nodes
        reader = _Reader(allowed, nodes)
        for node in nodes:
            reader.check(node)
    except (SyntaxError, ValueError):
        return None
    except (_NotAllowed, RecursionError, MemoryError):
        return False
    return True


class _NotAllowed(Exception):
    """Something is not known to be harmless."""


class _Reader:
    """Checks the nodes of a program, of which it has seen what they import."""

    def __init__(self, allowed: Allowed, nodes: list[ast.AST]):
        self._allowed = allowed
        self._modules: dict[str, str] = {}
        self._foreign: dict[str, list[object]] = {}
        self._kept: set[str] = set()
        """Names that stand for what may be used whatever it is."""
        self._shadowed: set[str] = set()
        """Names that only a star import binds to what is foreign, and that the program binds, too."""
        self._named: set[int] = set()
        """Expressions that stand where something is called, or a type is meant."""
        self._opened: set[int] = set()
        """Where ``open`` is called for file 0."""
        starred: set[str] = set()
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self._import(alias)
            elif isinstance(node, ast.ImportFrom):
                starred.update(self._import_from(node))
        if starred:
            self._shadowed = starred.intersection(_bound(nodes))
        if not self._kept.isdisjoint(self._foreign):
            raise _NotAllowed

    def check(self, node: ast.AST) -> None:
        """Raise ``_NotAllowed`` for a node that may do harm. Nodes come before those inside them."""
        if isinstance(node, _DENIED_NODES):
            raise _NotAllowed
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
                _check_attribute(name, self._allowed.modules)
        elif isinstance(node, ast.ExceptHandler):
            self._means_type(node.type)
        elif isinstance(node, ast.Raise):
            self._named.add(id(node.exc))
        elif isinstance(node, ast.Subscript) and self._is_of_typing(node.value):
            # A name for a type: `Grid = List[List[int]]`.
            self._means_type(node)

    def _import(self, alias: ast.alias) -> None:
        if alias.name not in self._allowed.modules and alias.name not in self._allowed.listed:
            raise _NotAllowed
        _check_name(alias.asname or "")
        importlib.import_module(alias.name)
        first = alias.name.partition(".")[0]
        name = alias.asname or first
        module = alias.name if alias.asname else first
        if self._modules.setdefault(name, module) != module:
            raise _NotAllowed

    def _import_from(self, node: ast.ImportFrom) -> Iterable[str]:
        """Take in what a statement imports; return the names that its star stands for."""
        name = node.module or ""
        if node.level or (name not in self._allowed.modules and name not in self._allowed.listed):
            raise _NotAllowed
        if name == "__future__":
            return ()
        module = importlib.import_module(name)
        if any(alias.name == "*" for alias in node.names):
            if name in self._allowed.listed:
                raise _NotAllowed
            names = getattr(module, "__all__", None) or [each for each in vars(module) if each[:1] != "_"]
            for each in names:
                self._foreign.setdefault(each, []).append(getattr(module, each))
            return names
        for alias in node.names:
            _check_name(alias.asname or "")
            found = self._public(name, alias.name)
            if alias.name in self._allowed.kept.get(name, ()):
                self._kept.add(alias.asname or alias.name)
            else:
                self._foreign.setdefault(alias.asname or alias.name, []).append(found)
        return ()

    def _public(self, module: str, name: str) -> object:
        """What a module holds under a public name."""
        listed = self._allowed.listed.get(module)
        if name[:1] == "_" or name in _DENIED or (listed is not None and name not in listed):
            raise _NotAllowed
        held = importlib.import_module(module)
        if not hasattr(held, name):
            raise _NotAllowed
        return getattr(held, name)

    def _name(self, node: ast.Name) -> None:
        name = node.id
        _check_name(name)
        if name in _DENIED:
            raise _NotAllowed
        if name in self._modules:
            # As the beginning of `module.attribute`, which was looked at, it is fine.
            if id(node) not in self._named:
                raise _NotAllowed
        elif name in self._foreign:
            if not isinstance(node.ctx, ast.Load):
                self._check_bound_anew(name)
            elif name not in self._shadowed and not self._may_stand(node, name):
                raise _NotAllowed
        elif name in _JUDGED and not isinstance(node.ctx, ast.Load):
            raise _NotAllowed
        elif name == "open" and id(node) in self._opened:
            return
        elif (name in _CALLED and id(node) not in self._named) or (
            name in _BUILTINS and (name == "open" or name not in self._allowed.builtins)
        ):
            raise _NotAllowed

    def _attribute(self, node: ast.Attribute) -> None:
        name = node.attr
        if isinstance(node.value, ast.Name) and node.value.id in self._modules:
            self._named.add(id(node.value))
            self._attribute_of_module(node, self._modules[node.value.id])
            return
        if name != "__class__":
            _check_attribute(name, self._allowed.modules)
        if name == "__class__" and id(node) not in self._named:
            raise _NotAllowed
        if name == "__name__":
            self._named.add(id(node.value))
        # The name of a class, say, lies in no container that is looked at.
        if not isinstance(node.ctx, ast.Load) and (_is_special(name) or self._is_foreign(node.value)):
            raise _NotAllowed

    def _attribute_of_module(self, node: ast.Attribute, module: str) -> None:
        found = self._public(module, node.attr)
        if isinstance(node.ctx, ast.Store):
            if module == "sys" and node.attr in self._allowed.bound:
                return
            raise _NotAllowed
        # `collections.abc.Iterable`: only what is in it matters.
        if not isinstance(node.ctx, ast.Load) or f"{module}.{node.attr}" in self._allowed.modules:
            raise _NotAllowed
        if node.attr in self._allowed.kept.get(module, ()):
            return
        if not (self._stands(node, found) if module not in self._allowed.listed else self._is_called(node, found)):
            raise _NotAllowed

    def _call(self, node: ast.Call) -> None:
        function = node.func
        self._named.add(id(function))
        called = {getattr(found, "__name__", "") for found in self._found(function)}
        if called & _INTERNING and not all(map(_is_literal, (*node.args, *(each.value for each in node.keywords)))):
            # Identity tells whether a run before made a text a name.
            raise _NotAllowed
        if called == {"defaultdict"} and node.args:
            self._means_type(node.args[0])
        if not isinstance(function, ast.Name):
            return
        if function.id == "getattr":
            name = node.args[1] if len(node.args) > 1 else None
            if not isinstance(name, ast.Constant) or type(name.value) is not str:
                raise _NotAllowed
            if name.value[:1] == "_":
                raise _NotAllowed
            _check_attribute(name.value, self._allowed.modules)
        elif function.id in ("isinstance", "issubclass") and len(node.args) == 2:
            self._means_type(node.args[1])
        elif function.id == "type" and len(node.args) != 1:
            raise _NotAllowed
        elif function.id == "type" and id(node) not in self._named:
            # The type of something foreign could be changed.
            raise _NotAllowed
        elif function.id == "open" and "open" in self._allowed.builtins and _opens_stdin(node):
            self._opened.add(id(function))

    def _definition(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        if node.name in _NOT_DEFINED or node.name in self._modules or node.name in _JUDGED:
            raise _NotAllowed
        if node.name in self._foreign:
            self._check_bound_anew(node.name)
        for decorator in node.decorator_list:
            self._named.add(id(decorator))
        if isinstance(node, ast.FunctionDef):
            self._means_type(node.returns)
            return
        for base in node.bases:
            self._means_type(base)
        for keyword in node.keywords:
            if keyword.arg != "metaclass" or not self._is_foreign(keyword.value):
                raise _NotAllowed
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

    def _check_bound_anew(self, name: str) -> None:
        """A name of a star import may stand for something else, but for those whose meaning says what others may do."""
        for found in self._foreign[name]:
            says = isinstance(found, type) and issubclass(found, type)
            if name not in self._shadowed or says or _module_of(found) == "typing":
                raise _NotAllowed

    def _may_stand(self, node: ast.Name, name: str) -> bool:
        return all(self._stands(node, found) for found in self._foreign[name])

    def _stands(self, node: ast.expr, found: object) -> bool:
        if self._is_called(node, found) or type(found) is BuiltinFunctionType:
            return _module_of(found) != "sys" or self._is_called(node, found)
        return isinstance(found, type) and found.__flags__ & (_HEAP_TYPE | _IMMUTABLE) != _HEAP_TYPE

    def _is_called(self, node: ast.expr, found: object) -> bool:
        return id(node) in self._named or type(found) in _PLAIN

    def _is_foreign(self, node: ast.AST) -> bool:
        while isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        return isinstance(node, ast.Name) and (
            node.id in self._modules or node.id in self._foreign or node.id in self._kept
        )

    def _found(self, node: ast.AST) -> list[object]:
        """What a name, or an attribute of a module, may stand for that is foreign."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self._modules:
            return [self._public(self._modules[node.value.id], node.attr)]
        return self._foreign.get(node.id, []) if isinstance(node, ast.Name) else []

    def _is_of_typing(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return self._modules.get(node.value.id) == "typing"
        return any(_module_of(found) == "typing" for found in self._found(node))


def _bound(nodes: Iterable[ast.AST]) -> Iterable[str]:
    """Names that a program binds itself."""
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name


def _module_of(found: object) -> str | None:
    return getattr(found, "__module__", None)


def _is_literal(node: ast.AST) -> bool:
    return all(isinstance(each, (ast.Constant, ast.List, ast.Tuple)) for each in walked(node))


def _opens_stdin(node: ast.Call) -> bool:
    first = node.args[0] if node.args else None
    is_zero = isinstance(first, ast.Constant) and type(first.value) is int and first.value == 0
    return is_zero and all(keyword.arg in ("mode", "encoding", "errors") for keyword in node.keywords)


def _is_special(name: str) -> bool:
    return name[:2] == name[-2:] == "__"


def _check_name(name: str) -> None:
    if _is_special(name) and name not in _SPECIAL:
        raise _NotAllowed


def _check_attribute(name: str, modules: frozenset[str]) -> None:
    _check_name(name)
    if name in _DENIED or name in _names_of_containers(modules):
        raise _NotAllowed


@functools.cache
def _names_of_containers(modules: frozenset[str]) -> frozenset[str]:
    """Names under which classes of the modules that may be imported hold containers, which all their objects share."""
    held = [value for name in modules for value in vars(importlib.import_module(name)).values()]
    bases = {base for kind in held if isinstance(kind, type) for base in kind.__mro__}
    return frozenset(name for base in bases for name, value in vars(base).items() if isinstance(value, _CONTAINERS))
