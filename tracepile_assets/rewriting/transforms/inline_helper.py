"""Inline functions that the program calls itself.

Before::

    def square(x):
        return x * x

    def spread(values):
        centre = sum(values) / len(values)
        gaps = [value - centre for value in values]
        return gaps

    def variance(values):
        gaps = spread(values)
        return sum(square(gap) for gap in gaps) / len(values)

After::

    def variance(values):
        centre = sum(values) / len(values)
        gaps = [value - centre for value in values]
        return sum(gap * gap for gap in gaps) / len(values)

A function that only returns an expression is put in where it is called with names and literals; one that is a row of
assignments and a ``return`` where the call is all that a statement assigns or returns. Only plain functions whose every
use is such a call, and whose own names mean the same there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from tracepile_assets.rewriting.blocks import blocks, catches, docstring_length, functions, means
from tracepile_assets.rewriting.build import assign, bare, is_literal, operand, parenthesized, small
from tracepile_assets.rewriting.effects import has_effects, is_bound_to_place
from tracepile_assets.rewriting.rewrite import Context, Place, Rewrite
from tracepile_assets.rewriting.scopes import names_in, readable
from tracepile_assets.rewriting.steadiness import is_bound_before, is_steady, owned
from tracepile_assets.rewriting.tree import Edit, edit, replaced, walk
from tracepile_assets.rewriting.variables import Scope, Scopes, Variable

NAME = "inline_helper"

_LONGEST_BODY = 6


@dataclass
class _Helper:
    """A function that may be inlined, and the calls of it."""

    scope: Scope
    node: cst.FunctionDef
    variable: Variable
    parameters: list[str]
    body: list[cst.BaseStatement]
    result: cst.BaseExpression


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Inline every such function that no other inlined one calls, and drop it."""
    scopes = readable(module)
    if scopes is None:
        return None
    known = context.names_in_arguments()[1] | _words(context.entry_point)
    edits: dict[int, Edit] = {}
    renames: dict[Place, Place] = {}
    calls = _Calls(scopes)
    busy: set[int] = set()
    for scope, node in functions(scopes):
        helper = _helper(scope, node, scopes)
        if helper is None or node.name.value in known or not calls.can_drop(node):
            continue
        found = calls.of(helper)
        inside = {id(part) for part in walk(node)}
        if not found or any(id(call) in busy or id(call) in inside for call, _, _ in found) or inside & busy:
            continue
        # A call among the arguments of another would be moved with them, not inlined.
        if any(other is not call and _contains(call, other) for call, _, _ in found for other, _, _ in found):
            continue
        made: dict[int, Edit] = {}
        moved: dict[Place, Place] = {}
        if all(_inline(helper, *one, scopes, context, made, moved) for one in found):
            edits.update(made)
            if len(found) == 1:
                renames.update(moved)
            edits[id(node)] = lambda _: []
            busy.update(inside)
            for _, statement, _ in found:
                busy.update(id(part) for part in walk(statement))
    return Rewrite(edit(module, edits), renames) if edits else None


def _contains(outer: cst.CSTNode, inner: cst.CSTNode) -> bool:
    return any(part is inner for part in walk(outer))


def _words(text: str | None) -> set[str]:
    return set() if text is None else set(text.replace("(", ".").replace(")", ".").split("."))


class _Calls:
    """Where functions are called: the simple statement or head of a compound one, and the scope that runs it."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes
        self._places: dict[int, tuple[cst.Call, cst.BaseStatement, Scope]] = {}
        self._sizes: dict[int, int] = {}
        for owner, body in blocks(scopes):
            for statement in body:
                self._sizes[id(statement)] = len(body)
                for part in _heads(statement):
                    for node in walk(part):
                        if isinstance(node, cst.Call):
                            self._places[id(node.func)] = (node, statement, owner)

    def can_drop(self, node: cst.FunctionDef) -> bool:
        """Whether a block is left without the definition."""
        return self._sizes.get(id(node), 1) > 1

    def of(self, helper: _Helper) -> list[tuple[cst.Call, cst.BaseStatement, Scope]]:
        """The calls of a helper; none if it is used in any other way, or called in a way that is not understood."""
        uses = [name for name in helper.variable.written if name is not helper.node.name]
        found = [self._places.get(id(name)) for name in uses]
        if any(one is None or not _is_positional(one[0], helper) for one in found):
            return []
        return found


def _heads(statement: cst.BaseStatement) -> list[cst.CSTNode]:
    """What of a statement is evaluated with it, and not by statements inside it."""
    if isinstance(statement, cst.SimpleStatementLine):
        return [statement]
    if isinstance(statement, (cst.If, cst.While)):
        rest = statement.orelse
        # An `elif` is no statement of a block.
        return [statement.test, *(_heads(rest) if isinstance(rest, cst.If) else [])]
    return [statement.iter] if isinstance(statement, cst.For) else []


def _is_positional(call: cst.Call, helper: _Helper) -> bool:
    return len(call.args) == len(helper.parameters) and all(not arg.star and arg.keyword is None for arg in call.args)


def _helper(scope: Scope, node: cst.FunctionDef, scopes: Scopes) -> _Helper | None:
    variable = scopes.meaning.get(id(node.name))
    parameters = node.params
    if variable is None or variable.bound_as != {"function"} or len(variable.bindings) != 1 or variable.ambiguous:
        return None
    if variable.scope.kind == "class" or node.decorators or scope.global_names or scope.nonlocal_names:
        return None
    if parameters.kwonly_params or parameters.star_kwarg or not isinstance(parameters.star_arg, cst.MaybeSentinel):
        return None
    plain = [*parameters.posonly_params, *parameters.params]
    body = list(node.body.body[docstring_length(node.body.body) :])
    if not body or len(body) > _LONGEST_BODY or any(parameter.default is not None for parameter in plain):
        return None
    last = small(body[-1])
    if not isinstance(last, cst.Return) or last.value is None or any(is_bound_to_place(one) for one in body):
        return None
    if any(inner.kind != "comprehension" for inner in scope.walk() if inner is not scope):
        return None
    if not all(_is_plain_assignment(one) for one in body[:-1]):
        return None
    if means(node.body, variable, scopes):
        return None
    return _Helper(scope, node, variable, [p.name.value for p in plain], body[:-1], last.value)


def _is_plain_assignment(statement: cst.BaseStatement) -> bool:
    inner = small(statement)
    return isinstance(inner, (cst.Assign, cst.AugAssign, cst.Expr))


def _inline(
    helper: _Helper,
    call: cst.Call,
    statement: cst.BaseStatement,
    owner: Scope,
    scopes: Scopes,
    context: Context,
    edits: dict[int, Edit],
    moved: dict[Place, Place],
) -> bool:
    """Note the edits that inline one call; False where that would not be right."""
    if not _free_names_mean_the_same(helper, owner, scopes):
        return False
    arguments = [arg.value for arg in call.args]
    if any(is_bound_to_place(one) for one in arguments):
        return False
    if not helper.body and all(is_literal(one) or _can_wait(one, helper, call, statement, scopes) for one in arguments):
        if _captures(helper, arguments):
            return False
        value = _substituted(helper, dict(zip(helper.parameters, arguments, strict=True)), scopes)
        edits[id(call)] = lambda node: _in_place_of(node, value)
        return True
    inner = small(statement)
    if not isinstance(inner, (cst.Assign, cst.Return)) or inner.value is not call or catches(owner):
        return False
    wanted = _direct_target(helper, inner, arguments, scopes)
    waiting = {id(one) for one in arguments if _can_wait(one, helper, call, statement, scopes)}
    statements, result = _statements(helper, arguments, waiting, wanted, owner, scopes, context, moved)
    statements[0] = statements[0].with_changes(leading_lines=statement.leading_lines)
    edits[id(call)] = lambda _: result
    edits[id(statement)] = lambda node: [*statements, *([] if wanted else [node.with_changes(leading_lines=[])])]
    return True


def _can_wait(
    argument: cst.BaseExpression, helper: _Helper, call: cst.Call, statement: cst.BaseStatement, scopes: Scopes
) -> bool:
    """Whether an argument is a name that may as well be read by the helper's own code: it has a value, and neither the
    other arguments nor what the helper calls can give it another."""
    if not isinstance(argument, cst.Name):
        return False
    owner = _owner_of(argument, scopes)
    if owner is None or not is_bound_before(argument, statement, owner, scopes):
        return False
    parts = [*(arg.value for arg in call.args), *helper.body, helper.result]
    return is_steady(argument, owner, scopes) or not any(has_effects(part, scopes) for part in parts)


def _owner_of(name: cst.Name, scopes: Scopes) -> Scope | None:
    return next((scope for scope, node in owned(scopes) if node is name), None)


def _direct_target(
    helper: _Helper, statement: cst.BaseSmallStatement, arguments: list[cst.BaseExpression], scopes: Scopes
) -> str | None:
    """The name that the result may have at once: that of the only target, if a variable of the helper's own is
    returned and the target's old value plays no part."""
    if not helper.body or not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0].target
    result = scopes.meaning.get(id(helper.result))
    if not isinstance(target, cst.Name) or not isinstance(helper.result, cst.Name):
        return None
    if result is None or result.scope is not helper.scope or "parameter" in result.bound_as:
        return None
    used = {name for argument in arguments for name in names_in(argument)} | names_in(helper.node)
    return None if target.value in used - {helper.result.value} else target.value


def _free_names_mean_the_same(helper: _Helper, owner: Scope, scopes: Scopes) -> bool:
    """Whether every name that the helper takes from outside is found in the same place from where it is called."""
    below = {name for scope in owner.walk() if scope is not owner for name in scope.variables}
    for part in walk(helper.node.body):
        variable = scopes.meaning.get(id(part))
        if not isinstance(part, cst.Name) or (variable is not None and _is_inside(variable.scope, helper.scope)):
            continue
        home = None if variable is None else variable.scope
        if part.value in below and not (variable is not None and _is_inside(home, owner)):
            return False
        scope: Scope | None = owner
        while scope is not None and scope is not home:
            if part.value in scope.variables:
                return False
            scope = scope.parent
        if scope is not home:
            return False
    return True


def _is_inside(scope: Scope | None, outer: Scope) -> bool:
    while scope is not None:
        if scope is outer:
            return True
        scope = scope.parent
    return False


def _captures(helper: _Helper, arguments: list[cst.BaseExpression]) -> bool:
    """Whether a comprehension of the helper binds a name that is passed, or the helper binds a parameter anew."""
    names = {argument.value for argument in arguments if isinstance(argument, cst.Name)}
    return bool(names & _inner_names(helper)) or set(helper.scope.variables) != set(helper.parameters)


def _substituted(helper: _Helper, values: Mapping[str, cst.BaseExpression], scopes: Scopes) -> cst.BaseExpression:
    new: dict[int, cst.CSTNode] = {}
    for part in walk(helper.result):
        variable = scopes.meaning.get(id(part))
        if isinstance(part, cst.Name) and variable is not None and variable.scope is helper.scope:
            new[id(part)] = operand(values[part.value]).deep_clone()
    return replaced(helper.result, new).deep_clone()


def _in_place_of(call: cst.Call, value: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(value, cst.GeneratorExp) or "\n" in cst.Module([]).code_for_node(value):
        return parenthesized(value)
    if call.lpar:
        return value if value.lpar else value.with_changes(lpar=call.lpar, rpar=call.rpar)
    return value if value.lpar else operand(value)


def _statements(
    helper: _Helper,
    arguments: list[cst.BaseExpression],
    waiting: set[int],
    wanted: str | None,
    owner: Scope,
    scopes: Scopes,
    context: Context,
    moved: dict[Place, Place],
) -> tuple[list[cst.BaseStatement], cst.BaseExpression]:
    """The helper's statements with names of their own, its parameters bound before, and the expression returned."""
    inside = {id(part) for part in walk(helper.node)}
    taken = {part.value for part in walk(scopes.module.node) if isinstance(part, cst.Name) and id(part) not in inside}
    new_names: dict[str, str] = {}
    before: list[cst.BaseStatement] = []
    for name, argument in zip(helper.parameters, arguments, strict=True):
        bound_once = len(helper.scope.variables[name].bindings) == 1
        if id(argument) in waiting and bound_once and argument.value not in _inner_names(helper):
            # The helper only reads it: it can go by the name that it has here.
            new_names[name] = argument.value
            continue
        new_names[name] = context.fresh(name) if name in taken else name
        before.append(assign(new_names[name], argument))
    for name in helper.scope.variables:
        if name not in new_names:
            new_names[name] = context.fresh(name) if name in taken else name
    if wanted is not None:
        new_names[helper.result.value] = wanted
    for name, new in new_names.items():
        moved[helper.scope.qualname, name] = (owner.qualname, new)

    def renamed(node: cst.CSTNode) -> cst.CSTNode:
        new = {
            id(part): part.with_changes(value=new_names[part.value])
            for part in walk(node)
            if isinstance(part, cst.Name)
            and id(part) in scopes.meaning
            and scopes.meaning[id(part)].scope is helper.scope
        }
        return replaced(node, new).deep_clone()

    return [*before, *(renamed(statement) for statement in helper.body)], bare(renamed(helper.result))


def _inner_names(helper: _Helper) -> set[str]:
    return {name for scope in helper.scope.walk() if scope is not helper.scope for name in scope.variables}
