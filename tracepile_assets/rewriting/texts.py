"""Strings put together from parts, as the transforms between the styles of formatting need them.

A text is a row of pieces: literal text, and fields with a value, a conversion and a format specification. Each style is
read into one and written from one.

Belongs here: reading and writing pieces. Does not belong here: which style becomes which (``transforms``).
"""

import ast
import re
import string
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from tracepile_assets.rewriting.build import is_literal, operand, parenthesized, text
from tracepile_assets.rewriting.effects import has_effects
from tracepile_assets.rewriting.tree import walk
from tracepile_assets.rewriting.variables import Scopes


@dataclass(frozen=True)
class Field:
    """A value in a text.

    Attributes:
        value: the expression.
        conversion: ``r``, ``s``, ``a`` or nothing.
        spec: the format specification, plain text.
    """

    value: cst.BaseExpression
    conversion: str = ""
    spec: str = ""


Piece = str | Field

_PERCENT = re.compile(r"%(?:%|(?P<flags>[-0]*)(?P<width>\d*)(?P<precision>\.\d+)?(?P<kind>[sdirfxX]))")
_TELLING = re.compile(r"=\s*(?:![rsa]\s*)?[:}]")
"""What stands in every program that has a field such as ``{x=}``, and in few others."""
_SPEC = re.compile(r"(?P<align>[<>]?)(?P<zero>0?)(?P<width>\d*)(?P<precision>\.\d+)?(?P<kind>[sdfxX]?)")


def string_value(node: cst.BaseExpression) -> str | None:
    """The value of a plain string literal; None for bytes and everything else."""
    if not isinstance(node, cst.SimpleString):
        return None
    value = _evaluated(node.value)
    return value if isinstance(value, str) else None


def _evaluated(literal: str) -> object:
    """The value of a literal; what Python thinks of its escapes was said when the program was compiled."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.literal_eval(literal)
        except (SyntaxError, ValueError):
            return None


# Reading.


def of_formatted(node: cst.FormattedString) -> list[Piece] | None:
    """The pieces of an f-string; None for what other styles cannot say (``x=``, fields in specifications)."""
    pieces: list[Piece] = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            literal = _unescaped(part.value, node.prefix)
            if literal is None:
                return None
            pieces.append(literal)
            continue
        spec = ""
        for inner in part.format_spec or ():
            if not isinstance(inner, cst.FormattedStringText):
                return None
            spec += inner.value
        if part.equal is not None or "\\" in spec or isinstance(part.expression, (cst.Yield, cst.Await)):
            return None
        pieces.append(Field(part.expression, part.conversion or "", spec))
    return pieces


def _unescaped(literal: str, prefix: str) -> str | None:
    """The value of the text of an f-string between its fields."""
    if "r" in prefix.lower():
        return literal.replace("{{", "{").replace("}}", "}")
    if "\\N" in literal:
        return None
    if '\\"' in literal:
        return None
    value = _evaluated('"""' + literal.replace('"', '\\"') + '"""')
    return value.replace("{{", "{").replace("}}", "}") if isinstance(value, str) else None


def of_format_call(node: cst.Call) -> list[Piece] | None:
    """The pieces of ``"...".format(...)`` whose every argument is used once, in order."""
    if not isinstance(node.func, cst.Attribute) or node.func.attr.value != "format":
        return None
    template = string_value(node.func.value)
    if template is None or any(arg.star for arg in node.args):
        return None
    positional = [arg.value for arg in node.args if arg.keyword is None]
    named = {arg.keyword.value: arg.value for arg in node.args if arg.keyword is not None}
    order = [*map(str, range(len(positional))), *named]
    values = {**{str(number): value for number, value in enumerate(positional)}, **named}
    pieces: list[Piece] = []
    used: list[str] = []
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError:
        return None
    for literal, name, spec, conversion in parsed:
        if literal:
            pieces.append(literal)
        if name is None:
            continue
        used.append(name or str(len(used)))
        if used[-1] not in values or "{" in (spec or ""):
            return None
        pieces.append(Field(values[used[-1]], conversion or "", spec or ""))
    return pieces if used == order else None


def of_percent(node: cst.BinaryOperation) -> list[Piece] | None:
    """The pieces of ``"..." % (...)``, or of ``"..." % x`` where x is certainly no tuple."""
    template = string_value(node.left) if isinstance(node.operator, cst.Modulo) else None
    if template is None:
        return None
    if isinstance(node.right, cst.Tuple):
        if any(not isinstance(element, cst.Element) for element in node.right.elements):
            return None
        values = [element.value for element in node.right.elements]
    elif isinstance(node.right, (cst.Dict, cst.DictComp)) or not _is_no_tuple(node.right, template):
        return None
    else:
        values = [node.right]
    pieces: list[Piece] = []
    end = 0
    for match in _PERCENT.finditer(template):
        if match.start() > end:
            pieces.append(template[end : match.start()])
        end = match.end()
        if match.group() == "%%":
            pieces.append("%")
            continue
        field = _from_percent(match, values.pop(0)) if values else None
        if field is None:
            return None
        pieces.append(field)
    if end < len(template):
        pieces.append(template[end:])
    rest_has_percent = any(isinstance(piece, str) and piece != "%" and "%" in piece for piece in pieces)
    return None if values or rest_has_percent else pieces


def _is_no_tuple(node: cst.BaseExpression, template: str) -> bool:
    """A number's format fails on a tuple of any other length than one; of all else only some expressions are sure."""
    if is_literal(node) or isinstance(node, (cst.FormattedString, cst.ListComp, cst.List, cst.Set)):
        return True
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name):
        return node.func.value in ("len", "str", "int", "float", "round", "repr", "abs", "ord", "chr", "bin", "hex")
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, (cst.Subtract, cst.Divide, cst.FloorDivide, cst.Power))
    return "%d" in template or "f" in template.partition("%.")[2][1:2]


def _from_percent(match: re.Match[str], value: cst.BaseExpression) -> Field | None:
    flags, width, precision, kind = match["flags"], match["width"], match["precision"] or "", match["kind"]
    if kind in "sr":
        if precision or "0" in flags:
            return None
        spec = f"{'<' if '-' in flags else '>'}{width}" if width else ""
        return Field(value, kind if kind == "r" or spec else "", spec)
    if precision and kind != "f":
        return None
    if "-" in flags and "0" in flags:
        return None
    align = "<" if "-" in flags and width else ""
    return Field(value, "", f"{align}{'0' if '0' in flags else ''}{width}{precision}{'d' if kind == 'i' else kind}")


# Writing.


def as_formatted(pieces: Sequence[Piece]) -> cst.BaseExpression | None:
    """An f-string; None where it cannot be written without a quotation mark or backslash inside a field."""
    fields = [text(piece.value) for piece in pieces if isinstance(piece, Field)]
    if any("\\" in field or "\n" in field or "#" in field for field in fields):
        return None
    for quote in ('"', "'"):
        if any(quote in field for field in fields):
            continue
        inside = "".join(
            _field_text(piece) if isinstance(piece, Field) else _literal(piece, quote, True) for piece in pieces
        )
        return cst.parse_expression(f"f{quote}{inside}{quote}")
    return None


def _field_text(field: Field) -> str:
    value = field.value
    said = text(value)
    # A brace doubled at the start would be text, and a colon outside parentheses begins the specification.
    if isinstance(value, (cst.Lambda, cst.NamedExpr, cst.IfExp, cst.Tuple)) or said.startswith("{"):
        value = parenthesized(value)
    conversion = f"!{field.conversion}" if field.conversion else ""
    return "{" + text(value) + conversion + (f":{field.spec}" if field.spec else "") + "}"


def _literal(piece: str, quote: str, doubles_braces: bool) -> str:
    quoted = repr(piece)
    inner = quoted[1:-1]
    if quoted[0] != quote:
        inner = inner.replace(f"\\{quoted[0]}", quoted[0]).replace(quote, f"\\{quote}")
    return inner.replace("{", "{{").replace("}", "}}") if doubles_braces else inner


def _quoted(template: str) -> cst.SimpleString:
    quote = "'" if '"' in template and "'" not in template else '"'
    return cst.SimpleString(f"{quote}{_literal(template, quote, False)}{quote}")


def as_format_call(pieces: Sequence[Piece]) -> cst.BaseExpression | None:
    """``"...".format(...)``."""
    template = ""
    values = []
    for piece in pieces:
        if isinstance(piece, str):
            template += piece.replace("{", "{{").replace("}", "}}")
            continue
        conversion = f"!{piece.conversion}" if piece.conversion else ""
        template += "{" + conversion + (f":{piece.spec}" if piece.spec else "") + "}"
        values.append(cst.Arg(piece.value))
    return cst.Call(cst.Attribute(_quoted(template), cst.Name("format")), values) if values else None


def as_percent(pieces: Sequence[Piece]) -> cst.BaseExpression | None:
    """``"..." % (...)``; None where a specification has no like."""
    template = ""
    values = []
    for piece in pieces:
        if isinstance(piece, str):
            template += piece.replace("%", "%%")
            continue
        place = _to_percent(piece)
        if place is None:
            return None
        template += place
        values.append(piece.value)
    if not values:
        return None
    if len(values) == 1 and is_literal(values[0]):
        right: cst.BaseExpression = values[0]
    else:
        elements = [cst.Element(operand(value) if isinstance(value, cst.Tuple) else value) for value in values]
        if len(values) == 1:
            elements[0] = elements[0].with_changes(comma=cst.Comma())
        right = cst.Tuple(elements)
    return cst.BinaryOperation(_quoted(template), cst.Modulo(), right)


def _to_percent(field: Field) -> str | None:
    match = _SPEC.fullmatch(field.spec)
    if match is None or field.conversion == "a":
        return None
    align, width, precision, kind = match["align"], match["width"], match["precision"] or "", match["kind"]
    if not field.spec:
        return "%r" if field.conversion == "r" else "%s"
    if field.conversion or not kind or kind == "s":
        # Without a kind, numbers go to the right and strings to the left: only what says it is sure.
        if (not field.conversion and kind != "s") or precision or match["zero"] or not width:
            return None
        return f"%{'' if align == '>' else '-'}{width}{'r' if field.conversion == 'r' else 's'}"
    if precision and kind != "f":
        return None
    if align == "<" and (match["zero"] or not width):
        return None
    return f"%{'-' if align == '<' else ''}{match['zero']}{width}{precision}{kind}"


FORMATS_ITSELF = frozenset({"Decimal", "Fraction", "Enum", "IntEnum", "StrEnum", "IntFlag", "__format__"})
"""Names in programs whose objects may have a text in an f-string that is not their ``str``."""


def formats_itself(module: cst.Module) -> bool:
    """Whether the program may have such objects."""
    return any(isinstance(node, cst.Name) and node.value in FORMATS_ITSELF for node in walk(module))


def tells_otherwise(code: str, before: cst.Module, after: cst.Module) -> bool:
    """Whether fields such as ``{x + 1 = }``, which print the text of their expression, hold another text afterwards.

    Args:
        code: the text of ``before``.
        before: a program.
        after: what a transform made of it.
    """
    return _TELLING.search(code) is not None and _told(before) != _told(after)


def _told(module: cst.Module) -> set[str]:
    fields = (node for node in walk(module) if isinstance(node, cst.FormattedStringExpression))
    return {text(field.expression) for field in fields if field.equal is not None}


def keeps_order(pieces: Sequence[Piece], scopes: Scopes) -> bool:
    """Whether it is all one if every value is computed before the first is turned into text: only the first may do
    anything beside giving a value."""
    fields = [piece.value for piece in pieces if isinstance(piece, Field)]
    return not any(has_effects(value, scopes) for value in fields[1:]) and not any(
        isinstance(part, cst.Yield) for value in fields for part in walk(value)
    )
