"""From values to their text.

Belongs here: shallow text (heap objects as ``#n``) and deep text (each replaced by its contents, cycles as ``...``),
as the recorder writes them. Does not belong here: reading text (``value_parser``).
"""

from collections.abc import Callable, Iterable
from typing import Any

from tracepile_assets.trace_model.values import (
    ATOM_TYPES,
    TRUNCATED,
    HeapObject,
    Holding,
    Ref,
    Truncated,
    Value,
    has_refs,
)

_DIGITS = 4000
_DEEPEST = 6
"""Plain containers in one another that are written the short way."""
_SELF_TEXT = frozenset({str, bool, float, type(None)})

Contents = Callable[[Ref], Any]
"""Gives the ``HeapObject`` of a reference, or ``TRUNCATED``."""


def int_to_text(number: int) -> str:
    """``repr`` of an int without Python's limit on the number of digits."""
    if number.bit_length() <= 13_000:
        return repr(number)
    sign, rest = ("-", -number) if number < 0 else ("", number)
    chunks = []
    base = 10**_DIGITS
    while rest:
        rest, chunk = divmod(rest, base)
        chunks.append(repr(chunk).rjust(_DIGITS, "0"))
    return sign + "".join(reversed(chunks)).lstrip("0")


def order_of_set(elements: Iterable[Value], text: Callable[[Value], str]) -> list[Value]:
    """Elements of a set in the order in which they are written.

    Sorted where all are atoms (or tuples of atoms) that sort; else objects by number, then the rest by ``text``.
    """
    elements = list(elements)
    if all(map(_sorts, elements)):
        try:
            return sorted(elements)
        except (TypeError, ArithmeticError):
            pass
    return sorted(elements, key=lambda e: (0, e.n, "") if isinstance(e, Ref) else (1, 0, text(e)))


def _sorts(value: Value) -> bool:
    """Whether values of this kind are totally ordered: subset order and NaN let sorted() succeed without meaning."""
    if type(value) is tuple:
        return len(value) <= 100 and all(map(_sorts, value))
    return type(value) in ATOM_TYPES and not (type(value) is float and value != value)


class _Writer:
    """Writes values from an explicit stack, so that structures of any depth can be written.

    ``contents`` None keeps references as ``#n``.
    """

    def __init__(self, contents: Contents | None, mark: str | None) -> None:
        self.contents = contents
        self.mark = mark

    def value(self, value: Value) -> str:
        """Text of a value."""
        return self.write([(value,)])

    def write(self, work: list[Any]) -> str:
        """Text of pieces, the last one first: strings as they are, values in 1-tuples, ``_Close`` marks."""
        out: list[str] = []
        open_: set[Any] = set()
        while work:
            piece = work.pop()
            if type(piece) is str:
                out.append(piece)
            elif type(piece) is _Close:
                open_.discard(piece.key)
            else:
                value = piece[0]
                kind = type(value)
                if kind is int:
                    out.append(int_to_text(value))
                elif kind is tuple or kind is frozenset or (kind is Ref and self.contents is not None):
                    self._open(value, kind, work, out, open_)
                elif value is TRUNCATED:
                    out.append(self._cut())
                else:
                    out.append(repr(value))
        return "".join(out)

    def _cut(self) -> str:
        if self.mark is None:
            raise Truncated("the value was cut short by a cap of the recorder")
        return self.mark

    def _open(self, value: Value, kind: type, work: list[Any], out: list[str], open_: set[Any]) -> None:
        """Put the pieces of a tuple, a frozenset or an object's contents onto the stack."""
        contents = None
        if kind is Ref:
            contents = self.contents(value) if self.contents else None
            if contents is TRUNCATED:
                out.append(self._cut())
                return
        if value in open_:
            out.append(cycle_text(contents) if contents else "(...)" if kind is tuple else "frozenset(...)")
            return
        if self.contents is not None and (contents is not None or has_refs(value)):
            open_.add(value)
            work.append(_Close(value))
        if contents is not None:
            work.extend(reversed(self.pieces(contents)))
        elif kind is tuple:
            work.append(",)" if len(value) == 1 else ")")
            work.extend(reversed(_separated(value)))
            work.append("(")
        else:
            work.append("})" if value else ")")
            work.extend(reversed(_separated(self._ordered(value))))
            work.append("frozenset({" if value else "frozenset(")

    def _ordered(self, elements: Iterable[Value]) -> list[Value]:
        if self.contents is None:
            return order_of_set(elements, self.value)
        elements = list(elements)
        if all(map(_sorts, elements)):
            return order_of_set(elements, self.value)
        return sorted(elements, key=self.value)

    def pieces(self, contents: HeapObject) -> list[Any]:
        """An object's contents as pieces in order."""
        kind = contents.kind
        if kind == "opaque":
            return [f"opaque({name_text(contents.type_name)})"]
        inner = _separated(contents.items) if kind in ("object", "class") else self._items(contents)
        if contents.is_plain:
            return inner
        pieces = [f"{_shown_name(contents)}(", *inner]
        if inner and contents.attributes:
            pieces.append(", ")
        for name, value in contents.attributes.items():
            pieces += [f"{name_text(name)}=", (value,), ", "]
        if contents.attributes:
            pieces.pop()
        return [*pieces, ")"]

    def _items(self, contents: HeapObject) -> list[Any]:
        kind, items = contents.kind, contents.items
        if kind == "list":
            return ["[", *_separated(items), "]"]
        if kind == "dict":
            pieces: list[Any] = ["{"]
            for key, value in items.items():
                pieces += [(key,), ": ", (value,), ", "]
            if items:
                pieces.pop()
            return [*pieces, "}"]
        if kind == "set":
            return ["{", *_separated(self._ordered(items)), "}"] if items else ["set()"]
        if kind == "bytearray":
            return [repr(items)]
        end = "])" if contents.maxlen is None else f"], maxlen={contents.maxlen})"
        return ["deque([", *_separated(items), end]


class _Close:
    """Marks where the text of an object, tuple or frozenset ends."""

    __slots__ = ("key",)

    def __init__(self, key: Value) -> None:
        self.key = key


def _separated(values: Iterable[Value]) -> list[Any]:
    pieces: list[Any] = []
    for value in values:
        pieces.append((value,))
        pieces.append(", ")
    if pieces:
        pieces.pop()
    return pieces


def cycle_text(contents: HeapObject) -> str:
    """What stands for an object inside its own text: ``[...]``, ``{...}``, ``Node(...)``."""
    if contents.kind == contents.type_name and contents.kind in ("list", "deque", "dict") and not contents.quoted:
        return "{...}" if contents.kind == "dict" else "[...]"
    return f"{_shown_name(contents)}(...)"


def _shown_name(contents: HeapObject) -> str:
    name = repr(contents.type_name) if contents.quoted else name_text(contents.type_name)
    return f"class {name}" if contents.kind == "class" else name


def name_text(name: str) -> str:
    """The name of a class, an attribute or a variable as it is written: in quotes unless it is an identifier."""
    return name if name.isidentifier() else repr(name)


def shallow_text(value: Value) -> str:
    """Text of a value with heap objects as ``#n``. Raises ``Truncated`` for ``TRUNCATED``."""
    return _Writer(None, None).value(value)


def contents_text(contents: HeapObject) -> str:
    """Text of an object's contents, the objects inside as ``#n``."""
    writer = _Writer(None, None)
    return writer.write(writer.pieces(contents)[::-1])


def _plain_text(held: Any, contents: Contents, deepest: int) -> str | None:
    """Text of plain containers in one another, of which those that hold no other are written once; None for others."""
    if held is TRUNCATED or not held.is_plain or held.kind == "bytearray":
        return None
    if held.known_text is not None:
        return held.known_text
    try:
        if held.holding is Holding.ATOMS or held.holding is Holding.TUPLES:
            held.known_text = _flat_text(held)
            return held.known_text
        if held.holding is not Holding.OBJECTS or not deepest or held.kind not in ("list", "dict"):
            return None
        texts = []
        for part in held.items.values() if held.kind == "dict" else held.items:
            text = _plain_text(contents(part), contents, deepest - 1) if type(part) is Ref else repr(part)
            if text is None:
                return None
            texts.append(text)
        if held.kind == "list":
            return f"[{', '.join(texts)}]"
        return "{" + ", ".join([f"{key!r}: {text}" for key, text in zip(held.items, texts, strict=True)]) + "}"
    except ValueError:  # an integer of more digits than repr writes
        return None


def _flat_text(held: HeapObject) -> str:
    if held.kind == "set":
        return "{" + ", ".join(map(repr, order_of_set(held.items, repr))) + "}" if held.items else "set()"
    if held.kind == "deque":
        return f"deque({held.items!r})" if held.maxlen is None else f"deque({held.items!r}, maxlen={held.maxlen})"
    return repr(held.items)


def deep_text(value: Value, contents: Contents, mark: str | None = None) -> str:
    """Text of a value with every heap object written out; equal to ``repr`` for plain builtins.

    Raises ``Truncated`` if something inside was cut short, unless ``mark`` is given, which then stands in its place.
    """
    kind = type(value)
    if kind is int:
        return int_to_text(value)
    if kind in _SELF_TEXT:
        return repr(value)
    if kind is Ref:
        text = _plain_text(contents(value), contents, _DEEPEST)
        if text is not None:
            return text
    return _Writer(contents, mark).value(value)
