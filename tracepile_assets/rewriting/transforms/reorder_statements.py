"""Exchange neighbouring assignments that do not depend on each other.

Before::

    total = 0
    size = len(values)
    for value in values:
        total += value

After::

    size = len(values)
    total = 0
    for value in values:
        total += value

Only names that nothing but the function's own code sees, where one of the two values can neither fail nor do anything,
and the other does not need it.
"""

from itertools import pairwise

import libcst as cst

from tracepile_assets.rewriting.blocks import blocks, catches, is_own, means
from tracepile_assets.rewriting.build import small, text
from tracepile_assets.rewriting.effects import is_bound_to_place, is_total
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import Edit, edit
from tracepile_assets.rewriting.variables import Scope, Scopes, Variable

NAME = "reorder_statements"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Exchange every such pair, each statement once."""
    scopes = readable(module)
    if scopes is None:
        return None
    edits: dict[int, Edit] = {}
    for owner, body in blocks(scopes):
        if catches(owner):
            continue
        for first, second in pairwise(body):
            if id(first) not in edits and _are_independent(first, second, owner, scopes):
                edits[id(first)] = lambda first, second=second: _with_lines_of(second, first)
                edits[id(second)] = lambda second, first=first: _with_lines_of(first, second)
    return Rewrite(edit(module, edits)) if edits else None


def _with_lines_of(node: cst.BaseStatement, other: cst.BaseStatement) -> cst.BaseStatement:
    """Comments above go with their statement, the blank lines of a place stay there."""
    blank = [line for line in other.leading_lines if line.comment is None]
    return node.with_changes(leading_lines=[*blank, *(line for line in node.leading_lines if line.comment is not None)])


def _are_independent(first: cst.BaseStatement, second: cst.BaseStatement, owner: Scope, scopes: Scopes) -> bool:
    one, other = _bound(first, owner, scopes), _bound(second, owner, scopes)
    if one is None or other is None or one is other:
        return False
    values = [small(first).value, small(second).value]
    if text(values[0]) == text(values[1]) or not any(map(is_total, values)):
        return False
    if any(map(is_bound_to_place, values)):
        return False
    return not means(values[0], other, scopes) and not means(values[1], one, scopes)


def _bound(statement: cst.BaseStatement, owner: Scope, scopes: Scopes) -> Variable | None:
    """The variable that a statement does nothing but bind, if only the scope's own code sees it."""
    assigned = small(statement)
    if not isinstance(assigned, cst.Assign) or len(assigned.targets) != 1:
        return None
    target = assigned.targets[0].target
    variable = scopes.meaning.get(id(target)) if isinstance(target, cst.Name) else None
    return variable if is_own(variable, owner) else None
