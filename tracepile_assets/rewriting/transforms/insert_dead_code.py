"""Insert code that does nothing: a branch never taken, a variable never read, statements behind a return.

Before::

    def total(values):
        result = 0
        for value in values:
            result += value
        return result

After::

    def total(values):
        checked = False
        result = 0
        for value in values:
            if checked:
                break
            result += value
        return result

Only in functions, and with names that nothing else has.
"""

from collections.abc import Callable

import libcst as cst

from tracepile_assets.rewriting.blocks import docstring_length
from tracepile_assets.rewriting.build import is_pass
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import Edit, edit, walk, walk_same_scope

NAME = "insert_dead_code"

_Insert = Callable[[cst.FunctionDef, Context, dict[int, Edit]], bool]


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Insert one thing into every function."""
    if readable(module) is None:
        return None
    edits: dict[int, Edit] = {}
    for node in walk(module):
        if isinstance(node, cst.FunctionDef) and node.asynchronous is None and not is_pass(node.body):
            ways: list[_Insert] = [_flag, _unread, _behind_return]
            context.random.shuffle(ways)
            any(way(node, context, edits) for way in ways)
    return Rewrite(edit(module, edits)) if edits else None


def _flag(function: cst.FunctionDef, context: Context, edits: dict[int, Edit]) -> bool:
    """A flag that is never set, asked for in a loop."""
    loops = [node for node in walk_same_scope(function) if isinstance(node, (cst.For, cst.While))]
    if not loops or id(function.body) in edits or id(loops[0].body) in edits:
        return False
    flag = context.fresh("checked", "stopped", "failed", "skipped")
    _insert(edits, function.body, docstring_length(function.body.body), f"{flag} = False")
    _insert(edits, loops[0].body, 0, f"if {flag}:\n    break\n")
    return True


def _unread(function: cst.FunctionDef, context: Context, edits: dict[int, Edit]) -> bool:
    """A variable that is computed and never read."""
    if id(function.body) in edits:
        return False
    name = context.fresh("extra", "unused", "spare", "offset")
    _insert(edits, function.body, docstring_length(function.body.body), f"{name} = {context.random.randint(0, 9)}")
    loops = [node for node in walk_same_scope(function) if isinstance(node, (cst.For, cst.While))]
    if loops and id(loops[0].body) not in edits:
        _insert(edits, loops[0].body, 0, f"{name} += 1")
    return True


def _behind_return(function: cst.FunctionDef, context: Context, edits: dict[int, Edit]) -> bool:
    """Statements that no run reaches."""
    last = function.body.body[-1]
    if id(function.body) in edits or not (
        isinstance(last, cst.SimpleStatementLine) and isinstance(last.body[0], cst.Return)
    ):
        return False
    name = context.fresh("leftover", "final", "closing")
    _insert(edits, function.body, len(function.body.body), f"{name} = 0\nreturn {name}\n")
    return True


def _insert(edits: dict[int, Edit], block: cst.IndentedBlock, position: int, code: str) -> None:
    new = cst.parse_module(code).body

    def inserted(node: cst.IndentedBlock) -> cst.IndentedBlock:
        return node.with_changes(body=[*node.body[:position], *new, *node.body[position:]])

    edits[id(block)] = inserted
