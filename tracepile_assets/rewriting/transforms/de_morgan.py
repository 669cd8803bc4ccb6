"""Rewrite conditions by De Morgan's laws.

Before::

    if not (a == b or c):
        ...
    while low <= high and values[mid] != target:
        ...

After::

    if a != b and not c:
        ...
    while not (not low <= high or values[mid] == target):
        ...
"""

from functools import partial

import libcst as cst

from tracepile_assets.rewriting.build import is_comparison, negated, outside, parenthesized
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.steadiness import COMPARISONS, defines_any, has_plain_equality
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "de_morgan"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Move ``not`` inwards where it stands before ``and`` or ``or``, else put it before them.

    The second only where the value counts as true or false alone: as a test, or if it is made of comparisons.
    """
    plain_equality = has_plain_equality(module)
    inwards, outwards = (partial(one, plain_equality=plain_equality) for one in (_inwards, _outwards))
    gives_bool = not defines_any(module, COMPARISONS)
    edits: dict[int, Edit] = {}
    inside: set[int] = set()
    tests = {
        id(node.test)
        for node in walk(module)
        if isinstance(node, (cst.If, cst.While, cst.IfExp, cst.CompIf, cst.Assert))
    }
    for node in walk(module):
        if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
            if isinstance(node.expression, cst.BooleanOperation) and (
                id(node) in tests or (gives_bool and _gives_bool(node.expression))
            ):
                edits[id(node)] = inwards
                inside.add(id(node.expression))
        elif isinstance(node, cst.BooleanOperation):
            if id(node) not in inside and (id(node) in tests or (gives_bool and is_comparison(node))):
                edits[id(node)] = outwards
            # `a and b and c` is one operation after the other: only the outermost is rewritten.
            inside.update(id(part) for part in (node.left, node.right) if isinstance(part, cst.BooleanOperation))
    return Rewrite(edit(module, edits)) if edits else None


def _flat(node: cst.BaseExpression, kind: type[cst.BaseBooleanOp]) -> list[cst.BaseExpression]:
    if isinstance(node, cst.BooleanOperation) and isinstance(node.operator, kind):
        return [*_flat(node.left, kind), *_flat(node.right, kind)]
    return [node]


def _opposite(node: cst.BooleanOperation, *, plain_equality: bool) -> cst.BaseExpression:
    """The operation with ``and`` and ``or`` exchanged and every operand negated."""
    kind = type(node.operator)
    operator = cst.Or if kind is cst.And else cst.And
    parts = [_beside_operator(negated(part, plain_equality=plain_equality)) for part in _flat(node, kind)]
    result = parts[0]
    for part in parts[1:]:
        result = cst.BooleanOperation(result, operator(), part)
    return result


def _gives_bool(node: cst.BooleanOperation) -> bool:
    """Whether the operands negated give True or False: ``not not x`` would become ``x``, which may be anything."""
    return all(
        not (isinstance(part, cst.UnaryOperation) and isinstance(part.operator, cst.Not))
        or is_comparison(part.expression)
        for part in _flat(node, type(node.operator))
    )


def _beside_operator(node: cst.BaseExpression) -> cst.BaseExpression:
    loose = (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.NamedExpr)
    return parenthesized(node) if isinstance(node, loose) else node


def _inwards(node: cst.UnaryOperation, *, plain_equality: bool) -> cst.BaseExpression:
    result = _opposite(node.expression, plain_equality=plain_equality)
    return result.with_changes(lpar=node.lpar, rpar=node.rpar) if node.lpar else outside(result)


def _outwards(node: cst.BooleanOperation, *, plain_equality: bool) -> cst.BaseExpression:
    return cst.UnaryOperation(
        cst.Not(), parenthesized(_opposite(node, plain_equality=plain_equality)), lpar=node.lpar, rpar=node.rpar
    )
