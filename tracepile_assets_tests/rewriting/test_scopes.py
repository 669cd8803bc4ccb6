"""Scopes against the compiler's own: `symtable` says which scope binds which name."""

import symtable
import sys
from collections import Counter
from pathlib import Path

import pytest

from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.tree import parse
from tracepile_assets.rewriting.variables import Scope, UnresolvableError
from tracepile_assets_tests.rewriting.corpus import embedded, mbpp

_TRICKY = """
import os.path, sys as system
from math import floor as down, ceil
total: int = 0
def outer(a, /, b=1, *rest, key=None, **more):
    count = 0
    def inner():
        nonlocal count
        global total, fresh
        count += 1
        total = fresh = count
        return [x for x in range(count) if (last := x)]
    class Box(dict, metaclass=type):
        size = count
        def grow(self, size=size):
            self.size = size
            return size
    try:
        with open(key) as handle, more as (left, [right, *others]):
            pass
    except (OSError, ValueError) as error:
        del error
    for i, more[0] in rest:
        f"{i!r:>{b}} {a + i}"
    pairs = {k: v for k, (v, _) in rest for k in v if k}
    lazy = (n for n in rest)
    double = lambda n, m=count: n + m + a
    match rest:
        case [first, *tail] if first:
            pass
        case {"k": value, **others}:
            pass
        case complex(real=number) as whole:
            pass
    return inner, Box, locals
"""


_INLINED = sys.version_info >= (3, 12)
"""PEP 709: the symbol table gives the variables of a list, set or dict comprehension to the scope around it."""


def _ours(scope: Scope) -> Counter:
    """Per scope, by kind: the names that it binds."""
    found = Counter()
    for one in scope.walk():
        if _INLINED and one.kind == "comprehension":
            continue
        kind = {"module": "module", "class": "class"}.get(one.kind, "function")
        found[kind, frozenset(_names(one))] += 1
    return found


def _names(scope: Scope) -> set[str]:
    inlined = [child for child in scope.children if _INLINED and child.kind == "comprehension"]
    return set(scope.variables).union(*map(_names, inlined))


def _compilers(table: symtable.SymbolTable) -> Counter:
    found = Counter()
    waiting = [table]
    while waiting:
        one = waiting.pop()
        waiting += one.get_children()
        bound = set()
        for symbol in one.get_symbols():
            binds = symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported()
            if one.get_type() == "module":
                binds = binds or symbol.is_annotated()
                declared = any(symbol.get_name() in _globals_of(child) for child in _all(table))
                binds = binds or declared
            else:
                binds = binds and symbol.is_local()
            # `.0` is the iterable of a comprehension, as the compiler names it.
            if binds and not symbol.get_name().startswith("."):
                bound.add(symbol.get_name())
        found[one.get_type(), frozenset(bound)] += 1
    return found


def _all(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    return [table, *(one for child in table.get_children() for one in _all(child))]


def _globals_of(table: symtable.SymbolTable) -> set[str]:
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_declared_global()}


def _assert_same(code: str) -> None:
    table = symtable.symtable(code, "<program>", "exec")
    assert _ours(resolve(parse(code)).module) == _compilers(table)


def test_tricky_program() -> None:
    _assert_same(_TRICKY)


def test_embedded_programs() -> None:
    for program in embedded(1):
        _assert_same(program["code"])


def test_mbpp(test_data: Path) -> None:
    for program in mbpp(test_data / "data"):
        _assert_same(program["code"])


def test_who_sees_what() -> None:
    scopes = resolve(parse(_TRICKY))
    by_qualname = {(v.scope.qualname, v.name): v for v in scopes.variables()}
    count = by_qualname["outer", "count"]
    assert {user.qualname for user in count.users} == {"outer", "outer.<locals>.inner", "outer.<locals>.Box"}
    assert [binding.scope.qualname for binding in by_qualname["<module>", "total"].bindings] == [
        "<module>",
        "outer.<locals>.inner",
    ]
    assert by_qualname["outer.<locals>.inner", "last"].bound_as == {"assigned"}
    # `locals` is only read.
    assert "locals" in scopes.unbound


@pytest.mark.parametrize("code", ["def f():\n    nonlocal x"])
def test_names_that_cannot_be_told(code: str) -> None:
    with pytest.raises(UnresolvableError):
        resolve(parse(code))
