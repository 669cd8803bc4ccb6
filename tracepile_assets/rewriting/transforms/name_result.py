"""Give what a function returns a name first.

Before::

    return total / len(values)

After::

    result = total / len(values)
    return result
"""

import libcst as cst

from tracepile_assets.rewriting.build import assign, is_literal, small
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "name_result"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Name the value of every ``return`` that computes something."""
    found = [
        node
        for node in walk(module)
        if isinstance(statement := small(node), cst.Return)
        and statement.value is not None
        and not isinstance(statement.value, cst.Name)
        and not is_literal(statement.value)
    ]
    if not found:
        return None
    name = context.fresh("result", "answer", "outcome", "value_to_return")

    def named(node: cst.SimpleStatementLine) -> list[cst.SimpleStatementLine]:
        statement = small(node)
        plain = cst.Return(cst.Name(name))
        return [
            assign(name, statement.value).with_changes(leading_lines=node.leading_lines),
            node.with_changes(body=[plain], leading_lines=[]),
        ]

    edits: dict[int, Edit] = {id(node): named for node in found}
    return Rewrite(edit(module, edits))
