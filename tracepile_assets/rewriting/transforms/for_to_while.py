"""Turn ``for`` over a range, list, tuple or string into ``while``.

Before::

    for i in range(1, n):
        total += values[i]
    for value in values:
        if value < 0:
            continue
        total += value

After::

    i = 1
    while i < n:
        total += values[i]
        i += 1
    index = 0
    while index < len(values):
        value = values[index]
        index += 1
        if value < 0:
            continue
        total += value

The short form is for a range whose variable nothing else uses, counted at the end of the body. Else the loop counts in
a variable of its own, ahead of the body, so that ``continue``, a body that assigns to the loop variable, and the
variable's value after the loop are as before. What a range is made of is evaluated once. ``break`` and ``else`` mean
the same for both kinds of loop.

Where start and stop are not certainly integers, or the step is no literal, the range itself is made and gives its ends
(``bounds = range(n)``, ``while i < bounds.stop``): so it refuses what it refused, and takes as a number what it took.
A step that is no literal may be negative: then the test asks for its sign.
"""

from collections.abc import Callable

import libcst as cst

from tracepile_assets.rewriting.aliasing import Aliases
from tracepile_assets.rewriting.build import (
    assign,
    augment,
    call,
    compare,
    integer,
    integer_value,
    is_call_of,
    is_literal,
    operand,
    outside,
    subscript,
)
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.loops import LoopUse, loops_of
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import names_in, resolve
from tracepile_assets.rewriting.tree import Edit, edit
from tracepile_assets.rewriting.variables import UnresolvableError

NAME = "for_to_while"

_Change = Callable[[cst.For], list[cst.BaseStatement]]


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every such loop into ``while``."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    bound = {variable.name for variable in scopes.variables()}
    kinds = Kinds(scopes, context)
    aliases = Aliases(scopes, kinds)
    edits: dict[int, Edit] = {}
    for owner, loop in loops_of(scopes):
        use = LoopUse(loop, owner, scopes)
        change: _Change | None = None
        if is_call_of(loop.iter, "range") and 1 <= len(loop.iter.args) <= 3:
            if "range" not in bound:
                change = _over_range(use, kinds, aliases, context)
        elif "len" not in bound:
            change = _over_sequence(use, kinds, context)
        if change is not None:
            edits[id(loop)] = change
    return Rewrite(edit(module, edits)) if edits else None


def _over_range(use: LoopUse, kinds: Kinds, aliases: Aliases, context: Context) -> _Change:
    args = [outside(arg.value) for arg in use.loop.iter.args]
    start = args[0] if len(args) > 1 else cst.Integer("0")
    stop = args[1] if len(args) > 1 else args[0]
    step = args[2] if len(args) > 2 else cst.Integer("1")
    target = use.loop.target
    is_short = isinstance(target, cst.Name) and not use.continues() and use.is_private(target)
    counter = target.value if is_short else context.fresh("index", "position", "counter")
    if kinds.is_integer(start) and kinds.is_integer(stop) and integer_value(step):
        before, stop = _counted_plainly(use, aliases, counter, (start, stop, step), context)
    else:
        before, stop, step = _counted_by_range(use.loop.iter, counter, start, step, context)
    test = _test(cst.Name(counter), stop, step)
    count = _count(counter, step)

    def change(loop: cst.For) -> list[cst.BaseStatement]:
        if is_short:
            body = [*loop.body.body, count]
        else:
            body = [assign(loop.target, cst.Name(counter)), count, *loop.body.body]
        return _assembled(before, test, body, loop)

    return change


def _counted_plainly(
    use: LoopUse,
    aliases: Aliases,
    counter: str,
    ends: tuple[cst.BaseExpression, cst.BaseExpression, cst.BaseExpression],
    context: Context,
) -> tuple[list[cst.BaseStatement], cst.BaseExpression]:
    """What stands before a loop over certain integers by a literal step, and where it stops."""
    start, stop, step = ends
    before: list[cst.BaseStatement] = []

    def once(node: cst.BaseExpression, *names: str) -> cst.BaseExpression:
        name = context.fresh(*names)
        before.append(assign(name, node))
        return cst.Name(name)

    # In the order of the call: start, stop. A literal may as well come last, where one looks for it.
    starts_last = is_literal(start)
    if not starts_last and counter in names_in(stop) | names_in(step):
        start, starts_last = once(start, "start", "first"), True
    if not starts_last:
        before.append(assign(counter, start))
    if not (use.is_constant(stop) or use.keeps_length(stop, aliases)):
        stop = once(stop, "stop", "limit", "end")
    if starts_last:
        before.append(assign(counter, start))
    return before, stop


def _counted_by_range(
    numbers: cst.BaseExpression, counter: str, start: cst.BaseExpression, step: cst.BaseExpression, context: Context
) -> tuple[list[cst.BaseStatement], cst.BaseExpression, cst.BaseExpression]:
    """What stands before a loop over whatever ``range`` makes of its arguments, where it stops, and its step."""
    bounds = cst.Name(context.fresh("bounds", "span", "numbers"))
    first = start if isinstance(start, cst.Integer) else cst.Attribute(bounds, cst.Name("start"))
    stride = step if integer_value(step) else cst.Attribute(bounds, cst.Name("step"))
    before = [assign(bounds.value, numbers), assign(counter, first)]
    return before, cst.Attribute(bounds, cst.Name("stop")), stride


def _test(counter: cst.Name, stop: cst.BaseExpression, step: cst.BaseExpression) -> cst.BaseExpression:
    known = integer_value(step)
    below = compare(counter, cst.LessThan(), operand(stop))
    above = compare(counter, cst.GreaterThan(), operand(stop))
    if known is None:
        return cst.IfExp(compare(operand(step), cst.GreaterThan(), cst.Integer("0")), below, above.deep_clone())
    if known > 0:
        return below
    if integer_value(stop) == -1:
        return compare(counter, cst.GreaterThanEqual(), cst.Integer("0"))
    return above


def _count(counter: str, step: cst.BaseExpression) -> cst.BaseStatement:
    known = integer_value(step)
    if known is not None and known < 0:
        return augment(counter, cst.SubtractAssign(), integer(-known))
    return augment(counter, cst.AddAssign(), step.deep_clone())


def _over_sequence(use: LoopUse, kinds: Kinds, context: Context) -> _Change | None:
    items, number = _enumerated(use.loop)
    if not kinds.is_sequence(items):
        return None
    before: list[cst.BaseStatement] = []
    if not (isinstance(items, cst.Name) and use.keeps(items)):
        name = context.fresh("items", "elements", "sequence")
        before.append(assign(name, items))
        items = cst.Name(name)
    counter = context.fresh("index", "position", "counter")
    before.append(assign(counter, cst.Integer("0")))
    test = compare(cst.Name(counter), cst.LessThan(), call("len", items.deep_clone()))
    count = augment(counter, cst.AddAssign(), cst.Integer("1"))
    current = subscript(items.deep_clone(), cst.Name(counter))

    def change(loop: cst.For) -> list[cst.BaseStatement]:
        if number is None:
            taken = [assign(loop.target, current)]
        else:
            taken = [
                assign(loop.target.elements[0].value, cst.Name(counter)),
                assign(loop.target.elements[1].value, current),
            ]
        return _assembled(before, test, [*taken, count, *loop.body.body], loop)

    return change


def _enumerated(loop: cst.For) -> tuple[cst.BaseExpression, cst.BaseExpression | None]:
    """What a loop goes through, and the target that takes the number if it goes through it by ``enumerate``."""
    if (
        is_call_of(loop.iter, "enumerate")
        and len(loop.iter.args) == 1
        and isinstance(loop.target, (cst.Tuple, cst.List))
    ):
        elements = loop.target.elements
        if len(elements) == 2 and all(isinstance(element, cst.Element) for element in elements):
            return loop.iter.args[0].value, elements[0].value
    return loop.iter, None


def _assembled(
    before: list[cst.BaseStatement], test: cst.BaseExpression, body: list[cst.BaseStatement], loop: cst.For
) -> list[cst.BaseStatement]:
    first = before[0].with_changes(leading_lines=loop.leading_lines)
    loop_body = loop.body.with_changes(body=body)
    return [first, *before[1:], cst.While(test, loop_body, loop.orelse)]
