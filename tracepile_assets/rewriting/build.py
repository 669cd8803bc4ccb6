"""New Python for transforms: small nodes with the parentheses they need, and what can be told about an expression.

Belongs here: building and judging one expression or statement. Does not belong here: walking trees (``tree``), fresh
names (``names``).
"""

from collections.abc import Sequence

import libcst as cst

from tracepile_assets.rewriting.tree import walk

_LOOSE = (
    cst.BooleanOperation,
    cst.UnaryOperation,
    cst.BinaryOperation,
    cst.Comparison,
    cst.IfExp,
    cst.Lambda,
    cst.NamedExpr,
    cst.Await,
    cst.Yield,
    cst.GeneratorExp,
    cst.StarredElement,
    cst.Tuple,
)

_AROUND = (cst.Arg, cst.Element, cst.Assign, cst.AugAssign, cst.Return, cst.Expr)

_NEGATED = {
    cst.Equal: cst.NotEqual,
    cst.NotEqual: cst.Equal,
    cst.Is: cst.IsNot,
    cst.IsNot: cst.Is,
    cst.In: cst.NotIn,
    cst.NotIn: cst.In,
}
_EQUALITY = (cst.Equal, cst.NotEqual)


def parenthesized(node: cst.BaseExpression) -> cst.BaseExpression:
    """The expression in parentheses, unless it has them."""
    if node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def operand(node: cst.BaseExpression) -> cst.BaseExpression:
    """The expression so that it may stand beside any operator: in parentheses if it is made of operators."""
    return parenthesized(node) if isinstance(node, _LOOSE) else node


def bare(node: cst.BaseExpression) -> cst.BaseExpression:
    """The expression without its outermost parentheses where it can do without: alone, on one line."""
    if len(node.lpar) != 1 or isinstance(node, (cst.Tuple, cst.NamedExpr, cst.GeneratorExp, cst.Yield)):
        return node
    if isinstance(node.lpar[0].whitespace_after, cst.ParenthesizedWhitespace) or _spans_lines(node):
        return node
    return node.with_changes(lpar=[], rpar=[])


def _spans_lines(node: cst.CSTNode) -> bool:
    return "\n" in cst.Module([]).code_for_node(node)


def outside(node: cst.BaseExpression) -> cst.BaseExpression:
    """The expression so that it may stand outside the brackets that it was in.

    In parentheses if it spans lines, or is a generator expression, which does without as the only argument of a call.
    """
    if isinstance(node, cst.GeneratorExp) or _spans_lines(node):
        return parenthesized(node)
    return bare(node)


def text(node: cst.CSTNode) -> str:
    """The source text of a node."""
    return cst.Module([]).code_for_node(node)


def negated(test: cst.BaseExpression, *, plain_equality: bool) -> cst.BaseExpression:
    """What is true where the test is false, with the test evaluated once.

    Only ``==``, ``is`` and ``in`` have an exact opposite operator: ``not a < b`` is not ``a >= b`` for NaN and for
    sets.

    Args:
        test: the test.
        plain_equality: ``==`` and ``!=`` are opposites in this program (``steadiness.has_plain_equality``).
    """
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return bare(test.expression)
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        (target,) = test.comparisons
        opposite = _NEGATED.get(type(target.operator))
        if opposite is not None and (plain_equality or not isinstance(target.operator, _EQUALITY)):
            return test.with_changes(comparisons=[target.with_changes(operator=opposite())])
    if isinstance(test, cst.Name) and test.value in ("True", "False") and not test.lpar:
        return cst.Name("False" if test.value == "True" else "True")
    if isinstance(test, cst.Comparison):
        return cst.UnaryOperation(cst.Not(), bare(test))
    needs = (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Tuple)
    return cst.UnaryOperation(cst.Not(), parenthesized(test) if isinstance(test, needs) else test)


def is_comparison(node: cst.BaseExpression) -> bool:
    """Whether the expression is made of comparisons, ``not``, ``and`` and ``or``, so that it gives True or False for
    all builtin operands."""
    if isinstance(node, cst.UnaryOperation):
        return isinstance(node.operator, cst.Not)
    if isinstance(node, cst.BooleanOperation):
        return is_comparison(node.left) and is_comparison(node.right)
    return isinstance(node, cst.Comparison) or (isinstance(node, cst.Name) and node.value in ("True", "False"))


def is_literal(node: cst.BaseExpression) -> bool:
    """Whether the expression is a number, a string or a named constant, a number's sign included."""
    if isinstance(node, cst.UnaryOperation):
        return isinstance(node.expression, (cst.Integer, cst.Float))
    if isinstance(node, cst.Name):
        return node.value in ("True", "False", "None")
    return isinstance(node, (cst.Integer, cst.Float, cst.Imaginary, cst.SimpleString))


def is_simple(node: cst.BaseExpression) -> bool:
    """Whether evaluating the expression twice, or a little later, is the same: literals, names, arithmetic, subscripts
    and attributes of such, and ``len`` of a name. (A property may still have effects: the proof by running sees it.)"""
    if is_literal(node) or isinstance(node, cst.Name):
        return True
    if isinstance(node, cst.Attribute):
        return is_simple(node.value)
    if isinstance(node, cst.UnaryOperation):
        return not isinstance(node.operator, cst.Not) and is_simple(node.expression)
    if isinstance(node, cst.BinaryOperation):
        return is_simple(node.left) and is_simple(node.right)
    if isinstance(node, cst.Subscript):
        return is_simple(node.value) and all(
            isinstance(part.slice, cst.Index) and part.slice.star is None and is_simple(part.slice.value)
            for part in node.slice
        )
    if isinstance(node, cst.Call):
        return is_call_of(node, "len") and len(node.args) == 1 and isinstance(node.args[0].value, cst.Name)
    return False


def is_call_of(node: cst.CSTNode, name: str) -> bool:
    """Whether the node is a call of a bare name with positional arguments only."""
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Name)
        and node.func.value == name
        and all(arg.keyword is None and not arg.star for arg in node.args)
    )


def integer_value(node: cst.BaseExpression) -> int | None:
    """The value of an integer literal, with its sign; None for anything else."""
    if isinstance(node, cst.Integer):
        return node.evaluated_value
    if isinstance(node, cst.UnaryOperation) and isinstance(node.expression, cst.Integer):
        value = node.expression.evaluated_value
        if isinstance(node.operator, cst.Minus):
            return -value
        if isinstance(node.operator, cst.Plus):
            return value
    return None


def alone(module: cst.Module) -> set[int]:
    """The ``id`` of every expression that needs no parentheses whatever it becomes, short of a tuple: an argument, an
    element, all that a statement assigns or returns."""
    found: set[int] = set()
    for node in walk(module):
        if isinstance(node, _AROUND) and node.value is not None and not node.value.lpar:
            found.add(id(node.value))
    return found


# Statements.


def integer(value: int) -> cst.BaseExpression:
    """An integer literal."""
    if value < 0:
        return cst.UnaryOperation(cst.Minus(), cst.Integer(str(-value)))
    return cst.Integer(str(value))


def line(statement: cst.BaseSmallStatement) -> cst.SimpleStatementLine:
    """A statement on a line of its own."""
    return cst.SimpleStatementLine([statement])


def assign(target: cst.BaseExpression | str, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    """``target = value``."""
    if isinstance(target, str):
        target = cst.Name(target)
    return line(cst.Assign([cst.AssignTarget(target)], outside(value) if _spans_lines(value) else value))


def augment(target: str, operator: cst.BaseAugOp, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    """``target += value``, with the operator given."""
    return line(cst.AugAssign(cst.Name(target), operator, value))


def call(function: cst.BaseExpression | str, *arguments: cst.BaseExpression) -> cst.Call:
    """``function(arguments)``."""
    if isinstance(function, str):
        function = cst.Name(function)
    return cst.Call(function, [cst.Arg(argument) for argument in arguments])


def compare(left: cst.BaseExpression, operator: cst.BaseCompOp, right: cst.BaseExpression) -> cst.Comparison:
    """``left < right``, with the operator given."""
    return cst.Comparison(left, [cst.ComparisonTarget(operator, right)])


def subscript(value: cst.BaseExpression, index: cst.BaseExpression) -> cst.Subscript:
    """``value[index]``."""
    return cst.Subscript(value, [cst.SubscriptElement(cst.Index(index))])


def block(statements: Sequence[cst.BaseStatement]) -> cst.IndentedBlock:
    """An indented block."""
    return cst.IndentedBlock(list(statements))


def small(statement: cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The one statement of a line; None for a compound statement."""
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        return statement.body[0]
    return None


def is_pass(body: cst.BaseSuite) -> bool:
    """Whether a block does nothing."""
    return all(isinstance(small(statement), cst.Pass) for statement in body.body)


def leaves(body: cst.BaseSuite) -> bool:
    """Whether control never runs past the end of a block, by its last statement."""
    last = body.body[-1]
    if isinstance(last, cst.If):
        return isinstance(last.orelse, cst.Else) and leaves(last.body) and leaves(last.orelse.body)
    return isinstance(small(last), (cst.Return, cst.Raise, cst.Break, cst.Continue))
