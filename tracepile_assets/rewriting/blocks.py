"""Statements side by side, and what else may see the variables that they bind.

Belongs here: what a transform must know before it joins, moves or drops statements of one block. Does not belong here:
single expressions (``effects``), loops (``loops``), any rewriting.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import libcst as cst

from tracepile_assets.rewriting.tree import SCOPES, children, walk, walk_same_scope
from tracepile_assets.rewriting.variables import Scope, Scopes, Variable

_CATCHERS = (cst.Try, cst.TryStar, cst.With)


def blocks(scopes: Scopes) -> Iterator[tuple[Scope, Sequence[cst.BaseStatement]]]:
    """The statements of every block, with the module or function that runs them; class bodies are left out."""
    for scope in scopes.module.walk():
        if scope.kind not in ("module", "function"):
            continue
        if isinstance(scope.node, cst.Module):
            yield scope, scope.node.body
        for node in walk_same_scope(scope.node):
            if isinstance(node, cst.IndentedBlock):
                yield scope, node.body


def neighbours(scopes: Scopes) -> Iterator[tuple[Scope, cst.BaseStatement, cst.BaseStatement]]:
    """Every two statements of which one follows the other in a block."""
    for owner, body in blocks(scopes):
        for first, second in pairwise(body):
            yield owner, first, second


def functions(scopes: Scopes) -> Iterator[tuple[Scope, cst.FunctionDef]]:
    """Every plain function: no generator, nor ``async``."""
    for scope in scopes.module.walk():
        node = scope.node
        if isinstance(node, cst.FunctionDef) and node.asynchronous is None and not is_generator(node):
            yield scope, node


def is_generator(function: cst.FunctionDef) -> bool:
    """Whether calling the function gives a generator."""
    return any(isinstance(node, cst.Yield) for node in walk_same_scope(function.body))


def catches(owner: Scope) -> bool:
    """Whether code of the scope may go on after an exception: then what was bound before it counts."""
    return any(isinstance(node, _CATCHERS) for node in walk_same_scope(owner.node))


def is_own(variable: Variable | None, owner: Scope) -> bool:
    """Whether only the scope's own code, the comprehensions in it included, can see the variable."""
    return (
        variable is not None
        and variable.scope is owner
        and not variable.ambiguous
        and all(user is owner or (user.kind == "comprehension" and _runner(user) is owner) for user in variable.users)
    )


def _runner(scope: Scope) -> Scope:
    while scope.kind == "comprehension":
        scope = scope.parent
    return scope


def means(node: cst.CSTNode, variable: Variable, scopes: Scopes) -> list[cst.Name]:
    """The names below a node that mean a variable."""
    return [part for part in walk(node) if isinstance(part, cst.Name) and scopes.meaning.get(id(part)) is variable]


def docstring_length(body: Sequence[cst.BaseStatement]) -> int:
    """How many statements the docstring at the head of a body takes: one or none."""
    first = body[0] if body else None
    if isinstance(first, cst.SimpleStatementLine) and len(first.body) == 1 and isinstance(first.body[0], cst.Expr):
        return int(isinstance(first.body[0].value, (cst.SimpleString, cst.ConcatenatedString)))
    return 0


def loop_exits(loop: cst.For | cst.While) -> list[cst.Break | cst.Continue]:
    """The ``break`` and ``continue`` statements of a loop's body that are this loop's own."""
    found: list[cst.Break | cst.Continue] = []
    waiting: list[cst.CSTNode] = [loop.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (cst.Break, cst.Continue)):
            found.append(node)
        elif isinstance(node, (cst.For, cst.While)):
            waiting += [node.orelse] if node.orelse is not None else []
        elif not isinstance(node, (*SCOPES, cst.BaseExpression)):
            waiting += children(node)
    return found


def statements_in(body: Sequence[cst.BaseStatement]) -> int:
    """How many statements stand in a body, at any depth."""
    return sum(isinstance(node, cst.BaseStatement) for statement in body for node in walk(statement))
