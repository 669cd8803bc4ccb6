"""Operators, comparisons and conditions of the pure evaluator.

Belongs here: expressions whose value follows from their operands' values alone. Does not belong here: names, calls,
comprehensions and displays (``evaluator``).
"""

import ast
from collections import ChainMap
from collections.abc import Callable
from typing import Any, Protocol

from tracepile_assets.trace_model.evaluator_builtins import BINARY, COMPARE, UNARY, guard_binary
from tracepile_assets.trace_model.evaluator_objects import Abstain, Budget, Copies, Recorded
from tracepile_assets.trace_model.evaluator_types import (
    ITERATORS,
    PLAIN,
    TYPES,
    VIEWS,
    require,
)

Env = ChainMap[str, Any]


class Walker(Protocol):
    """What evaluates the operands."""

    budget: Budget
    copies: Copies
    walrus: dict[str, Any]

    def eval(self, node: ast.expr, env: Env) -> Any:
        """Value of an expression."""


def _binary(walker: Walker, node: ast.BinOp, env: Env) -> Any:
    left, right = walker.eval(node.left, env), walker.eval(node.right, env)
    return operate(walker, node.op, left, right)


def operate(walker: Walker, op: ast.operator, left: Any, right: Any) -> Any:
    """Apply a binary operator. Raises ``Abstain`` for other than exact builtin types, or where it would be huge."""
    if type(op) not in BINARY:
        raise Abstain(f"operator {type(op).__name__}")
    guard_binary(op, left, right, walker.budget)
    return BINARY[type(op)](left, right)


def _unary(walker: Walker, node: ast.UnaryOp, env: Env) -> Any:
    operand = walker.eval(node.operand, env)
    return not operand if isinstance(node.op, ast.Not) else UNARY[type(node.op)](require(operand))


def _boolean(walker: Walker, node: ast.BoolOp, env: Env) -> Any:
    value: Any = None
    for part in node.values:
        held = dict(walker.copies.built)
        value = walker.eval(part, env)
        if part is node.values[-1] or bool(value) is isinstance(node.op, ast.Or):
            return value
        # Of a part that evaluation goes past nothing is used again: calls after it may change what it looked at.
        if not walker.walrus:
            walker.copies.built = held
    return value


def _compare(walker: Walker, node: ast.Compare, env: Env) -> Any:
    left = walker.eval(node.left, env)
    outcome: Any = True
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = walker.eval(right_node, env)
        outcome = _compare_once(walker, op, left, right)
        if not outcome:
            return outcome
        left = right
    return outcome


def _compare_once(walker: Walker, op: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(op, (ast.Is, ast.IsNot)):
        return _identical(left, right) is isinstance(op, ast.Is)
    if isinstance(op, (ast.In, ast.NotIn)):
        if left != left:
            raise Abstain("membership of NaN")
        if not isinstance(left, (Recorded, *TYPES)):
            require(left)
        walker.budget.spend(len(right) // 10 if type(right) in (list, tuple, str) else 0)
        return (left in require(right, (*PLAIN, *VIEWS, *ITERATORS))) is isinstance(op, ast.In)
    kinds = {type(value) for value in (left, right)}
    if not kinds <= {*PLAIN, *VIEWS, Recorded, type}:
        raise Abstain("comparison of other objects")
    if Recorded in kinds and not isinstance(op, (ast.Eq, ast.NotEq)):
        raise Abstain("order of recorded objects")
    return COMPARE[type(op)](left, right)


def _identical(left: Any, right: Any) -> bool:
    if isinstance(left, Recorded) and isinstance(right, Recorded):
        return left.ref == right.ref
    if any(value is None or type(value) in (bool, type(Ellipsis), type, Recorded) for value in (left, right)):
        return left is right
    if {type(left), type(right)} <= {list, dict, set, bytearray}:
        return left is right
    if type(left) is not type(right):
        return False
    raise Abstain("identity of immutable values")


def _conditional(walker: Walker, node: ast.IfExp, env: Env) -> Any:
    return walker.eval(node.body if walker.eval(node.test, env) else node.orelse, env)


OPERATORS: dict[type, Callable[[Any, Any, Env], Any]] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
}
"""Syntax class -> function of a walker, a node and its environment."""
