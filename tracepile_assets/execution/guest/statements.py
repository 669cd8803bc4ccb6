"""Numbers the statements of a program and renumbers its tree, so that line events are statement events.

Belongs here: the one numbering that recorder and readers share. Does not belong here: what a statement does
(``scopes``, ``effects``) and anything that runs a program. Depends on ``ast`` only.
"""

import ast
import sys
from collections.abc import Callable
from operator import attrgetter
from types import CodeType
from typing import NamedTuple

FILENAME = "<program>"
"""Name of the file in which a program's code objects are said to lie."""

Statement = ast.stmt | ast.ExceptHandler
_BLOCKS = ("body", "handlers", "cases", "orelse", "finalbody")
_STATEMENTS = (ast.stmt, ast.ExceptHandler)
_STATEMENT_KINDS = frozenset({*ast.stmt.__subclasses__(), ast.ExceptHandler})
_NO_NODES = frozenset({"ctx", "op", "ops", "id", "attr", "level", "simple", "kind", "type_comment"})
"""Fields that hold no node, or one that says nothing but its type."""
_LEAVES = frozenset({ast.Name, ast.Constant, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal, ast.alias})
_REPORTS_WHAT_RAISES_ON = sys.version_info < (3, 12)
_held_by: dict[type, Callable[[ast.AST], tuple]] = dict.fromkeys(_LEAVES, lambda _: ())
"""What the fields of a node of a kind hold, but for those that hold no node."""


class Parsed(NamedTuple):
    """A program's tree, renumbered, and what is in it. Nobody changes it: several read one."""

    tree: ast.Module
    statements: list[ast.stmt | ast.ExceptHandler]
    lines: list[int]
    """The source line of each statement."""
    own: list[list[ast.AST]]
    """The nodes that belong to each statement itself, as of ``own_nodes``."""

    @property
    def nodes(self) -> list[ast.AST]:
        """All nodes, those around others before these; operators and contexts of expressions are left out."""
        return [self.tree, *(node for nodes in self.own for node in nodes)]


def parse(code: str) -> Parsed:
    """Parse a program. Raises ``SyntaxError``, ``ValueError``, ``RecursionError`` or ``MemoryError``."""
    tree = ast.parse(code, FILENAME)
    statements = numbered(tree)
    lines = [statement.lineno for statement in statements]
    return Parsed(tree, statements, lines, _renumber(statements))


def children(node: ast.AST) -> list[ast.AST]:
    """As ``ast.iter_child_nodes``, quicker, without operators and contexts of expressions."""
    kind = type(node)
    held_by = _held_by.get(kind)
    if held_by is None:
        held_by = _held_by[kind] = _fields_of(kind)
    found: list[ast.AST] = []
    for held in held_by(node):
        if type(held) is list:
            found += [part for part in held if isinstance(part, ast.AST)]
        elif isinstance(held, ast.AST):
            found.append(held)
    return found


def _fields_of(kind: type) -> Callable[[ast.AST], tuple]:
    names = [name for name in kind._fields if name not in _NO_NODES]
    if len(names) > 1:
        return attrgetter(*names)
    one = attrgetter(names[0]) if names else None
    return (lambda node: (one(node),)) if one is not None else lambda _: ()


def walked(tree: ast.AST) -> list[ast.AST]:
    """A node and all those below it, but for operators and contexts of expressions."""
    found = [tree]
    for node in found:
        if type(node) not in _LEAVES:
            found += children(node)
    return found


def numbered(tree: ast.AST) -> list[Statement]:
    """All statements and exception handlers of a tree in source order: the place in the list is the number."""
    found: list[Statement] = []
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, _STATEMENTS):
            found.append(node)
        # Statements sit only in the blocks of other statements; expressions never hold one.
        blocks = [block for name in _BLOCKS if type(block := getattr(node, name, None)) is list]
        for block in reversed(blocks):
            stack += reversed(block)
    return found


def nested_statements(node: ast.AST) -> list[Statement]:
    """The statements and exception handlers right below a statement, those of its cases too."""
    blocks = [block for name in _BLOCKS if type(block := getattr(node, name, None)) is list]
    below = [each for block in blocks for each in block]
    return [found for each in below for found in ([each] if isinstance(each, _STATEMENTS) else nested_statements(each))]


def in_class_bodies(statements: list[Statement]) -> list[Statement]:
    """The statements that a class body executes itself."""
    found: list[Statement] = []
    waiting = [each for statement in statements if isinstance(statement, ast.ClassDef) for each in statement.body]
    while waiting:
        statement = waiting.pop()
        found.append(statement)
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting += nested_statements(statement)
    return found


def own_nodes(statement: Statement) -> list[ast.AST]:
    """The nodes that belong to a statement itself: its subtree without the statements nested in it.

    Operators and contexts of expressions are left out.
    """
    found: list[ast.AST] = []
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        found.append(node)
        if type(node) not in _LEAVES:
            stack += [child for child in children(node) if type(child) not in _STATEMENT_KINDS]
    return found


def renumber(tree: ast.Module) -> list[int]:
    """Give every node of the tree, as its line, 1 + the number of its statement; return each statement's source line.

    The tree is changed in place and is then fit for ``compile``. A loop or branch whose test is made of constants
    gets a test that the compiler cannot fold, so that its header is entered at every iteration on every CPython
    version.
    """
    statements = numbered(tree)
    lines = [statement.lineno for statement in statements]
    _renumber(statements)
    return lines


def _renumber(statements: list[Statement]) -> list[list[ast.AST]]:
    own = []
    for number, statement in enumerate(statements):
        if isinstance(statement, (ast.While, ast.If)) and foldable(statement.test):
            statement.test = ast.Subscript(ast.List([statement.test], ast.Load()), ast.Constant(0), ast.Load())
        nodes = own_nodes(statement)
        own.append(nodes)
        for node in nodes:
            if node._attributes:
                node.lineno = node.end_lineno = number + 1
                node.col_offset = node.end_col_offset = 0
    return own


def foldable(test: ast.expr) -> bool:
    """Whether an expression is made of constants, so that the compiler may work it out."""
    if isinstance(test, ast.BoolOp):
        return any(foldable(value) for value in test.values)
    if isinstance(test, ast.UnaryOp):
        return foldable(test.operand)
    if isinstance(test, ast.BinOp):
        return foldable(test.left) and foldable(test.right)
    if isinstance(test, ast.Tuple):
        return all(foldable(value) for value in test.elts)
    return isinstance(test, ast.Constant) or (isinstance(test, ast.Name) and test.id == "__debug__")


def compile_renumbered(tree: ast.Module):
    """Code object of a renumbered tree, which is as before afterwards. Raises what ``compile`` raises.

    Assertions and docstrings are kept, whatever this process does with its own.
    """
    ends = _close_final_blocks(tree) if _REPORTS_WHAT_RAISES_ON else []
    try:
        return compile(tree, FILENAME, "exec", dont_inherit=True, optimize=0)
    finally:
        for block in ends:
            block.pop()


def moved(code: CodeType, by: int) -> CodeType:
    """A code object, and all those in it, with every line so much further down."""
    constants = tuple(moved(each, by) if type(each) is CodeType else each for each in code.co_consts)
    return code.replace(co_firstlineno=code.co_firstlineno + by, co_consts=constants)


def _close_final_blocks(tree: ast.Module) -> list[list]:
    """Put a statement without a line at the end of every ``finally``; return the blocks.

    Until 3.12 what raises the exception on at the end of such a block has the line of the last statement that was
    compiled, though that may be one that is not executed, and a trace function is told that it is.
    """
    found: list[list] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        final = getattr(node, "finalbody", None)
        if final:
            found.append(final)
        for name in _BLOCKS:
            if type(block := getattr(node, name, None)) is list:
                stack += block
    for block in found:
        block.append(ast.Pass(lineno=-1, end_lineno=-1, col_offset=0, end_col_offset=0))
    return found
