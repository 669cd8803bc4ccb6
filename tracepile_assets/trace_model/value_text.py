"""From values to their text.

Belongs here: shallow text (heap objects as ``#n``) and deep text (each replaced by its contents, cycles as ``...``),
as the recorder writes them. Does not belong here: reading text (``value_parser``).
"""

from collections.abc import Callable, Iterable
from typing import Any

from tracepile_assets.trace_model.values import TRUNCATED, HeapObject, Ref, Truncated, Value

_DIGITS = 4000

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
    """Elements of a set in the order in which they are written: sorted where they sort, else by text."""
    elements = list(elements)
    if any(isinstance(e, (frozenset, Ref)) or e != e for e in elements):
        # Subset order and NaN make sorted() succeed with an order that means nothing.
        return sorted(elements, key=_by_text(text))
    try:
        return sorted(elements)
    except TypeError:
        return sorted(elements, key=_by_text(text))


def _by_text(text: Callable[[Value], str]) -> Callable[[Value], Any]:
    return lambda e: (0, e.n, "") if isinstance(e, Ref) else (1, 0, text(e))


class _Writer:
    """Writes one value; ``contents`` None keeps references as ``#n``."""

    def __init__(self, contents: Contents | None, mark: str | None) -> None:
        self.contents = contents
        self.mark = mark
        self.open: set[int] = set()

    def value(self, value: Value) -> str:
        kind = type(value)
        if kind is int:
            return int_to_text(value)
        if kind is Ref:
            return self.reference(value)
        if kind is tuple:
            inner = ", ".join(map(self.value, value))
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        if kind is frozenset:
            return f"frozenset({{{self.set_items(value)}}})" if value else "frozenset()"
        if value is TRUNCATED:
            return self.cut()
        return repr(value)

    def cut(self) -> str:
        if self.mark is None:
            raise Truncated("the value was cut short by a cap of the recorder")
        return self.mark

    def set_items(self, elements: Iterable[Value]) -> str:
        return ", ".join(map(self.value, order_of_set(elements, shallow_text)))

    def reference(self, ref: Ref) -> str:
        if self.contents is None:
            return repr(ref)
        contents = self.contents(ref)
        if contents is TRUNCATED:
            return self.cut()
        if ref.n in self.open:
            return cycle_text(contents)
        self.open.add(ref.n)
        try:
            return self.object(contents)
        finally:
            self.open.discard(ref.n)

    def object(self, contents: HeapObject) -> str:
        kind = contents.kind
        if kind == "opaque":
            return f"opaque({contents.type_name})"
        parts = [self.items(contents)] if kind != "object" else list(map(self.value, contents.items))
        if contents.is_plain:
            return parts[0]
        parts += [f"{name}={self.value(value)}" for name, value in contents.attributes.items()]
        return f"{contents.type_name}({', '.join(parts)})"

    def items(self, contents: HeapObject) -> str:
        kind, items = contents.kind, contents.items
        if kind == "list":
            return f"[{', '.join(map(self.value, items))}]"
        if kind == "dict":
            return "{" + ", ".join(f"{self.value(k)}: {self.value(v)}" for k, v in items.items()) + "}"
        if kind == "set":
            return f"{{{self.set_items(items)}}}" if items else "set()"
        if kind == "bytearray":
            return repr(items)
        inner = f"[{', '.join(map(self.value, items))}]"
        return f"deque({inner})" if contents.maxlen is None else f"deque({inner}, maxlen={contents.maxlen})"




def cycle_text(contents: HeapObject) -> str:
    """What stands for an object inside its own text: ``[...]``, ``{...}``, ``Node(...)``."""
    if contents.kind == contents.type_name:
        return {"list": "[...]", "deque": "[...]", "dict": "{...}", "set": "{...}"}.get(contents.kind, "...")
    return f"{contents.type_name}(...)"


def shallow_text(value: Value) -> str:
    """Text of a value with heap objects as ``#n``. Raises ``Truncated`` for ``TRUNCATED``."""
    return _Writer(None, None).value(value)


def contents_text(contents: HeapObject) -> str:
    """Text of an object's contents, the objects inside as ``#n``."""
    return _Writer(None, None).object(contents)


def deep_text(value: Value, contents: Contents, mark: str | None = None) -> str:
    """Text of a value with every heap object written out; equal to ``repr`` for plain builtins.

    Raises ``Truncated`` if something inside was cut short, unless ``mark`` is given, which then stands in its place.
    Raises ``RecursionError`` for structures nested deeper than Python's own ``repr`` could show.
    """
    return _Writer(contents, mark).value(value)
