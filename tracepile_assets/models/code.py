"""Python that a model wrote, parsed and written anew without its words; it is never run here.

Not here: what the code is for.
"""

import ast
import warnings

from .chat import Failure

LONGEST_CODE = 20_000


def plain_code(text: str) -> ast.Module | Failure:
    """The tree of a module without docstrings (comments have none): what they say was checked by nobody."""
    if len(text) > LONGEST_CODE:
        return Failure("too long", f"the code has {len(text):,} characters")
    try:
        # What a model's own text warns of is not our user's business.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<reply>", "exec", dont_inherit=True)
            return ast.fix_missing_locations(_WithoutDocstrings().visit(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Failure("no Python", f"the code does not parse: {type(error).__name__}")


def text_of(tree: ast.Module) -> str | Failure:
    """The text of a tree that ``plain_code`` gave."""
    try:
        return ast.unparse(tree) + "\n"
    except (RecursionError, ValueError):
        return Failure("no Python", "the code is nested too deeply")


class _WithoutDocstrings(ast.NodeTransformer):
    """Takes out the strings that stand as statements."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and any(map(_is_string, block)):
                kept = [child for child in block if not _is_string(child)]
                setattr(node, name, kept or ([] if isinstance(node, ast.Module) else [ast.Pass()]))
        return node


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
