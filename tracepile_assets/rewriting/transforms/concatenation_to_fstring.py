"""Write a string that is put together with ``+`` and ``str`` as an f-string.

Before::

    line = "row " + str(number) + ": " + str(total / count)

After::

    line = f"row {number}: {total / count}"

Only where every part is a literal or a call of ``str`` with one argument, so that all are certainly strings.
"""

import libcst as cst

from tracepile_assets.rewriting.build import is_call_of
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.texts import Field, Piece, as_formatted, formats_itself, string_value
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "concatenation_to_fstring"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every such sum of two parts or more."""
    scopes = readable(module)
    if scopes is None or formats_itself(module) or "str" in {variable.name for variable in scopes.variables()}:
        return None
    edits: dict[int, Edit] = {}
    inside: set[int] = set()
    for node in walk(module):
        if not isinstance(node, cst.BinaryOperation) or id(node) in inside:
            continue
        pieces = _pieces(node)
        if pieces is None or len({isinstance(one, Field) for one in pieces}) < 2:
            continue
        new = as_formatted(pieces)
        if new is not None:
            inside.update(id(part) for part in walk(node))
            edits[id(node)] = lambda _, new=new: new
    return Rewrite(edit(module, edits)) if edits else None


def _pieces(node: cst.BaseExpression) -> list[Piece] | None:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        left, right = _pieces(node.left), _pieces(node.right)
        return None if left is None or right is None else [*left, *right]
    literal = string_value(node)
    if literal is not None:
        return [literal]
    if is_call_of(node, "str") and len(node.args) == 1:
        return [Field(node.args[0].value)]
    return None
