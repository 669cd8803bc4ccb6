"""Variables and objects of a run, kept as text and changed by the recorded changes.

Belongs here: applying a change, writing out a value in full. Does not belong here: which moment is meant (`kinds`).
"""

import ast
import re
from dataclasses import dataclass, field

from .text import in_order, references, split

_CUT = object()

_NAME = r"""(?:[^\s\d\[\](){},:='"#-][^\s\[\](){},:='"#]*|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_NAMED = re.compile(rf"((?:class )?{_NAME})\((.*)\)\Z", re.DOTALL)
_CLASS = "class "
_ATTRIBUTE = re.compile(rf"({_NAME})=(.*)\Z", re.DOTALL)
_PLACE = re.compile(r"#(\d+)(?:\[(.*)\]|\{(.*)\}|\.(.*))?\Z", re.DOTALL)


class CannotTell(Exception):
    """The trace does not determine the answer; the message says why."""


class Unbound(CannotTell):
    """A variable has no value at the moment."""


@dataclass
class Contents:
    """What an object holds, as text.

    ``shape`` is ``list``, ``dict``, ``set`` or ``bytes``, or ``""`` where there are no items; ``items`` are texts, of a
    dict pairs of texts; ``name`` stands before the brackets of anything that is no plain list, dict or set.
    """

    name: str = ""
    shape: str = ""
    items: list = field(default_factory=list)
    positional: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)


def read(text: str) -> Contents:
    """Take the text of an object's contents apart."""
    contents = Contents()
    body = text
    named = _NAMED.match(text)
    if named:
        contents.name, inner = named.groups()
        if contents.name == "opaque":
            contents.positional = [inner]
            return contents
        body = ""
        for index, part in enumerate(split(inner)):
            attribute = _ATTRIBUTE.match(part)
            if attribute:
                contents.attributes[attribute[1]] = attribute[2]
            elif index == 0 and (part[:1] in ("[", "{") or part == "set()"):
                body = part
            elif contents.name == "bytearray":
                contents.shape, contents.items = "bytes", list(ast.literal_eval(part))
            else:
                contents.positional.append(part)
        if contents.name == "set" and not inner:
            contents.name, contents.shape = "", "set"
    if body == "set()":
        contents.shape = "set"
    elif body.startswith("["):
        contents.shape, contents.items = "list", split(body[1:-1])
    elif body.startswith("{"):
        parts = split(body[1:-1])
        pairs = [split(part, ":") for part in parts]
        if parts and all(len(pair) == 1 for pair in pairs):
            contents.shape, contents.items = "set", parts
        else:
            contents.shape, contents.items = "dict", [tuple(pair) for pair in pairs]
    return contents


class Heap:
    """The state of a run; `apply` moves it forward."""

    def __init__(self) -> None:
        self._variables: dict[str, object] = {}
        self._objects: dict[int, object] = {}

    def apply(self, place: str, op: str, value: str | None) -> None:
        """Apply one recorded change."""
        if not place.startswith("#"):
            if op == "delete":
                del self._variables[place]
            else:
                self._variables[place] = _CUT if value is None else value
            return
        found = _PLACE.match(place)
        if found is None:
            raise CannotTell(f"the place {place} cannot be read")
        number = int(found[1])
        if self._objects.get(number) is _CUT:
            return
        if value is None and op != "delete":
            if found[3] is None:
                self._objects[number] = _CUT
                return
            value = found[3]
        if place == f"#{number}":
            self._objects[number] = read(str(value))
        else:
            _change(self._objects[number], found[2], found[3], found[4], op, value)

    def variable(self, place: str) -> str:
        """Value of a variable, written out in full.

        Raises:
            CannotTell: it is not there, was cut short, is opaque or holds itself.
        """
        return self._full(self.shallow(place), ())

    def shallow(self, place: str) -> str:
        """Value of a variable with references as they are.

        Raises:
            CannotTell: it is not there, or was cut short.
        """
        value = self._variables.get(place)
        if value is None:
            raise Unbound(f"{place} has no value then")
        if value is _CUT:
            raise CannotTell(f"{place} was cut short")
        return str(value)

    def full(self, text: str) -> str:
        """A value text with all that it refers to written out; raises as ``variable`` does."""
        return self._full(text, ())

    def contents(self, reference: str) -> Contents:
        """What an object holds.

        Raises:
            CannotTell: it was cut short, is opaque, or is a class.
        """
        found = self._objects.get(int(reference[1:]))
        if not isinstance(found, Contents) or _says_little(found):
            raise CannotTell(f"{reference} was cut short, is opaque, or is a class")
        return found

    def _full(self, text: str, around: tuple[int, ...]) -> str:
        if "#" not in text:
            return text
        pieces, at = [], 0
        for begin, end, number in references(text):
            pieces += [text[at:begin], self._object(number, around)]
            at = end
        return "".join([*pieces, text[at:]])

    def _object(self, number: int, around: tuple[int, ...]) -> str:
        if number in around:
            raise CannotTell(f"#{number} holds itself")
        contents = self._objects.get(number)
        if not isinstance(contents, Contents):
            raise CannotTell(f"#{number} was cut short")
        if _says_little(contents):
            raise CannotTell(f"#{number} is opaque, or a class")
        inside = (*around, number)
        parts = [self._full(part, inside) for part in contents.positional]
        if contents.shape:
            parts.insert(0, self._items(contents, inside))
        if not contents.name and not contents.attributes:
            return parts[0]
        parts += [f"{name}={self._full(value, inside)}" for name, value in contents.attributes.items()]
        return f"{contents.name}({', '.join(parts)})"

    def _items(self, contents: Contents, inside: tuple[int, ...]) -> str:
        items = contents.items
        if contents.shape == "bytes":
            return repr(bytes(items))
        if contents.shape == "dict":
            return "{" + ", ".join(f"{self._full(k, inside)}: {self._full(v, inside)}" for k, v in items) + "}"
        if contents.shape == "set":
            return "{" + ", ".join(self._full(item, inside) for item in in_order(items)) + "}" if items else "set()"
        return "[" + ", ".join(self._full(item, inside) for item in items) + "]"


def _says_little(contents: Contents) -> bool:
    """Whether an object is one of which nothing is said: what it is called and holds is not what it is."""
    return contents.name == "opaque" or contents.name.startswith(_CLASS)


def _change(
    contents: object, key: str | None, element: str | None, attribute: str | None, op: str, value: str | None
) -> None:
    """Change a part of an object: the slot or key, the set element, or the attribute that is given."""
    if not isinstance(contents, Contents):
        raise CannotTell("a part of an object changes before its contents are known")
    if attribute is not None:
        if op == "delete":
            del contents.attributes[attribute]
        else:
            contents.attributes[attribute] = str(value)
    elif element is not None:
        contents.items = [item for item in contents.items if item != element]
        if op != "delete":
            contents.items.append(element)
    elif contents.shape == "dict":
        _change_key(contents.items, str(key), op, value)
    else:
        _change_slot(contents, str(key), op, value)


def _change_key(items: list, key: str, op: str, value: str | None) -> None:
    at = next((index for index, (known, _) in enumerate(items) if known == key), None)
    if op == "delete":
        if at is None:
            raise CannotTell(f"the key {key} is deleted, and is not there")
        del items[at]
    elif at is None:
        items.append((key, str(value)))
    else:
        items[at] = (key, str(value))


def _change_slot(contents: Contents, key: str, op: str, value: str | None) -> None:
    items = contents.items
    first, colon, last = key.partition(":")
    if colon:
        new: list = [] if op == "delete" else split(str(value)[1:-1])
        if contents.shape == "bytes" and op != "delete":
            new = list(ast.literal_eval(str(value)[len("bytearray(") : -1] if "(" in str(value) else str(value)))
        items[int(first) : int(last)] = new
    elif op == "delete":
        del items[int(first)]
    else:
        items[int(first)] = int(str(value)) if contents.shape == "bytes" else str(value)
