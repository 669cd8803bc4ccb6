"""Whether arguments fit the function that they are for, as far as its text tells.

Belongs here: the parameters of a function and the arguments of a call. Does not belong here: what the values are.
"""

import ast
from dataclasses import dataclass

from tracepile_assets.sources.layouts.making import parse_expression, parse_module


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a function.

    Attributes:
        name: the function.
        by_place: those that may be given by place, in order; the first ``only_by_place`` of them by place alone.
        by_name: those that must be given by name.
        needed: those without a default.
        more_values: takes any number of values by place. ``more_names``: takes any names.
    """

    name: str
    by_place: tuple[str, ...]
    only_by_place: int
    by_name: frozenset[str]
    needed: frozenset[str]
    more_values: bool
    more_names: bool

    @classmethod
    def of(cls, code: str, entry_point: str | None) -> "Signature | None":
        """The parameters of a program's entry point, ``f`` or ``Solution().f``; None where the text does not tell them:
        it is another expression, is decorated, or is bound more than once or in another way."""
        tree = parse_module(code) if entry_point is not None else None
        owner, name = _owner_and_name(entry_point or "")
        if tree is None or name is None:
            return None
        scope: ast.Module | ast.ClassDef = tree
        if owner is not None:
            found = _only_binder(tree, owner)
            if not isinstance(found, ast.ClassDef) or found.decorator_list or found.keywords:
                return None
            scope = found
        function = _only_binder(scope, name)
        if not isinstance(function, ast.FunctionDef) or function.decorator_list:
            return None
        given = function.args
        places = [each.arg for each in (*given.posonlyargs, *given.args)]
        needed = places[: len(places) - len(given.defaults)]
        only_by_place = len(given.posonlyargs)
        if owner is not None:
            # What it is called on.
            places, needed, only_by_place = places[1:], needed[1:], max(only_by_place - 1, 0)
        needed += [each.arg for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if not default]
        return cls(
            name=function.name,
            by_place=tuple(places),
            only_by_place=only_by_place,
            by_name=frozenset(each.arg for each in given.kwonlyargs),
            needed=frozenset(needed),
            more_values=given.vararg is not None,
            more_names=given.kwarg is not None,
        )

    def misfit(self, arguments: str) -> str | None:
        """Why a call with these arguments (source text) would be refused before the function begins; None if it would
        not, or that cannot be told."""
        call = parse_expression(f"f({arguments})")
        if not isinstance(call, ast.Call) or any(isinstance(each, ast.Starred) for each in call.args):
            return None
        names = [keyword.arg for keyword in call.keywords]
        if None in names:
            return None
        values = len(call.args)
        if values > len(self.by_place) and not self.more_values:
            return f"has {values} values, where `{self.name}` takes {len(self.by_place) or 'none'}"
        placed = self.by_place[:values]
        nameable = self.by_name.union(self.by_place[self.only_by_place :])
        for name in names:
            if name in placed and name in nameable:
                return f"gives `{name}` of `{self.name}` two values"
            if name not in nameable and not self.more_names:
                return f"names `{name}`, which is no parameter of `{self.name}`"
        missing = [name for name in (*self.by_place, *sorted(self.by_name)) if name in self.needed - {*placed, *names}]
        return f"has no value for `{missing[0]}` of `{self.name}`" if missing else None


def _owner_and_name(entry_point: str) -> tuple[str | None, str | None]:
    """The class and the method of ``C().m``, or no class and the function."""
    match parse_expression(entry_point):
        case ast.Name(id=name):
            return None, name
        case ast.Attribute(value=ast.Call(func=ast.Name(id=owner), args=[], keywords=[]), attr=name):
            return owner, name
    return None, None


def _only_binder(scope: ast.Module | ast.ClassDef, name: str) -> ast.AST | None:
    """What binds a name in a module or class, if just one thing anywhere in it does and stands in its body."""
    binders = [node for node in ast.walk(scope) if node is not scope and _binds(node, name)]
    return binders[0] if len(binders) == 1 and binders[0] in scope.body else None


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == name
    if isinstance(node, ast.alias):
        return (node.asname or node.name) in (name, "*")
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
