"""The transforms: one small module each, with NAME, a docstring with before and after, and ``apply``.

Here stands only which there are, and of what sort; adding one touches this list and nothing else.
"""

from tracepile_assets.rewriting.rewrite import Transform
from tracepile_assets.rewriting.transforms import (
    accumulating_recursion_to_loop,
    augmented_to_plain,
    call_to_comprehension,
    comprehension_to_loop,
    concatenation_to_fstring,
    conditional_to_if,
    de_morgan,
    drop_else,
    each_to_index,
    early_return,
    extract_helper,
    for_to_while,
    format_to_fstring,
    fstring_to_format,
    fstring_to_percent,
    if_to_conditional,
    inline_helper,
    inline_result,
    insert_dead_code,
    loop_to_comprehension,
    merge_assignments,
    mirror_comparison,
    name_result,
    name_steps,
    nest_else,
    nest_steps,
    percent_to_fstring,
    plain_to_augmented,
    rename_foreign,
    rename_functions,
    rename_misleading,
    rename_variables,
    reorder_statements,
    single_exit,
    split_assignment,
    swap_branches,
    tail_recursion_to_loop,
    unfold_constants,
    unroll_loop,
    while_to_for,
    while_true,
)

TRANSFORMS: tuple[Transform, ...] = (
    for_to_while,
    unroll_loop,
    while_to_for,
    swap_branches,
    mirror_comparison,
    each_to_index,
    while_true,
    comprehension_to_loop,
    loop_to_comprehension,
    call_to_comprehension,
    tail_recursion_to_loop,
    accumulating_recursion_to_loop,
    inline_helper,
    extract_helper,
    single_exit,
    early_return,
    drop_else,
    nest_else,
    conditional_to_if,
    if_to_conditional,
    de_morgan,
    augmented_to_plain,
    plain_to_augmented,
    split_assignment,
    merge_assignments,
    reorder_statements,
    name_result,
    inline_result,
    name_steps,
    nest_steps,
    fstring_to_format,
    fstring_to_percent,
    format_to_fstring,
    percent_to_fstring,
    concatenation_to_fstring,
    unfold_constants,
    rename_variables,
    rename_misleading,
    rename_foreign,
    rename_functions,
    insert_dead_code,
)

RENAMING = frozenset({"rename_variables", "rename_misleading", "rename_foreign"})
"""What gives variables other names: a chain holds one of them, since another would wipe out what the first did."""

TELLING = frozenset({"for_to_while", "unroll_loop", "swap_branches", "mirror_comparison"})
"""Small changes that mislead models most: offered before others more often than not."""

SURFACE = frozenset({"rename_variables", "rename_misleading", "rename_foreign", "rename_functions", "insert_dead_code"})
"""What changes names, or adds code that does nothing, and leaves the steps of a run as they are."""
