"""No change of a dictionary goes unseen, however it is made."""

import sys
from types import ModuleType

import pytest

from tracepile_assets.execution.guest.contents import Contents

CODE = """
x = 1
def rebind():
    global x
    x = 2
def bind():
    global y
    y = 2
def unbind():
    global x
    del x
"""
CHANGES = {
    "rebound by its own code": lambda module: module.rebind(),
    "bound by its own code": lambda module: module.bind(),
    "unbound by its own code": lambda module: module.unbind(),
    "set from outside": lambda module: setattr(module, "x", 2),
    "added from outside": lambda module: setattr(module, "z", 2),
    "deleted from outside": lambda module: delattr(module, "x"),
    "updated": lambda module: module.__dict__.update(x=3),
    "emptied": lambda module: module.__dict__.clear(),
    "put elsewhere": lambda module: module.__dict__.update(z=module.__dict__.pop("x")),
    "an equal value": lambda module: setattr(module, "x", True),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen_and_undone(change):
    module = ModuleType("module")
    exec(CODE, module.__dict__)
    before = dict(module.__dict__)
    contents = Contents(module.__dict__)
    # Often enough for the interpreter to have specialised the code that makes the change.
    for _ in range(40):
        assert contents.is_as_marked()
        assert contents.put_back() is None
        change(module)
        assert not contents.is_as_marked()
        assert contents.put_back() is not None
        assert module.__dict__ == before
        assert list(module.__dict__) == list(before)
        assert module.x is before["x"]


def test_what_is_marked_counts_as_unchanged_and_is_put_back_later():
    held = {"a": object()}
    before = dict(held)
    contents = Contents(held)
    held["b"] = 1
    contents.mark()
    if sys.version_info < (3, 13):
        assert contents.is_as_marked()
    held["c"] = 1
    assert not contents.is_as_marked()
    assert contents.put_back() == {**before, "b": 1, "c": 1}
    assert held == before
