"""Numbers the statements of a program and renumbers its tree, so that line events are statement events.

Belongs here: the one numbering that recorder and readers share. Does not belong here: what a statement does
(``scopes``, ``effects``) and anything that runs a program. Depends on ``ast`` only.
"""

import ast
from collections.abc import Iterator

FILENAME = "<program>"
"""Name of the file in which a program's code objects are said to lie."""

Statement = ast.stmt | ast.ExceptHandler


def numbered(tree: ast.AST) -> list[Statement]:
    """All statements and exception handlers of a tree in source order: the place in the list is the number."""
    return list(_preorder(tree))


def _preorder(tree: ast.AST) -> Iterator[Statement]:
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Statement):
            yield node
        # Statements sit only in the blocks of other statements; expressions never hold one.
        stack.extend(reversed(list(_block_children(node))))


def _block_children(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("body", "handlers", "cases", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield from block


def own_nodes(statement: Statement) -> Iterator[ast.AST]:
    """The nodes that belong to a statement itself: its subtree without the statements nested in it."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, Statement))


def renumber(tree: ast.Module) -> list[int]:
    """Give every node of the tree, as its line, 1 + the number of its statement; return each statement's source line.

    The tree is changed in place and is then fit for ``compile``. A loop or branch whose test is made of constants
    gets a test that the compiler cannot fold, so that its header is entered at every iteration on every CPython
    version.
    """
    statements = numbered(tree)
    lines = [statement.lineno for statement in statements]
    for number, statement in enumerate(statements):
        if isinstance(statement, (ast.While, ast.If)) and _foldable(statement.test):
            statement.test = ast.Subscript(ast.List([statement.test], ast.Load()), ast.Constant(0), ast.Load())
        for node in own_nodes(statement):
            if "lineno" in node._attributes:
                node.lineno = node.end_lineno = number + 1
                node.col_offset = node.end_col_offset = 0
    return lines


def _foldable(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp):
        return any(_foldable(value) for value in test.values)
    if isinstance(test, ast.UnaryOp):
        return _foldable(test.operand)
    if isinstance(test, ast.BinOp):
        return _foldable(test.left) and _foldable(test.right)
    if isinstance(test, ast.Tuple):
        return all(_foldable(value) for value in test.elts)
    return isinstance(test, ast.Constant) or (isinstance(test, ast.Name) and test.id == "__debug__")


def compile_renumbered(tree: ast.Module):
    """Code object of a renumbered tree. Raises what ``compile`` raises."""
    return compile(tree, FILENAME, "exec", dont_inherit=True)
