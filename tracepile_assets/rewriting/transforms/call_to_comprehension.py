"""Write ``list(map(...))``, ``list(filter(...))`` and ``list(... for ...)`` as comprehensions.

Before::

    lengths = list(map(len, words))
    odd = list(filter(lambda n: n % 2, numbers))
    unique = set(word.lower() for word in words)

After::

    lengths = [len(item) for item in words]
    odd = [n for n in numbers if n % 2]
    unique = {word.lower() for word in words}
"""

import libcst as cst

from tracepile_assets.rewriting.build import call, is_call_of
from tracepile_assets.rewriting.effects import may_stop
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.steadiness import is_steady, owned
from tracepile_assets.rewriting.tree import Edit, edit, walk
from tracepile_assets.rewriting.variables import UnresolvableError

NAME = "call_to_comprehension"

_BUILTINS = frozenset({"list", "set", "map", "filter"})


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every such call of ``list`` or ``set``, where these names mean the builtins."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    if _BUILTINS & {variable.name for variable in scopes.variables()} or may_stop(module):
        return None
    item: str | None = None
    edits: dict[int, Edit] = {}
    for owner, node in owned(scopes):
        if not (is_call_of(node, "list") or is_call_of(node, "set")) or len(node.args) != 1:
            continue
        inner = node.args[0].value
        if isinstance(inner, cst.GeneratorExp):
            edits[id(node)] = _from_generator
        elif (is_call_of(inner, "map") or is_call_of(inner, "filter")) and len(inner.args) == 2:
            function = inner.args[0].value
            if _is_plain_lambda(function):
                edits[id(node)] = _from_lambda
            elif isinstance(function, cst.Name) and function.value != "None" and is_steady(function, owner, scopes):
                item = item or context.fresh("item", "element", "entry")
                edits[id(node)] = lambda node, item=item: _from_function(node, item)
    return Rewrite(edit(module, edits)) if edits else None


def _is_plain_lambda(node: cst.BaseExpression) -> bool:
    """Whether it takes one parameter by position, without default, and keeps no functions that share its variable."""
    if not isinstance(node, cst.Lambda):
        return False
    parameters = node.params
    return (
        len(parameters.params) == 1
        and parameters.params[0].default is None
        and not (parameters.posonly_params or parameters.kwonly_params or parameters.star_kwarg)
        and isinstance(parameters.star_arg, cst.MaybeSentinel)
        and not any(isinstance(part, (cst.Lambda, cst.GeneratorExp, cst.NamedExpr)) for part in walk(node.body))
    )


def _display(node: cst.Call, element: cst.BaseExpression, for_in: cst.CompFor) -> cst.BaseExpression:
    kind = cst.ListComp if node.func.value == "list" else cst.SetComp
    return kind(element, for_in, lpar=node.lpar, rpar=node.rpar)


def _from_generator(node: cst.Call) -> cst.BaseExpression:
    generator = node.args[0].value
    return _display(node, generator.elt, generator.for_in)


def _from_lambda(node: cst.Call) -> cst.BaseExpression:
    inner = node.args[0].value
    function, items = inner.args[0].value, inner.args[1].value
    variable = function.params.params[0].name
    return _comprehended(node, inner, variable, function.body, items)


def _from_function(node: cst.Call, item: str) -> cst.BaseExpression:
    inner = node.args[0].value
    function, items = inner.args[0].value, inner.args[1].value
    return _comprehended(node, inner, cst.Name(item), call(function, cst.Name(item)), items)


def _comprehended(
    node: cst.Call, inner: cst.Call, variable: cst.Name, applied: cst.BaseExpression, items: cst.BaseExpression
) -> cst.BaseExpression:
    if isinstance(items, (cst.IfExp, cst.Lambda)) and not items.lpar:
        items = items.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    if inner.func.value == "map":
        return _display(node, applied, cst.CompFor(variable, items))
    if isinstance(applied, (cst.IfExp, cst.Lambda)) and not applied.lpar:
        applied = applied.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return _display(node, variable.deep_clone(), cst.CompFor(variable, items, [cst.CompIf(applied)]))
