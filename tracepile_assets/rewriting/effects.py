"""What evaluating an expression may do beside giving a value, and in which order its parts are evaluated.

Belongs here: judging expressions as they stand, before a transform moves, joins or repeats them. Does not belong here:
statements (``blocks``), building (``build``).
"""

from collections.abc import Iterator

import libcst as cst

from tracepile_assets.rewriting.build import is_literal, text
from tracepile_assets.rewriting.tree import walk
from tracepile_assets.rewriting.variables import Scopes

_PURE_CALLS = frozenset(
    {
        *("len", "abs", "min", "max", "sum", "sorted", "str", "int", "float", "bool", "ord", "chr", "round", "repr"),
        *("range", "list", "tuple", "set", "dict", "bin", "hex", "oct", "divmod", "pow", "isinstance", "type", "any"),
        *("all", "frozenset"),
    }
)
_BOUND_TO_PLACE = (cst.Yield, cst.Await, cst.NamedExpr)


def is_bound_to_place(node: cst.CSTNode) -> bool:
    """Whether an expression means something only where it stands: it yields, awaits or binds a name."""
    return any(isinstance(part, _BOUND_TO_PLACE) for part in walk(node))


def has_effects(node: cst.CSTNode, scopes: Scopes) -> bool:
    """Whether evaluating may change something, as far as the text tells: a call of anything but a few builtins, or
    what is bound to its place. Operators count as without effects. What a generator yields counts as changed when it
    is read, so a name given to a pure builtin may do more than it says; that is for the proof."""
    for part in walk(node):
        if isinstance(part, _BOUND_TO_PLACE):
            return True
        if isinstance(part, cst.Call) and not is_pure_call(part, scopes):
            return True
    return False


def is_pure_call(node: cst.Call, scopes: Scopes) -> bool:
    """Whether it is a call of a builtin that only gives a value, handed no function of the program (``key=``)."""
    if not isinstance(node.func, cst.Name) or node.func.value not in _PURE_CALLS or id(node.func) in scopes.meaning:
        return False
    return not any(
        arg.keyword is not None and isinstance(arg.value, cst.Name) and id(arg.value) in scopes.meaning
        for arg in node.args
    )


def imports_any(module: cst.Module, packages: frozenset[str]) -> bool:
    """Whether the program imports one of these packages or something out of it."""
    for node in walk(module):
        if isinstance(node, cst.ImportFrom) and node.module is not None and text(node.module).split(".")[0] in packages:
            return True
        if isinstance(node, cst.Import) and any(text(one.name).split(".")[0] in packages for one in node.names):
            return True
    return False


def may_stop(module: cst.Module) -> bool:
    """Whether a ``StopIteration`` may come out of a call: inside a generator it is an error, in ``map`` an end."""
    return any(isinstance(node, cst.Name) and node.value in ("StopIteration", "next") for node in walk(module))


def is_total(node: cst.BaseExpression) -> bool:
    """Whether evaluating can neither fail nor do anything nor depend on anything: a literal, or a display of such."""
    if is_literal(node):
        return True
    if isinstance(node, (cst.List, cst.Tuple)):
        return all(isinstance(part, cst.Element) and is_total(part.value) for part in node.elements)
    if isinstance(node, cst.Dict):
        return not node.elements
    return False


def first_parts(node: cst.BaseExpression) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The expression's parts that are certainly evaluated, once, in the order in which they are; with each, whether
    all evaluated before it (by this walk) are names and literals.

    Parts that may be evaluated never or often (the right side of ``and``, branches, comprehensions, lambdas) end the
    walk: nothing after them is given.
    """
    plain = True
    for part, is_leaf, goes_on in _in_order(node):
        yield part, plain
        if not goes_on:
            return
        plain = plain and is_leaf


def _in_order(node: cst.BaseExpression) -> Iterator[tuple[cst.BaseExpression, bool, bool]]:
    """Leaves and operations in the order in which they come to be evaluated: operands, then the operation. With each:
    whether it is a name or literal, and whether the walk may go on behind it."""
    if isinstance(node, cst.Name) or is_literal(node):
        yield node, True, True
        return
    operands = _operands(node)
    if operands is None:
        yield node, False, False
        return
    parts, complete = operands
    for part in parts:
        for inner in _in_order(part):
            yield inner
            if not inner[2]:
                return
    yield node, False, complete


def _operands(node: cst.BaseExpression) -> tuple[list[cst.BaseExpression], bool] | None:
    """The operands evaluated first, in order, and whether these are all; None where the order is not followed."""
    if isinstance(node, cst.BinaryOperation):
        return [node.left, node.right], True
    if isinstance(node, cst.UnaryOperation):
        return [node.expression], True
    if isinstance(node, cst.Attribute):
        return [node.value], True
    if isinstance(node, cst.Comparison):
        return [node.left, node.comparisons[0].comparator], len(node.comparisons) == 1
    if isinstance(node, cst.BooleanOperation):
        return [node.left], False
    if isinstance(node, cst.IfExp):
        return [node.test], False
    if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        if any(not isinstance(element, cst.Element) for element in node.elements):
            return None
        return [element.value for element in node.elements], True
    if isinstance(node, cst.Subscript):
        if any(not isinstance(part.slice, cst.Index) or part.slice.star is not None for part in node.slice):
            return [node.value], False
        return [node.value, *(part.slice.value for part in node.slice)], True
    if isinstance(node, cst.Call):
        if any(arg.star or arg.keyword is not None for arg in node.args):
            return [node.func.value if isinstance(node.func, cst.Attribute) else node.func], False
        # Looking up a method is no step of its own: what it is does not change.
        function = node.func.value if isinstance(node.func, cst.Attribute) else node.func
        return [function, *(arg.value for arg in node.args)], True
    if isinstance(node, (cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)):
        return [node.for_in.iter], False
    return None
