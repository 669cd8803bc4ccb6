"""Extract an expression into a function of its own.

Before::

    def variance(values, mean):
        total = 0
        for value in values:
            total += value
        spread = sum((value - mean) ** 2 for value in values) / len(values)
        return spread

After::

    def find_spread(values, mean):
        return sum((value - mean) ** 2 for value in values) / len(values)

    def variance(values, mean):
        total = 0
        for value in values:
            total += value
        spread = find_spread(values, mean)
        return spread

The longest expression that a function assigns, returns or tests, if it is worth it: a call, or an element of something,
that works out nothing else (``x = f(y)``) is not. What it needs of the function's variables is passed;
nothing in it may be bound to its place (``yield``, ``:=``, ``super()``).
"""

import libcst as cst

from tracepile_assets.rewriting.blocks import functions
from tracepile_assets.rewriting.build import block, call, line, outside, small, text
from tracepile_assets.rewriting.effects import first_parts, has_effects, is_bound_to_place
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.steadiness import is_steady
from tracepile_assets.rewriting.tree import Edit, edit, walk, walk_same_scope
from tracepile_assets.rewriting.variables import Scope, Scopes, Variable

NAME = "extract_helper"

_SHORTEST = 12
_MOST_PARAMETERS = 5
_EAGER = frozenset({"sum", "any", "all", "min", "max", "list", "tuple", "set", "sorted", "dict", "frozenset", "next"})
_WORTH_IT = (
    cst.Call,
    cst.BinaryOperation,
    cst.Comparison,
    cst.BooleanOperation,
    cst.BaseComp,
    cst.IfExp,
    cst.Subscript,
)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Extract one expression of every function that has one."""
    scopes = readable(module)
    if scopes is None:
        return None
    edits: dict[int, Edit] = {}
    new: dict[int, list[cst.BaseStatement]] = {}
    roots = {id(node): statement for statement in module.body for node in walk(statement)}
    for scope, function in functions(scopes):
        best = max(_candidates(function), key=lambda found: len(text(found[0])), default=None)
        if best is None:
            continue
        expression, wanted = best
        parameters = _parameters(expression, scope, scopes)
        if parameters is None or _sees_class(scope, expression):
            continue
        name = context.fresh(wanted)
        edits[id(expression)] = lambda _, name=name, parameters=parameters: call(name, *map(cst.Name, parameters))
        root = roots[id(function)]
        new.setdefault(id(root), []).append(_definition(name, parameters, expression, root))
    if not edits:
        return None
    for root in module.body:
        if id(root) in new:
            edits[id(root)] = _with_helpers(new[id(root)])
    return Rewrite(edit(module, edits))


def _with_helpers(helpers: list[cst.BaseStatement]) -> Edit:
    def placed(node: cst.BaseStatement) -> list[cst.BaseStatement]:
        above = [empty for empty in node.leading_lines if empty.comment is None]
        apart = above or [cst.EmptyLine(indent=False)]
        first = helpers[0].with_changes(leading_lines=above)
        own = node.leading_lines if above else [*apart, *node.leading_lines]
        return [
            first,
            *(helper.with_changes(leading_lines=apart) for helper in helpers[1:]),
            node.with_changes(leading_lines=own),
        ]

    return placed


def _candidates(function: cst.FunctionDef) -> list[tuple[cst.BaseExpression, str]]:
    """Expressions that are all that a statement assigns, returns or tests, with a name for what computes them."""
    found: list[tuple[cst.BaseExpression, str]] = []
    for node in walk_same_scope(function.body):
        statement = small(node)
        if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
            target = statement.targets[0].target
            named = target.value if isinstance(target, cst.Name) else "value"
            found.append((statement.value, f"find_{named.strip('_') or 'value'}"))
        elif isinstance(statement, cst.Return) and statement.value is not None:
            found.append((statement.value, f"{function.name.value.strip('_')}_result"))
        elif isinstance(node, (cst.If, cst.While)):
            found.append((node.test, "is_met" if isinstance(node, cst.If) else "goes_on"))
    return [(value, name) for value, name in found if _is_worth_it(value) and len(text(value)) >= _SHORTEST]


def _is_worth_it(value: cst.BaseExpression) -> bool:
    """Whether a function around it would do more than pass on a call, or take an element."""
    if isinstance(value, (cst.Call, cst.Subscript)):
        return any(isinstance(part, _WORTH_IT) for part in walk(value) if part is not value)
    return isinstance(value, _WORTH_IT)


def _parameters(expression: cst.BaseExpression, scope: Scope, scopes: Scopes) -> list[str] | None:
    """The variables of functions that the expression reads; None where passing them would not be the same."""
    if is_bound_to_place(expression) or _is_lazy(expression, scopes) or "\n" in text(expression):
        return None
    inside = {id(node) for node in walk(expression)}
    body = scope.node.body.body
    position = next(n for n, statement in enumerate(body) if any(part is expression for part in walk(statement)))
    always = {id(part) for part, _ in first_parts(expression)}
    always_read = {scopes.meaning.get(key) for key in always}
    read: list[str] = []
    for part in walk(expression):
        if isinstance(part, (cst.Lambda, cst.Await)):
            return None
        if not isinstance(part, cst.Name):
            continue
        if part.value == "super" or part.value.startswith("__"):
            return None
        variable = scopes.meaning.get(id(part))
        if variable is None or variable.scope.kind == "module" or id(variable.scope.node) in inside:
            continue
        if variable.scope.kind != "function" or variable.ambiguous:
            return None
        # What is passed is read at once, also where the expression would have left it alone.
        if variable not in always_read and not _is_bound_for_certain(
            variable, position if variable.scope is scope else 0
        ):
            return None
        if has_effects(expression, scopes) and not is_steady(part, scope, scopes):
            return None
        if part.value not in read:
            read.append(part.value)
    known = list(scope.variables)
    read.sort(key=lambda name: known.index(name) if name in known else -1)
    return read if 0 < len(read) <= _MOST_PARAMETERS else None


def _is_lazy(expression: cst.BaseExpression, scopes: Scopes) -> bool:
    """Whether a generator expression in it may be read later, when what it sees has changed."""
    read_at_once = {
        id(arg.value)
        for part in walk(expression)
        if isinstance(part, cst.Call) and _reads_at_once(part.func, scopes)
        for arg in part.args
    }
    return any(isinstance(part, cst.GeneratorExp) and id(part) not in read_at_once for part in walk(expression))


def _reads_at_once(function: cst.BaseExpression, scopes: Scopes) -> bool:
    if isinstance(function, cst.Attribute):
        return function.attr.value == "join"
    return isinstance(function, cst.Name) and function.value in _EAGER and id(function) not in scopes.meaning


def _is_bound_for_certain(variable: Variable, position: int) -> bool:
    """Whether the variable has a value whatever was run: a parameter, or bound by a statement of the function's own
    body before that of the number given; and deleted nowhere."""
    function = variable.scope.node
    if any(isinstance(node, cst.Del) for node in walk(function)):
        return False
    if "parameter" in variable.bound_as:
        return True
    sources = {id(binding.source) for binding in variable.bindings}
    return any(id(small(statement)) in sources for statement in function.body.body[:position])


def _sees_class(scope: Scope, expression: cst.BaseExpression) -> bool:
    """Whether a private name in it would be another outside its class."""
    return any(
        isinstance(part, cst.Attribute) and part.attr.value.startswith("__") and not part.attr.value.endswith("__")
        for part in walk(expression)
    )


def _definition(
    name: str, parameters: list[str], expression: cst.BaseExpression, root: cst.BaseStatement
) -> cst.FunctionDef:
    value = outside(expression).deep_clone()
    return cst.FunctionDef(
        cst.Name(name),
        cst.Parameters([cst.Param(cst.Name(parameter)) for parameter in parameters]),
        block([line(cst.Return(value))]),
    )
