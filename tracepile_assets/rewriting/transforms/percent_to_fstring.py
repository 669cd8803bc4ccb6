"""Format strings with an f-string instead of ``%``.

Before::

    line = "%s: %.2f" % (name, score)

After::

    line = f"{name}: {score:.2f}"

Only where values are what they look like. ``%`` makes a float of a number, cuts it to an integer, or calls
``__str__``, while an f-string leaves all of that to ``__format__``: programs with exact numbers, with texts of their
own for objects, or with floats in their text or inputs that may come to ``%d``, stay as they are. What has met no
float is taken to meet none: on one, ``%d`` would cut it and the f-string raise.
"""

import ast
import re

import libcst as cst

from tracepile_assets.rewriting.restyling import restyled
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.texts import as_formatted, formats_itself, of_percent, string_value
from tracepile_assets.rewriting.tree import walk

NAME = "percent_to_fstring"

_FLOATS = frozenset(
    {
        *("float", "math", "mean", "sqrt", "statistics", "pow", "random", "time", "truediv"),
        *("numpy", "scipy", "pandas", "json"),
    }
)
_DIVIDES = (cst.Divide, cst.DivideAssign, cst.PowerAssign)


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Rewrite every ``%`` on a string literal, if it has fields and the other style can say them."""
    names, floats, integers = set(), _takes_floats(context), False
    for node in walk(module):
        if isinstance(node, cst.Name):
            names.add(node.value)
        divides = isinstance(getattr(node, "operator", None), _DIVIDES) or _may_be_a_fraction(node)
        floats = floats or divides or isinstance(node, cst.Float)
        if isinstance(node, cst.BinaryOperation):
            integers = integers or re.search(r"%[-0]*\d*[dixX]", string_value(node.left) or "") is not None
    if formats_itself(module) or "__str__" in names or (integers and (floats or names & _FLOATS)):
        return None
    return restyled(module, cst.BinaryOperation, of_percent, as_formatted)


def _may_be_a_fraction(node: cst.CSTNode) -> bool:
    """Whether it is a power whose exponent may be negative: of integers that gives a float."""
    return (
        isinstance(node, cst.BinaryOperation)
        and isinstance(node.operator, cst.Power)
        and not isinstance(node.right, cst.Integer)
    )


def _takes_floats(context: Context) -> bool:
    """Whether an input of the program holds a float."""
    return any(
        isinstance(part, ast.Constant) and type(part.value) is float
        for call in context.calls()
        for part in ast.walk(call)
    )
