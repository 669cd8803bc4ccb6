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
        """The parameters of a program's entry point; None where the text does not tell them: it is no plain name, is
        decorated, or is bound more than once or in another way."""
        tree = parse_module(code) if entry_point is not None and entry_point.isidentifier() else None
        if tree is None:
            return None
        binders = [node for node in ast.walk(tree) if _binds(node, entry_point)]
        function = binders[0] if len(binders) == 1 else None
        if function not in tree.body or not isinstance(function, ast.FunctionDef) or function.decorator_list:
            return None
        given = function.args
        places = [each.arg for each in (*given.posonlyargs, *given.args)]
        needed = places[: len(places) - len(given.defaults)]
        needed += [each.arg for each, default in zip(given.kwonlyargs, given.kw_defaults, strict=True) if not default]
        return cls(
            name=function.name,
            by_place=tuple(places),
            only_by_place=len(given.posonlyargs),
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


def _binds(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == name
    if isinstance(node, ast.alias):
        return (node.asname or node.name) in (name, "*")
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
