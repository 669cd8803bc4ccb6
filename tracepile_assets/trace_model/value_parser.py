"""From the text of a value to the value.

Belongs here: the reader of shallow value text (``#n`` for heap objects) and of contents text, strict and without ever
evaluating anything. Does not belong here: writing text (``value_text``), and programs' expressions (``evaluator``).
"""

import ast
import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tracepile_assets.trace_model.values import NAN, HeapObject, Ref, Value

_NUMBER = r"(?:\d+(?:\.\d*)?(?:e[+-]?\d+)?|inf|nan)"
_WORD = r"""[^\s\d\[\](){},:='"\#-][^\s\[\](){},:='"\#]*+"""
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<ref>\#\d+)
  | (?P<name>{_WORD}(?=[=(]))
  | (?P<complex>\(-?{_NUMBER}[+-]{_NUMBER}j\)|-?{_NUMBER}j)
  | (?P<float>-?(?:\d+\.\d*(?:e[+-]?\d+)?|\d+e[+-]?\d+|inf\b|nan\b))
  | (?P<int>-?\d+)
  | (?P<string>b?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))
  | (?P<constant>None\b|True\b|False\b|Ellipsis\b|datetime\.timezone\.utc\b)
  | (?P<mark>[\[\](){{}},:=])
    )""",
    re.VERBOSE | re.DOTALL,
)
_OPAQUE = re.compile(r"opaque\((.*)\)\Z", re.DOTALL)
_CLASS = "class "
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_QUOTED = re.compile(r"'[^'\\]*'")
_NUMBERS = re.compile(r"\[-?[0-9]{1,18}(?:, -?[0-9]{1,18})*\]")
_STRINGS = re.compile(r"\['[^'\\\n]*'(?:, '[^'\\\n]*')*\]")
"""Texts that recordings are full of, and that need no reader: a number, a string without escapes, lists of them."""
_DIGITS = 4000
_CONSTANTS = {"None": None, "True": True, "False": False, "Ellipsis": ..., "datetime.timezone.utc": datetime.UTC}
_END = ("end", "")


class ValueTextError(ValueError):
    """The text is not the text of a value."""


class _Call:
    """A constructor form ``name(parts, key=part)``, not yet judged."""

    __slots__ = ("args", "keywords", "name", "of_class", "quoted")

    def __init__(self, name: str, args: list[Any], keywords: dict[str, Any]) -> None:
        self.name, self.args, self.keywords = name, args, keywords
        self.of_class = self.quoted = False


def int_from_text(text: str) -> int:
    """``int(text)`` without Python's limit on the number of digits."""
    if len(text) <= _DIGITS:
        return int(text)
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text)
    total = 0
    for start in range(0, len(digits), _DIGITS):
        chunk = digits[start : start + _DIGITS]
        total = total * 10 ** len(chunk) + int(chunk)
    return sign * total


def parse_name(text: str) -> str:
    """The name that a text is: of a class, an attribute, a variable. Raises ``ValueTextError`` if it is none."""
    if text.isidentifier():
        return text
    try:
        name = ast.literal_eval(text)
    except (SyntaxError, ValueError, MemoryError) as error:
        raise ValueTextError(f"not a name: {text[:200]!r}") from error
    if type(name) is not str:
        raise ValueTextError(f"not a name: {text[:200]!r}")
    return name


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, text: str, start: int = 0) -> None:
        self.text = text
        self.position = start
        self.token = _END
        self.advance()

    def fail(self) -> ValueTextError:
        return ValueTextError(f"not the text of a value: {self.text[:200]!r} (at {self.position})")

    def advance(self) -> tuple[str, str]:
        """Step to the next token and return the one stepped over."""
        current = self.token
        match = _TOKEN.match(self.text, self.position)
        if match:
            self.position = match.end()
            self.token = (match.lastgroup or "", match.group(match.lastgroup or 0))
        elif self.text[self.position :].strip():
            raise self.fail()
        else:
            self.token = _END
        return current

    def expect(self, mark: str) -> None:
        if self.token != ("mark", mark):
            raise self.fail()
        self.advance()

    def at(self, mark: str) -> bool:
        return self.token == ("mark", mark)

    def read(self) -> Any:
        """One value or contents: atoms as themselves, containers as Python containers, calls as ``_Call``."""
        kind, text = self.token
        if kind == "mark":
            return self.read_display(text)
        if kind == "end":
            raise self.fail()
        self.advance()
        if kind == "name":
            return self.read_call(text)
        return _ATOMS[kind](text)

    def read_contents(self) -> Any:
        """The outermost contents: there a call form is an object, whatever its class is called."""
        quoted = self.token[0] == "string"
        name = self.take_name("(")
        if name is None:
            return self.read()
        call = _Call(name, *self.read_arguments())
        call.quoted = quoted and name.isidentifier()
        return call

    def read_class(self) -> _Call:
        """The contents of a class, behind that word."""
        name = self.take_name("(")
        if name is None:
            raise self.fail()
        call = _Call(name, *self.read_arguments())
        if call.args:
            raise self.fail()
        call.of_class = True
        return call

    def take_name(self, mark: str) -> str | None:
        """Step over a name and the mark right behind it; None, and no step, if they are not there."""
        kind, text = self.token
        if kind not in ("name", "string") or self.text[self.position : self.position + 1] != mark:
            return None
        self.advance()
        self.expect(mark)
        return parse_name(text)

    def read_call(self, name: str) -> Any:
        self.expect("(")
        return _construct(name, *self.read_arguments(), self)

    def read_arguments(self) -> tuple[list[Any], dict[str, Any]]:
        args: list[Any] = []
        keywords: dict[str, Any] = {}
        while not self.at(")"):
            name = self.take_name("=")
            if name is None:
                args.append(self.read())
            elif name in keywords:
                raise self.fail()
            else:
                keywords[name] = self.read()
            if not self.at(")"):
                self.expect(",")
        self.advance()
        return args, keywords

    def read_display(self, mark: str) -> Any:
        self.advance()
        if mark == "(":
            items = self.read_items(")")
            return tuple(items)
        if mark == "[":
            return self.read_items("]")
        if mark != "{":
            raise self.fail()
        if self.at("}"):
            self.advance()
            return {}
        first = self.read()
        if not self.at(":"):
            if not self.at("}"):
                self.expect(",")
            return set(_apart([first, *self.read_items("}")]))
        pairs: dict[Any, Any] = {}
        while True:
            self.expect(":")
            if first in pairs:
                first = _another(first)
            pairs[first] = self.read()
            if self.at("}"):
                break
            self.expect(",")
            first = self.read()
        self.advance()
        return pairs

    def read_items(self, close: str) -> list[Any]:
        items = []
        while not self.at(close):
            items.append(self.read())
            if not self.at(close):
                self.expect(",")
        self.advance()
        return items


def _apart(elements: list[Any]) -> list[Any]:
    """The elements of one set: those that are written alike, as NaNs are, stay as many as they are."""
    if len(set(elements)) == len(elements):
        return elements
    found: dict[Any, None] = {}
    for element in elements:
        found[_another(element) if element in found else element] = None
    return list(found)


def _another(value: Any) -> Any:
    """The same with NaNs of its own."""
    if value is NAN:
        return float("nan")
    return type(value)(map(_another, value)) if type(value) in (tuple, frozenset) else value


def _read_string(text: str) -> str | bytes:
    if "\\" not in text and text[0] != "b":
        return text[1:-1]
    return ast.literal_eval(text)


def _read_float(text: str) -> float:
    return NAN if text.endswith("nan") else float(text)


_ATOMS: dict[str, Callable[[str], Any]] = {
    "ref": lambda text: Ref(int(text[1:])),
    "complex": complex,
    "float": _read_float,
    "int": int_from_text,
    "string": _read_string,
    "constant": _CONSTANTS.__getitem__,
}

_ATOM_CALLS: dict[str, Callable[..., Any]] = {
    "range": range,
    "slice": slice,
    "Decimal": Decimal,
    "Fraction": Fraction,
    "datetime.datetime": datetime.datetime,
    "datetime.date": datetime.date,
    "datetime.time": datetime.time,
    "datetime.timedelta": datetime.timedelta,
    "datetime.timezone": datetime.timezone,
}


def _construct(name: str, args: list[Any], keywords: dict[str, Any], reader: _Reader) -> Any:
    if name in _ATOM_CALLS:
        try:
            return _ATOM_CALLS[name](*args, **keywords)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise reader.fail() from error
    if name == "frozenset" and not keywords and len(args) <= 1:
        return frozenset(_apart(list(args[0]))) if args else frozenset()
    return _Call(name, args, keywords)


def _read_all(text: str, contents: bool = False) -> Any:
    of_class = contents and text.startswith(_CLASS)
    reader = _Reader(text, len(_CLASS) if of_class else 0)
    try:
        result = reader.read_class() if of_class else reader.read_contents() if contents else reader.read()
    except (TypeError, SyntaxError, ValueError, RecursionError) as error:
        if isinstance(error, ValueTextError):
            raise
        raise reader.fail() from error
    if reader.token != _END:
        raise reader.fail()
    return result


def _is_value(value: Any) -> bool:
    if type(value) in (tuple, frozenset):
        return all(map(_is_value, value))
    return not isinstance(value, (list, dict, set, _Call))


@lru_cache(maxsize=65_536)
def parse_value(text: str) -> Value:
    """The value that a shallow text denotes: an atom, a tuple or frozenset, or a ``Ref``.

    Raises ``ValueTextError`` for anything else, contents of heap objects included.
    """
    if _WHOLE.fullmatch(text):
        return int(text)
    if _QUOTED.fullmatch(text):
        return text[1:-1]
    value = _read_all(text)
    if not _is_value(value):
        raise ValueTextError(f"contents where a value belongs: {text[:200]!r}")
    return value


def parse_elements(text: str) -> list[Value]:
    """The elements that a slice delta lists: ``[7, #9]``, or a ``bytearray(b'..')`` or ``b'..'`` for a bytearray."""
    elements = _read_all(text)
    if isinstance(elements, _Call) and elements.name == "bytearray":
        elements = elements.args[0] if elements.args else b""
    if isinstance(elements, bytes):
        return list(elements)
    if type(elements) is not list or not all(map(_is_value, elements)):
        raise ValueTextError(f"not a list of elements: {text[:200]!r}")
    return elements


_PLAIN = {list: "list", dict: "dict", set: "set"}
_BUILTIN = {"set": [], "bytearray": [bytes], "deque": [list]}
"""Forms of builtin containers that begin with a name, and the types of their parts."""


def parse_contents(text: str) -> HeapObject:
    """The contents of a heap object, fresh and free to be changed.

    Raises ``ValueTextError`` if the text is not the text of contents.
    """
    if _NUMBERS.fullmatch(text):
        return HeapObject("list", "list", list(map(int, text[1:-1].split(", "))))
    if _STRINGS.fullmatch(text):
        return HeapObject("list", "list", text[2:-2].split("', '"))
    if text == "[]":
        return HeapObject("list", "list", [])
    if text == "{}":
        return HeapObject("dict", "dict", {})
    match = _OPAQUE.match(text)
    if match:
        return HeapObject("opaque", parse_name(match.group(1)))
    parsed = _read_all(text, contents=True)
    if type(parsed) in _PLAIN:
        contents = HeapObject(_PLAIN[type(parsed)], _PLAIN[type(parsed)], parsed)
    elif isinstance(parsed, _Call):
        contents = _contents_of_call(parsed, text)
    else:
        raise ValueTextError(f"a value where contents belong: {text[:200]!r}")
    if not all(map(_is_value, contents.parts())):
        raise ValueTextError(f"contents within contents: {text[:200]!r}")
    return contents


def _contents_of_call(call: _Call, text: str) -> HeapObject:
    if call.of_class:
        return HeapObject("class", call.name, [], call.keywords)
    first = call.args[0] if len(call.args) == 1 else None
    if call.name in _BUILTIN and not call.quoted:
        return _contents_of_builtin(call, text)
    if type(first) in _PLAIN:
        return HeapObject(_PLAIN[type(first)], call.name, first, call.keywords, quoted=call.quoted)
    if isinstance(first, _Call):
        # A subclass of set, deque or bytearray: the base's own form stands inside.
        inner = _contents_of_call(first, text)
        if inner.kind not in ("set", "deque", "bytearray"):
            raise ValueTextError(f"contents within contents: {text[:200]!r}")
        return HeapObject(inner.kind, call.name, inner.items, call.keywords, inner.maxlen, call.quoted)
    return HeapObject("object", call.name, call.args, call.keywords, quoted=call.quoted)


def _contents_of_builtin(call: _Call, text: str) -> HeapObject:
    """Of ``set()``, ``bytearray(b'x')``, ``deque([1, 2], maxlen=3)``."""
    maxlen = call.keywords.pop("maxlen", None) if call.name == "deque" else None
    kind = _BUILTIN[call.name]
    if call.keywords or [type(part) for part in call.args] != kind or type(maxlen) not in (int, type(None)):
        raise ValueTextError(f"not the text of a {call.name}: {text[:200]!r}")
    items = set() if call.name == "set" else bytearray(call.args[0]) if call.name == "bytearray" else call.args[0]
    return HeapObject(call.name, call.name, items, maxlen=maxlen)
