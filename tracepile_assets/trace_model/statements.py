"""The statements of a program: their numbers, their nesting, their source.

Belongs here: what the syntax alone tells about statements. Does not belong here: what happened at them (``trace``), and
the numbering rule itself, which the recorder shares (``execution.guest.statements``).
"""

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tracepile_assets.execution.guest.statements import numbered

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement or exception handler.

    ``number``: its preorder number, the one in ``event_statement``. ``last``: number of the last statement inside it
    (its own, if none), so that ``number <= s <= last`` says "s lies in it". ``line`` and ``end_line`` count from 1; a
    decorated definition's line is that of ``def``. ``parent``: number of the enclosing statement, None at module level.
    ``function``: qualified name of the code that executes it. ``kind``: name of its syntax class. ``loop``: number of
    the innermost loop whose body it stands in, within the same code, or None (the ``else`` of a loop is outside).
    ``block``: field of the parent that it stands in (body, orelse, handlers, finalbody; ``body`` at module level).
    """

    number: int
    node: ast.stmt | ast.ExceptHandler
    line: int
    end_line: int
    parent: int | None
    function: str
    kind: str
    loop: int | None
    block: str
    last: int


class Syntax:
    """The parsed program.

    ``statements[n]`` is the statement numbered n. Raises ``SyntaxError`` if the code does not parse.
    """

    def __init__(self, code: str) -> None:
        """Parse ``code``."""
        self.code = code
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in string literals are the program's own affair
            self.tree = ast.parse(code)
        self._numbers = {id(node): number for number, node in enumerate(numbered(self.tree))}
        self._headers: dict[int, str] = {}
        self._blocks: dict[tuple[int, str], range] = {}
        self._scopes: dict[str, str] = {}  # qualified name -> "function" or "class"
        found: list[Statement] = []
        self._walk(self.tree, None, "<module>", None, found)
        self.statements: list[Statement] = sorted(found, key=lambda s: s.number)

    def _walk(self, node: ast.AST, parent: int | None, function: str, loop: int | None, found: list) -> int:
        """Collect the statements inside ``node`` and return the highest number among them (-1 if none)."""
        last = -1
        for block, child in _child_statements(node):
            number = self._numbers[id(child)]
            inner_function, inner_loop = function, loop
            if isinstance(node, _LOOPS) and block == "body":
                inner_loop = parent
            if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
                inner_function, inner_loop = _qualified(node, function, self._scopes), None
            end = max(number, self._walk(child, number, inner_function, inner_loop, found))
            last = max(last, end)
            found.append(
                Statement(
                    number=number,
                    node=child,
                    line=child.lineno,
                    end_line=child.end_lineno or child.lineno,
                    parent=parent,
                    function=inner_function,
                    kind=type(child).__name__,
                    loop=inner_loop,
                    block="body" if block == "cases" else block,
                    last=end,
                )
            )
        return last

    def number_of(self, node: ast.AST) -> int:
        """Number of a statement node of this tree. Raises ``KeyError`` for other nodes."""
        return self._numbers[id(node)]

    def inside(self, number: int, outer: int, block: str | None = None) -> bool:
        """Whether a statement lies in (or is) another, or in one block of it (``body``, ``orelse``, ...)."""
        if block is None:
            return outer <= number <= self.statements[outer].last
        found = self._blocks.get((outer, block))
        if found is None:
            found = self._blocks[outer, block] = self._block(outer, block)
        return number in found

    def _block(self, outer: int, block: str) -> range:
        """Numbers of the statements in one block of another."""
        nodes = getattr(self.statements[outer].node, block, None)
        if not nodes:
            return range(0)
        return range(self._numbers[id(nodes[0])], self.statements[self._numbers[id(nodes[-1])]].last + 1)

    @cached_property
    def lines(self) -> list[str]:
        """Source lines without line ends, as Python counts them (``lines[0]`` is line 1)."""
        return self.code.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def source(self, number: int) -> str:
        """Source text of a whole statement, blocks included, without decorators."""
        node = self.statements[number].node
        return self._between(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def expression_source(self, node: ast.expr) -> str:
        """Source text of an expression of this tree."""
        return self._between(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def header_source(self, number: int) -> str:
        """Source text of a statement up to its colon, for a compound one (``if x > 0:``); else all of it."""
        if number not in self._headers:
            self._headers[number] = self._header_source(number)
        return self._headers[number]

    def _header_source(self, number: int) -> str:
        node = self.statements[number].node
        text = self.source(number)
        if not hasattr(node, "body") and not hasattr(node, "cases"):
            return text
        end = _end_of_header(text)
        return text if end is None else text[:end]

    def _between(self, line: int, column: int, end_line: int | None, end_column: int | None) -> str:
        end_line = end_line or line
        picked = [text.encode() for text in self.lines[line - 1 : end_line]]
        picked[-1] = picked[-1][:end_column]
        picked[0] = picked[0][column:]
        return b"\n".join(picked).decode()


def _child_statements(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for block in ("body", "handlers", "orelse", "finalbody"):
        inner = getattr(node, block, None)
        if isinstance(inner, list):
            for child in inner:
                yield block, child
    for case in getattr(node, "cases", ()):
        for child in case.body:
            yield "cases", child


def _qualified(node: ast.AST, outer: str, scopes: dict[str, str]) -> str:
    name = node.name  # type: ignore[attr-defined]
    scope = "class" if isinstance(node, ast.ClassDef) else "function"
    if outer == "<module>":
        full = name
    elif scopes.get(outer) == "class":
        full = f"{outer}.{name}"
    else:
        full = f"{outer}.<locals>.{name}"
    scopes[full] = scope
    return full


def _end_of_header(text: str) -> int | None:
    """Offset just after the colon that ends the header of a compound statement."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    depth = 0
    lambdas: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and token.string == "lambda":
                lambdas.append(depth)
            if token.type != tokenize.OP:
                continue
            if token.string in "([{":
                depth += 1
            elif token.string in ")]}":
                depth -= 1
            elif token.string == ":" and lambdas and lambdas[-1] == depth:
                lambdas.pop()
            elif token.string == ":" and depth == 0:
                return starts[token.end[0] - 1] + token.end[1]
    except (tokenize.TokenError, IndentationError):
        return None
    return None
