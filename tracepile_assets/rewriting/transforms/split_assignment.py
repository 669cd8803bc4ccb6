"""Split an assignment to several targets into one for each.

Before::

    low, high = 0, len(values) - 1
    a, b = b, a + b
    values[i], values[j] = values[j], values[i]
    first = last = None

After::

    low = 0
    high = len(values) - 1
    old_a = a
    a = b
    b = old_a + b
    swapped = values[i]
    values[i] = values[j]
    values[j] = swapped
    first = None
    last = first
"""

import libcst as cst

from tracepile_assets.rewriting.blocks import catches, is_own
from tracepile_assets.rewriting.build import assign, is_literal, is_simple, small, text
from tracepile_assets.rewriting.effects import has_effects
from tracepile_assets.rewriting.rewrite import Context, Rewrite
from tracepile_assets.rewriting.scopes import resolve
from tracepile_assets.rewriting.tree import Edit, edit, replaced, walk, walk_same_scope
from tracepile_assets.rewriting.variables import Scope, Scopes, UnresolvableError

NAME = "split_assignment"


def apply(module: cst.Module, context: Context) -> Rewrite | None:
    """Split every such assignment to names, and every exchange of two simple places."""
    try:
        scopes = resolve(module)
    except UnresolvableError:
        return None
    edits: dict[int, Edit] = {}
    for owner in scopes.module.walk():
        if owner.kind in ("module", "function"):
            for node in walk_same_scope(owner.node):
                statement = small(node)
                if isinstance(statement, cst.Assign):
                    parts = _parts(statement, owner, scopes, context)
                    if parts is not None:
                        parts[0] = parts[0].with_changes(leading_lines=node.leading_lines)
                        edits[id(node)] = lambda _, parts=parts: parts
    return Rewrite(edit(module, edits)) if edits else None


def _parts(
    statement: cst.Assign, owner: Scope, scopes: Scopes, context: Context
) -> list[cst.SimpleStatementLine] | None:
    targets = [target.target for target in statement.targets]
    if len(targets) > 1:
        return _chain(targets, statement.value)
    values = _elements(statement.value)
    places = _elements(targets[0])
    if values is None or places is None or len(values) != len(places):
        return None
    if all(isinstance(place, cst.Name) for place in places) and len({place.value for place in places}) == len(places):
        if not all(_is_unseen(place, value, owner, scopes) for place in places[:-1] for value in values[1:]):
            return None
        return _names(places, values, scopes, context)
    if len(places) == 2 and all(map(is_simple, places)):
        texts = [text(place) for place in places]
        if [text(value) for value in values] == texts[::-1]:
            kept = context.fresh("swapped", "kept", "saved")
            return [assign(kept, values[1]), assign(places[0], values[0]), assign(places[1], cst.Name(kept))]
    return None


def _is_unseen(place: cst.Name, value: cst.BaseExpression, owner: Scope, scopes: Scopes) -> bool:
    """Whether nothing that evaluating the next value does can tell that a name has been bound before."""
    if catches(owner):
        return is_literal(value) or isinstance(value, cst.Name)
    return is_own(scopes.meaning.get(id(place)), owner) or not has_effects(value, scopes)


def _elements(node: cst.BaseExpression) -> list[cst.BaseExpression] | None:
    if not isinstance(node, (cst.Tuple, cst.List)) or len(node.elements) < 2:
        return None
    if any(isinstance(element, cst.StarredElement) for element in node.elements):
        return None
    return [element.value for element in node.elements]


def _chain(targets: list[cst.BaseExpression], value: cst.BaseExpression) -> list[cst.SimpleStatementLine] | None:
    if not all(isinstance(target, cst.Name) for target in targets):
        return None
    return [assign(targets[0], value), *(assign(target, targets[0].deep_clone()) for target in targets[1:])]


def _names(
    places: list[cst.Name], values: list[cst.BaseExpression], scopes: Scopes, context: Context
) -> list[cst.SimpleStatementLine]:
    """One assignment after the other; what a later value needs of an earlier target is kept before."""
    kept: dict[str, str] = {}
    before: list[cst.SimpleStatementLine] = []
    after: list[cst.SimpleStatementLine] = []
    for position, (place, value) in enumerate(zip(places, values, strict=True)):
        bound = {scopes.meaning.get(id(earlier)) for earlier in places[:position]} - {None}
        new: dict[int, cst.CSTNode] = {}
        for part in walk(value):
            variable = scopes.meaning.get(id(part))
            if variable in bound:
                if variable.name not in kept:
                    kept[variable.name] = context.fresh(f"old_{variable.name}")
                    before.append(assign(kept[variable.name], cst.Name(variable.name)))
                new[id(part)] = cst.Name(kept[variable.name])
        after.append(assign(place, replaced(value, new)))
    return [*before, *after]
