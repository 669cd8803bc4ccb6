"""Let a function return in one place, at its end.

Before::

    def sign(x):
        if x < 0:
            return -1
        if x == 0:
            return 0
        return 1

    def has_even(values):
        for value in values:
            if value % 2 == 0:
                return True
        return False

After::

    def sign(x):
        if x < 0:
            result = -1
        elif x == 0:
            result = 0
        else:
            result = 1
        return result

    def has_even(values):
        result = False
        for value in values:
            if value % 2 == 0:
                result = True
                break
        return result

Not where a ``return`` stands in ``try``, ``with`` or a loop within a loop, or where a loop has ``break`` or ``else`` of
its own.
"""

from collections.abc import Sequence

import libcst as cst

from tracepile_assets.rewriting.blocks import docstring_length, functions, loop_exits
from tracepile_assets.rewriting.build import assign, block, is_literal, line, small
from tracepile_assets.rewriting.effects import is_total
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import Edit, edit, walk_same_scope

NAME = "single_exit"

_DEEPEST = 5


class _Refused(Exception):
    """The function is left as it is."""


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every function that returns anywhere but at its end, functions within functions apart."""
    scopes = readable(module)
    if scopes is None:
        return None
    name = context.fresh("result", "answer", "outcome")
    edits: dict[int, Edit] = {}
    for _, function in functions(scopes):
        returns = [node for node in walk_same_scope(function.body) if isinstance(node, cst.Return)]
        if all(one is small(function.body.body[-1]) for one in returns):
            continue
        try:
            _single(function.body, name)
        except _Refused:
            continue
        edits[id(function)] = lambda node: node.with_changes(body=_single(node.body, name))
    return Rewrite(edit(module, edits)) if edits else None


def _single(body: cst.IndentedBlock, name: str) -> cst.IndentedBlock:
    start = docstring_length(body.body)
    made = _assigning(body.body[start:], name, 0)
    return body.with_changes(body=[*body.body[:start], *made, line(cst.Return(cst.Name(name)))])


def _returns(node: cst.CSTNode) -> bool:
    return isinstance(small(node), cst.Return) or any(isinstance(part, cst.Return) for part in walk_same_scope(node))


def _assigning(statements: Sequence[cst.BaseStatement], name: str, depth: int) -> list[cst.BaseStatement]:
    """Statements that assign what these would return, and run to their end.

    Raises:
        _Refused: that would take more than assignments.
    """
    if depth > _DEEPEST:
        raise _Refused
    position = next((number for number, one in enumerate(statements) if _returns(one)), None)
    if position is None:
        return [*statements, assign(name, cst.Name("None"))]
    before, current, rest = list(statements[:position]), statements[position], list(statements[position + 1 :])
    returned = small(current)
    if isinstance(returned, cst.Return):
        if rest:
            raise _Refused
        return [*before, _assigned(current, name)]
    if isinstance(current, cst.If):
        return [*before, _branches(current, rest, name, depth)]
    if isinstance(current, (cst.For, cst.While)):
        return [*before, *_loop(current, rest, name, depth)]
    raise _Refused


def _assigned(statement: cst.SimpleStatementLine, name: str) -> cst.SimpleStatementLine:
    value = small(statement).value
    assignment = small(assign(name, cst.Name("None") if value is None else value))
    return statement.with_changes(body=[assignment])


def _branches(node: cst.If, rest: list[cst.BaseStatement], name: str, depth: int) -> cst.If:
    if isinstance(node.orelse, cst.If):
        other: list[cst.BaseStatement] = [_as_statement(node.orelse)]
    else:
        other = [] if node.orelse is None else list(node.orelse.body.body)
    body = list(node.body.body)
    if rest:
        # What follows the `if` goes to the branch that runs on: only one of them may.
        if _always_returns(body):
            other += rest
        elif _always_returns(other):
            body += rest
        else:
            raise _Refused
    made = _assigning(other, name, depth + 1)
    is_elif = len(made) == 1 and isinstance(made[0], cst.If)
    orelse = made[0] if is_elif else cst.Else(block(made))
    return node.with_changes(body=node.body.with_changes(body=_assigning(body, name, depth + 1)), orelse=orelse)


def _as_statement(node: cst.If) -> cst.If:
    return node.with_changes(whitespace_before_test=cst.SimpleWhitespace(" "))


def _always_returns(statements: Sequence[cst.BaseStatement]) -> bool:
    if not statements:
        return False
    last = statements[-1]
    if isinstance(last, cst.If):
        return (
            last.orelse is not None
            and _always_returns(last.body.body)
            and _always_returns([last.orelse] if isinstance(last.orelse, cst.If) else last.orelse.body.body)
        )
    return isinstance(small(last), (cst.Return, cst.Raise))


def _loop(loop: cst.For | cst.While, rest: list[cst.BaseStatement], name: str, depth: int) -> list[cst.BaseStatement]:
    if loop.orelse is not None or any(isinstance(one, cst.Break) for one in loop_exits(loop)):
        raise _Refused
    left = loop.with_changes(body=loop.body.with_changes(body=_leaving(loop.body.body, name)))
    if isinstance(loop, cst.While) and is_literal(loop.test):
        if rest:
            raise _Refused
        return [left]
    last = small(rest[0]) if len(rest) == 1 else None
    if not rest or (isinstance(last, cst.Return) and (last.value is None or is_total(last.value))):
        value = cst.Name("None") if last is None or last.value is None else last.value
        return [assign(name, value).with_changes(leading_lines=loop.leading_lines), left.with_changes(leading_lines=[])]
    return [left.with_changes(orelse=cst.Else(block(_assigning(rest, name, depth + 1))))]


def _leaving(statements: Sequence[cst.BaseStatement], name: str) -> list[cst.BaseStatement]:
    """Statements of a loop that assign and leave it where these return."""
    made: list[cst.BaseStatement] = []
    for statement in statements:
        if not _returns(statement):
            made.append(statement)
        elif isinstance(statement, cst.If):
            made.append(_leaving_branches(statement, name))
        elif isinstance(small(statement), cst.Return):
            made += [_assigned(statement, name), line(cst.Break())]
        else:
            raise _Refused
    return made


def _leaving_branches(node: cst.If, name: str) -> cst.If:
    orelse = node.orelse
    if isinstance(orelse, cst.If):
        orelse = _leaving_branches(orelse, name)
    elif orelse is not None:
        orelse = orelse.with_changes(body=orelse.body.with_changes(body=_leaving(orelse.body.body, name)))
    return node.with_changes(body=node.body.with_changes(body=_leaving(node.body.body, name)), orelse=orelse)
