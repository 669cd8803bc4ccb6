"""Writes values as text: atoms inline, everything else by its number or, in deep text, by its contents.

Belongs here: the one grammar of value text. Does not belong here: telling kinds apart (``kinds``) and numbering objects
(``heap``). Nothing here runs code of the program or recurses: values of any depth are written from an explicit stack.
"""

from collections import deque
from itertools import islice

from .classes import Classes, ClassShape
from .kinds import (
    BASE_VALUE,
    PLAIN_ATOMS,
    Shape,
    atom_text,
    exception_args,
    is_atom,
    is_of_interpreter,
    maxlen_of,
    name_text,
    read_mapping,
)

try:
    from ._recorder import plain_deep_text
except ImportError:
    plain_deep_text = None

_MOST_OCTETS = 1 << 16
_MOST_FLAT = 4_000
_DEEPEST_SETS = 40
FIRST_SHORT, LAST_SHORT = -(1 << 100), 1 << 100
"""Whole numbers between these are written as ``repr`` writes them, whatever the limits."""


_of_interpreter: dict[int, Shape] = {}
"""Shapes that are the same in every run, by the identity of their types."""


class Shapes:
    """The shapes of the types met so far."""

    def __init__(self, program_module: str):
        self._module = program_module
        self._known: dict[int, Shape] = _of_interpreter.copy()
        self.classes = Classes(program_module)

    def of(self, x: object) -> Shape | ClassShape:
        """Shape of an object: of a class that holds data its own, of all else that of its real type."""
        shape = self._known.get(id(type(x))) or self.of_type(x)
        return shape if not shape.of_class else self.classes.shape(x) or shape

    def of_type(self, x: object) -> Shape:
        """Shape of all objects of an object's real type, but for classes that hold data."""
        kind = type(x)
        shape = self._known.get(id(kind))
        if shape is None:
            shape = self._known[id(kind)] = Shape(kind, self._module)
            if is_of_interpreter(kind):
                _of_interpreter[id(kind)] = shape
        return shape


class Writer:
    """Writes value text of at most ``limit`` characters.

    ``number_of(x)`` gives the number of a heap object, or None to have its contents written.
    """

    def __init__(self, shapes: Shapes, number_of):
        self._shapes = shapes
        self._number_of = number_of
        # While sets in sets are put in order: how many, one in the other, and by what their elements are sorted.
        self._sets = 0
        self._keys: dict[tuple[int, int | None], str | None] = {}

    def text(self, value: object, limit: int) -> str | None:
        """Shallow text; None if it would be over the limit or holds an int too long to write."""
        kind = type(value)
        if kind is int:
            return repr(value) if FIRST_SHORT < value < LAST_SHORT else atom_text(value)
        if kind is str or id(kind) in PLAIN_ATOMS:
            return _plain(value, limit)
        if kind is tuple and is_flat(value):
            found = repr(value)
            return found if len(found) <= limit else None
        return self._write([(value,)], limit, True)

    def contents(self, value: object, limit: int) -> str | None:
        """Text of the contents of one heap object, its parts shallow."""
        kind = type(value)
        if (kind is list and is_flat(value)) or (kind is dict and is_flat(value) and is_flat(value.values())):
            found = repr(value)
            return found if len(found) <= limit else None
        opened = self._open(value, None)
        return None if opened is None else self._write(opened[::-1], limit, True)

    def deep(self, value: object, limit: int) -> str | None:
        """Text with contents in place of numbers; an object inside itself is written as ``...``."""
        if plain_deep_text is not None and (found := plain_deep_text(value, limit)) is not None:
            return found
        return self._write([(value,)], limit, False)

    def _write(self, work: list, limit: int, shallow: bool) -> str | None:
        out: list[str] = []
        length = 0
        active: set[int] = set()
        while work:
            item = work.pop()
            kind = type(item)
            if kind is int:
                active.discard(item)
                continue
            if kind is str:
                piece: str | None = item
            else:
                value = item[0]
                kind = type(value)
                if kind is int and FIRST_SHORT < value < LAST_SHORT:
                    piece = repr(value)
                elif kind is str or id(kind) in PLAIN_ATOMS:
                    piece = _plain(value, limit)
                elif kind is tuple and is_flat(value):
                    piece = repr(value)
                elif is_atom(value):
                    piece = atom_text(value)
                elif shallow and kind is not tuple and kind is not frozenset:
                    piece = f"#{self._number_of(value)}"
                elif id(value) in active:
                    piece = self._again(value)
                else:
                    active.add(id(value))
                    work.append(id(value))
                    opened = self._open(value, None if shallow else limit)
                    if opened is None:
                        return None
                    work.extend(reversed(opened))
                    continue
                if piece is None:
                    return None
            out.append(piece)
            length += len(piece)
            if length > limit:
                return None
        return "".join(out)

    def _again(self, value: object) -> str:
        shape = self._shapes.of(value)
        if shape.base in (list, deque) and shape.exact:
            return "[...]"
        if shape.base is dict and shape.exact:
            return "{...}"
        if shape.base is tuple and shape.exact:
            return "(...)"
        return f"{shape.name}(...)"

    def _open(self, value: object, deep_limit: int | None) -> list | None:
        """The contents of a value as pieces: literal text, and values in 1-tuples."""
        shape = self._shapes.of(value)
        if shape.opaque:
            return [f"opaque({shape.name})"]
        base = shape.base
        if shape.fields is not None and len(shape.fields) == tuple.__len__(value):
            pieces = [f"{shape.name}("]
            for name, part in zip(shape.fields, tuple.__iter__(value), strict=True):
                pieces += [f"{name_text(name)}=", (part,), ", "]
            return [*_without_comma(pieces), ")"]
        inner = self._open_base(value, shape, deep_limit)
        if shape.exact:
            return inner
        if inner is None:
            return None
        if base is BaseException:
            inner = _separated(exception_args(value))
        pieces = [f"{shape.name}(", *inner]
        if inner:
            pieces.append(", ")
        for name, part in zip(*shape.attributes(value), strict=True):
            pieces += [f"{name_text(name)}=", (part,), ", "]
        return [*_without_comma(pieces), ")"]

    def _open_base(self, value: object, shape: Shape, deep_limit: int | None) -> list | None:
        base = shape.base
        if base is list:
            return ["[", *_separated(list.__iter__(value)), "]"]
        if base is tuple:
            items = _separated(tuple.__iter__(value))
            return ["(", *items, ",)" if len(items) == 1 else ")"]
        if base is dict:
            pieces: list = ["{"]
            for key, part in zip(*read_mapping(value), strict=True):
                pieces += [(key,), ": ", (part,), ", "]
            return [*_without_comma(pieces), "}"]
        if base is set or base is frozenset:
            return self._open_set(value, shape, deep_limit)
        if base is deque:
            bound = maxlen_of(value)
            end = "])" if bound is None else f"], maxlen={bound})"
            return ["deque([", *_separated(deque.__iter__(value)), end]
        if base is bytearray:
            # Not written out only to be found too long.
            if bytearray.__len__(value) > _MOST_OCTETS:
                return None
            return [f"bytearray({bytes(memoryview(value))!r})"]
        if base in BASE_VALUE:
            return [(BASE_VALUE[base](value),)]
        return []

    def _open_set(self, value: object, shape: Shape, deep_limit: int | None) -> list | None:
        base = shape.base
        ordered = self.ordered(list(base.__iter__(value)), deep_limit)
        if ordered is None:
            return None
        body = ["{", *_separated(ordered), "}"] if ordered else ["set()"]
        if base is frozenset:
            return ["frozenset(", *(body if ordered else ()), ")"]
        return body

    def ordered(self, elements: list, deep_limit: int | None) -> list | None:
        """Elements of a set in sorted order where they sort, else objects by number (or text), the rest by text.

        None if one is over the limit, or sets that do not sort lie too deep in each other.
        """
        if all(map(_sorts, elements)):
            try:
                return sorted(elements)
            except (TypeError, ArithmeticError):
                pass
        self._sets += 1
        try:
            return None if self._sets > _DEEPEST_SETS else self._by_text(elements, deep_limit)
        finally:
            self._sets -= 1
            if not self._sets:
                self._keys.clear()

    def _by_text(self, elements: list, deep_limit: int | None) -> list | None:
        keyed = []
        for element in elements:
            if deep_limit is None and not is_atom(element) and type(element) not in (tuple, frozenset):
                keyed.append(((0, self._number_of(element), ""), element))
                continue
            key = id(element), deep_limit
            if key not in self._keys:
                self._keys[key] = self.text(element, 1 << 20) if deep_limit is None else self.deep(element, deep_limit)
            text = self._keys[key]
            if text is None:
                return None
            keyed.append(((1, 0, text), element))
        keyed.sort(key=lambda pair: pair[0])
        return [element for _, element in keyed]


def is_flat(values) -> bool:
    """Whether there are only values that ``repr`` writes as value text, with their container, and not too many."""
    if len(values) > _MOST_FLAT:
        return False
    for x in values:
        kind = type(x)
        if kind is int:
            if not FIRST_SHORT < x < LAST_SHORT:
                return False
        elif kind is not str and kind is not bool and kind is not float and x is not None:
            return False
    return True


def _plain(value: object, limit: int) -> str | None:
    kind = type(value)
    if kind is int:
        return atom_text(value)
    if (kind is str or kind is bytes) and len(value) > limit:
        return None
    text = repr(value)
    return text if len(text) <= limit else None


def _sorts(x: object) -> bool:
    """Whether comparing the value runs no code of the program and orders it totally."""
    stack = [x]
    while stack:
        part = stack.pop()
        if type(part) is tuple:
            stack.extend(islice(part, 100))
            if len(part) > 100:
                return False
        elif not is_atom(part) or (type(part) is float and part != part):
            return False
    return True


def _separated(values) -> list:
    pieces: list = []
    for value in values:
        pieces.append((value,))
        pieces.append(", ")
    if pieces:
        pieces.pop()
    return pieces


def _without_comma(pieces: list) -> list:
    if pieces[-1] == ", ":
        pieces.pop()
    return pieces
