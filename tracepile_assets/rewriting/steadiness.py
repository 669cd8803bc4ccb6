"""What stays as it is while other code of the program runs: names, and places that are found twice.

Belongs here: what must be known before an expression is evaluated a second time, or a name is read earlier or later
than it was. Does not belong here: what the objects behind names are (``aliasing``), what an expression may do
(``effects``).
"""

from collections.abc import Iterator

import libcst as cst

from tracepile_assets.rewriting.build import small
from tracepile_assets.rewriting.effects import has_effects, is_bound_to_place
from tracepile_assets.rewriting.tree import children, walk, walk_same_scope
from tracepile_assets.rewriting.variables import Scope, Scopes

_EQUALITY = frozenset({"__eq__", "__ne__"})
COMPARISONS = _EQUALITY | {"__lt__", "__le__", "__gt__", "__ge__"}
"""The methods behind ``==``, ``<`` and their like."""
_FRAMES = ("module", "function", "lambda", "class")
_FINDS_BY_CODE = frozenset(
    {"property", "cached_property", "__getattr__", "__getattribute__", "__getitem__", "__missing__", "__get__"}
)


def frame(scope: Scope) -> Scope:
    """The scope whose code runs a comprehension or generator expression; any other scope itself."""
    while scope.kind not in _FRAMES:
        scope = scope.parent
    return scope


def owned(scopes: Scopes) -> Iterator[tuple[Scope, cst.CSTNode]]:
    """Every node with the module, function, class, lambda or comprehension that it stands in."""
    for scope in scopes.module.walk():
        for node in walk_same_scope(scope.node):
            yield scope, node


def is_steady(name: cst.Name, owner: Scope, scopes: Scopes) -> bool:
    """Whether no call made by code of ``owner`` can bind the name anew: only that code itself does, or a scope around
    it, which waits meanwhile."""
    variable = scopes.meaning.get(id(name))
    if variable is None:
        return True
    waiting = (frame(owner), frame(variable.scope))
    return not variable.ambiguous and all(frame(binding.scope) in waiting for binding in variable.bindings)


def are_steady(node: cst.CSTNode, owner: Scope, scopes: Scopes) -> bool:
    """Whether all names in a node are steady."""
    return all(is_steady(part, owner, scopes) for part in walk(node) if isinstance(part, cst.Name))


def is_same_place_after(target: cst.BaseExpression, value: cst.BaseExpression, owner: Scope, scopes: Scopes) -> bool:
    """Whether a target of simple parts (``build.is_simple``) means the same place before and after a value is
    evaluated, and may be found twice."""
    if isinstance(target, cst.Name):
        return True
    if is_bound_to_place(value):
        return False
    below = [part for child in children(target) for part in walk(child)]
    looks_up = any(isinstance(part, (cst.Attribute, cst.Subscript, cst.Call)) for part in below)
    if has_effects(value, scopes):
        return not looks_up and are_steady(target, owner, scopes)
    return not (looks_up and finds_by_code(scopes))


def finds_by_code(scopes: Scopes) -> bool:
    """Whether classes of the program may run code where an attribute or an element is looked up."""
    return any(isinstance(part, cst.Name) and part.value in _FINDS_BY_CODE for part in walk(scopes.module.node))


def defines_any(module: cst.Module, names: frozenset[str]) -> bool:
    """Whether the program defines a function or method of one of these names, or assigns to one."""
    return any(
        (isinstance(node, cst.FunctionDef) and node.name.value in names)
        or (isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Name) and node.target.value in names)
        for node in walk(module)
    )


def has_plain_equality(module: cst.Module) -> bool:
    """Whether ``a != b`` is certainly ``not a == b``: no class of the program says what equality is.

    A subclass of ``list`` that does keeps the ``!=`` of lists, and a class may say both as it likes.
    """
    return not defines_any(module, _EQUALITY)


def is_bound_before(name: cst.Name, statement: cst.CSTNode, owner: Scope, scopes: Scopes) -> bool:
    """Whether the name certainly has a value when a statement of ``owner`` runs: a builtin, a parameter, a name of
    the scopes around, or one bound by an earlier statement of the blocks around it or by the loop that it stands in;
    and deleted nowhere."""
    variable = scopes.meaning.get(id(name))
    if variable is None or frame(variable.scope) is not frame(owner) or "parameter" in variable.bound_as:
        return True
    home = frame(owner)
    if variable.ambiguous or any(isinstance(node, cst.Del) for node in walk_same_scope(home.node)):
        return False
    if variable.scope is not home:
        # A comprehension's own.
        return True
    before = {id(part) for earlier in _run_before(home.node, statement) for part in walk(earlier)}
    return any(id(binding.name) in before for binding in variable.bindings)


def _run_before(root: cst.CSTNode, statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What has been run to its end when a statement below ``root`` starts: simple statements and definitions before it
    in the blocks around, and the targets of the loops around."""
    inside = root
    while inside is not statement:
        if isinstance(inside, cst.For) and any(part is statement for part in walk(inside.body)):
            yield inside.target
        following = None
        for child in children(inside):
            if any(part is statement for part in walk(child)):
                following = child
                break
            if small(child) is not None:
                yield child
            elif isinstance(child, (cst.FunctionDef, cst.ClassDef)):
                yield child.name
        if following is None:
            return
        inside = following
