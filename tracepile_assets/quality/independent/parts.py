"""Answers about a value at one moment: a slot of it, a part of a string, its type, which object it is.

Not here: values over many moments (`courses`).
"""

import ast

from .document import Document
from .heap import CannotTell, read
from .moments import Target, visit
from .text import split, tokens


def slot(document: Document, target: Target) -> str:
    """What stands in a slot of a container."""
    event, _ = visit(document, target)
    contents = read(document.value(event, target["variable"]))
    key = target["slot"][1:-1]
    if contents.shape == "dict":
        for known, value in contents.items:
            if known == key:
                return value
        raise CannotTell(f"there is no key {key}")
    if contents.shape != "list" or not 0 <= int(key) < len(contents.items):
        raise CannotTell(f"there is no slot {key}")
    return contents.items[int(key)]


def drill(document: Document, target: Target) -> str:
    """The value of an expression over a string variable."""
    event, _ = visit(document, target)
    text = ast.literal_eval(document.value(event, target["variable"]))
    if not isinstance(text, str):
        raise CannotTell("it is no string")
    match ast.parse(target["drill"], mode="eval").body:
        case ast.Call(func=ast.Name(id="len")):
            return str(len(text))
        case ast.Call(func=ast.Attribute(attr="count"), args=[ast.Constant(value=str() as part)]):
            return str(sum(character == part for character in text))
        case ast.Subscript(slice=ast.Slice(lower=ast.Constant(value=first), upper=ast.Constant(value=last))):
            return repr("".join(text[at] for at in range(first, last)))
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp(operand=ast.Constant(value=1)))):
            return repr("".join(reversed(text)))
        case ast.Subscript(slice=ast.UnaryOp(operand=ast.Constant(value=back))):
            return repr(text[len(text) - back])
        case ast.Subscript(slice=ast.Constant(value=at)):
            return repr(text[at])
    raise CannotTell(f"{target['drill']} is of no form that is known here")


def type_name(document: Document, target: Target) -> str:
    """The type of a variable's value."""
    event, _ = visit(document, target)
    if document.events[event].get("state") is not None:
        return _type_of_text(document.value(event, target["variable"]))
    heap = document.heap(event)
    text = heap.shallow(document.place(event, target["variable"]))
    if not text.startswith("#"):
        return _type_of_text(text)
    contents = heap.contents(text)
    return _unquoted(contents.name) or contents.shape


def _type_of_text(text: str) -> str:
    if text in ("inf", "-inf", "nan"):
        return "float"
    if text[0] in "[{" or text == "set()":
        return read(text).shape
    if text[0] in "'\"" and text[-1] == ")":
        return _unquoted(text[: next(tokens(text))[1]])
    if text[0].isalpha() and text[-1] == ")":
        return text[: text.index("(")]
    if text[0] == "(" and (len(split(text[1:-1])) != 1 or text[-2] == ","):
        return "tuple"
    return type(ast.literal_eval(text)).__name__


def _unquoted(name: str) -> str:
    return str(ast.literal_eval(name)) if name[:1] in ("'", '"') else name


def same_object(document: Document, target: Target) -> str:
    """Whether two variables refer to one object."""
    event, _ = visit(document, target)
    heap = document.heap(event)
    one, two = (heap.shallow(document.place(event, name)) for name in target["variables"])
    if not (one.startswith("#") and two.startswith("#")):
        raise CannotTell("one of them is no object of its own")
    for reference in (one, two):
        heap.contents(reference)
    return str(one == two)
