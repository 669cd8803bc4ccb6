"""Rebuilds the full state of every event from the changes of a recording, on its own terms: it shares no code with
the package.

The state is given in a canonical form: every value as nested tuples in which mutable objects are numbered by first
visit from the roots, so that aliasing counts and the recorder's own numbers do not.
"""

import ast
import re
from collections import deque
from dataclasses import dataclass

_TOKENS = re.compile(
    r"""(b?'(?:\\.|[^'\\])*'|b?"(?:\\.|[^"\\])*")|#(\d+)|opaque\(([^()]*)\)|\bdeque\(|\bset\(\)|\bnan\b|\binf\b"""
)


@dataclass(frozen=True)
class Ref:
    number: int


class Deque(tuple):
    pass


class Call(tuple):
    """A named value: (name, positional, keyword)."""


def parse(text):
    def swap(match):
        if match[1]:
            return match[1]
        if match[2]:
            return f"_ref({match[2]})"
        word = match[0]
        if word.startswith("opaque"):
            return f"_opaque({match[3]!r})"
        return {"deque(": "_deque(", "set()": "_set()", "nan": "_nan()", "inf": "_inf()"}[word]

    return _build(ast.parse(_TOKENS.sub(swap, text), mode="eval").body)


def _build(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(map(_build, node.elts))
    if isinstance(node, ast.List):
        return [_build(e) for e in node.elts]
    if isinstance(node, ast.Set):
        return {_hashable(_build(e)) for e in node.elts}
    if isinstance(node, ast.Dict):
        return {_hashable(_build(k)): _build(v) for k, v in zip(node.keys, node.values, strict=True)}
    if isinstance(node, ast.UnaryOp):
        return -_build(node.operand)
    if isinstance(node, ast.BinOp):
        left, right = _build(node.left), _build(node.right)
        return left + right if isinstance(node.op, ast.Add) else left - right
    if isinstance(node, ast.Name) and node.id == "Ellipsis":
        return ...
    assert isinstance(node, ast.Call), ast.dump(node)
    args = [_build(a) for a in node.args]
    keywords = {k.arg: _build(k.value) for k in node.keywords}
    name = node.func.id
    simple = {
        "_ref": Ref,
        "_set": set,
        "_nan": lambda: float("nan"),
        "_inf": lambda: float("inf"),
        "bytearray": bytearray,
    }
    if name in simple:
        return simple[name](*args)
    if name == "_deque":
        return deque(args[0], **keywords)
    if name == "frozenset":
        return frozenset(args[0]) if args else frozenset()
    if name in ("range", "slice"):
        return Call((name, tuple(args), ()))
    return Call((name, args, keywords))


def _hashable(x):
    return tuple(x) if isinstance(x, list) else x


class State:
    """Variables (place text to value) and contents by number."""

    def __init__(self):
        self.variables = {}
        self.objects = {}

    def apply(self, place, op, text):
        if not place.startswith("#"):
            if op == "delete":
                del self.variables[place]
            else:
                assert op == "set"
                self.variables[place] = parse(text)
            return
        number, rest = re.fullmatch(r"#(\d+)(.*)", place, re.DOTALL).groups()
        number = int(number)
        if not rest:
            assert op == "set"
            self.objects[number] = parse(text)
            return
        self.objects[number] = _changed(self.objects[number], rest, op, text)


def _changed(held, rest, op, text):
    inner = held
    if isinstance(held, Call):
        _, args, keywords = held
        if rest[0] == ".":
            if op == "delete":
                del keywords[rest[1:]]
            else:
                keywords[rest[1:]] = parse(text)
            return held
        inner = args[0]
    if rest[0] == "{":
        element = parse(rest[1:-1])
        (inner.discard if op == "delete" else inner.add)(element)
        return held
    assert rest[0] == "["
    if isinstance(inner, dict):
        key = parse(rest[1:-1])
        if op == "delete":
            del inner[key]
        else:
            inner[key] = parse(text)
        return held
    at = re.fullmatch(r"\[(\d+)(?::(\d+))?\]", rest)
    if at[2] is None:
        inner[int(at[1])] = parse(text)
    elif isinstance(inner, deque):
        items = list(inner)
        items[int(at[1]) : int(at[2])] = parse(text)
        inner.clear()
        inner.extend(items)
    else:
        inner[int(at[1]) : int(at[2])] = parse(text)
    return held


def states(row):
    """Yield per event: (index, State); the state is the same object, changed in place."""
    state = State()
    at = 0
    changes = list(zip(row["change_event"], row["change_place"], row["change_op"], row["change_value"], strict=True))
    for index in range(row["n_events"]):
        while at < len(changes) and changes[at][0] == index:
            state.apply(*changes[at][1:])
            at += 1
        yield index, state


def canonical(state, roots):
    """Canonical form of variables: ``roots`` is a list of (name, value)."""
    seen = {}

    def walk(value):
        if isinstance(value, Ref):
            if value.number in seen:
                return ("again", seen[value.number])
            seen[value.number] = len(seen)
            held = state.objects[value.number]
            return ("object", seen[value.number], walk_contents(held))
        if type(value) is tuple:
            return ("tuple", tuple(map(walk, value)))
        if isinstance(value, frozenset):
            return ("frozenset", tuple(sorted(map(repr, map(walk, value)))))
        if isinstance(value, Call):
            return ("atom", value[0], tuple(map(repr, value[1])))
        return ("atom", type(value).__name__, repr(value))

    def walk_contents(held):
        if isinstance(held, Call):
            name, args, keywords = held
            if name == "_opaque":
                return ("opaque",)
            return (name, tuple(walk_contents(a) for a in args), tuple((k, walk(v)) for k, v in keywords.items()))
        if isinstance(held, (list, deque)):
            return (type(held).__name__, tuple(map(walk, held)))
        if isinstance(held, dict):
            return ("dict", tuple((walk(k), walk(v)) for k, v in held.items()))
        if isinstance(held, set):
            return ("set", tuple(sorted(map(repr, map(walk, held)))))
        if isinstance(held, bytearray):
            return ("bytearray", bytes(held))
        return walk(held)

    return [(name, walk(value)) for name, value in roots]
