"""Turn ``while`` loops that only count into ``for`` over a range.

Before::

    i = 1
    while i < n:
        total += values[i]
        i += 1

After::

    for i in range(1, n):
        total += values[i]

Only where the counter starts just before the loop, moves by a fixed step as the last thing in the body, is bound by
nothing else and seen by nothing after the loop (it ends elsewhere in a ``for``), where the limit stays as it is, and
where start and limit are certainly integers.
"""

import libcst as cst

from tracepile_assets.rewriting.aliasing import Aliases
from tracepile_assets.rewriting.blocks import is_own, loop_exits, means, neighbours
from tracepile_assets.rewriting.build import call, integer, integer_value, is_literal, is_simple, operand, small
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.loops import LoopUse
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import Edit, edit
from tracepile_assets.rewriting.variables import Scope, Scopes, Variable

NAME = "while_to_for"

_UPWARDS = (cst.LessThan, cst.LessThanEqual)
_DOWNWARDS = (cst.GreaterThan, cst.GreaterThanEqual)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every such loop."""
    scopes = readable(module)
    if scopes is None or "range" in {variable.name for variable in scopes.variables()}:
        return None
    kinds = Kinds(scopes, context)
    edits: dict[int, Edit] = {}
    for owner, first, second in neighbours(scopes):
        arguments = _range(first, second, owner, scopes, kinds)
        if arguments is not None:
            edits[id(first)] = lambda _: []
            lines = [*first.leading_lines, *second.leading_lines]
            edits[id(second)] = lambda loop, arguments=arguments, lines=lines: _counted(loop, arguments, lines)
    return Rewrite(edit(module, edits)) if edits else None


def _range(
    first: cst.BaseStatement, loop: cst.BaseStatement, owner: Scope, scopes: Scopes, kinds: Kinds
) -> list[cst.BaseExpression] | None:
    """The arguments of the range that the loop counts through; None if it is none of ours."""
    start = small(first)
    if not isinstance(loop, cst.While) or not isinstance(start, cst.Assign) or len(start.targets) != 1:
        return None
    counter, test = start.targets[0].target, loop.test
    if not isinstance(counter, cst.Name) or not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return None
    variable = scopes.meaning.get(id(counter))
    if scopes.meaning.get(id(test.left)) is not variable or not is_own(variable, owner):
        return None
    step = _step(loop, variable, scopes)
    operator, stop = type(test.comparisons[0].operator), test.comparisons[0].comparator
    if step is None or operator not in (_UPWARDS if step > 0 else _DOWNWARDS):
        return None
    if len(loop.body.body) < 2 or any(isinstance(one, cst.Continue) for one in loop_exits(loop)):
        return None
    if not _is_seen_only_inside(variable, counter, loop, scopes):
        return None
    if not _stays(stop, LoopUse(loop, owner, scopes), Aliases(scopes, kinds)):
        return None
    if not kinds.is_integer(start.value) or not kinds.is_integer(stop) or means(stop, variable, scopes):
        return None
    if operator in (cst.LessThanEqual, cst.GreaterThanEqual):
        stop = _shifted(stop, 1 if step > 0 else -1)
    if step != 1:
        return [start.value, stop, integer(step)]
    return [stop] if integer_value(start.value) == 0 else [start.value, stop]


def _step(loop: cst.While, variable: Variable, scopes: Scopes) -> int | None:
    """By how much the last statement of the body moves the counter."""
    last = small(loop.body.body[-1])
    if isinstance(last, cst.AugAssign) and scopes.meaning.get(id(last.target)) is variable:
        operator, amount = type(last.operator), integer_value(last.value)
    elif (
        isinstance(last, cst.Assign)
        and len(last.targets) == 1
        and scopes.meaning.get(id(last.targets[0].target)) is variable
        and isinstance(last.value, cst.BinaryOperation)
        and scopes.meaning.get(id(last.value.left)) is variable
    ):
        operator, amount = type(last.value.operator), integer_value(last.value.right)
    else:
        return None
    if operator in (cst.SubtractAssign, cst.Subtract):
        amount = None if amount is None else -amount
    elif operator not in (cst.AddAssign, cst.Add):
        return None
    return amount or None


def _is_seen_only_inside(variable: Variable, counter: cst.Name, loop: cst.While, scopes: Scopes) -> bool:
    """Whether the loop and its start bind the counter and see it, except for loops of the same kind elsewhere."""
    inside = {id(name) for name in (*means(loop.test, variable, scopes), *means(loop.body, variable, scopes))}
    in_last = {id(name) for name in means(loop.body.body[-1], variable, scopes)}
    if any(id(binding.name) in inside - in_last for binding in variable.bindings):
        return False
    return all(node is counter or id(node) in inside for node in variable.written)


def _stays(node: cst.BaseExpression, use: LoopUse, aliases: Aliases) -> bool:
    """Whether an expression has the same value throughout a loop: constants, lengths that stay, and sums of them."""
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, (cst.Add, cst.Subtract, cst.Multiply, cst.FloorDivide)) and (
            _stays(node.left, use, aliases) and _stays(node.right, use, aliases)
        )
    return use.is_constant(node) or (is_simple(node) and use.keeps_length(node, aliases))


def _shifted(node: cst.BaseExpression, by: int) -> cst.BaseExpression:
    """The expression plus or minus one, as short as may be."""
    value = integer_value(node)
    if value is not None:
        return integer(value + by)
    if isinstance(node, cst.BinaryOperation) and not node.lpar:
        added = {cst.Add: 1, cst.Subtract: -1}.get(type(node.operator))
        if added is not None and integer_value(node.right) == 1 and added == -by:
            return node.left
    left = node if isinstance(node, cst.BinaryOperation) else operand(node)
    return cst.BinaryOperation(left, cst.Add() if by > 0 else cst.Subtract(), cst.Integer("1"))


def _counted(loop: cst.While, arguments: list[cst.BaseExpression], lines: list[cst.EmptyLine]) -> cst.For:
    counter = loop.test.left.with_changes(lpar=[], rpar=[])
    body = loop.body.with_changes(body=loop.body.body[:-1])
    copies = [argument if is_literal(argument) else argument.deep_clone() for argument in arguments]
    return cst.For(counter, call("range", *copies), body, loop.orelse, leading_lines=lines)
