"""Write augmented assignments out in full.

Before::

    total = 0
    for price, count, key in orders:
        total += price * count
        counts[key] += 1

After::

    total = 0
    for price, count, key in orders:
        total = total + price * count
        counts[key] = counts[key] + 1

Where the target holds a list that another name reaches, the two differ: ``+=`` changes the list, ``+`` makes a new
one. So the target is certainly a number or a string, or the right side or the operator would do with nothing else. A
place that the right side may move (``a[i] += g()`` where ``g`` binds ``i``) is left alone, since it is found twice.
"""

import libcst as cst

from tracepile_assets.rewriting.build import is_simple, operand
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.nesting import Nesting
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.steadiness import is_same_place_after, owned
from tracepile_assets.rewriting.tree import Edit, edit
from tracepile_assets.rewriting.variables import UnresolvableError

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

_OF_NUMBERS = (
    *(cst.DivideAssign, cst.FloorDivideAssign, cst.ModuloAssign, cst.PowerAssign),
    *(cst.LeftShiftAssign, cst.RightShiftAssign),
)
"""Operators that change no builtin container."""


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Write out every such assignment to a name, or to a subscript or attribute of simple parts."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    kinds = Kinds(scopes, context)
    nesting = Nesting(scopes, kinds)
    if nesting.has_foreign:
        return None
    edits: dict[int, Edit] = {
        id(node): _plain
        for owner, node in owned(scopes)
        if isinstance(node, cst.AugAssign)
        and type(node.operator) in BINARY
        and is_simple(node.target)
        and _changes_nothing(node, kinds, nesting)
        and is_same_place_after(node.target, node.value, owner, scopes)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _changes_nothing(node: cst.AugAssign, kinds: Kinds, nesting: Nesting) -> bool:
    """Whether the target holds nothing that the operator would change in place."""
    if isinstance(node.operator, _OF_NUMBERS) or nesting.cannot_change(node.target):
        return True
    is_number = isinstance(node.value, (cst.Float, cst.Imaginary)) or kinds.is_integer(node.value)
    return is_number and not isinstance(node.operator, cst.MultiplyAssign)


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
