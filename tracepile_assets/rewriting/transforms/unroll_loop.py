"""Unroll loops: by two or three passes at once, or altogether where there are few.

Before::

    for i in range(n):
        total += values[i]
    for word in words:
        size += len(word)
    while b:
        a, b = b, a % b
    for step in (1, -1):
        move(step)

After::

    i = 0
    while i + 1 < n:
        total += values[i]
        total += values[i + 1]
        i += 2
    if i < n:
        total += values[i]
    index = 0
    while index + 1 < len(words):
        word = words[index]
        size += len(word)
        word = words[index + 1]
        size += len(word)
        index += 2
    if index < len(words):
        word = words[index]
        size += len(word)
    while b:
        a, b = b, a % b
        if not b:
            break
        a, b = b, a % b
    step = 1
    move(step)
    step = -1
    move(step)

Only short bodies without ``continue``, ``break`` (for ``for``), functions or classes, over what stays as long as it is.
"""

from collections.abc import Sequence

import libcst as cst

from tracepile_assets.rewriting.aliasing import Aliases
from tracepile_assets.rewriting.blocks import blocks, loop_exits, means, statements_in
from tracepile_assets.rewriting.build import (
    assign,
    augment,
    block,
    call,
    compare,
    integer,
    integer_value,
    is_call_of,
    is_literal,
    is_simple,
    line,
    negated,
    operand,
    parenthesized,
    small,
    subscript,
)
from tracepile_assets.rewriting.effects import is_bound_to_place
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.loops import LoopUse
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.steadiness import has_plain_equality, is_bound_before
from tracepile_assets.rewriting.tree import Edit, edit, replaced, walk
from tracepile_assets.rewriting.variables import Scope, Scopes

NAME = "unroll_loop"

_LONGEST_BODY = 6
_LONGEST_UNROLLED = 12
_TOO_MUCH = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.GeneratorExp, cst.Try, cst.TryStar, cst.With, cst.Yield)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Unroll every such loop that stands in no other loop that is unrolled."""
    scopes = readable(module)
    if scopes is None or {"range", "len"} & {variable.name for variable in scopes.variables()}:
        return None
    unroller = _Unroller(scopes, context)
    edits: dict[int, Edit] = {}
    inside: set[int] = set()
    for owner, body in blocks(scopes):
        for statement in body:
            if id(statement) in inside or not isinstance(statement, (cst.For, cst.While)):
                continue
            unrolled = unroller.unrolled(statement, owner)
            if unrolled is not None:
                inside.update(id(node) for node in walk(statement))
                unrolled[0] = unrolled[0].with_changes(leading_lines=statement.leading_lines)
                edits[id(statement)] = lambda _, unrolled=unrolled: unrolled
    return Rewrite(edit(module, edits)) if edits else None


class _Unroller:
    def __init__(self, scopes: Scopes, context: Context) -> None:
        self._scopes = scopes
        self._context = context
        self._kinds = Kinds(scopes, context)
        self._aliases = Aliases(scopes, self._kinds)

    def unrolled(self, loop: cst.For | cst.While, owner: Scope) -> list[cst.BaseStatement] | None:
        body = loop.body.body
        if loop.orelse is not None or statements_in(body) > _LONGEST_BODY:
            return None
        if any(isinstance(node, _TOO_MUCH) or _shows_text(node) for statement in body for node in walk(statement)):
            return None
        exits = loop_exits(loop)
        if isinstance(loop, cst.While):
            return None if any(isinstance(one, cst.Continue) for one in exits) else self._while(loop)
        if exits or loop.asynchronous is not None or is_bound_to_place(loop.iter):
            return None
        whole = self._altogether(loop, owner)
        if whole is not None:
            return whole
        use = LoopUse(loop, owner, self._scopes)
        if is_call_of(loop.iter, "range"):
            return self._range(use)
        return self._sequence(use)

    def _while(self, loop: cst.While) -> list[cst.BaseStatement] | None:
        if is_literal(loop.test) or is_bound_to_place(loop.test):
            return None
        last = small(loop.body.body[-1])
        if isinstance(last, (cst.Break, cst.Return, cst.Raise)):
            return None
        leave = cst.If(
            negated(loop.test.deep_clone(), plain_equality=has_plain_equality(self._scopes.module.node)),
            block([line(cst.Break())]),
        )
        body = [*loop.body.body, leave, *_copies(loop.body.body)]
        return [loop.with_changes(body=loop.body.with_changes(body=body))]

    def _altogether(self, loop: cst.For, owner: Scope) -> list[cst.BaseStatement] | None:
        """All passes one after the other, if it is a display or a range of literals, and they are few."""
        values = _few_values(loop.iter)
        if values is None or not 1 <= len(values) * (1 + statements_in(loop.body.body)) <= _LONGEST_UNROLLED:
            return None
        if not all(is_literal(value) or _is_plain(value) for value in values):
            return None
        use = LoopUse(loop, owner, self._scopes)
        names = [part for value in values for part in walk(value) if isinstance(part, cst.Name)]
        # All are read before the first pass.
        if not all(use.is_constant(name) and is_bound_before(name, loop, owner, self._scopes) for name in names):
            return None
        return [
            statement
            for value in values
            for statement in (assign(loop.target.deep_clone(), value), *_copies(loop.body.body))
        ]

    def _range(self, use: LoopUse) -> list[cst.BaseStatement] | None:
        loop, args = use.loop, [arg.value for arg in use.loop.iter.args]
        if len(args) not in (1, 2) or not isinstance(loop.target, cst.Name) or not use.is_private(loop.target):
            return None
        start, stop = (args[0], args[1]) if len(args) == 2 else (cst.Integer("0"), args[0])
        if means(stop, use.variable(loop.target), self._scopes) or means(
            start, use.variable(loop.target), self._scopes
        ):
            return None
        if not (self._kinds.is_integer(start) and self._kinds.is_integer(stop) and is_simple(start)):
            return None
        before = [assign(loop.target.value, start)]
        if not (use.is_constant(stop) or use.keeps_length(stop, self._aliases)):
            if not is_simple(stop):
                return None
            name = self._context.fresh("stop", "limit", "end")
            before.insert(0, assign(name, stop))
            stop = cst.Name(name)
        variable = use.variable(loop.target)

        def at(offset: int) -> list[cst.BaseStatement]:
            if offset == 0:
                return _copies(loop.body.body)
            moved = parenthesized(cst.BinaryOperation(loop.target, cst.Add(), integer(offset)))
            return [
                _with_index(statement, means(statement, variable, self._scopes), moved) for statement in loop.body.body
            ]

        return self._in_steps(before, loop.target.value, stop, at)

    def _sequence(self, use: LoopUse) -> list[cst.BaseStatement] | None:
        loop = use.loop
        items = loop.iter
        if not isinstance(items, cst.Name) or not self._kinds.is_sequence(items):
            return None
        if not use.keeps_length(call("len", items), self._aliases):
            return None
        counter = self._context.fresh("index", "position", "counter")

        def at(offset: int) -> list[cst.BaseStatement]:
            place: cst.BaseExpression = cst.Name(counter)
            if offset:
                place = cst.BinaryOperation(place, cst.Add(), integer(offset))
            return [assign(loop.target.deep_clone(), subscript(items.deep_clone(), place)), *_copies(loop.body.body)]

        return self._in_steps([assign(counter, cst.Integer("0"))], counter, call("len", items.deep_clone()), at)

    def _in_steps(
        self, before: list[cst.BaseStatement], counter: str, stop: cst.BaseExpression, at: object
    ) -> list[cst.BaseStatement]:
        """A loop that makes two or three passes at once, and one for what is left."""
        factor = self._context.random.choice((2, 2, 3))
        ahead = cst.BinaryOperation(cst.Name(counter), cst.Add(), integer(factor - 1))
        several = [statement for offset in range(factor) for statement in at(offset)]
        several.append(augment(counter, cst.AddAssign(), integer(factor)))
        rest = compare(cst.Name(counter), cst.LessThan(), operand(stop.deep_clone()))
        left: cst.BaseStatement
        if factor == 2:
            left = cst.If(rest, block(at(0)))
        else:
            left = cst.While(rest, block([*at(0), augment(counter, cst.AddAssign(), cst.Integer("1"))]))
        return [*before, cst.While(compare(ahead, cst.LessThan(), operand(stop)), block(several)), left]


def _shows_text(node: cst.CSTNode) -> bool:
    """Whether it is the ``x=`` of a formatted string, which prints its own text."""
    return isinstance(node, cst.FormattedStringExpression) and node.equal is not None


def _few_values(items: cst.BaseExpression) -> list[cst.BaseExpression] | None:
    if is_call_of(items, "range") and len(items.args) in (1, 2):
        bounds = [integer_value(arg.value) for arg in items.args]
        if None in bounds:
            return None
        numbers = range(*bounds)
        return [integer(number) for number in numbers] if len(numbers) <= _LONGEST_UNROLLED else None
    if isinstance(items, (cst.List, cst.Tuple)) and all(isinstance(part, cst.Element) for part in items.elements):
        return [part.value for part in items.elements]
    return None


def _is_plain(node: cst.BaseExpression) -> bool:
    """Whether the value cannot change and takes nothing to make: names, literals, tuples of such."""
    if isinstance(node, cst.Tuple):
        return all(isinstance(part, cst.Element) and _is_plain(part.value) for part in node.elements)
    return isinstance(node, cst.Name) or is_literal(node)


def _copies(statements: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    return [statement.deep_clone() for statement in statements]


def _with_index(statement: cst.BaseStatement, names: list[cst.Name], moved: cst.BaseExpression) -> cst.BaseStatement:
    """A copy of a statement that sees another place; without parentheses where it stands alone in brackets."""
    alone = {
        id(part.slice.value)
        for node in walk(statement)
        if isinstance(node, cst.Subscript)
        for part in node.slice
        if isinstance(part.slice, cst.Index)
    } | {id(arg.value) for node in walk(statement) if isinstance(node, cst.Call) for arg in node.args if not arg.star}
    bare = moved.with_changes(lpar=[], rpar=[])
    new = {id(name): (bare if id(name) in alone else moved).deep_clone() for name in names}
    return replaced(statement, new).deep_clone()
