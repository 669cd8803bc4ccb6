"""Loads the other modules of this package so that programs in the same interpreter do not come upon them.

Belongs here: builtins and a base class of our own, and no names left behind. Does not belong here: frames (``bare``)
and what a program finds around it (``surroundings``).

A program that searches long enough finds a way all the same: nothing in one process is out of reach. This closes the
ways that are taken by chance or from habit.
"""

import builtins
import ctypes
import functools
import importlib
import sys
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader
from types import ModuleType

_SUBCLASSES = 360
"""Where a class that Python code made keeps the register of its subclasses, a dict, in CPython on 64 bits."""


class _Hidden:
    """The base of our classes that have no other. It forgets them: ``object`` would list them."""

    __slots__ = ()


_builtins = dict(builtins.__dict__)


def _build_class(function, name, *bases, **keywords):
    return builtins.__build_class__(function, name, *(bases or (_Hidden,)), **keywords)


_builtins["__build_class__"] = _build_class


class _Loader(SourceFileLoader):
    """Gives a module builtins that programs cannot replace."""

    def create_module(self, spec) -> ModuleType:
        module = ModuleType(spec.name)
        module.__builtins__ = _builtins
        return module


def load(name: str) -> ModuleType:
    """Import a module of this package, and those that it imports, in the way described above."""
    package = sys.modules[__package__]
    finder = FileFinder(package.__path__[0], (ExtensionFileLoader, EXTENSION_SUFFIXES), (_Loader, [".py"]))
    sys.path_importer_cache[package.__path__[0]] = finder
    return importlib.import_module(f"{__package__}.{name}")


def leave_no_names() -> None:
    """Take our modules, and our names in the main module, out of sight."""
    for name in [name for name in sys.modules if name.partition(".")[0] == __package__.partition(".")[0]]:
        del sys.modules[name]
    main = sys.modules["__main__"].__dict__
    for name in [name for name in main if not name.startswith("__")]:
        del main[name]
    sys.path_importer_cache.clear()
    _subclasses(_Hidden).clear()
    _subclasses(SourceFileLoader).pop(id(_Loader), None)


def _subclasses(kind: type) -> dict:
    found = ctypes.py_object.from_address(id(kind) + _SUBCLASSES).value
    return found if type(found) is dict else {}


def opaque(function: Callable) -> Callable:
    """A callable that shows nothing of the function that it calls, which must not raise."""
    return functools._lru_cache_wrapper(function, 0, False, tuple)
