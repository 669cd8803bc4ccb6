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
from tracepile_assets.rewriting.steadiness import COMPARISONS, defines_any
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
_ARITHMETIC_THAT_RAISES = (cst.Divide, cst.FloorDivide, cst.Modulo, cst.Power, cst.LeftShift, cst.RightShift)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Mirror every comparison of operands without effects; chains only of names and literals, as all are evaluated.

    Both operands may raise; where they do it in different ways (``a[i] < b / c``), which of the two is seen depends on
    the order, and the comparison stays. Of two lookups the proof decides, as a list and a dictionary look alike.
    """
    if defines_any(module, COMPARISONS):
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
    ways = [_ways_to_raise(part) for part in operands]
    return all(is_simple(part) for part in operands) and (not all(ways) or len(set().union(*ways)) == 1)


def _ways_to_raise(node: cst.BaseExpression) -> set[str]:
    """In which ways the evaluation of an operand of the right type may raise."""
    ways = set()
    for part in walk(node):
        if isinstance(part, cst.Subscript):
            ways.add("lookup")
        elif isinstance(part, cst.Attribute):
            ways.add("attribute")
        elif isinstance(part, cst.BinaryOperation) and isinstance(part.operator, _ARITHMETIC_THAT_RAISES):
            by_a_number = isinstance(part.right, cst.Integer) and part.right.evaluated_value > 0
            ways |= set() if by_a_number else {"arithmetic"}
    return ways


def _mirror(node: cst.Comparison) -> cst.Comparison:
    operands = [node.left, *(target.comparator for target in node.comparisons)][::-1]
    operators = [_MIRRORED[type(target.operator)]() for target in node.comparisons][::-1]
    targets = [cst.ComparisonTarget(operator, part) for operator, part in zip(operators, operands[1:], strict=True)]
    return node.with_changes(left=operands[0], comparisons=targets)
