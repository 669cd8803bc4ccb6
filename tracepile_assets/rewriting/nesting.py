"""How deep in a value the numbers and strings lie: 0 for a number or string, 1 for a list of them, and so on.

What has depth 0 cannot be changed in place, so that ``x += y`` and ``x = x + y`` are the same. Of dictionaries, the
values count.

Belongs here: this one question. Does not belong here: which kind of container something is (``kinds``), who else
reaches it (``aliasing``).
"""

import ast
from collections.abc import Iterator

import libcst as cst

from tracepile_assets.rewriting.build import is_literal
from tracepile_assets.rewriting.effects import imports_any
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.tree import walk
from tracepile_assets.rewriting.variables import Binding, Scopes, Variable

ANY = -1
"""The depth of what holds nothing yet, or depends on itself alone: it fits every other."""

_LEAVES = frozenset({"len", "ord", "int", "float", "round", "str", "chr", "bool", "input", "repr", "bin", "hex", "abs"})
_LEAF_METHODS = frozenset({"lower", "upper", "strip", "join", "replace", "count", "index", "find", "format", "zfill"})
_STORING = frozenset({"append", "insert", "add"})
_COPIES = frozenset({"list", "tuple", "sorted", "set", "reversed"})
_GIVES_NUMBERS = (cst.Divide, cst.FloorDivide, cst.Modulo, cst.Power, cst.LeftShift, cst.RightShift)
_PLAIN = frozenset({"int", "float", "str", "bool"})
_HOLDERS = frozenset({"List", "list", "Tuple", "tuple", "Sequence", "Dict", "dict"})
_FOREIGN = frozenset({"numpy", "pandas", "scipy", "sympy", "array"})
_IN_PLACE_TEXT = "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor"
_IN_PLACE = frozenset(f"__i{name}__" for name in _IN_PLACE_TEXT.split())


class Nesting:
    """Answers for one program."""

    def __init__(self, scopes: Scopes, kinds: Kinds) -> None:
        """Take the program's scopes and what is known of its values."""
        self._scopes = scopes
        self._kinds = kinds
        self._asked: set[int] = set()
        module = scopes.module.node
        self._own_functions = {node.name.value for node in walk(module) if isinstance(node, cst.FunctionDef)}
        self.has_foreign = imports_any(module, _FOREIGN) or not self._own_functions.isdisjoint(_IN_PLACE)
        """Whether the program has objects that operators change in place, beside Python's own."""
        self._stored: dict[int, list[tuple[int, cst.BaseExpression]]] | None = None

    def cannot_change(self, node: cst.BaseExpression) -> bool:
        """Whether the value is certainly no object that operators change in place: a number or a string."""
        return not self.has_foreign and self._depth(node) == 0

    def _depth(self, node: cst.BaseExpression) -> int | None:
        if is_literal(node) or isinstance(node, (cst.FormattedString, cst.ConcatenatedString, cst.Comparison)):
            return 0
        if isinstance(node, cst.Name):
            return self._of_name(node)
        if isinstance(node, cst.UnaryOperation):
            return 0
        if isinstance(node, cst.BinaryOperation):
            return self._of_operation(node)
        if isinstance(node, cst.IfExp):
            return _joined([self._depth(node.body), self._depth(node.orelse)])
        if isinstance(node, (cst.List, cst.Tuple)):
            if not all(isinstance(part, cst.Element) for part in node.elements):
                return None
            return _deeper(_joined([self._depth(part.value) for part in node.elements]))
        if isinstance(node, (cst.ListComp, cst.GeneratorExp)):
            return _deeper(self._depth(node.elt))
        if isinstance(node, cst.DictComp):
            return _deeper(self._depth(node.value))
        if isinstance(node, cst.Dict):
            return ANY if not node.elements else None
        if isinstance(node, cst.Subscript):
            inner = self._depth(node.value)
            is_slice = any(isinstance(part.slice, cst.Slice) for part in node.slice)
            return inner if is_slice else _shallower(inner)
        return self._of_call(node) if isinstance(node, cst.Call) else None

    def _of_operation(self, node: cst.BinaryOperation) -> int | None:
        if isinstance(node.operator, _GIVES_NUMBERS):
            return 0
        left, right = self._depth(node.left), self._depth(node.right)
        if isinstance(node.operator, cst.Multiply):
            # A list times a number; a number times what is not known may be a list too.
            return None if None in (left, right) else max(left, right)
        return 0 if 0 in (left, right) else _joined([left, right])

    def _of_call(self, node: cst.Call) -> int | None:
        if isinstance(node.func, cst.Attribute):
            name = node.func.attr.value
            if name in self._own_functions:
                return None
            return {"split": 1}.get(name, 0 if name in _LEAF_METHODS else None)
        if not isinstance(node.func, cst.Name):
            return None
        name, args = node.func.value, [arg.value for arg in node.args]
        if name == "defaultdict" and len(args) == 1 and isinstance(args[0], cst.Name):
            return 1 if args[0].value in _PLAIN else None
        if id(node.func) in self._scopes.meaning or any(arg.star or arg.keyword is not None for arg in node.args):
            return None
        if name in _LEAVES:
            return 0
        if name == "range":
            return 1
        if name in _COPIES:
            return self._depth(args[0]) if args else ANY
        if name == "dict" and not args:
            return ANY
        if name in ("min", "max", "sum") and args:
            return _shallower(self._depth(args[0])) if len(args) == 1 else _joined([*map(self._depth, args)])
        return None

    def _of_name(self, node: cst.Name) -> int | None:
        variable = self._scopes.meaning.get(id(node))
        if variable is None or variable.ambiguous or not variable.bindings:
            return None
        if id(variable) in self._asked:
            return ANY
        self._asked.add(id(variable))
        try:
            return _joined([*map(self._of_binding, variable.bindings), *self._put_into(variable)])
        finally:
            self._asked.discard(id(variable))

    def _of_binding(self, binding: Binding) -> int | None:
        source = binding.source
        if isinstance(source, cst.Assign):
            return self._depth(source.value)
        if isinstance(source, cst.AugAssign):
            return ANY
        if isinstance(source, cst.For):
            return _shallower(self._depth(source.iter))
        if isinstance(source, (cst.AnnAssign, cst.Param)) and source.annotation is not None:
            return _annotated(source.annotation.annotation)
        if isinstance(source, cst.Param) and (source.default is None or is_literal(source.default)):
            given = self._kinds.given.values(binding)
            if given is not None:
                return _joined([*map(_shown, given.by_inputs), *map(self._depth, given.by_program)])
        return None

    def _put_into(self, variable: Variable) -> list[int | None]:
        """What depth the variable has by what is stored in it, under its own name."""
        if self._stored is None:
            self._stored = {}
            for place, levels, value in _stores(self._scopes.module.node):
                owner = self._scopes.meaning.get(id(place))
                self._stored.setdefault(id(owner), []).append((levels, value))
        found = []
        for levels, value in self._stored.get(id(variable), []):
            depth = self._depth(value)
            found.append(depth if depth in (None, ANY) else depth + levels)
        return found


def _stores(module: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, int, cst.BaseExpression]]:
    """What is stored in a place, how many levels below it, and the value."""
    for node in walk(module):
        if isinstance(node, cst.Assign):
            for target in node.targets:
                levels, place = 0, target.target
                while isinstance(place, cst.Subscript):
                    levels, place = levels + 1, place.value
                if levels:
                    yield place, levels, node.value
        elif isinstance(node, cst.Call) and node.args and isinstance(node.func, cst.Attribute):
            if node.func.attr.value not in _STORING:
                continue
            yield node.func.value, 1, node.args[-1].value


def _joined(depths: list[int | None]) -> int | None:
    """The one depth that fits all; None if there is none."""
    known = {depth for depth in depths if depth != ANY}
    return ANY if not known else next(iter(known)) if len(known) == 1 else None


def _deeper(depth: int | None) -> int | None:
    return depth if depth in (None, ANY) else depth + 1


def _shallower(depth: int | None) -> int | None:
    # An element of a string is a string.
    return depth if depth in (None, ANY, 0) else depth - 1


def _shown(value: ast.expr) -> int | None:
    """The depth of an argument."""
    if isinstance(value, ast.Constant):
        return 0
    if isinstance(value, ast.UnaryOp):
        return 0
    if isinstance(value, (ast.List, ast.Tuple)):
        return _deeper(_joined([*map(_shown, value.elts)]))
    return _deeper(_joined([*map(_shown, value.values)])) if isinstance(value, ast.Dict) else None


def _annotated(node: cst.BaseExpression) -> int | None:
    if isinstance(node, cst.Name):
        return 0 if node.value in _PLAIN else None
    if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Name) and node.value.value in _HOLDERS:
        held = [part.slice.value for part in node.slice if isinstance(part.slice, cst.Index)]
        return _deeper(_annotated(held[-1])) if held else None
    return None
