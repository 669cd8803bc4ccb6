"""A naive recorder: at every event it copies the whole visible state. Slow, short, and shares only the numbering of
statements.

It knows functions, plain values and instances of the program's classes: what the programs of the tests use.
"""

import ast
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType

from tracepile_assets.execution.guest.statements import compile_renumbered, renumber

_HIDDEN = (FunctionType, BuiltinFunctionType, MethodType, ModuleType, type)
_ATOMS = (int, float, complex, str, bytes, bool, type(None), type(...))
_NAMED = (Counter, OrderedDict, defaultdict)


def canonical(roots):
    seen = {}
    keep = []

    def walk(value):
        kind = type(value)
        if kind in _ATOMS:
            return ("atom", kind.__name__, repr(value))
        if kind is tuple:
            return ("tuple", tuple(map(walk, value)))
        if kind is frozenset:
            return ("frozenset", tuple(sorted(map(repr, map(walk, value)))))
        if kind in (range, slice):
            return ("atom", kind.__name__, tuple(map(repr, ast.literal_eval(repr(value)[len(kind.__name__) :]))))
        if id(value) in seen:
            return ("again", seen[id(value)])
        keep.append(value)
        seen[id(value)] = len(seen)
        return ("object", seen[id(value)], contents(value))

    def contents(value):
        kind = type(value)
        if kind in (list, deque):
            return (kind.__name__, tuple(map(walk, value)))
        if kind is dict:
            return ("dict", tuple((walk(k), walk(v)) for k, v in value.items()))
        if kind is set:
            return ("set", tuple(sorted(map(repr, map(walk, value)))))
        if kind is bytearray:
            return ("bytearray", bytes(value))
        if kind in _NAMED:
            return (kind.__name__, (("dict", tuple((walk(k), walk(v)) for k, v in value.items())),), ())
        if issubclass(kind, BaseException):
            return (kind.__name__, tuple(map(walk, value.args)), ())
        if kind.__module__ == "program" and not issubclass(kind, type):
            attributes = tuple((k, walk(v)) for k, v in vars(value).items())
            if issubclass(kind, list):
                return (kind.__name__, (("list", tuple(map(walk, value))),), attributes)
            return (kind.__name__, (), attributes)
        return ("opaque",)

    return [(name, walk(value)) for name, value in roots]


def observe(code, entry_point, arguments):
    """Run; return per line event statement, depth and canonical variables of the running frame; and the result."""
    tree = ast.parse(code)
    renumber(tree)
    compiled = compile_renumbered(tree)
    own = set()
    stack = [compiled]
    comprehensions = ("<listcomp>", "<setcomp>", "<dictcomp>")
    while stack:
        current = stack.pop()
        if current.co_name not in comprehensions:
            own.add(id(current))
        stack.extend(c for c in current.co_consts if hasattr(c, "co_code"))
    namespace = {"__name__": "program"}
    exec(compiled, namespace)
    args = eval(f"(lambda *a, **k: (a, k))({arguments})", namespace)
    mentioned = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    observed = []
    frames = []
    last = {}

    def visible(held):
        return [
            (k, v)
            for k, v in held.items()
            if not k.startswith((".", "__")) and not isinstance(v, _HIDDEN) and type(v).__name__ != "method_descriptor"
        ]

    def local(frame, event, arg):
        if event == "line":
            statement = frame.f_lineno - 1
            alone = frame.f_code.co_name in ("<lambda>", "<genexpr>")
            if last.get(frame) == statement or (not alone and statement == frame.f_code.co_firstlineno - 1):
                return local
            last[frame] = statement
            held = [(f"f.{k}", v) for k, v in sorted(visible(frame.f_locals))]
            held += [(f"g.{k}", v) for k, v in sorted(visible(namespace)) if k in mentioned]
            observed.append((statement, len(frames) - 1, canonical(held)))
        elif event == "return":
            while frames and frames.pop() is not frame:
                pass
        return local

    def tracer(frame, event, arg):
        if id(frame.f_code) not in own:
            return None
        frames.append(frame)
        return local

    sys.settrace(tracer)
    try:
        try:
            result = ("value", namespace[entry_point](*args[0], **args[1]))
        except Exception as error:
            result = ("error", type(error).__name__)
    finally:
        sys.settrace(None)
    return observed, result
