"""The transforms: one small module each, with NAME, a docstring with before and after, and ``apply``.

Here stands only which there are, in the order in which they are tried; adding one touches this list and nothing else.
"""

from tracepile_assets.rewriting.rewrite import Transform
from tracepile_assets.rewriting.transforms import (
    augmented_to_plain,
    call_to_comprehension,
    comprehension_to_loop,
    conditional_to_if,
    de_morgan,
    drop_else,
    each_to_index,
    for_to_while,
    if_to_conditional,
    inline_result,
    mirror_comparison,
    name_result,
    name_steps,
    nest_else,
    plain_to_augmented,
    rename_functions,
    rename_variables,
    split_assignment,
    swap_branches,
    while_true,
)

TRANSFORMS: tuple[Transform, ...] = (
    rename_variables,
    rename_functions,
    for_to_while,
    each_to_index,
    while_true,
    swap_branches,
    drop_else,
    nest_else,
    mirror_comparison,
    de_morgan,
    conditional_to_if,
    if_to_conditional,
    comprehension_to_loop,
    call_to_comprehension,
    augmented_to_plain,
    plain_to_augmented,
    split_assignment,
    name_result,
    inline_result,
    name_steps,
)
