"""Shorten ``x = x + y`` to an augmented assignment.

Before::

    total = 0
    for price, count in orders:
        total = total + price * count

After::

    total = 0
    for price, count in orders:
        total += price * count

Only where no object can be changed in place: ``x += y`` changes a list or set that another name may reach too, and
``x = x + y`` does not. So the operator is one that no builtin container has, or a number is added, or the variable
begins with a number, a string or a tuple. Programs with operators or arrays of their own are left alone.
"""

import libcst as cst

from tracepile_assets.rewriting.build import is_literal, is_simple, outside, text
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.steadiness import is_same_place_after, owned
from tracepile_assets.rewriting.transforms.augmented_to_plain import BINARY
from tracepile_assets.rewriting.tree import Edit, edit, walk
from tracepile_assets.rewriting.variables import Scopes, UnresolvableError

NAME = "plain_to_augmented"

_AUGMENTED = {binary: augmented for augmented, binary in BINARY.items()}


_OF_NUMBERS = (cst.Divide, cst.FloorDivide, cst.Modulo, cst.Power, cst.LeftShift, cst.RightShift)
"""Operators that no builtin container has, but for the formatting of strings."""
_TEXTS = (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Tuple)
_ARRAYS = frozenset(("numpy", "pandas", "scipy", "sympy", "array", "collections.abc"))
_IN_PLACE_TEXT = "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor"
_IN_PLACE = frozenset(f"__i{name}__" for name in _IN_PLACE_TEXT.split())


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Shorten every assignment whose value is an operation with the target itself on the left."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    if any(map(_brings_operators, walk(module))):
        return None
    kinds = Kinds(scopes, context)
    edits: dict[int, Edit] = {
        id(node): _shorten
        for owner, node in owned(scopes)
        if isinstance(node, cst.Assign)
        and _is_shortenable(node)
        and _is_safe(node, scopes, kinds)
        and is_same_place_after(node.targets[0].target, node.value.right, owner, scopes)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _brings_operators(node: cst.CSTNode) -> bool:
    """Whether values may come from here that are changed in place by operators of their own."""
    if isinstance(node, cst.FunctionDef):
        return node.name.value in _IN_PLACE
    if isinstance(node, cst.ImportFrom):
        return node.module is not None and text(node.module).partition(".")[0] in _ARRAYS
    return isinstance(node, cst.Import) and any(text(one.name).partition(".")[0] in _ARRAYS for one in node.names)


def _is_safe(node: cst.Assign, scopes: Scopes, kinds: Kinds) -> bool:
    """Whether nothing can be changed in place, and the right side does not change what the target is."""
    value, target = node.value, node.targets[0].target
    if any(isinstance(part, cst.NamedExpr) for part in walk(value.right)):
        return False
    if isinstance(value.operator, _OF_NUMBERS):
        return True
    if isinstance(value.operator, (cst.Add, cst.Subtract)) and (
        isinstance(value.right, (cst.Float, cst.Imaginary)) or kinds.is_integer(value.right)
    ):
        return True
    return isinstance(target, cst.Name) and _begins_unchangeable(target, scopes, kinds)


def _begins_unchangeable(target: cst.Name, scopes: Scopes, kinds: Kinds) -> bool:
    """Whether all that binds a variable, but for operations on itself, gives it a number, a string or a tuple."""
    variable = scopes.meaning.get(id(target))
    if variable is None or variable.ambiguous or not variable.bindings:
        return False
    given = []
    for binding in variable.bindings:
        source = binding.source
        if isinstance(source, cst.AugAssign) or (isinstance(source, cst.Assign) and _is_shortenable(source)):
            continue
        if not isinstance(source, cst.Assign):
            return kinds.is_integer(target)
        given.append(source.value)
    return bool(given) and all(
        is_literal(value) or isinstance(value, _TEXTS) or kinds.is_integer(value) for value in given
    )


def _is_shortenable(node: cst.Assign) -> bool:
    value = node.value
    return (
        len(node.targets) == 1
        and isinstance(value, cst.BinaryOperation)
        and type(value.operator) in _AUGMENTED
        and isinstance(node.targets[0].target, (cst.Name, cst.Subscript, cst.Attribute))
        and is_simple(node.targets[0].target)
        and type(value.left) is type(node.targets[0].target)
        and text(value.left) == text(node.targets[0].target)
    )


def _shorten(node: cst.Assign) -> cst.AugAssign:
    value = node.value
    return cst.AugAssign(node.targets[0].target, _AUGMENTED[type(value.operator)](), outside(value.right))
