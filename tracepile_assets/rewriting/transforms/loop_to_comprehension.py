"""Turn a loop that only collects, counts or searches into a comprehension.

Before::

    squares = []
    for x in values:
        if x > 0:
            squares.append(x * x)
    found = 0
    for word in words:
        if word in known:
            found += 1
    for word in words:
        if not word:
            return False
    return True

After::

    squares = [x * x for x in values if x > 0]
    found = sum(1 for word in words if word in known)
    return all(word for word in words)

Only where nothing else sees the loop's variables, and no part of what is collected sees the collection grow.
"""

from dataclasses import dataclass
from itertools import pairwise

import libcst as cst

from tracepile_assets.rewriting.blocks import blocks, catches, is_own, means
from tracepile_assets.rewriting.build import (
    call,
    integer_value,
    is_call_of,
    is_literal,
    negated,
    operand,
    outside,
    small,
    text,
)
from tracepile_assets.rewriting.effects import has_effects, is_bound_to_place, may_stop
from tracepile_assets.rewriting.loops import LoopUse
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.steadiness import has_plain_equality
from tracepile_assets.rewriting.tree import Edit, edit, walk
from tracepile_assets.rewriting.variables import Scope, Scopes

NAME = "loop_to_comprehension"

_LONGEST = 100
_BUILTINS = frozenset({"list", "set", "dict", "sum", "any", "all"})


@dataclass
class _Nest:
    """Loops and conditions around one statement, from outside in."""

    parts: list[cst.For | cst.If]
    innermost: cst.BaseSmallStatement


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every such loop of functions and the module."""
    scopes = readable(module)
    if scopes is None or _BUILTINS & {variable.name for variable in scopes.variables()}:
        return None
    # What ends a loop outside of it, raised by a function that it calls, is an error inside a generator.
    if may_stop(module):
        return None
    edits: dict[int, Edit] = {}
    for owner, body in blocks(scopes):
        for first, second in pairwise(body):
            if id(first) in edits or id(second) in edits:
                continue
            made = _collected(first, second, owner, scopes) or _searched(first, second, owner, scopes)
            if made is not None and len(text(made).strip()) <= _LONGEST:
                made = made.with_changes(leading_lines=[*first.leading_lines, *second.leading_lines])
                edits[id(first)] = lambda _: []
                edits[id(second)] = lambda _, made=made: made
    return Rewrite(edit(module, edits)) if edits else None


def _collected(
    first: cst.BaseStatement, second: cst.BaseStatement, owner: Scope, scopes: Scopes
) -> cst.SimpleStatementLine | None:
    """An empty collection, and the loop that fills it."""
    start = small(first)
    nest = _nest(second, owner, scopes)
    if nest is None or not isinstance(start, cst.Assign) or len(start.targets) != 1 or catches(owner):
        return None
    target = start.targets[0].target
    variable = scopes.meaning.get(id(target))
    if not isinstance(target, cst.Name) or not is_own(variable, owner):
        return None
    if len(means(second, variable, scopes)) != 1:
        return None
    comprehension = _comprehension(start.value, target, nest, scopes)
    if comprehension is None:
        return None
    return first.with_changes(body=[start.with_changes(value=comprehension)])


def _comprehension(
    empty: cst.BaseExpression, target: cst.Name, nest: _Nest, scopes: Scopes
) -> cst.BaseExpression | None:
    collected = nest.innermost
    if isinstance(collected, cst.Expr):
        method = {"list": "append", "set": "add"}.get(_kind_of_empty(empty))
        taken = _argument(collected.value, target.value, method)
        if taken is None:
            return None
        return (cst.ListComp if method == "append" else cst.SetComp)(_element(taken), _clauses(nest))
    if isinstance(collected, cst.Assign) and _kind_of_empty(empty) == "dict" and len(collected.targets) == 1:
        place = collected.targets[0].target
        if (
            not isinstance(place, cst.Subscript)
            or len(place.slice) != 1
            or not isinstance(place.slice[0].slice, cst.Index)
        ):
            return None
        key = place.slice[0].slice.value
        if not isinstance(place.value, cst.Name) or place.value.value != target.value:
            return None
        # An assignment evaluates the value first, a comprehension the key.
        for one, other in ((key, collected.value), (collected.value, key)):
            if has_effects(one, scopes) and not _is_fixed(other, nest, scopes):
                return None
        return cst.DictComp(_element(key), _element(collected.value), _clauses(nest))
    if isinstance(collected, cst.AugAssign) and isinstance(collected.operator, cst.AddAssign):
        counts = integer_value(empty) == 0 and integer_value(collected.value) == 1
        if counts and isinstance(collected.target, cst.Name) and collected.target.value == target.value:
            return call("sum", cst.GeneratorExp(cst.Integer("1"), _clauses(nest), lpar=[], rpar=[]))
    return None


def _is_fixed(node: cst.BaseExpression, nest: _Nest, scopes: Scopes) -> bool:
    """Whether an expression is made of nothing but literals and the variables that the loops go through."""
    own = {
        scopes.meaning.get(id(name))
        for part in nest.parts
        if isinstance(part, cst.For)
        for name in walk(part.target)
        if isinstance(name, cst.Name)
    }
    return all(
        is_literal(part) or isinstance(part, cst.Tuple) or scopes.meaning.get(id(part)) in own
        for part in walk(node)
        if isinstance(part, cst.BaseExpression)
    )


def _kind_of_empty(node: cst.BaseExpression) -> str | None:
    for kind, display in (("list", cst.List), ("dict", cst.Dict)):
        if isinstance(node, display) and not node.elements:
            return kind
    for kind in ("list", "set", "dict"):
        if is_call_of(node, kind) and not node.args:
            return kind
    return None


def _argument(node: cst.BaseExpression, name: str, method: str | None) -> cst.BaseExpression | None:
    """What is put into the collection by ``name.method(...)``."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or len(node.args) != 1:
        return None
    owner, argument = node.func.value, node.args[0]
    if not isinstance(owner, cst.Name) or owner.value != name or node.func.attr.value != method:
        return None
    return None if argument.star or argument.keyword is not None else argument.value


def _searched(
    first: cst.BaseStatement, second: cst.BaseStatement, owner: Scope, scopes: Scopes
) -> cst.SimpleStatementLine | None:
    """A loop that returns True or False when it finds something, and the return of the other after it."""
    nest, last = _nest(first, owner, scopes), small(second)
    if nest is None or not isinstance(nest.innermost, cst.Return) or not isinstance(last, cst.Return):
        return None
    inside, after = _truth(nest.innermost.value), _truth(last.value)
    if inside is None or after is None or inside == after or not isinstance(nest.parts[-1], cst.If):
        return None
    test = nest.parts.pop().test
    generator = cst.GeneratorExp(
        _element(test if inside else negated(test, plain_equality=has_plain_equality(scopes.module.node))),
        _clauses(nest),
        lpar=[],
        rpar=[],
    )
    value = call("any" if inside else "all", generator)
    return second.with_changes(body=[last.with_changes(value=value, whitespace_after_return=cst.SimpleWhitespace(" "))])


def _truth(node: cst.BaseExpression | None) -> bool | None:
    return {"True": True, "False": False}.get(node.value) if isinstance(node, cst.Name) else None


def _nest(node: cst.BaseStatement, owner: Scope, scopes: Scopes) -> _Nest | None:
    """A loop with one statement at its bottom and nothing beside it on the way there."""
    parts: list[cst.For | cst.If] = []
    while isinstance(node, (cst.For, cst.If)):
        if node.orelse is not None or len(node.body.body) != 1:
            return None
        parts.append(node)
        node = node.body.body[0]
    innermost = small(node)
    if innermost is None or not parts or not isinstance(parts[0], cst.For):
        return None
    for part in parts:
        if isinstance(part, cst.For) and not _is_closed(part, owner, scopes):
            return None
    whole = parts[0]
    # A function made in the loop would keep a variable of the comprehension; `next` would end a generator
    # for good, and `super` needs the method's own frame.
    unfit = (cst.Lambda, cst.GeneratorExp)
    if is_bound_to_place(whole):
        return None
    if any(isinstance(one, unfit) or is_call_of(one, "next") or is_call_of(one, "super") for one in walk(whole)):
        return None
    return _Nest(parts, innermost)


def _is_closed(loop: cst.For, owner: Scope, scopes: Scopes) -> bool:
    """Whether nothing but the loop itself sees the variables that it goes through."""
    if loop.asynchronous is not None:
        return False
    use = LoopUse(loop, owner, scopes)
    targets = [node for node in walk(loop.target) if not isinstance(node, (cst.Element, cst.Tuple, cst.List))]
    return all(isinstance(node, cst.Name) and use.is_private(node) for node in targets)


def _element(node: cst.BaseExpression) -> cst.BaseExpression:
    return operand(node) if isinstance(node, (cst.Tuple, cst.NamedExpr)) else outside(node)


def _clauses(nest: _Nest) -> cst.CompFor:
    """The ``for`` and ``if`` clauses of a comprehension."""
    clauses: cst.CompFor | None = None
    tests: list[cst.CompIf] = []
    for part in reversed(nest.parts):
        if isinstance(part, cst.If):
            tests.insert(0, cst.CompIf(_condition(part.test)))
        else:
            clauses = cst.CompFor(part.target.deep_clone(), _condition(part.iter), tests, clauses)
            tests = []
    assert clauses is not None
    return clauses


def _condition(node: cst.BaseExpression) -> cst.BaseExpression:
    return operand(node) if isinstance(node, (cst.IfExp, cst.Lambda, cst.Tuple)) else node
