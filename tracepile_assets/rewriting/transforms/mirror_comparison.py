"""Mirror comparisons: the operands change sides.

Before::

    while low <= high and values[mid] != target:
        low += 1

After::

    while high >= low and target != values[mid]:
        low += 1
"""

import libcst as cst

from tracepile_assets.rewriting.build import is_literal, is_simple
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.steadiness import defines_any
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "mirror_comparison"

_MIRRORED = {
    cst.LessThan: cst.GreaterThan,
    cst.GreaterThan: cst.LessThan,
    cst.LessThanEqual: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.LessThanEqual,
    cst.Equal: cst.Equal,
    cst.NotEqual: cst.NotEqual,
}
_COMPARISONS = frozenset({"__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"})


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Mirror every comparison of operands without effects; chains only of names and literals, as all are evaluated."""
    if defines_any(module, _COMPARISONS):
        return None
    edits: dict[int, Edit] = {
        id(node): _mirror for node in walk(module) if isinstance(node, cst.Comparison) and _is_mirrorable(node)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _is_mirrorable(node: cst.Comparison) -> bool:
    operands = [node.left, *(target.comparator for target in node.comparisons)]
    if any(type(target.operator) not in _MIRRORED for target in node.comparisons):
        return False
    if len(operands) > 2:
        return all(is_literal(part) or isinstance(part, cst.Name) for part in operands)
    return all(is_simple(part) for part in operands)


def _mirror(node: cst.Comparison) -> cst.Comparison:
    operands = [node.left, *(target.comparator for target in node.comparisons)][::-1]
    operators = [_MIRRORED[type(target.operator)]() for target in node.comparisons][::-1]
    targets = [cst.ComparisonTarget(operator, part) for operator, part in zip(operators, operands[1:], strict=True)]
    return node.with_changes(left=operands[0], comparisons=targets)
