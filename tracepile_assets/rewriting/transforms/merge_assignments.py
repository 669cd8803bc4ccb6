"""Merge assignments that follow each other into one.

Before::

    low = 0
    high = len(values) - 1
    best = 0
    count = 0

After::

    low, high = 0, len(values) - 1
    best = count = 0

Only names that nothing but the function's own code sees, where no value needs what an earlier assignment binds.
"""

from collections.abc import Sequence

import libcst as cst

from tracepile_assets.rewriting.blocks import blocks, catches, is_own, means
from tracepile_assets.rewriting.build import is_literal, operand, parenthesized, small, text
from tracepile_assets.rewriting.effects import is_bound_to_place
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import Edit, edit
from tracepile_assets.rewriting.variables import Scope, Scopes

NAME = "merge_assignments"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Merge pairs of assignments, and longer rows of the same number or word, in every block."""
    scopes = readable(module)
    if scopes is None:
        return None
    edits: dict[int, Edit] = {}
    for owner, body in blocks(scopes):
        if catches(owner):
            continue
        position = 0
        while position < len(body) - 1:
            row = _row(body[position:], owner, scopes)
            for dropped in row[1:]:
                edits[id(dropped)] = lambda _: []
            if len(row) > 1:
                edits[id(row[0])] = lambda _, row=row: _merged(row)
            position += max(1, len(row))
    return Rewrite(edit(module, edits)) if edits else None


def _row(body: Sequence[cst.BaseStatement], owner: Scope, scopes: Scopes) -> list[cst.BaseStatement]:
    """The statements at the head of a body that make one: all those of one literal, else two."""
    row: list[cst.BaseStatement] = []
    for statement in body:
        if not _is_simple_assignment(statement, owner, scopes) or (row and statement.leading_lines):
            break
        bound = [scopes.meaning.get(id(small(earlier).targets[0].target)) for earlier in row]
        value, target = small(statement).value, small(statement).targets[0].target
        if scopes.meaning.get(id(target)) in bound or any(means(value, variable, scopes) for variable in bound):
            break
        if len(row) >= 2 and not (_same_literal(row) and _same_literal([*row, statement])):
            break
        row.append(statement)
    if len(row) > 2 and not _same_literal(row):
        row = row[:2]
    return row


def _is_simple_assignment(statement: cst.BaseStatement, owner: Scope, scopes: Scopes) -> bool:
    assigned = small(statement)
    if not isinstance(assigned, cst.Assign) or len(assigned.targets) != 1 or is_bound_to_place(assigned.value):
        return False
    target = assigned.targets[0].target
    if not isinstance(target, cst.Name) or "\n" in text(assigned.value):
        return False
    return is_own(scopes.meaning.get(id(target)), owner)


def _same_literal(row: Sequence[cst.BaseStatement]) -> bool:
    values = [small(statement).value for statement in row]
    return all(is_literal(value) for value in values) and len({text(value) for value in values}) == 1


def _merged(row: Sequence[cst.BaseStatement]) -> cst.SimpleStatementLine:
    assignments = [small(statement) for statement in row]
    targets = [assignment.targets[0].target for assignment in assignments]
    if _same_literal(row):
        merged = cst.Assign([cst.AssignTarget(target) for target in targets], assignments[0].value)
    else:
        values = [_element(assignment.value) for assignment in assignments]
        merged = cst.Assign([cst.AssignTarget(_bare_tuple(targets))], _bare_tuple(values))
    return row[0].with_changes(body=[merged], trailing_whitespace=row[-1].trailing_whitespace)


def _element(value: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(value, (cst.Lambda, cst.IfExp)):
        return parenthesized(value)
    return operand(value) if isinstance(value, cst.Tuple) else value


def _bare_tuple(parts: Sequence[cst.BaseExpression]) -> cst.Tuple:
    return cst.Tuple([cst.Element(part) for part in parts], lpar=[], rpar=[])
