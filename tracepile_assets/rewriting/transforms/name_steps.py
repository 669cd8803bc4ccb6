"""Give the first step of a nested expression a name and a line of its own.

Before::

    words = sorted(text.lower().split())
    return (low + high) // 2

After::

    step = text.lower().split()
    words = sorted(step)
    step = low + high
    return step // 2

Only what would be evaluated first anyway is taken out, so that the order of evaluation stays.
"""

import libcst as cst

from tracepile_assets.rewriting.build import assign, outside, small
from tracepile_assets.rewriting.effects import has_effects
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.steadiness import is_steady, owned
from tracepile_assets.rewriting.tree import Edit, edit, replaced
from tracepile_assets.rewriting.variables import Scope, Scopes, UnresolvableError

NAME = "name_steps"

_STEPS = (
    cst.Call,
    cst.BinaryOperation,
    cst.Subscript,
    cst.ListComp,
    cst.SetComp,
    cst.DictComp,
    cst.List,
    cst.GeneratorExp,
)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Name the first step of every assigned or returned value that has one, outside class bodies."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    found: dict[int, cst.BaseExpression] = {}
    for owner, node in owned(scopes):
        statement = small(node)
        if owner.kind not in ("module", "function") or not isinstance(statement, (cst.Assign, cst.Return)):
            continue
        first = None if statement.value is None else _first_step(statement.value)
        if isinstance(first, _STEPS) and _may_come_first(first, statement.value, owner, scopes):
            found[id(node)] = first
    if not found:
        return None
    name = context.fresh("step", "part", "intermediate")

    def named(node: cst.SimpleStatementLine, first: cst.BaseExpression) -> list[cst.SimpleStatementLine]:
        rest = replaced(node.with_changes(leading_lines=[]), {id(first): cst.Name(name)})
        return [assign(name, outside(first)).with_changes(leading_lines=node.leading_lines), rest]

    edits: dict[int, Edit] = {key: (lambda node, first=first: named(node, first)) for key, first in found.items()}
    return Rewrite(edit(module, edits))


def _may_come_first(first: cst.BaseExpression, value: cst.BaseExpression, owner: Scope, scopes: Scopes) -> bool:
    """Whether the function or object that is looked up before the step is the same after it."""
    if not isinstance(value, cst.Call) or not has_effects(first, scopes):
        return True
    function = value.func.value if isinstance(value.func, cst.Attribute) else value.func
    return function is first or not isinstance(function, cst.Name) or is_steady(function, owner, scopes)


def _first_step(value: cst.BaseExpression) -> cst.BaseExpression | None:
    """The part of an expression that is evaluated before all else in it; None where that is not worth a name."""
    if isinstance(value, cst.BinaryOperation):
        return value.left
    if isinstance(value, cst.Subscript):
        return value.value
    if isinstance(value, cst.Call):
        if isinstance(value.func, cst.Attribute):
            if isinstance(value.func.value, _STEPS):
                return value.func.value
            if not isinstance(value.func.value, cst.Name):
                return None
        elif not isinstance(value.func, cst.Name):
            return None
        if value.args and value.args[0].keyword is None and not value.args[0].star:
            return value.args[0].value
    return None
