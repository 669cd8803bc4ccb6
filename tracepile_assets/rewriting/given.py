"""What the parameters of the entry point are given: by the program's inputs, and by its own calls of it.

Belongs here: which function the entry point is, and every value that reaches its parameters. Does not belong here: of
what kind those values are (``kinds``, ``nesting``).
"""

import ast
import re
from typing import NamedTuple

import libcst as cst

from tracepile_assets.rewriting.collecting import all_parameters
from tracepile_assets.rewriting.rewrite import Context
from tracepile_assets.rewriting.tree import walk
from tracepile_assets.rewriting.variables import Binding, Scope, Scopes

_METHOD = re.compile(r"(\w+)\(\)\.(\w+)")


class Values(NamedTuple):
    """The values that a parameter is given; where a call leaves it to its default, there is none for that call.

    Attributes:
        by_inputs: of each input, as Python's own syntax tree.
        by_program: of each call in the program.
    """

    by_inputs: list[ast.expr]
    by_program: list[cst.BaseExpression]


class Given:
    """Answers for one program."""

    def __init__(self, scopes: Scopes, context: Context) -> None:
        """Take the program's scopes and what is known of its inputs."""
        self._scopes = scopes
        self._context = context
        self._entry = self._find_entry()

    def values(self, binding: Binding) -> Values | None:
        """All that a parameter is ever given; None if it is not the entry point's, or that cannot be told."""
        calls = self._context.calls()
        if self._entry is None or binding.scope is not self._entry or not calls:
            return None
        inside = self._calls_inside()
        if inside is None:
            return None
        name = binding.name.value
        positions = [p.name.value for p in all_parameters(self._entry.node.params)]
        if self._entry.parent.kind == "class":
            positions = positions[1:]
        by_inputs = [_passed(call, name, positions) for call in calls]
        if any(isinstance(value, ast.Starred) for value in by_inputs):
            return None
        by_program = []
        for call in inside:
            if any(arg.star or arg.keyword is not None for arg in call.args):
                return None
            by_program.append(dict(zip(positions, (arg.value for arg in call.args), strict=False)).get(name))
        return Values([v for v in by_inputs if v is not None], [v for v in by_program if v is not None])

    def _find_entry(self) -> Scope | None:
        """The scope of the function that is called with the inputs; None if there is not exactly one."""
        wanted = self._context.entry_point or ""
        scope, name = self._scopes.module, wanted
        method = _METHOD.fullmatch(wanted)
        if method is not None:
            classes = [s for s in scope.children if s.kind == "class" and s.node.name.value == method[1]]
            if len(classes) != 1 or len(self._bindings(scope, method[1])) != 1:
                return None
            scope, name = classes[0], method[2]
        found = [s for s in scope.children if s.kind == "function" and s.node.name.value == name]
        return found[0] if len(found) == 1 and len(self._bindings(scope, name)) == 1 else None

    def _bindings(self, scope: Scope, name: str) -> list[Binding]:
        variable = scope.variables.get(name)
        return [] if variable is None else variable.bindings

    def _calls_inside(self) -> list[cst.Call] | None:
        """The program's own calls of the entry point; None if it is used in any other way."""
        function = self._entry.node
        is_method = self._entry.parent.kind == "class"
        variable = self._scopes.meaning.get(id(function.name))

        def means_it(node: cst.CSTNode) -> bool:
            if is_method:
                return isinstance(node, cst.Attribute) and node.attr.value == function.name.value
            return isinstance(node, cst.Name) and node is not function.name and self._meaning(node) is variable

        used = [node for node in walk(self._scopes.module.node) if means_it(node)]
        calls = [n for n in walk(self._scopes.module.node) if isinstance(n, cst.Call) and means_it(n.func)]
        return calls if len(calls) == len(used) else None

    def _meaning(self, node: cst.Name) -> object:
        return self._scopes.meaning.get(id(node))


def _passed(call: ast.Call, name: str, positions: list[str]) -> ast.expr | None:
    """What a call passes for a parameter: None if it leaves it to its default, ``Starred`` if that cannot be told."""
    passed = {keyword.arg: keyword.value for keyword in call.keywords}
    starred = [arg for arg in call.args if isinstance(arg, ast.Starred)]
    if None in passed or starred:
        return starred[0] if starred else ast.Starred(passed[None])
    passed.update(zip(positions, call.args, strict=False))
    return passed.get(name)
