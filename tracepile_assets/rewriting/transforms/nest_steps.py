"""Nest a step that has a name of its own into the statement that uses it.

Before::

    words = text.split()
    ordered = sorted(words)
    return ordered[0]

After::

    ordered = sorted(text.split())
    return ordered[0]

Only a variable that is used once, in the next statement, where nothing but names and literals is evaluated before it.
What is nested once is not nested again, so that expressions stay readable.
"""

import libcst as cst

from tracepile_assets.rewriting.blocks import catches, is_own, neighbours
from tracepile_assets.rewriting.build import alone, bare, operand, small, text
from tracepile_assets.rewriting.effects import first_parts, has_effects, is_bound_to_place
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.steadiness import is_steady
from tracepile_assets.rewriting.tree import Edit, edit, replaced, walk
from tracepile_assets.rewriting.variables import Scope, Scopes

NAME = "nest_steps"

_LONGEST = 60
_LOOSE = (cst.BooleanOperation, cst.Comparison, cst.UnaryOperation, cst.GeneratorExp)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Nest every such step of functions and the module."""
    scopes = readable(module)
    if scopes is None:
        return None
    edits: dict[int, Edit] = {}
    unbracketed = _unbracketed(module)
    for owner, first, second in neighbours(scopes):
        if id(first) in edits or catches(owner):
            continue
        used = _use(first, second, owner, scopes)
        if used is not None:
            value = small(first).value
            if id(used) not in unbracketed or isinstance(value, _LOOSE):
                value = operand(value)
            edits[id(first)] = lambda _: []
            edits[id(second)] = lambda node, first=first, used=used, value=value: _nested(node, first, used, value)
    return Rewrite(edit(module, edits)) if edits else None


def _use(first: cst.BaseStatement, second: cst.BaseStatement, owner: Scope, scopes: Scopes) -> cst.Name | None:
    """Where the second statement uses the step that the first one names."""
    step = small(first)
    if not isinstance(step, cst.Assign) or len(step.targets) != 1 or not isinstance(step.targets[0].target, cst.Name):
        return None
    variable = scopes.meaning.get(id(step.targets[0].target))
    if not is_own(variable, owner) or len(variable.written) != 2 or is_bound_to_place(step.value):
        return None
    if isinstance(step.value, (cst.Lambda, cst.IfExp, cst.Tuple)) or len(text(step.value)) > _LONGEST:
        return None
    value = _evaluated_first(second)
    if value is None or "\n" in text(step.value):
        return None
    # What is read before the step now was read after it: that is the same unless the step may bind it.
    moves = has_effects(step.value, scopes)
    for part, is_plain in first_parts(value):
        if isinstance(part, cst.Name) and scopes.meaning.get(id(part)) is variable:
            return part if is_plain else None
        if moves and isinstance(part, cst.Name) and not is_steady(part, owner, scopes):
            return None
    return None


def _evaluated_first(statement: cst.BaseStatement) -> cst.BaseExpression | None:
    """The expression of a statement that is evaluated before all else in it, once."""
    inner = small(statement)
    if isinstance(inner, (cst.Assign, cst.Return, cst.Expr)):
        return inner.value
    if isinstance(statement, cst.If):
        return statement.test
    return statement.iter if isinstance(statement, cst.For) and statement.asynchronous is None else None


def _nested(
    node: cst.BaseStatement, first: cst.BaseStatement, used: cst.Name, value: cst.BaseExpression
) -> cst.BaseStatement:
    rest = replaced(node, {id(used): value})
    if isinstance(rest, cst.If):
        rest = rest.with_changes(whitespace_before_test=cst.SimpleWhitespace(" "), test=bare(rest.test))
    return rest.with_changes(leading_lines=[*first.leading_lines, *rest.leading_lines])


def _unbracketed(module: cst.Module) -> set[int]:
    """The names in whose place any operation may stand without parentheses, those of ``_LOOSE`` apart."""
    found = alone(module)
    for node in walk(module):
        if isinstance(node, cst.Comparison):
            found.update(id(part) for part in (node.left, *(one.comparator for one in node.comparisons)))
        elif isinstance(node, (cst.If, cst.For)):
            found.add(id(node.test if isinstance(node, cst.If) else node.iter))
    return found
