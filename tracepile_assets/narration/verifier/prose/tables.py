"""Tables in a text: a column that is headed by a variable holds values of it.

Belongs here: reading rows of cells between bars, and judging the cells. Does not belong here: sentences.
"""

import ast
import re
from collections.abc import Iterator

from tracepile_assets.narration.verifier.expressions import parse
from tracepile_assets.narration.verifier.prose.clauses import alike
from tracepile_assets.narration.verifier.prose.facts import Facts
from tracepile_assets.narration.verifier.prose.grounds import Grounds
from tracepile_assets.narration.verifier.prose.reading import value_node
from tracepile_assets.narration.verifier.verdict import CONTRADICTED, Claim

_ROW = re.compile(r"[ \t]*\|(?P<cells>[^\n]*)\|[ \t]*(?:\n|\Z)")
_RULE = re.compile(r"[\s|:-]*")


def false_cells(text: str, facts: Facts, grounds: Grounds) -> Iterator[Claim]:
    """The cells that are values which the variable at the head of their column never holds."""
    heads: list[ast.expr | None] = []
    end = -1
    for row in _ROW.finditer(text):
        cells = [(at.start() + row.start("cells"), at.group()) for at in _split(row["cells"])]
        if row.start() != end:
            heads = [_head(cell, facts) for _, cell in cells]
        elif not _RULE.fullmatch(row["cells"]):
            for (start, cell), head in zip(cells, heads, strict=False):
                if head is not None and _is_false(cell, head, facts, grounds):
                    detail = f"{ast.unparse(head)} never has that value"
                    yield Claim(
                        start=start,
                        end=start + len(cell),
                        kind="value",
                        says=cell,
                        event=None,
                        verdict=CONTRADICTED,
                        detail=detail,
                    )
        end = row.end()


def _split(cells: str) -> list[re.Match[str]]:
    return list(re.finditer(r"(?:^|(?<=\|))[^|]*", cells))


def _plain(cell: str) -> str:
    return cell.strip().strip("`*").strip()


def _head(cell: str, facts: Facts) -> ast.expr | None:
    node = parse(_plain(cell))
    known = isinstance(node, ast.Name | ast.Subscript | ast.Attribute) and bool(facts.ever(node))
    return node if known else None


def _is_false(cell: str, head: ast.expr, facts: Facts, grounds: Grounds) -> bool:
    node = parse(_plain(cell))
    told = grounds.computed(node) if node is not None and value_node(node) else None
    if told is None:
        return False
    held = [grounds.literal(text) for text in facts.ever(head)]
    return None not in held and not any(alike(value[0], told[0]) for value in held if value is not None)
