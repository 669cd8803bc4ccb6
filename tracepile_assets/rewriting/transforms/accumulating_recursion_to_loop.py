"""Turn a function that puts something to what it gets from itself into a loop.

Before::

    def factorial(n):
        if n <= 1:
            return 1
        return n * factorial(n - 1)

    def digits(n):
        return "" if n == 0 else digits(n // 10) + str(n % 10)

After::

    def factorial(n):
        result = 1
        while n > 1:
            result *= n
            n = n - 1
        return result

    def digits(n):
        waiting = []
        while n != 0:
            waiting.append(str(n % 10))
            n = n // 10
        result = ""
        while waiting:
            result = result + waiting.pop()
        return result

Sums and products of integers are put together on the way; all else waits in a list until the innermost result is known,
so that it is put together in the same order.

What a loop has not is a limit on its depth: where the recursion ends in ``RecursionError``, the loop goes on, to its
result or for ever. A program that does so on one of its inputs keeps its recursion: the rewrite is not proved there.
"""

from typing import NamedTuple

import libcst as cst

from tracepile_assets.rewriting.blocks import docstring_length
from tracepile_assets.rewriting.build import assign, augment, block, call, is_literal, line, operand, outside, small
from tracepile_assets.rewriting.effects import has_effects, is_bound_to_place
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.recursion import Recursion, base_case, not_yet, recursions, returns_in
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import Edit, edit, walk
from tracepile_assets.rewriting.variables import Scopes

NAME = "accumulating_recursion_to_loop"

_AUGMENTED = {cst.Add: cst.AddAssign, cst.Multiply: cst.MultiplyAssign}


class _Step(NamedTuple):
    """What one call puts to the result of the next: ``part op f(...)``, or ``f(...) op part``."""

    part: cst.BaseExpression
    operation: cst.BinaryOperation
    is_left: bool
    call: cst.Call


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every such function."""
    scopes = readable(module)
    if scopes is None:
        return None
    kinds = Kinds(scopes, context)
    edits: dict[int, Edit] = {}
    names: list[str] = []
    for recursion in recursions(scopes):
        step = _step(recursion, scopes)
        if step is None:
            continue
        names = names or [context.fresh("result", "answer", "total"), context.fresh("waiting", "pending", "stack")]
        body = _looping(recursion, step, kinds, *names)
        if body is not None:
            old = recursion.function.body
            new = old.with_changes(body=[*old.body[: docstring_length(old.body)], *body])
            edits[id(old)] = lambda _, new=new: new
    return Rewrite(edit(module, edits)) if edits else None


def _step(recursion: Recursion, scopes: Scopes) -> _Step | None:
    body = recursion.body
    base, last = base_case(recursion), small(body[-1])
    if base is None or len(body) < 2 or not isinstance(last, cst.Return) or len(returns_in(body)) != 2:
        return None
    operation = last.value
    if not isinstance(operation, cst.BinaryOperation):
        return None
    # Nothing but the call and assignments to variables: then it is all one when a part is computed.
    for statement in body[1:-1]:
        assigned = small(statement)
        if not isinstance(assigned, cst.Assign) or has_effects(assigned.value, scopes):
            return None
        if not all(isinstance(target.target, (cst.Name, cst.Tuple)) for target in assigned.targets):
            return None
    sides = [recursion.is_self_call(side) for side in (operation.left, operation.right)]
    if sum(sides) != 1 or sum(recursion.is_self_call(part) for one in body for part in walk(one)) != 1:
        return None
    part, called = (operation.right, operation.left) if sides[0] else (operation.left, operation.right)
    if has_effects(part, scopes) or any(has_effects(arg.value, scopes) for arg in called.args):
        return None
    if is_bound_to_place(base[0]) or (base[1].value is not None and has_effects(base[1].value, scopes)):
        return None
    return _Step(part, operation, not sides[0], called)


def _looping(
    recursion: Recursion, step: _Step, kinds: Kinds, result: str, waiting: str
) -> list[cst.BaseStatement] | None:
    test, returned = base_case(recursion)
    rebound = recursion.rebound(step.call)
    if not rebound:
        return None
    lines = recursion.body[0].leading_lines
    before = recursion.body[1:-1]
    value = returned.value if returned.value is not None else cst.Name("None")
    goes_on = not_yet(test, kinds)
    back = line(cst.Return(cst.Name(result)))
    operator = _AUGMENTED.get(type(step.operation.operator))
    if operator is not None and is_literal(value) and kinds.is_integer(value) and kinds.is_integer(step.part):
        put = augment(result, operator(), outside(step.part))
        loop = cst.While(goes_on, block([*before, put, *rebound]))
        return [assign(result, value).with_changes(leading_lines=lines), loop, back]
    keep = line(cst.Expr(call(cst.Attribute(cst.Name(waiting), cst.Name("append")), outside(step.part))))
    taken = call(cst.Attribute(cst.Name(waiting), cst.Name("pop")))
    left, right = (taken, cst.Name(result)) if step.is_left else (cst.Name(result), taken)
    joined = cst.BinaryOperation(left, step.operation.operator, operand(right))
    return [
        assign(waiting, cst.List([])).with_changes(leading_lines=lines),
        cst.While(goes_on, block([*before, keep, *rebound])),
        assign(result, value),
        cst.While(cst.Name(waiting), block([assign(result, joined)])),
        back,
    ]
