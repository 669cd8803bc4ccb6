"""Return a value at once that was only named to be returned.

Before::

    mean = total / len(values)
    return mean

After::

    return total / len(values)
"""

import libcst as cst

from tracepile_assets.rewriting.blocks import catches
from tracepile_assets.rewriting.build import outside, small
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.tree import Edit, edit, walk
from tracepile_assets.rewriting.variables import Scopes, UnresolvableError

NAME = "inline_result"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Join every assignment to a local with the ``return`` of it that follows."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    edits: dict[int, Edit] = {}
    for node in walk(module):
        if isinstance(node, cst.IndentedBlock) and len(node.body) > 1 and _is_joinable(*node.body[-2:], scopes):
            edits[id(node)] = _joined
    return Rewrite(edit(module, edits)) if edits else None


def _is_joinable(first: cst.BaseStatement, last: cst.BaseStatement, scopes: Scopes) -> bool:
    assigned, returned = small(first), small(last)
    if not isinstance(assigned, cst.Assign) or not isinstance(returned, cst.Return) or len(assigned.targets) != 1:
        return False
    target, value = assigned.targets[0].target, returned.value
    if not isinstance(target, cst.Name) or not isinstance(value, cst.Name) or target.value != value.value:
        return False
    # What another scope sees (a closure, a global) is not only there to be returned.
    variable = scopes.meaning.get(id(target))
    if variable is None or variable.scope.kind != "function" or variable.users != {variable.scope}:
        return False
    # A ``finally`` runs after the ``return``, and may read it.
    return len(variable.written) == 2 or not catches(variable.scope)


def _joined(node: cst.IndentedBlock) -> cst.IndentedBlock:
    first, last = node.body[-2:]
    returned = small(last).with_changes(
        value=outside(small(first).value), whitespace_after_return=cst.SimpleWhitespace(" ")
    )
    return node.with_changes(
        body=[*node.body[:-2], last.with_changes(body=[returned], leading_lines=first.leading_lines)]
    )
