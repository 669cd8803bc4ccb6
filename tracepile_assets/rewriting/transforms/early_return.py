"""Return a result where it is found, not at the end of the function.

Before::

    def sign(x):
        if x < 0:
            result = -1
        elif x == 0:
            result = 0
        else:
            result = 1
        return result

    def has_even(values):
        found = False
        for value in values:
            if value % 2 == 0:
                found = True
                break
        return found

After::

    def sign(x):
        if x < 0:
            return -1
        elif x == 0:
            return 0
        else:
            return 1

    def has_even(values):
        for value in values:
            if value % 2 == 0:
                return True
        return False
"""

from collections.abc import Sequence

import libcst as cst

from tracepile_assets.rewriting.blocks import functions, is_own
from tracepile_assets.rewriting.build import is_literal, small
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import Edit, edit
from tracepile_assets.rewriting.variables import Scopes, Variable

NAME = "early_return"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every function that ends in branches, or a loop, that find what is returned then."""
    scopes = readable(module)
    if scopes is None:
        return None
    edits: dict[int, Edit] = {}
    for scope, function in functions(scopes):
        body = function.body.body
        last = small(body[-1])
        if len(body) < 2 or not isinstance(last, cst.Return) or not isinstance(last.value, cst.Name):
            continue
        variable = scopes.meaning.get(id(last.value))
        if is_own(variable, scope):
            edits.update(_Finder(scopes, variable).edits(body))
    return Rewrite(edit(module, edits)) if edits else None


class _Finder:
    """Finds where the variable that is returned is bound as the last thing before the ``return``."""

    def __init__(self, scopes: Scopes, variable: Variable) -> None:
        self._scopes = scopes
        self._variable = variable
        self._found: dict[int, Edit] = {}
        self._assigned: set[int] = set()

    def edits(self, body: Sequence[cst.BaseStatement]) -> dict[int, Edit]:
        found, last = body[-2], body[-1]
        if isinstance(found, cst.If):
            self._in_branches(found)
        elif isinstance(found, (cst.For, cst.While)):
            self._in_loop(found.body.body)
            if found.orelse is not None:
                self._at_end(found.orelse.body.body)
        if not self._found:
            return {}
        start = small(body[-3]) if len(body) > 2 else None
        if isinstance(found, cst.If) and self._all_leave(found):
            self._found[id(last)] = lambda _: []
        elif self._assigns(start) and is_literal(start.value) and self._is_only_start(start, last):
            self._found[id(body[-3])] = lambda _: []
            lines = body[-3].leading_lines
            if lines:
                self._found[id(found)] = lambda node: node.with_changes(leading_lines=[*lines, *node.leading_lines])
            value = small(last).with_changes(value=start.value, whitespace_after_return=cst.SimpleWhitespace(" "))
            self._found[id(last)] = lambda node: node.with_changes(body=[value])
        return self._found

    def _assigns(self, statement: cst.BaseSmallStatement | None) -> bool:
        return (
            isinstance(statement, cst.Assign)
            and len(statement.targets) == 1
            and self._scopes.meaning.get(id(statement.targets[0].target)) is self._variable
        )

    def _is_only_start(self, start: cst.Assign, last: cst.BaseStatement) -> bool:
        """Whether the variable is bound at the start, in what is replaced, and read by the last ``return`` alone."""
        known = {id(start.targets[0].target), id(small(last).value), *self._assigned}
        return all(id(name) in known for name in self._variable.written)

    def _return(self, node: cst.BaseStatement) -> None:
        assignment = small(node)
        self._assigned.add(id(assignment.targets[0].target))

        def returned(line: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
            return line.with_changes(body=[cst.Return(small(line).value)])

        self._found[id(node)] = returned

    def _at_end(self, body: Sequence[cst.BaseStatement]) -> None:
        if isinstance(body[-1], cst.If):
            self._in_branches(body[-1])
        elif self._assigns(small(body[-1])):
            self._return(body[-1])

    def _in_branches(self, node: cst.If) -> None:
        self._at_end(node.body.body)
        if isinstance(node.orelse, cst.If):
            self._in_branches(node.orelse)
        elif node.orelse is not None:
            self._at_end(node.orelse.body.body)

    def _in_loop(self, body: Sequence[cst.BaseStatement]) -> None:
        if len(body) > 1 and isinstance(small(body[-1]), cst.Break) and self._assigns(small(body[-2])):
            self._return(body[-2])
            self._found[id(body[-1])] = lambda _: []
        for statement in body:
            rest = statement
            while isinstance(rest, cst.If):
                self._in_loop(rest.body.body)
                rest = rest.orelse
            if isinstance(rest, cst.Else):
                self._in_loop(rest.body.body)

    def _all_leave(self, node: cst.If) -> bool:
        """Whether no branch reaches the ``return`` at the end any more."""

        def gone(body: Sequence[cst.BaseStatement]) -> bool:
            last = body[-1]
            if id(last) in self._found or isinstance(small(last), (cst.Return, cst.Raise)):
                return True
            return isinstance(last, cst.If) and self._all_leave(last)

        if not gone(node.body.body) or node.orelse is None:
            return False
        return self._all_leave(node.orelse) if isinstance(node.orelse, cst.If) else gone(node.orelse.body.body)
