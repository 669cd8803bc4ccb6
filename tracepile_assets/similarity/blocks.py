"""The blocks of a program as they are compared with a benchmark: each function by itself, and each statement at the
top, with their names masked.

Belongs here: what of a program counts when another is looked for in it. Does not belong here: comparing (`overlap`).
"""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from .normal_form import LONGEST, Masker, bound_names

_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[^\s\w]")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Block:
    """A function, or another statement at the top of a program or of a class.

    Attributes:
        tokens: its tokens, names that the program binds as `v0`, `v1`, … in order of appearance, its own methods and
            attributes as `a0`, …; builtins, modules, attributes of others and literals as they are.
        first, last: lines of the program that it stands on, from 1.
    """

    tokens: tuple[str, ...]
    first: int
    last: int


def blocks(code: str) -> list[Block]:
    """The blocks of a program, in order; none if it does not parse.

    Comments, docstrings, imports, type annotations and layout do not count, nor does where a
    function stands, nor in which class.
    """
    if len(code) > LONGEST:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in string literals are the program's own affair
            tree = ast.parse(code)
        at_top = {name for statement in tree.body for name in _bound_at_top(statement)}
        members = Masker(tree).members
        return [block for statement in _statements(tree.body) if (block := _block(statement, at_top, members)).tokens]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _bound_at_top(statement: ast.stmt) -> Iterator[str]:
    """Names that a statement at the top binds there: those of functions and classes, and what it assigns."""
    if isinstance(statement, _DEFINITIONS):
        yield statement.name
    else:
        for node in ast.walk(statement):
            yield from bound_names(node)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a program, those of its classes among them; imports and bare texts left out."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _statements(statement.body)
        elif not (isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass) or _is_text(statement)):
            yield statement


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _block(statement: ast.stmt, at_top: set[str], members: set[str]) -> Block:
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    bare = _Bare().visit(statement)
    masker = Masker(bare, also_bound=at_top, also_members=members)
    masker.mask()
    return Block(tuple(_TOKEN.findall(ast.unparse(bare))), first, last)


class _Bare(ast.NodeTransformer):
    """Takes type annotations away, and imports inside of functions."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Without its type."""
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Also of what is defined in it."""
        node.returns = None
        self.generic_visit(node)
        node.body = [each for each in node.body if not isinstance(each, ast.Import | ast.ImportFrom)] or [ast.Pass()]
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        """As of any function."""
        return self.visit_FunctionDef(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt:
        """As an assignment, or nothing."""
        self.generic_visit(node)
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)
