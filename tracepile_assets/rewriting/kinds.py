"""What kind of value an expression certainly has, as far as the program's text and its inputs tell.

Belongs here: telling sequences (list, tuple, str) from all else, and integers. Does not belong here: any rewriting.
"""

import ast

import libcst as cst

from tracepile_assets.rewriting.build import is_call_of
from tracepile_assets.rewriting.effects import imports_any
from tracepile_assets.rewriting.given import Given
from tracepile_assets.rewriting.rewrite import Context
from tracepile_assets.rewriting.steadiness import has_plain_equality
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
_OPERATORS = frozenset({"__add__", "__radd__", "__mul__", "__rmul__"})
_TABLES = frozenset({"numpy", "pandas"})
_ANNOTATIONS = frozenset({"list", "List", "tuple", "Tuple", "str", "Sequence"})


class Kinds:
    """Answers for one program.

    Attributes:
        given: what its functions are called with.
        plain_equality: ``==`` and ``!=`` are opposites in it.
    """

    def __init__(self, scopes: Scopes, context: Context) -> None:
        """Take the program's scopes and what is known of its inputs."""
        self._scopes = scopes
        self.given = Given(scopes, context)
        self._asked: set[int] = set()
        module = scopes.module.node
        # What the program defines itself, or a library of tables, need not be what strings and lists have.
        self._own_methods = {node.name.value for node in walk(module) if isinstance(node, cst.FunctionDef)}
        self.plain_equality = has_plain_equality(module)
        self._has_foreign = bool(self._own_methods & _OPERATORS) or imports_any(module, _TABLES)

    def is_sequence(self, node: cst.BaseExpression) -> bool:
        """Whether the value is a list, tuple or string (or raises): it has a length, and counts up from index 0."""
        if isinstance(node, _DISPLAYS):
            return True
        if isinstance(node, cst.Name):
            return self._name(node)
        if isinstance(node, cst.Subscript):
            return len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice) and self.is_sequence(node.value)
        if isinstance(node, cst.BinaryOperation):
            sides = (self.is_sequence(node.left), self.is_sequence(node.right))
            # A list, tuple or string is added to its like, and multiplied by a number, unless the other side decides.
            return isinstance(node.operator, (cst.Add, cst.Multiply)) and (
                all(sides) or (any(sides) and not self._has_foreign)
            )
        if isinstance(node, cst.IfExp):
            return self.is_sequence(node.body) and self.is_sequence(node.orelse)
        if isinstance(node, cst.Call):
            if isinstance(node.func, cst.Attribute):
                name = node.func.attr.value
                return name in _METHODS and name not in self._own_methods and not self._has_foreign
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
                return len(node.args) > (name != "abs") and all(
                    not arg.star and arg.keyword is None and self.is_integer(arg.value) for arg in node.args
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
        parameter = binding.source
        if parameter.default is not None and not self.is_integer(parameter.default):
            return False
        if isinstance(parameter.annotation, cst.Annotation):
            annotation = parameter.annotation.annotation
            return isinstance(annotation, cst.Name) and annotation.value == "int"
        given = self.given.values(binding)
        return (
            given is not None
            and all(map(_shows_integer, given.by_inputs))
            and all(map(self.is_integer, given.by_program))
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
        parameter = binding.source
        if parameter.default is not None and not self.is_sequence(parameter.default):
            return False
        if _is_annotated(parameter.annotation):
            return True
        given = self.given.values(binding)
        return (
            given is not None
            and all(map(_shows_sequence, given.by_inputs))
            and all(map(self.is_sequence, given.by_program))
        )


def _is_annotated(annotation: cst.Annotation | None) -> bool:
    node = None if annotation is None else annotation.annotation
    while isinstance(node, cst.Subscript):
        node = node.value
    if isinstance(node, cst.Attribute):
        node = node.attr
    return isinstance(node, cst.Name) and node.value in _ANNOTATIONS


def _shows_integer(value: ast.expr) -> bool:
    """Whether an argument is an integer literal."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        value = value.operand
    return isinstance(value, ast.Constant) and type(value.value) is int


def _shows_sequence(value: ast.expr) -> bool:
    """Whether an argument is a list, tuple or string display."""
    return isinstance(value, (ast.List, ast.Tuple)) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )
