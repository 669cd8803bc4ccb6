"""Expressions as text, as ``ast.unparse`` writes them, made of the texts of their parts.

An expression of the program is looked at once; with other parts put into its form, as when values take the place of
names, it is text again without a syntax tree being made. Belongs here: writing, what can be seen of an expression as it
is written, and the reverse for value texts. Does not belong here: which expressions are told (``working``).
"""

import ast
import math
import re
from collections.abc import Callable
from functools import lru_cache
from operator import is_not
from typing import Any, NamedTuple, Self

_TEST, _OR, _AND, _NOT, _COMPARED, _UNPACKED, _FACTOR, _POWER, _AWAIT, _ATOM = 3, 4, 5, 6, 7, 8, 14, 15, 16, 17
"""How closely parts belong together, in the order of the standard library's table."""

_BINARY: dict[type, tuple[str, int]] = {
    ast.BitOr: ("|", 8),
    ast.BitXor: ("^", 9),
    ast.BitAnd: ("&", 10),
    ast.LShift: ("<<", 11),
    ast.RShift: (">>", 11),
    ast.Add: ("+", 12),
    ast.Sub: ("-", 12),
    ast.Mult: ("*", 13),
    ast.Div: ("/", 13),
    ast.FloorDiv: ("//", 13),
    ast.Mod: ("%", 13),
    ast.MatMult: ("@", 13),
    ast.Pow: ("**", _POWER),
}
_UNARY: dict[type, tuple[str, int]] = {
    ast.Not: ("not ", _NOT),
    ast.UAdd: ("+", _FACTOR),
    ast.USub: ("-", _FACTOR),
    ast.Invert: ("~", _FACTOR),
}
_COMPARISONS: dict[type, str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_LOOSE: dict[type, int] = {ast.Lambda: _TEST, ast.Await: _AWAIT}
"""What the standard library is left to write and puts no brackets round by itself."""

_WORDED = frozenset({ast.In, ast.NotIn, ast.Is, ast.IsNot})
_KEYWORDED = frozenset({ast.BoolOp, ast.IfExp, ast.NamedExpr, ast.Starred, ast.Await, ast.Yield, ast.YieldFrom})
_ODD = (ast.JoinedStr, ast.Lambda)
_HOLDERS = frozenset({ast.List, ast.Tuple, ast.Set, ast.Dict})
_DEEP = frozenset({ast.BinOp, ast.Call})
_LEAVES = (ast.Name, ast.Constant)

_SIMPLE_STRING = re.compile(r"'[^'\\\x00-\x1f\x7f\ud800-\udfff]*'")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,3000})")
_INTEGERS = re.compile(r"\[-?(?:0|[1-9][0-9]{0,17})(?:, -?(?:0|[1-9][0-9]{0,17}))*\]")
_CONSTANTS = {"True": True, "False": False, "None": None}
_NUMBERS = re.compile(r"\[[-\d, .\[\]()]*\]")


_PLAIN = re.compile(r"(?:[\[\](){}:, \d.-]|'[^'\\]*'|None|True|False)*")


def is_surely_plain(text: str) -> bool:
    """Whether a value text is made of numbers, strings, truth values, None and containers of them; some are missed."""
    return _PLAIN.fullmatch(text) is not None


def is_row_of_numbers(text: str) -> bool:
    """Whether a value text is a list of nothing but numbers, and of lists and tuples of them; some are missed."""
    return _NUMBERS.fullmatch(text) is not None


class Form(NamedTuple):
    """How expressions of one shape are written.

    Attributes:
        node: the expression of the program that has this shape.
        pattern: its text, with a place for each part.
        around: how closely each part is held, which decides whether it stands in brackets.
        level: how closely it belongs together itself.
        is_worded: whether its own words would be taken for English.
        positional: number of the parts that come before arguments given by name.
    """

    node: ast.AST
    pattern: str
    around: tuple[int, ...] = ()
    level: int = _ATOM
    is_worded: bool = False
    positional: int | None = None


class Written:
    """An expression as it is written. It does not change.

    Attributes:
        form: its shape, from the program, or from a value text.
        parts: what stands in the places of the form.
        text: the whole.
        kind: the type of its node.
        is_plain: whether it is a plain value with nothing left to compute.
        is_worked: whether nothing in it stands for a value: no name but those of functions called.
        is_odd: whether a string with a prefix, or a lambda, is in it.
        looks_up: whether a subscript is in it.
        depth: how many operations are nested in one another.
    """

    __slots__ = ("_node", "depth", "form", "is_odd", "is_plain", "is_worked", "kind", "looks_up", "parts", "text")

    def __init__(self, form: Form, parts: tuple["Written", ...], node: ast.AST | None = None) -> None:
        """Put parts into a form; ``node`` is the whole as it stands in the program, where it does."""
        kind = self.kind = type(form.node)
        self.form, self.parts, self._node = form, parts, node
        is_odd = looks_up = is_plain = False
        is_worked, depth, given = True, 0, []
        for part, around in zip(parts, form.around, strict=True):
            if part.depth > depth:
                depth = part.depth
            if part.is_odd:
                is_odd = True
            if part.looks_up:
                looks_up = True
            if not part.is_worked and (form.positional is None or len(given) < form.positional):
                is_worked = False
            given.append(f"({part.text})" if around > part.form.level else part.text)
        if kind in _HOLDERS:
            is_plain = all(part.is_plain for part in parts)
        elif kind in _DEEP:
            depth += 1
        elif kind is ast.UnaryOp:
            is_plain = type(form.node.op) is ast.USub and parts[0].kind is ast.Constant
            depth += not is_plain
        elif kind is ast.Subscript:
            looks_up = True
            if parts[1].kind is ast.Tuple and parts[1].parts:
                given[1] = given[1][1:-1]
        self.text = form.pattern % tuple(given)
        self.is_odd, self.looks_up, self.is_plain, self.is_worked, self.depth = (
            is_odd,
            looks_up,
            is_plain,
            is_worked,
            depth,
        )

    @classmethod
    def leaf(cls, form: Form) -> Self:
        """An expression without parts of which anything is asked."""
        found, node = cls(form, (), form.node), form.node
        found.is_plain, found.is_worked = found.kind is ast.Constant, _is_worked(node)
        if found.kind not in _LEAVES:
            inside = list(ast.walk(node))
            found.is_odd = any(isinstance(part, _ODD) for part in inside)
            found.looks_up = any(isinstance(part, ast.Subscript) for part in inside)
            found.depth = _depth(node)
        return found

    def with_parts(self, parts: list["Written"]) -> "Written":
        """The same with other parts; itself where none is another."""
        return _with_parts(self, tuple(parts)) if any(map(is_not, parts, self.parts)) else self

    @property
    def node(self) -> ast.AST:
        """The whole as a syntax tree, in which what stands in the program is itself."""
        if self._node is None:
            code = self.form.node
            _, parts = _SHAPES[self.kind](code)
            self._node = _replaced(code, {id(old): new.node for old, new in zip(parts, self.parts, strict=True)})
        return self._node

    @property
    def shown(self) -> str:
        """The text as it stands in a sentence: bare, or in backticks where its words would be taken for English."""
        return f"`{self.text}`" if self.form.is_worded or self.is_odd else self.text


@lru_cache(maxsize=8_192)
def _with_parts(code: Written, parts: tuple[Written, ...]) -> Written:
    """An expression with other parts: the steps of a run put the same values in the same places often."""
    return Written(code.form, parts)


@lru_cache(maxsize=16_384)
def written(node: ast.AST) -> Written:
    """An expression as it is written; it must not change afterwards."""
    shape = _SHAPES.get(type(node))
    found = shape(node) if shape is not None else None
    if found is None:
        text = ast.unparse(node).replace("%", "%%")
        kind = type(node)
        return Written.leaf(Form(node, text, level=_LOOSE.get(kind, _ATOM), is_worded=kind in _KEYWORDED))
    form, parts = found
    return Written.leaf(form) if type(node) in _LEAVES else Written(form, tuple(map(written, parts)), node)


def spelled(node: ast.AST) -> str:
    """An expression as text; it must not change afterwards."""
    return node.id if type(node) is ast.Name else written(node).text


def shown(node: ast.AST) -> str:
    """An expression as it stands in a sentence."""
    return written(node).shown


@lru_cache(maxsize=8_192)
def value_of(text: str) -> Written | None:
    """A value text as it is written where an expression has its place; None where it is none."""
    node = literal(text)
    return None if node is None else written(node)


@lru_cache(maxsize=4_096)
def literal(text: str) -> ast.expr | None:
    """The expression that a value text is; None where it is none. It must not be changed."""
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if text in _CONSTANTS:
        return ast.Constant(_CONSTANTS[text])
    if _SIMPLE_STRING.fullmatch(text):
        return ast.Constant(text[1:-1])
    if _INTEGERS.fullmatch(text):
        return ast.List(elts=[_integer(part) for part in text[1:-1].split(", ")], ctx=ast.Load())
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _integer(text: str) -> ast.expr:
    number = ast.Constant(abs(int(text)))
    return ast.UnaryOp(ast.USub(), number) if text[0] == "-" else number


def _is_worked(node: ast.AST) -> bool:
    if type(node) is ast.Call and type(node.func) is ast.Name:
        return all(map(_is_worked, node.args))
    parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    return type(node) is not ast.Name and all(map(_is_worked, parts))


def _depth(node: ast.AST) -> int:
    inner = max([_depth(child) for child in ast.iter_child_nodes(node)], default=0)
    return inner + (type(node) in _DEEP or type(node) is ast.UnaryOp)


def _replaced(node: ast.AST, by: dict[int, ast.AST]) -> ast.AST:
    """A copy of a node with other parts, known by their identity."""
    fields: dict[str, Any] = {}
    for name, part in ast.iter_fields(node):
        if isinstance(part, list):
            fields[name] = [
                _replaced(each, by) if type(each) is ast.keyword else by.get(id(each), each) for each in part
            ]
        else:
            fields[name] = by.get(id(part), part)
    return type(node)(**fields)


# What expressions of each kind are made of: their form and their parts; None where the standard library writes them.

_Shape = tuple[Form, list[ast.expr]] | None


def _name(node: ast.Name) -> _Shape:
    return Form(node, node.id), []


def _constant(node: ast.Constant) -> _Shape:
    kind = type(node.value)
    if kind is float and not math.isfinite(node.value):
        return None
    if kind not in (int, float, str, bool, type(None)) or node.kind:
        return None
    return Form(node, repr(node.value).replace("%", "%%")), []


def _binary(node: ast.BinOp) -> _Shape:
    sign, level = _BINARY[type(node.op)]
    around = (level + 1, level) if sign == "**" else (level, level + 1)
    return Form(node, f"%s {'%%' if sign == '%' else sign} %s", around, level), [node.left, node.right]


def _unary(node: ast.UnaryOp) -> _Shape:
    sign, level = _UNARY[type(node.op)]
    return Form(node, f"{sign}%s", (level,), level, is_worded=type(node.op) is ast.Not), [node.operand]


def _boolean(node: ast.BoolOp) -> _Shape:
    word, level = (" and ", _AND) if type(node.op) is ast.And else (" or ", _OR)
    around = tuple(min(level + number, _ATOM) for number in range(1, len(node.values) + 1))
    return Form(node, word.join(["%s"] * len(around)), around, level, is_worded=True), node.values


def _compare(node: ast.Compare) -> _Shape:
    parts = [node.left, *node.comparators]
    pattern = "%s" + "".join([f" {_COMPARISONS[type(op)]} %s" for op in node.ops])
    worded = any(type(op) in _WORDED for op in node.ops)
    return Form(node, pattern, (_COMPARED + 1,) * len(parts), _COMPARED, is_worded=worded), parts


def _conditional(node: ast.IfExp) -> _Shape:
    around = (_TEST + 1, _TEST + 1, _TEST)
    return Form(node, "%s if %s else %s", around, _TEST, is_worded=True), [node.body, node.test, node.orelse]


def _attribute(node: ast.Attribute) -> _Shape:
    apart = " " if type(node.value) is ast.Constant and isinstance(node.value.value, int) else ""
    return Form(node, f"%s{apart}.{node.attr}", (_ATOM,)), [node.value]


def _subscript(node: ast.Subscript) -> _Shape:
    return Form(node, "%s[%s]", (_ATOM, _TEST)), [node.value, node.slice]


def _slice(node: ast.Slice) -> _Shape:
    bounds = [node.lower, node.upper, node.step]
    lower, upper, step = ("%s" if bound else "" for bound in bounds)
    parts = [bound for bound in bounds if bound]
    return Form(node, f"{lower}:{upper}{f':{step}' if step else ''}", (_TEST,) * len(parts)), parts


def _starred(node: ast.Starred) -> _Shape:
    return Form(node, "*%s", (_UNPACKED,), is_worded=True), [node.value]


def _call(node: ast.Call) -> _Shape:
    places = ["%s"] * len(node.args) + [f"{each.arg}=%s" if each.arg else "**%s" for each in node.keywords]
    parts = [*node.args, *(keyword.value for keyword in node.keywords)]
    around = (_TEST,) * len(parts)
    if type(node.func) is ast.Name:
        form = Form(node, f"{node.func.id}({', '.join(places)})", around, positional=len(node.args))
        return form, parts
    form = Form(node, f"%s({', '.join(places)})", (_ATOM, *around), positional=1 + len(node.args))
    return form, [node.func, *parts]


def _list(node: ast.List) -> _Shape:
    return Form(node, f"[{_places(node.elts)}]", (_TEST,) * len(node.elts)), node.elts


def _tuple(node: ast.Tuple) -> _Shape:
    comma = "," if len(node.elts) == 1 else ""
    return Form(node, f"({_places(node.elts)}{comma})", (_TEST,) * len(node.elts)), node.elts


def _set(node: ast.Set) -> _Shape:
    return (Form(node, f"{{{_places(node.elts)}}}", (_TEST,) * len(node.elts)), node.elts) if node.elts else None


def _dict(node: ast.Dict) -> _Shape:
    if None in node.keys:
        return None
    parts = [part for pair in zip(node.keys, node.values, strict=True) for part in pair]
    return Form(node, "{" + ", ".join(["%s: %s"] * len(node.keys)) + "}", (_TEST,) * len(parts)), parts


def _places(nodes: list[ast.expr]) -> str:
    return ", ".join(["%s"] * len(nodes))


_SHAPES: dict[type, Callable[[Any], _Shape]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Starred: _starred,
    ast.Call: _call,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
}
