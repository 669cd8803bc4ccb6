"""Shorten ``x = x + y`` to an augmented assignment.

Before::

    total = total + price * count

After::

    total += price * count

Where the target holds a list that another name reaches, the two differ; that is for the proof.
"""

import libcst as cst

from tracepile_assets.rewriting.build import is_simple, outside, text
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.transforms.augmented_to_plain import BINARY
from tracepile_assets.rewriting.tree import Edit, edit, walk

NAME = "plain_to_augmented"

_AUGMENTED = {binary: augmented for augmented, binary in BINARY.items()}


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Shorten every assignment whose value is an operation with the target itself on the left."""
    edits: dict[int, Edit] = {
        id(node): _shorten for node in walk(module) if isinstance(node, cst.Assign) and _is_shortenable(node)
    }
    return Rewrite(edit(module, edits)) if edits else None


def _is_shortenable(node: cst.Assign) -> bool:
    value = node.value
    return (
        len(node.targets) == 1
        and isinstance(value, cst.BinaryOperation)
        and type(value.operator) in _AUGMENTED
        and isinstance(node.targets[0].target, (cst.Name, cst.Subscript, cst.Attribute))
        and is_simple(node.targets[0].target)
        and type(value.left) is type(node.targets[0].target)
        and text(value.left) == text(node.targets[0].target)
    )


def _shorten(node: cst.Assign) -> cst.AugAssign:
    value = node.value
    return cst.AugAssign(node.targets[0].target, _AUGMENTED[type(value.operator)](), outside(value.right))
