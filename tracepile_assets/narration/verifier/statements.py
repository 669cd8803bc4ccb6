"""What a statement binds, tests and returns, as expressions that a claim can be held against.

Belongs here: reading the program's syntax tree. Does not belong here: the run (``cursor``) and the telling (``forms``).
"""

import ast
from collections.abc import Callable
from functools import lru_cache

_COMPLEMENT = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


@lru_cache(maxsize=4_096)
def bindings(node: ast.AST) -> tuple[tuple[ast.expr, ast.expr | None], ...]:
    """Targets that a statement binds, each with the expression bound to it; None where no one expression is."""
    found: list[tuple[ast.expr, ast.expr | None]] = []
    if isinstance(node, ast.Assign):
        for target in node.targets:
            _expand(target, node.value, found)
    elif isinstance(node, ast.AugAssign):
        found.append((node.target, augmented(node)))
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        found.append((node.target, node.value))
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        _expand(node.target, None, found)
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            if item.optional_vars is not None:
                _expand(item.optional_vars, None, found)
    for own in own_expressions(node):
        for inner in ast.walk(own):
            if isinstance(inner, ast.NamedExpr):
                found.append((inner.target, inner.value))
    return tuple(found)


@lru_cache(maxsize=4_096)
def augmented(node: ast.AugAssign) -> ast.BinOp:
    """`a + b` for `a += b`."""
    return ast.BinOp(left=node.target, op=node.op, right=node.value)


def own_expressions(node: ast.AST) -> list[ast.expr]:
    """The expressions that belong to a statement itself and not to its blocks."""
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def _expand(target: ast.expr, value: ast.expr | None, found: list[tuple[ast.expr, ast.expr | None]]) -> None:
    found.append((target, value))
    if not isinstance(target, (ast.Tuple, ast.List)):
        return
    plain = not any(isinstance(part, ast.Starred) for part in target.elts)
    matching = (
        plain
        and isinstance(value, (ast.Tuple, ast.List))
        and len(value.elts) == len(target.elts)
        and not any(isinstance(part, ast.Starred) for part in value.elts)
    )
    for index, part in enumerate(target.elts):
        inner = part.value if isinstance(part, ast.Starred) else part
        _expand(inner, value.elts[index] if matching else None, found)


def tests(node: ast.AST, outcome: Callable[[ast.expr], bool | None]) -> list[ast.expr]:
    """The test of an ``if``, ``while`` or ``assert``, then the operands that it evaluated, outermost first.

    Args:
        node: the statement.
        outcome: gives how an operand came out; None where that is not known.
    """
    if not isinstance(node, (ast.If, ast.While, ast.Assert)):
        return []
    found = [node.test]
    for test in found:
        if isinstance(test, ast.BoolOp):
            deciding = isinstance(test.op, ast.Or)
            for operand in test.values:
                found.append(operand)
                if outcome(operand) == deciding:
                    break
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            found.append(test.operand)
    return found


@lru_cache(maxsize=4_096)
def complement(node: ast.expr) -> ast.expr | None:
    """The comparison that is true exactly where this one is false; None for anything but one single comparison."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPLEMENT:
        return ast.Compare(left=node.left, ops=[_COMPLEMENT[type(node.ops[0])]()], comparators=node.comparators)
    return None


def parameters(node: ast.AST) -> tuple[list[str], int]:
    """Names of a definition's positional parameters in order, and how many of them must be given."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return [], 0
    arguments = [*node.args.posonlyargs, *node.args.args]
    return [argument.arg for argument in arguments], len(arguments) - len(node.args.defaults)
