"""Write augmented assignments out in full.

Before::

    total += price * count
    counts[key] += 1

After::

    total = total + price * count
    counts[key] = counts[key] + 1

Where the target holds a list that another name reaches, the two differ: ``+=`` changes the list, ``+`` makes a new
one. A right side that is certainly a list is left alone, the rest is for the proof.
"""

import libcst as cst

from tracepile_assets.rewriting.build import is_simple, operand
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "augmented_to_plain"

BINARY = {
    cst.AddAssign: cst.Add,
    cst.SubtractAssign: cst.Subtract,
    cst.MultiplyAssign: cst.Multiply,
    cst.DivideAssign: cst.Divide,
    cst.FloorDivideAssign: cst.FloorDivide,
    cst.ModuloAssign: cst.Modulo,
    cst.PowerAssign: cst.Power,
    cst.BitAndAssign: cst.BitAnd,
    cst.BitOrAssign: cst.BitOr,
    cst.BitXorAssign: cst.BitXor,
    cst.LeftShiftAssign: cst.LeftShift,
    cst.RightShiftAssign: cst.RightShift,
}

_MUTABLE = (cst.List, cst.ListComp, cst.Set, cst.SetComp, cst.Dict, cst.DictComp)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Write out every augmented assignment to a name, or to a subscript or attribute of simple parts."""
    edits: dict[int, Edit] = {
        id(node): _plain
        for node in walk(module)
        if isinstance(node, cst.AugAssign)
        and type(node.operator) in BINARY
        and is_simple(node.target)
        and not isinstance(node.value, _MUTABLE)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _plain(node: cst.AugAssign) -> cst.Assign:
    operator = BINARY[type(node.operator)]()
    right = node.value
    # Only a product may follow a sum without parentheses; all else is clearer, or only right, with them.
    tight = isinstance(right, cst.BinaryOperation) and (
        isinstance(operator, (cst.Add, cst.Subtract))
        and isinstance(right.operator, (cst.Multiply, cst.Divide, cst.FloorDivide, cst.Modulo, cst.Power))
    )
    value = cst.BinaryOperation(node.target.deep_clone(), operator, right if tight else operand(right))
    return cst.Assign([cst.AssignTarget(node.target)], value)
