"""Says of a program, from its syntax tree alone, whether all that it gets hold of is known.

Belongs here: what names stand for, and whether one of them, or an attribute, is on none of the lists (``vocabulary``).
Does not belong here: what one statement changes (``effects``).

A program whose world is *closed* holds objects of builtin types, of its own classes, and of what is listed of the
standard library; and what it calls, by whatever name, is its own, or harmless, or a method that is called in its text.
In an open world anything may change at any time.
"""

import ast

from . import vocabulary
from .unfinished import Classes
from .vocabulary import (
    BUILTINS,
    CALLED_BUILTINS,
    CALLED_SPECIAL,
    DECIDING,
    DECORATING,
    FORMATTING,
    HARMLESS,
    HARMLESS_VALUES,
    KNOWN_ATTRIBUTES,
    MAKING,
    MUTATORS,
    NAMING,
    OTHER_BUILTINS,
    STORING,
    SUBSCRIBING,
    UNKNOWN,
)

_CALLED, _DECORATOR, _VALUE, _BOUND = range(4)
"""How something is used: called, as a decorator or what makes one, as a value, or as what is bound."""
_DEFINITIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
_NAMING_METHODS = frozenset({"__setattr__", "__delattr__"})
_TYPED = frozenset({"type", "isinstance", "issubclass"})
"""Builtins that ask for the type of something, or for something of a type."""


class World:
    """What the names of a program stand for. ``nodes``: all of its tree, parents before children."""

    def __init__(self, nodes: list[ast.AST]):
        self.modules: dict[str, str] = {}
        """Names of modules, and what they are."""
        self.imported: dict[str, tuple[str, str]] = {}
        """Names of what is in a module: the module, and its name there."""
        self.methods: set[str] = set()
        """Names of functions and classes of the program."""
        self.bound: set[str] = set()
        """Names that the program binds otherwise than by an import."""
        self._starred: list[str] = []
        self._texts: set[str] = set()
        self._is_open = False
        self._called: set[int] = set()
        self._decorating: set[int] = set()
        self._bases: set[int] = set()
        self._means_type: set[int] = set()
        # What is read, and whether as what is called, as a decorator, or as a value.
        self._names: set[tuple[str, int]] = set()
        self._attributes: set[tuple[str | None, str, int]] = set()
        for node in nodes:
            self._read(node)
        self._find_starred()
        words = {name for _, name, _ in self._attributes}.union(name for name, _ in self._names)
        words.update(name for _, name in self.imported.values())
        self.inserts_on_read = not words.isdisjoint(("defaultdict", "DefaultDict", "__missing__")) or (
            "__missing__" in self.methods
        )
        """Whether reading an item may put it there."""
        self._is_open |= not self.imported.keys().isdisjoint(self.modules)
        defined = self.methods | self.bound
        self._is_open |= not MAKING.isdisjoint(defined) or ("type" in words and not MAKING.isdisjoint(self._texts))
        self._is_open |= "dataclass" in words and not STORING.isdisjoint(words | defined)
        self._is_open |= any(name == "property" and use != _DECORATOR for name, use in self._names)
        copies = "deepcopy" in words or "copy" in self.modules.values() or ("copy", "copy") in self.imported.values()
        self._is_open |= Classes(nodes).show_unfinished(copies)
        self.is_closed = not self._is_open and self._names_are_known() and self._attributes_are_known()
        """Whether all that the program gets hold of is known."""

    def _read(self, node: ast.AST) -> None:
        kind = type(node)
        if kind is ast.Name:
            if type(node.ctx) is not ast.Load:
                self._bind(node.id)
            elif id(node) not in self._bases:
                use = self._use(node)
                self._names.add((node.id, use))
                # As a value it may make a class of names that do not stand in the text.
                self._is_open |= node.id == "type" and use != _CALLED and id(node) not in self._means_type
        elif kind is ast.Call:
            self._called.add(id(node.func))
            self._read_call(node)
        elif kind is ast.Attribute:
            base = None
            if type(node.value) is ast.Name:
                base = node.value.id
                self._bases.add(id(node.value))
            use = self._use(node) if type(node.ctx) is ast.Load else _BOUND
            self._attributes.add((base, node.attr, use))
        elif kind is ast.Constant:
            if type(node.value) is str and _is_special(node.value):
                self._texts.add(node.value)
        elif kind is ast.arg:
            self._bind(node.arg)
        elif kind in _DEFINITIONS:
            self._bind(node.name)
            self.methods.add(node.name)
            if kind is ast.ClassDef:
                self._is_open |= any(map(_is_metaclass, node.bases))
                self._means_type.update(id(each.value) for each in node.keywords)
            for each in node.decorator_list:
                self._decorating.add(id(each.func) if type(each) is ast.Call else id(each))
        elif kind is ast.Import:
            for alias in node.names:
                first = alias.name.partition(".")[0]
                module = alias.name if alias.asname else first
                # One name for two things.
                self._is_open |= self.modules.setdefault(alias.asname or first, module) != module
        elif kind is ast.ImportFrom:
            self._read_import(node)
        elif kind is ast.ExceptHandler or kind is ast.MatchAs or kind is ast.MatchStar:
            self._bind(node.name)
        elif kind is ast.MatchMapping:
            self._bind(node.rest)
        elif kind is ast.Compare:
            self._means_type.update(map(id, (node.left, *node.comparators)))
        elif kind is ast.MatchClass:
            self._attributes.update((None, name, _VALUE) for name in node.kwd_attrs)

    def _use(self, node: ast.AST) -> int:
        if id(node) in self._decorating:
            return _DECORATOR
        return _CALLED if id(node) in self._called else _VALUE

    def _bind(self, name: str | None) -> None:
        if name is not None:
            self.bound.add(name)
            self._is_open |= name in DECIDING

    def _read_import(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self._starred.append(node.module or "")
                self._is_open |= bool(node.level) or not vocabulary.is_listed(node.module or "")
            else:
                module = node.module or "" if not node.level else "."
                before = self.imported.setdefault(alias.asname or alias.name, (module, alias.name))
                self._is_open |= before != (module, alias.name)

    def _read_call(self, node: ast.Call) -> None:
        function = node.func
        if type(function) is ast.Name and function.id in _TYPED:
            self._means_type.update(map(id, node.args))
            self._is_open |= function.id == "type" and (len(node.args) != 1 or type(node.args[0]) is ast.Starred)
            return
        if type(function) is ast.Name and function.id in NAMING:
            named = node.args[1:2]
        elif type(function) is ast.Attribute and function.attr in _NAMING_METHODS:
            named = [each for each in node.args[:2] if type(each) is ast.Constant][:1]
        else:
            return
        name = named[0].value if named and type(named[0]) is ast.Constant else None
        if type(name) is str:
            self._attributes.add((None, name, _VALUE))
        else:
            self._is_open = True

    def _find_starred(self) -> None:
        for module in self._starred:
            exported = vocabulary.exported(module)
            for name, _ in [*self._names, *((base, 0) for base, _, _ in self._attributes if base)]:
                if vocabulary.of_module(module, name) == UNKNOWN:
                    # One name for two things, of which one is not known.
                    self._is_open |= name in self.bound and (exported is None or name in exported)
                else:
                    before = self.imported.setdefault(name, (module, name))
                    if before != (module, name) and vocabulary.of_module(*before) != HARMLESS:
                        self._is_open = True

    def _names_are_known(self) -> bool:
        return all(self._is_known(name, use) for name, use in self._names)

    def _is_known(self, name: str, use: int) -> bool:
        if name in self.modules:
            return False
        if name in OTHER_BUILTINS:
            return False
        if name in self.imported:
            return self._is_known_in(*self.imported[name], use, name in self.bound)
        if name in CALLED_BUILTINS:
            return use == _CALLED
        if _is_special(name) and name not in BUILTINS:
            return name == "__class__"
        return name in self.bound or name in BUILTINS

    def _is_known_in(self, module: str, name: str, use: int, is_bound: bool) -> bool:
        known = vocabulary.of_module(module, name)
        if known == HARMLESS:
            return not (self.inserts_on_read and name in SUBSCRIBING and (use != _CALLED or name == "itemgetter"))
        if known == UNKNOWN or is_bound:
            return False
        return use == (_DECORATOR if known == DECORATING else _CALLED)

    def _attributes_are_known(self) -> bool:
        for base, name, use in self._attributes:
            if base is not None:
                if base in self.modules:
                    if not self._is_known_in(self.modules[base], name, use, base in self.bound):
                        return False
                    if base not in self.bound:
                        continue
                elif not self._is_known(base, _VALUE):
                    return False
            if not self._is_known_attribute(name, use):
                return False
            if self.inserts_on_read and use != _CALLED and name in FORMATTING:
                return False
        return True

    @staticmethod
    def _is_known_attribute(name: str, use: int) -> bool:
        if name in HARMLESS_VALUES or (use == _BOUND and not _is_special(name)):
            return True
        if use == _CALLED:
            if _is_special(name):
                return name in CALLED_SPECIAL or name in _NAMING_METHODS
            return name in MUTATORS or name not in KNOWN_ATTRIBUTES
        return name not in KNOWN_ATTRIBUTES and not _is_special(name)


def _is_metaclass(base: ast.expr) -> bool:
    return (base.id if type(base) is ast.Name else getattr(base, "attr", "")) in ("type", "ABCMeta")


def _is_special(name: str) -> bool:
    return name[:2] == "__" == name[-2:]
