"""Gives a program that has a module of the interpreter made anew the one that is there.

Belongs here: the way in which all of them are made. Does not belong here: what is put out of reach in them
(``surroundings``, ``twin``), which a new one would hold again.
"""

import _imp
import sys
from types import FunctionType, ModuleType, SimpleNamespace

from .hiding import opaque

_CREATE = compile(
    "def create_builtin(spec, /):\n"
    "    module, problem = make(spec.name)\n"
    "    if problem is not None:\n"
    "        raise problem\n"
    "    return module\n",
    "<_imp>",
    "exec",
).co_consts[0]
_create = _imp.create_builtin


def keep_modules() -> None:
    """From now on, have no builtin module made anew that is loaded.

    Not so ``builtins``: programs have a copy, which what is made anew does not lead beyond.
    """
    held = {name: sys.modules[name] for name in sys.builtin_module_names if name in sys.modules and name != "builtins"}

    def make(name: object) -> tuple[ModuleType | None, BaseException | None]:
        # The name is asked for once: a program's own may answer otherwise the next time.
        if issubclass(type(name), str):
            name = str.__getitem__(name, slice(None))
            if name in held:
                return held[name], None
        try:
            return _create(SimpleNamespace(name=name)), None
        except BaseException as error:
            return None, error.with_traceback(None)

    # An error raised by a function of ours would lead to it: this one, and what it can reach, is bare.
    _imp.create_builtin = FunctionType(_CREATE, {"__builtins__": {}, "make": opaque(make)}, "create_builtin")
