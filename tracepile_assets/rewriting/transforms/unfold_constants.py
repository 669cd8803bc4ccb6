"""Write integers as the sums, products and powers that they are.

Before::

    seconds = hours * 3600
    code = total % 1000000007

After::

    seconds = hours * (60 * 60)
    code = total % (10 ** 9 + 7)

Numbers in patterns, annotations and indices, and those below 4, stay as they are.
"""

from random import Random

import libcst as cst

from tracepile_assets.rewriting.build import alone, parenthesized
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "unfold_constants"

_LEAST = 4
_MOST_CHANGED = 6


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Unfold the program's first few decimal integers of some size."""
    kept: set[int] = set()
    found: list[cst.Integer] = []
    for node in walk(module):
        if isinstance(node, (cst.MatchPattern, cst.Annotation, cst.SubscriptElement)):
            kept.update(id(part) for part in walk(node))
        elif isinstance(node, cst.Integer) and id(node) not in kept and _is_unfoldable(node):
            found.append(node)
    if not found:
        return None
    unbracketed = alone(module)
    edits: dict[int, Edit] = {}
    for node in found[:_MOST_CHANGED]:
        unfolded = _unfolded(node.evaluated_value, context.random)
        new = cst.parse_expression(unfolded)
        if id(node) not in unbracketed:
            new = parenthesized(new)
        edits[id(node)] = lambda _, new=new: new
    return Rewrite(edit(module, edits))


def _is_unfoldable(node: cst.Integer) -> bool:
    return node.value.isdecimal() and node.evaluated_value >= _LEAST


def _unfolded(value: int, random: Random) -> str:
    """An expression of the value: a power of ten and what is left, a product, or a sum."""
    digits = len(str(value)) - 1
    power = 10**digits
    if digits >= 3 and abs(value - power) < 100:
        rest = value - power
        return f"10 ** {digits}" + ("" if rest == 0 else f" + {rest}" if rest > 0 else f" - {-rest}")
    if value == 10 ** (digits + 1) - 1 and digits >= 2:
        return f"10 ** {digits + 1} - 1"
    if value >= 64 and value & (value - 1) == 0:
        return f"2 ** {value.bit_length() - 1}"
    root = round(value**0.5) if value < 10**12 else 0
    if root * root == value:
        return f"{root} * {root}"
    factors = [factor for factor in range(2, min(root + 1, 1000)) if value % factor == 0] if root else []
    if factors and random.random() < 0.7:
        factor = factors[-1]
        return f"{factor} * {value // factor}"
    part = random.choice((1, 2, value // 2)) if value < 1000 else value % 100 or 1
    return f"{value - part} + {part}"
