"""The transforms: one small module each, with NAME, a docstring with before and after, and ``apply``.

Here stands only which there are, in the order in which they are tried; adding one touches this list and nothing else.
"""

from tracepile_assets.rewriting.rewrite import Transform
from tracepile_assets.rewriting.transforms import (
    augmented_to_plain,
    de_morgan,
    for_to_while,
    mirror_comparison,
    plain_to_augmented,
    rename_variables,
    swap_branches,
)

TRANSFORMS: tuple[Transform, ...] = (
    rename_variables,
    for_to_while,
    swap_branches,
    mirror_comparison,
    de_morgan,
    augmented_to_plain,
    plain_to_augmented,
)
