"""Functions, classes and whole random programs.

Belongs here: the fixed preamble (classes, generators, context managers) and functions that call each other. Does not
belong here: what stands inside functions (``blocks``, ``grammar``).
"""

from dataclasses import dataclass
from random import Random

from .blocks import block, indented, inner_starts
from .grammar import STARTS, Scope

_PREAMBLE = """
from bisect import insort
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from contextlib import contextmanager, suppress
from heapq import heapify, heappush
LOG = []
SHARED = {'k': LOG}
KEPT = []
TOTAL = 0
Point = namedtuple('Point', 'x y')
class Oops(Exception):
    def __init__(self, code, extra):
        super().__init__(code)
        self.extra = extra
class Node:
    made = 0
    pool = []
    def __init__(self, value, link=None):
        self.value = value
        self.link = link
        self.items = [value]
{matched}    @property
    def total(self):
        return self.value + len(self.items)
    @total.setter
    def total(self, value):
        self.items.append(value)
    def bump(self, by):
        self.value += by
        return self.value
    def twice(self, into):
        into.append(self.value)
        self.items = into
        return self
    def __len__(self):
        return len(self.items)
    def __iter__(self):
        yield from self.items[:3]
    def __setitem__(self, key, value):
        self.items[key] = value
    def __iadd__(self, by):
        self.value += by
        return self
    def __repr__(self):
        LOG.append('repr')
        return f'<{self.value}>'
class Leaf(Node):
    @classmethod
    def note(cls, n):
        cls.made = n
        cls.pool.append(n)
        del cls.pool[3:]
        return cls.made
class Slot:
    __slots__ = ('left', 'right')
    def __init__(self, left, right):
        self.right = right
        self.left = left
{stored}class Bag(list):
    def __init__(self, items=()):
        super().__init__(items)
    def extend(self, items):
        for item in items:
            super().append(item)
class Guard:
    def __init__(self, n):
        self.n = n
    def __enter__(self):
        self.n += 1
        return self
    def __exit__(self, kind, error, where):
        LOG.append(self.n)
        return kind is not None and issubclass(kind, LookupError)
{managed}
def kept(it):
    KEPT.append(it)
    return it
""".strip()
_MATCHED = "    __match_args__ = ('value',)\n"
_STORED = """    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)
"""
_MANAGED = {
    "careful": """
@contextmanager
def managed(log):
    log.append('in')
    try:
        yield log
    finally:
        log.append('out')
""",
    "tame": """
class managed:
    def __init__(self, log):
        self.log = log
    def __enter__(self):
        self.log.append('in')
        return self.log
    def __exit__(self, *what):
        self.log.append('out')
""",
}
_CAREFUL = """
def careful(n, xs):
    try:
{steps}
    finally:
        LOG.append('closed')
def outer(n, xs):
    try:
        got = yield from {inner}(n, xs)
    except ValueError as error:
        got = error
        yield 'caught'
    LOG.append(got)
    return got
""".strip()
_CARELESS = """
def careful(n, xs):
    yield n
    print((yield xs), end=';')
    return n
def outer(n, xs):
    got = yield from {inner}(n, xs)
    LOG.append(got)
    return got
""".strip()


FLAVOURS = ("tame", "devious", "careful")
"""Tame: what a statement may change can be seen in it. Devious: not always. Careful: generators have clean-up code."""


@dataclass(frozen=True)
class Program:
    """A program with the call that runs it; ``stdin`` is None."""

    seed: int
    code: str
    entry_point: str
    arguments: str
    stdin: None = None


def make(seed: int) -> Program:
    """The program of a seed."""
    random = Random(seed)
    flavour = FLAVOURS[seed % len(FLAVOURS)]
    managed = _MANAGED["careful" if flavour == "careful" else "tame"]
    # These alone would make a recorder wary of every statement.
    matched, stored = ("", "") if flavour == "tame" else (_MATCHED, _STORED)
    preamble = _PREAMBLE.replace("{matched}", matched).replace("{stored}", stored)
    text = [preamble.replace("{managed}", managed.strip()), *_generators(random, flavour)]
    callables: list[tuple[str, int]] = []
    for number in range(random.randint(2, 4)):
        lines, call, cost = _function(random, flavour, number, callables)
        text += lines
        callables.append((call, cost))
    text += _entry(random, flavour, callables)
    return Program(seed, "\n".join(text) + "\n", "f", random.choice(("2, [3, 1]", "5, []", "0, [4, 4, 0]")))


def _kinds(random: Random) -> tuple[str, ...]:
    others = [kind for kind in STARTS if kind not in ("n", "s", "xs")]
    chosen = set(random.sample(others, random.randint(2, 4)))
    return tuple(kind for kind in STARTS if kind in ("n", "s", "xs") or kind in chosen)


def _starts(scope: Scope, taken: list[str]) -> list[str]:
    return [f"{name} = {scope.expand(start, 0)}" for name, start in inner_starts(scope, taken)]


def _generators(random: Random, flavour: str) -> list[str]:
    def body() -> list[str]:
        scope = Scope(random, ("n", "s", "xs"), yields=True, flavour=flavour)
        return [*_starts(scope, ["n", "xs"]), "yield n", *block(scope, 2), "return xs"]

    rest = _CAREFUL if flavour == "careful" else _CARELESS
    rest = rest.format(inner=random.choice(("steps", "careful")), steps="\n".join(indented(indented(body()))))
    return ["def steps(n, xs):", *indented(body()), rest]


def _function(random: Random, flavour: str, number: int, callables: list) -> tuple[list[str], str, int]:
    """Lines of a function, the text of a call that gives an int, and what the call costs."""
    name = f"f{number}"
    scope = Scope(random, _kinds(random), callables, flavour=flavour)
    shape = random.choice(("plain", "rest", "recursive", "decorated", "maker", "method", "coroutine"))
    heads = {
        "rest": f"def {name}(n, *xs, k=1, **table):",
        "coroutine": f"async def {name}(n, xs):",
        "method": "    def act(self, n, xs):",
    }
    lines = [*_starts(scope, ["n", "xs", "k", "self"] + (["table"] if shape == "rest" else []))]
    if "k" in [v for _, (_, names) in STARTS.items() for v in names] and shape != "rest":
        lines.append("k = 2")
    if shape == "rest":
        lines.insert(0, "xs = list(xs)")
    if random.random() < 0.4:
        lines = ["global TOTAL", *lines, "TOTAL += 1"]
    lines += [line for _ in range(random.randint(2, 4)) for line in block(scope, 3)]
    cost = scope.cost + len(lines) // 2
    ending = random.choice(("return len(xs)", "return n", "return len(LOG)", "return n if isinstance(n, int) else 0"))
    call = f"{name}(<int>, <xs>)"
    if shape == "recursive":
        lines = ["if n <= 0: return len(xs)", *lines, f"n = {name}(min(n, 2) - 1, xs)"]
        cost, call = cost * 2, f"{name}(<small> % 3, <xs>)"
        lines.insert(1, "deep = n")
        lines[-1] = f"n = {name}(min(deep, 2) - 1, xs)"
    if shape == "rest":
        call = f"{name}(<int>, *<xs>[:3], k=<int>)"
    if shape == "coroutine":
        call = f"drive({name}(<int>, <xs>))"
    lines = [heads.get(shape, f"def {name}(n, xs):"), *indented([*lines, ending])]
    if shape == "method":
        lines = [f"class C{number}(Node):", lines[0], *indented(lines[1:])]
        call = f"C{number}(<n>).act(<int>, <xs>)"
    if shape == "decorated":
        lines = [
            f"def deco{number}(inner):",
            "    def wrap(*a, **k):",
            "        LOG.append(len(a))",
            "        return inner(*a, **k)",
            "    return wrap",
            f"@deco{number}",
            *lines,
        ]
    if shape == "maker":
        lines = [f"def make{number}(base):", *indented(lines), f"    return {name}"]
        call = f"make{number}(<n>)(<int>, <xs>)"
    if shape == "coroutine":
        lines = [
            "def drive(work):",
            "    try:",
            "        work.send(None)",
            "    except StopIteration as stop:",
            "        return stop.value",
            *lines,
        ]
    return lines, call, cost + 2


def _entry(random: Random, flavour: str, callables: list) -> list[str]:
    scope = Scope(random, _kinds(random), callables, flavour=flavour)
    lines = _starts(scope, ["n", "xs"])
    for call, _ in callables:
        text = scope.expand(call, 1)
        if random.random() < 0.8:
            lines += ["try:", f"    n = {text}", "except Exception as error:", "    LOG.append(repr(error)[:20])"]
        else:
            lines += [f"LOG.append({text})"]
        lines += ["try:", *indented(block(scope, 1)), "except Exception as error:", "    print(type(error).__name__)"]
    return ["def f(n, xs):", *indented([*lines, "return n, xs, s"])]
