"""No change of a container that programs could reach from a module goes unseen, however deep it lies."""

import copy
from array import array
from collections import deque
from types import ModuleType

import pytest

from tracepile_assets.execution.guest.reached import Reached

CODE = """
import functools
def in_default(a=[make()]): pass
def in_named_default(*, a=[make()]): pass
def enclosing(held):
    return lambda: held
in_closure = enclosing([make()])
@functools.lru_cache
def cached(a=[make()]): pass
def with_attribute(): pass
with_attribute.mine = [make()]
class Kind:
    held = [make()]
"""
CHANGES = {
    "list": ([1], lambda held: held.append(2)),
    "dictionary": ({1: 2}, lambda held: held.update({len(held) + 1: 3})),
    "set": ({1}, lambda held: held.add(len(held) + 1)),
    "deque": (deque([1]), lambda held: held.appendleft(2)),
    "octets": (bytearray(b"1"), lambda held: held.append(2)),
    "array": (array("b", [1]), lambda held: held.append(2)),
}
WAYS = {
    "default": lambda module: module.in_default.__defaults__[0],
    "named default": lambda module: module.in_named_default.__kwdefaults__["a"],
    "closure": lambda module: module.in_closure.__closure__[0].cell_contents,
    "function behind a cache": lambda module: module.cached.__wrapped__.__defaults__[0],
    "attribute of a function": lambda module: module.with_attribute.mine,
    "attribute of a class": lambda module: module.Kind.held,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_is_seen_wherever_it_is_made(kind, way):
    held, change = CHANGES[kind]
    module = ModuleType("module")
    module.make = lambda: copy.copy(held)
    exec(CODE, module.__dict__)
    for strict in (True, False):
        reached = Reached([module], strict=strict)
        assert reached.are_unchanged()
        found = WAYS[way](module)
        change(found[0])
        assert not reached.are_unchanged()
    reached = Reached([module])
    found[0] = copy.copy(held)
    assert not reached.are_unchanged(), "the container in between was changed"
