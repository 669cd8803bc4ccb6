"""What a telling may speak of at all: places that hold a value, and expressions that the program itself has.

Belongs here: telling these from expressions that a text made up. Does not belong here: the values they have
(``cursor``).

An equation of constants may be true and still say nothing of the run: nobody computed it there.
"""

import ast

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import is_closed, is_value, same


def is_place(node: ast.AST) -> bool:
    """Whether an expression is a variable, a slot or an attribute, found by values and other places alone."""
    if isinstance(node, ast.Name):
        return not is_value(node)
    if isinstance(node, ast.Attribute):
        return is_place(node.value)
    return isinstance(node, ast.Subscript) and is_place(node.value) and _finds(node.slice)


def _finds(index: ast.AST | None) -> bool:
    if isinstance(index, ast.Slice):
        return all(map(_finds, (index.lower, index.upper, index.step)))
    return index is None or is_value(index) or is_place(index)


def is_spoken_of(cursor: Cursor, node: ast.expr) -> bool:
    """Whether the run has a value of this: a place, or an expression with names that the function told evaluates."""
    if is_place(node):
        return True
    return not is_closed(node) and any(
        statement.function == cursor.trace.frames[cursor.frame].function and occurs(node, statement.node)
        for statement in cursor.trace.syntax.statements
    )


def occurs(node: ast.expr, within: ast.AST) -> bool:
    """Whether an expression stands in a piece of code, to the letter."""
    return any(isinstance(part, ast.expr) and same(part, node) for part in ast.walk(within))


def names_in(node: ast.AST) -> set[str]:
    """The names that a piece of code mentions."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
