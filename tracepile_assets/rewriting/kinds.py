"""What kind of value an expression certainly has, as far as the program's text and its inputs tell.

Belongs here: telling sequences (list, tuple, str) from all else. Does not belong here: any rewriting.
"""

import ast

import libcst as cst

from tracepile_assets.rewriting.collecting import all_parameters
from tracepile_assets.rewriting.rewrite import Context
from tracepile_assets.rewriting.variables import Binding, Scopes

_DISPLAYS = (
    cst.List,
    cst.ListComp,
    cst.Tuple,
    cst.SimpleString,
    cst.ConcatenatedString,
    cst.FormattedString,
)
_FUNCTIONS = ("sorted", "list", "tuple", "str", "input", "bin", "hex", "oct", "repr", "chr")
_METHODS = frozenset(
    {
        *("split", "rsplit", "splitlines", "strip", "lstrip", "rstrip", "lower", "upper", "title", "replace", "join"),
        *(
            "format",
            "zfill",
            "capitalize",
            "swapcase",
            "center",
            "ljust",
            "rjust",
            "readlines",
            "readline",
            "most_common",
        ),
    }
)
_ANNOTATIONS = frozenset({"list", "List", "tuple", "Tuple", "str", "Sequence"})


class Kinds:
    """Answers for one program."""

    def __init__(self, scopes: Scopes, context: Context) -> None:
        """Take the program's scopes and what is known of its inputs."""
        self._scopes = scopes
        self._context = context
        self._asked: set[int] = set()

    def is_sequence(self, node: cst.BaseExpression) -> bool:
        """Whether the value is a list, tuple or string (or raises): it has a length, and counts up from index 0."""
        if isinstance(node, _DISPLAYS):
            return True
        if isinstance(node, cst.Name):
            return self._name(node)
        if isinstance(node, cst.Subscript):
            return len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice) and self.is_sequence(node.value)
        if isinstance(node, cst.BinaryOperation):
            return isinstance(node.operator, (cst.Add, cst.Multiply)) and (
                self.is_sequence(node.left) or self.is_sequence(node.right)
            )
        if isinstance(node, cst.IfExp):
            return self.is_sequence(node.body) and self.is_sequence(node.orelse)
        if isinstance(node, cst.Call):
            if isinstance(node.func, cst.Attribute):
                return node.func.attr.value in _METHODS
            return isinstance(node.func, cst.Name) and (
                node.func.value in _FUNCTIONS and id(node.func) not in self._scopes.meaning
            )
        return False

    def _name(self, node: cst.Name) -> bool:
        variable = self._scopes.meaning.get(id(node))
        if variable is None or not variable.bindings or id(variable) in self._asked:
            return False
        self._asked.add(id(variable))
        try:
            return all(self._binding(binding) for binding in variable.bindings)
        finally:
            self._asked.discard(id(variable))

    def _binding(self, binding: Binding) -> bool:
        source = binding.source
        if isinstance(source, cst.Assign):
            return self.is_sequence(source.value)
        if isinstance(source, cst.AnnAssign):
            return _is_annotated(source.annotation) or (source.value is not None and self.is_sequence(source.value))
        if isinstance(source, cst.AugAssign):
            # A list, tuple or string stays one under the operators that it has.
            return True
        if isinstance(source, cst.Param):
            return self._parameter(binding)
        return False

    def _parameter(self, binding: Binding) -> bool:
        parameter, function = binding.source, binding.scope.node
        if parameter.default is not None and not self.is_sequence(parameter.default):
            return False
        if _is_annotated(parameter.annotation):
            return True
        if not isinstance(function, cst.FunctionDef) or not self._is_entry(function):
            return False
        positions = [p.name.value for p in all_parameters(function.params) if p.name.value not in ("self", "cls")]
        calls = self._context.calls()
        return bool(calls) and all(_passes_sequence(call, parameter.name.value, positions) for call in calls)

    def _is_entry(self, function: cst.FunctionDef) -> bool:
        return self._context.entry_point is not None and (
            self._context.entry_point.rpartition(".")[2] == function.name.value
        )


def _is_annotated(annotation: cst.Annotation | None) -> bool:
    node = None if annotation is None else annotation.annotation
    while isinstance(node, cst.Subscript):
        node = node.value
    if isinstance(node, cst.Attribute):
        node = node.attr
    return isinstance(node, cst.Name) and node.value in _ANNOTATIONS


def _passes_sequence(call: ast.Call, name: str, positions: list[str]) -> bool:
    """Whether a call passes a list, tuple or string display for a parameter, or leaves it to its default."""
    passed = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in passed or any(isinstance(arg, ast.Starred) for arg in call.args):
        return False
    passed.update(zip(positions, call.args, strict=False))
    value = passed.get(name)
    if value is None:
        return True
    return isinstance(value, (ast.List, ast.Tuple)) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )
