"""Functions that call themselves, as two transforms need them: with every way out a ``return`` of its own.

Belongs here: which functions may become loops, and their calls of themselves. Does not belong here: making the loops
(``transforms``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from tracepile_assets.rewriting.blocks import catches, docstring_length, functions
from tracepile_assets.rewriting.build import assign, block, is_literal, leaves, line, negated, outside, small
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.tree import walk, walk_same_scope
from tracepile_assets.rewriting.variables import Scope, Scopes, Variable

_FLIPPED = {
    cst.LessThan: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.LessThan,
    cst.GreaterThan: cst.LessThanEqual,
    cst.LessThanEqual: cst.GreaterThan,
}


@dataclass
class Recursion:
    """A function that calls itself.

    Attributes:
        function: its node.
        scope: its scope.
        parameters: its parameters, all plain.
        body: its statements without docstring, conditional expressions that call it made ``if``, and what follows a
            branch that leaves not in its ``else``.
    """

    function: cst.FunctionDef
    scope: Scope
    parameters: list[cst.Param]
    body: list[cst.BaseStatement]
    _variable: Variable
    _scopes: Scopes

    def is_self_call(self, node: cst.CSTNode | None) -> bool:
        """Whether a node is the function's call of itself."""
        return isinstance(node, cst.Call) and self._scopes.meaning.get(id(node.func)) is self._variable

    def calls_itself(self, node: cst.CSTNode) -> bool:
        """Whether a call of itself stands anywhere in a node."""
        return any(self.is_self_call(part) for part in walk(node))

    def next_arguments(self, call: cst.Call) -> list[tuple[str, cst.BaseExpression]] | None:
        """What a call of itself gives each parameter, those left out that keep their value; None if that cannot be
        told."""
        names = [parameter.name.value for parameter in self.parameters]
        given: dict[str, cst.BaseExpression] = {}
        for position, arg in enumerate(call.args):
            if arg.star or (arg.keyword is None and position >= len(names)):
                return None
            given[names[position] if arg.keyword is None else arg.keyword.value] = arg.value
        for parameter in self.parameters:
            if parameter.name.value not in given:
                if parameter.default is None or not is_literal(parameter.default):
                    return None
                given[parameter.name.value] = parameter.default
        if set(given) != set(names):
            return None
        # Values are computed in the order of the call.
        return [
            (name, outside(value))
            for name, value in given.items()
            if not (isinstance(value, cst.Name) and value.value == name)
        ]

    def rebound(self, call: cst.Call) -> list[cst.BaseStatement] | None:
        """Statements that give the parameters what a call of itself passes."""
        changed = self.next_arguments(call)
        if changed is None:
            return None
        if len(changed) < 2:
            return [assign(name, value.deep_clone()) for name, value in changed]
        targets = cst.Tuple([cst.Element(cst.Name(name)) for name, _ in changed], lpar=[], rpar=[])
        values = cst.Tuple([cst.Element(_element(value.deep_clone())) for _, value in changed], lpar=[], rpar=[])
        return [line(cst.Assign([cst.AssignTarget(targets)], values))]


def recursions(scopes: Scopes) -> Iterator[Recursion]:
    """Every function that calls itself and could as well go round in a loop: it has plain parameters, is not decorated
    or bound again, catches nothing, declares nothing ``global``, and makes no functions, which would share variables
    of all passes."""
    for scope, function in functions(scopes):
        variable = scopes.meaning.get(id(function.name))
        if variable is None or variable.bound_as != {"function"} or len(variable.bindings) != 1:
            continue
        if variable.ambiguous or variable.scope.kind == "class" or function.decorators or catches(scope):
            continue
        parameters = function.params
        if parameters.kwonly_params or parameters.star_kwarg or not isinstance(parameters.star_arg, cst.MaybeSentinel):
            continue
        if any(inner.kind != "comprehension" for inner in scope.walk() if inner is not scope):
            continue
        if any(isinstance(node, (cst.Global, cst.Nonlocal, cst.NamedExpr, cst.Del)) for node in walk(function)):
            continue
        if sum(scopes.meaning.get(id(part)) is variable for part in walk(function.body)) == 0:
            continue
        recursion = Recursion(function, scope, [*parameters.posonly_params, *parameters.params], [], variable, scopes)
        # A name of itself that is not called at once may be called from anywhere.
        called = {id(part.func) for part in walk(function.body) if recursion.is_self_call(part)}
        if any(id(part) not in called for part in walk(function.body) if scopes.meaning.get(id(part)) is variable):
            continue
        body = function.body.body
        recursion.body = _spread(body[docstring_length(body) :], recursion)
        yield recursion


def _spread(body: Sequence[cst.BaseStatement], recursion: Recursion) -> list[cst.BaseStatement]:
    statements = list(body)
    while statements:
        last = statements[-1]
        returned = small(last)
        if (
            isinstance(returned, cst.Return)
            and isinstance(returned.value, cst.IfExp)
            and recursion.calls_itself(returned.value)
        ):
            choice = returned.value
            first = cst.If(outside(choice.test), block([_returning(choice.body)]), leading_lines=last.leading_lines)
            statements[-1:] = [first, _returning(choice.orelse)]
        elif isinstance(last, cst.If) and last.orelse is not None and leaves(last.body):
            rest = last.orelse
            after = [rest] if isinstance(rest, cst.If) else list(rest.body.body)
            statements[-1:] = [last.with_changes(orelse=None), *after]
        else:
            break
    return statements


def _returning(value: cst.BaseExpression) -> cst.SimpleStatementLine:
    return line(cst.Return(outside(value)))


def _element(value: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(value, (cst.Lambda, cst.IfExp, cst.Tuple)) and not value.lpar:
        return value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return value


def returns_in(statements: Sequence[cst.BaseStatement]) -> list[cst.Return]:
    """Every ``return`` below some statements."""
    found = []
    for statement in statements:
        inner = small(statement)
        if isinstance(inner, cst.Return):
            found.append(inner)
        else:
            found += [node for node in walk_same_scope(statement) if isinstance(node, cst.Return)]
    return found


def base_case(recursion: Recursion) -> tuple[cst.BaseExpression, cst.Return] | None:
    """The test and the ``return`` of the ``if`` at the head of the body, if neither calls the function."""
    first = recursion.body[0]
    if not isinstance(first, cst.If) or first.orelse is not None or len(first.body.body) != 1:
        return None
    returned = small(first.body.body[0])
    if not isinstance(returned, cst.Return) or recursion.calls_itself(first):
        return None
    return first.test, returned


def not_yet(test: cst.BaseExpression, kinds: Kinds) -> cst.BaseExpression:
    """What holds while the base case is not reached; ``n > 1`` for ``n <= 1`` where both are integers."""
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        (target,) = test.comparisons
        opposite = _FLIPPED.get(type(target.operator))
        if opposite is not None and kinds.is_integer(test.left) and kinds.is_integer(target.comparator):
            return test.with_changes(comparisons=[target.with_changes(operator=opposite())])
    return negated(test, plain_equality=kinds.plain_equality)
