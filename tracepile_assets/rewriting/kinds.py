"""What kind of value an expression certainly has, as far as the program's text and its inputs tell.

Belongs here: telling sequences (list, tuple, str) from all else, and integers. Does not belong here: any rewriting.
"""

import ast

import libcst as cst

from tracepile_assets.rewriting.build import is_call_of
from tracepile_assets.rewriting.collecting import all_parameters
from tracepile_assets.rewriting.rewrite import Context
from tracepile_assets.rewriting.tree import walk
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
_INTEGER_OPERATORS = (
    cst.Add,
    cst.Subtract,
    cst.Multiply,
    cst.FloorDivide,
    cst.Modulo,
    cst.BitAnd,
    cst.BitOr,
    cst.BitXor,
    cst.RightShift,
    cst.LeftShift,
)
_INTEGER_AUGMENTED = (
    cst.AddAssign,
    cst.SubtractAssign,
    cst.MultiplyAssign,
    cst.FloorDivideAssign,
    cst.ModuloAssign,
    cst.BitAndAssign,
    cst.BitOrAssign,
    cst.BitXorAssign,
    cst.RightShiftAssign,
    cst.LeftShiftAssign,
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

    def is_integer(self, node: cst.BaseExpression) -> bool:
        """Whether the value is an integer (or evaluating raises)."""
        if isinstance(node, cst.Integer):
            return True
        if isinstance(node, cst.Name):
            return self._integer_name(node)
        if isinstance(node, cst.UnaryOperation):
            return not isinstance(node.operator, cst.Not) and self.is_integer(node.expression)
        if isinstance(node, cst.BinaryOperation):
            return (
                isinstance(node.operator, _INTEGER_OPERATORS)
                and self.is_integer(node.left)
                and self.is_integer(node.right)
            )
        if isinstance(node, cst.IfExp):
            return self.is_integer(node.body) and self.is_integer(node.orelse)
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and id(node.func) not in self._scopes.meaning:
            name = node.func.value
            if name in ("min", "max", "abs"):
                return name == "abs" or (
                    len(node.args) > 1
                    and all(not arg.star and arg.keyword is None and self.is_integer(arg.value) for arg in node.args)
                )
            return name in ("len", "ord", "int")
        return False

    def _integer_name(self, node: cst.Name) -> bool:
        variable = self._scopes.meaning.get(id(node))
        if variable is None or variable.ambiguous or not variable.bindings:
            return False
        if id(variable) in self._asked:
            # It depends on itself, as in `i = i + 1`: the other bindings decide.
            return True
        self._asked.add(id(variable))
        try:
            return all(self._binds_integer(binding) for binding in variable.bindings)
        finally:
            self._asked.discard(id(variable))

    def _binds_integer(self, binding: Binding) -> bool:
        source = binding.source
        if isinstance(source, cst.Assign):
            return self.is_integer(source.value)
        if isinstance(source, cst.AugAssign):
            return isinstance(source.operator, _INTEGER_AUGMENTED) and self.is_integer(source.value)
        if isinstance(source, cst.For):
            return is_call_of(source.iter, "range") and id(source.iter.func) not in self._scopes.meaning
        if isinstance(source, cst.Param):
            return self._integer_parameter(binding)
        return False

    def _integer_parameter(self, binding: Binding) -> bool:
        parameter, function = binding.source, binding.scope.node
        if parameter.default is not None and not self.is_integer(parameter.default):
            return False
        if isinstance(parameter.annotation, cst.Annotation):
            annotation = parameter.annotation.annotation
            return isinstance(annotation, cst.Name) and annotation.value == "int"
        if not isinstance(function, cst.FunctionDef) or not self._is_entry(function):
            return False
        positions = [p.name.value for p in all_parameters(function.params) if p.name.value not in ("self", "cls")]
        calls = self._context.calls()
        return (
            bool(calls)
            and all(_passes_integer(call, parameter.name.value, positions) for call in calls)
            and self._calls_inside_pass_integers(function, parameter.name.value, positions)
        )

    def _calls_inside_pass_integers(self, function: cst.FunctionDef, name: str, positions: list[str]) -> bool:
        """Whether the program's own calls of the entry point pass integers for a parameter too."""
        variable = self._scopes.meaning.get(id(function.name))
        called: set[int] = set()
        for node in walk(self._scopes.module.node):
            if not isinstance(node, cst.Call) or self._scopes.meaning.get(id(node.func)) is not variable:
                continue
            called.add(id(node.func))
            if any(arg.star or arg.keyword is not None for arg in node.args):
                return False
            passed = dict(zip(positions, (arg.value for arg in node.args), strict=False)).get(name)
            if passed is not None and not self.is_integer(passed):
                return False
        return variable is not None and all(
            id(written) in called or written is function.name for written in variable.written
        )

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


def _passed(call: ast.Call, name: str, positions: list[str]) -> ast.expr | None:
    """What a call passes for a parameter: None if it leaves it to its default, ``Starred`` if that cannot be told."""
    passed = {keyword.arg: keyword.value for keyword in call.keywords}
    starred = [arg for arg in call.args if isinstance(arg, ast.Starred)]
    if None in passed or starred:
        return starred[0] if starred else ast.Starred(passed[None])
    passed.update(zip(positions, call.args, strict=False))
    return passed.get(name)


def _passes_integer(call: ast.Call, name: str, positions: list[str]) -> bool:
    """Whether a call passes an integer literal for a parameter, or leaves it to its default."""
    value = _passed(call, name, positions)
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        value = value.operand
    return value is None or (isinstance(value, ast.Constant) and type(value.value) is int)


def _passes_sequence(call: ast.Call, name: str, positions: list[str]) -> bool:
    """Whether a call passes a list, tuple or string display for a parameter, or leaves it to its default."""
    value = _passed(call, name, positions)
    if value is None:
        return True
    return isinstance(value, (ast.List, ast.Tuple)) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )
