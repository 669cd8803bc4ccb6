"""Whether the inputs of a program may be run one after the other in the same process.

Belongs here: reading this off the program's text. Does not belong here: putting the interpreter back between two runs
(``guest.restore``), which covers what modules hold, and not what lies deeper.

A class, function or container of the standard library that a program changes stays changed until its process ends. A
program that looks as if it could do that has a process for each input. Where it does not show, the process ends after
the run that changed something (``guest.reached``), and the next input has another one.
"""

import ast
import functools

from .guest.statements import walked
from .parsing import parsed

_MODULES_TEXT = """
    asyncio atexit builtins code codecs copyreg ctypes faulthandler gc importlib inspect locale logging
    multiprocessing signal threading tracemalloc unittest
"""
_MODULES = frozenset(_MODULES_TEXT.split())
_BUILTINS = frozenset(("__builtins__", "__import__", "compile", "delattr", "eval", "exec", "setattr", "vars"))
_ATTRIBUTES_TEXT = """
    __base__ __bases__ __builtins__ __closure__ __code__ __defaults__ __delattr__ __dict__ __func__ __getattribute__
    __globals__ __kwdefaults__ __loader__ __mro__ __self__ __setattr__ __spec__ __subclasses__ __traceback__
    __wrapped__ _getframe addaudithook ag_frame cr_frame f_back f_builtins f_globals f_locals finalize gi_frame
    meta_path modules monitoring path_hooks register tb_frame DefaultContext FunctionType CodeType
"""
_ATTRIBUTES = frozenset(_ATTRIBUTES_TEXT.split())
_MUTATORS_TEXT = """
    __delitem__ __iadd__ __ior__ __setitem__ add append appendleft clear difference_update discard extend insert
    intersection_update move_to_end pop popitem popleft remove reverse setdefault sort symmetric_difference_update
    update
"""
_MUTATORS = frozenset(_MUTATORS_TEXT.split())
_PUT_BACK = frozenset((("sys", "path"), ("sys", "argv"), ("os", "environ"), ("warnings", "filters")))
"""Containers of modules whose contents ``guest.restore`` puts back."""
_LONGEST = 200_000
"""Characters of a text that is looked at: what is longer is no program that a person wrote."""


def may_share(code: str) -> bool:
    """Whether nothing in a program's text can change what the next run in the same process finds."""
    return len(code) <= _LONGEST and _may_share(code)


@functools.lru_cache(maxsize=64)
def _may_share(code: str) -> bool:
    try:
        nodes = walked(parsed(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    modules, foreign = set(), set()
    for node in nodes:
        if isinstance(node, ast.Import):
            if any(alias.name.partition(".")[0] in _MODULES for alias in node.names):
                return False
            modules.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if (node.module or "").partition(".")[0] in _MODULES or names & (_ATTRIBUTES | _MODULES):
                return False
            foreign.update(alias.asname or alias.name for alias in node.names)
    for node in nodes:
        # Another name for something foreign.
        if isinstance(node, ast.Assign) and _root(node.value) in modules | foreign:
            foreign.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return not any(_reaches(node, modules, foreign) for node in nodes)


def _reaches(node: ast.AST, modules: set[str], foreign: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in _BUILTINS
    if isinstance(node, ast.Call):
        changes = isinstance(node.func, ast.Attribute) and node.func.attr in _MUTATORS
        return changes and _is_foreign_container(node.func.value, modules, foreign)
    if isinstance(node, ast.Subscript):
        return not isinstance(node.ctx, ast.Load) and _is_foreign_container(node.value, modules, foreign)
    if isinstance(node, ast.AugAssign):
        return _is_foreign_container(node.target, modules, foreign)
    if isinstance(node, ast.MatchClass):
        return not _ATTRIBUTES.isdisjoint(node.kwd_attrs)
    if not isinstance(node, ast.Attribute):
        return False
    if node.attr in _ATTRIBUTES:
        return True
    if isinstance(node.ctx, ast.Load):
        return False
    root = _root(node.value)
    # What a module itself holds is put back.
    return root in foreign or (root in modules and not isinstance(node.value, ast.Name))


def _is_foreign_container(node: ast.AST, modules: set[str], foreign: set[str]) -> bool:
    """Whether an expression names what a module holds, of which only the binding is put back, not the contents."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in _PUT_BACK:
        return False
    root = _root(node)
    return root in foreign or (root in modules and not isinstance(node, ast.Name))


def _root(node: ast.AST) -> str | None:
    """The name that a chain of attributes begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
