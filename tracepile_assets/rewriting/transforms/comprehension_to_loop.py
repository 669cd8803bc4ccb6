"""Turn a list, set or dict comprehension that is assigned or returned into a loop.

Before::

    squares = [x * x for x in values if x > 0]
    return {word: len(word) for word in words}

After::

    squares = []
    for x in values:
        if x > 0:
            squares.append(x * x)
    result = {}
    for word in words:
        result[word] = len(word)
    return result

The comprehension's variables become variables of the function; they get new names where that would touch others.
"""

import libcst as cst

from tracepile_assets.rewriting.blocks import catches, is_own
from tracepile_assets.rewriting.build import assign, block, call, line, outside, small, subscript
from tracepile_assets.rewriting.effects import has_effects
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import names_in, resolve
from tracepile_assets.rewriting.tree import Edit, edit, walk, walk_same_scope
from tracepile_assets.rewriting.variables import Scope, Scopes, UnresolvableError

NAME = "comprehension_to_loop"

_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Turn every statement whose whole value is a comprehension, in functions and the module."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    edits: dict[int, Edit] = {}
    for owner in scopes.module.walk():
        if owner.kind not in ("module", "function"):
            continue
        result: str | None = None
        for node in walk_same_scope(owner.node):
            statement = small(node)
            if not isinstance(statement, (cst.Assign, cst.Return)) or not _is_turnable(statement.value, scopes):
                continue
            into = _target(statement)
            # A variable that other code sees, or that outlives an exception, is bound at the end, as it was.
            if into is not None and not _is_seen_here_alone(statement, owner, scopes):
                into = None
            if into is None or into in names_in(statement.value):
                into = result = result or context.fresh("result", "collected", "items")
            new_names = _new_names(statement.value, owner, scopes, context)
            for part in walk(statement.value):
                variable = scopes.meaning.get(id(part))
                if variable is not None and variable.scope is scopes.by_node[id(statement.value)]:
                    edits[id(part)] = lambda name, new=new_names[part.value]: name.with_changes(value=new)
            edits[id(node)] = lambda line, into=into: _loop(line, into)
    return Rewrite(edit(module, edits)) if edits else None


def _is_seen_here_alone(statement: cst.Assign, owner: Scope, scopes: Scopes) -> bool:
    variable = scopes.meaning.get(id(statement.targets[0].target))
    return not catches(owner) and (is_own(variable, owner) or not has_effects(statement.value, scopes))


def _is_turnable(value: cst.BaseExpression | None, scopes: Scopes) -> bool:
    if not isinstance(value, _COMPREHENSIONS):
        return False
    if isinstance(value, cst.SetComp) and any(variable.name == "set" for variable in scopes.variables()):
        return False
    # A function made inside keeps the comprehension's own variables, which the loop would share with the function.
    unfit = (cst.Lambda, cst.NamedExpr, cst.Await, cst.GeneratorExp)
    parts = list(walk(value))
    return not any(isinstance(part, unfit) or _is_async(part) for part in parts)


def _is_async(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.CompFor) and node.asynchronous is not None


def _target(statement: cst.Assign | cst.Return) -> str | None:
    """The variable to collect in; None if it takes one of its own."""
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
        if isinstance(target, cst.Name):
            return target.value
    return None


def _new_names(comprehension: cst.BaseComp, owner: Scope, scopes: Scopes, context: Context) -> dict[str, str]:
    """What the comprehension's variables are called in the function: as before, unless the function knows the name."""
    inner = scopes.by_node[id(comprehension)]
    known = set()
    for node in walk(owner.node):
        if isinstance(node, cst.Name):
            variable = scopes.meaning.get(id(node))
            if variable is None or variable.scope.kind not in ("comprehension", "generator", "lambda"):
                known.add(node.value)
    return {name: context.fresh(name) if name in known else name for name in inner.variables}


def _loop(node: cst.SimpleStatementLine, into: str) -> list[cst.BaseStatement]:
    statement = small(node)
    comprehension = statement.value
    if isinstance(comprehension, cst.DictComp):
        empty: cst.BaseExpression = cst.Dict([])
        collect = assign(subscript(cst.Name(into), comprehension.key), comprehension.value)
    else:
        is_list = isinstance(comprehension, cst.ListComp)
        empty = cst.List([]) if is_list else call("set")
        method = cst.Attribute(cst.Name(into), cst.Name("append" if is_list else "add"))
        collect = line(cst.Expr(call(method, comprehension.elt)))
    statements: list[cst.BaseStatement] = [
        assign(into, empty).with_changes(leading_lines=node.leading_lines),
        _nested(comprehension.for_in, collect),
    ]
    if _target(statement) != into:
        statements.append(line(statement.with_changes(value=cst.Name(into), **_spaced(statement))))
    return statements


def _spaced(statement: cst.BaseSmallStatement) -> dict[str, cst.SimpleWhitespace]:
    return {"whitespace_after_return": cst.SimpleWhitespace(" ")} if isinstance(statement, cst.Return) else {}


def _nested(part: cst.CompFor, innermost: cst.BaseStatement) -> cst.For:
    body = innermost if part.inner_for_in is None else _nested(part.inner_for_in, innermost)
    for test in reversed(part.ifs):
        body = cst.If(outside(test.test), block([body]))
    return cst.For(outside(part.target), outside(part.iter), block([body]))
