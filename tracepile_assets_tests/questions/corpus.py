"""Programs with inputs that the tests ask about: shipped ones, tricky ones, real ones."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracepile_assets.execution.guest.recorder import Caps, record
from tracepile_assets.sources.embedded import read
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace


@dataclass(frozen=True)
class Case:
    """A program with one input."""

    name: str
    code: str
    entry_point: str | None = None
    arguments: str | None = None
    stdin: str | None = None

    def record(self, **caps: int) -> dict[str, Any]:
        """The recorded columns of its run in this process."""
        return record(self.code, self.entry_point, self.arguments, self.stdin, caps=Caps(**caps))

    def trace(self, row: dict[str, Any] | None = None) -> Trace:
        """Its trace."""
        recording = Recording.from_row(row or self.record())
        return Trace(self.code, self.entry_point, recording, arguments=self.arguments, stdin=self.stdin)


def embedded(source: str, inputs: int, seed: int = 0) -> Iterator[Case]:
    """Shipped programs of a collection."""
    for program in read(source, inputs, seed):
        for number, given in enumerate(program.inputs):
            name = f"{program.source_row}-{number}"
            yield Case(name, program.code, program.entry_point, given.arguments, given.stdin)


def mbpp(path: Path, step: int) -> Iterator[Case]:
    """Every n-th task with the call of its first assert."""
    for line in path.read_text(encoding="utf-8").splitlines()[::step]:
        task = json.loads(line)
        code = task["code"].replace("\r\n", "\n")
        defined = {node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}
        for node in ast.walk(ast.parse(task["test_list"][0])):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in defined:
                arguments = ", ".join(ast.unparse(each) for each in node.args)
                yield Case(str(task["task_id"]), code, node.func.id, arguments)
                break


def _case(name: str, code: str, arguments: str | None = None, entry_point: str | None = "f") -> Case:
    return Case(name, code.lstrip("\n"), entry_point, arguments)


TRICKY = (
    _case(
        "classes called like builtin ones, and attributes with any name",
        """
class deque:
    def __init__(self):
        self.items = []
        self.inf = 10 ** 9

    def push(self, x):
        self.items.append(x)
        self.inf = min(self.inf, x)
        setattr(self, "last one", x)


class Numbers(list):
    pass


Numbers.__name__ = "list"


def f(xs):
    queue = deque()
    seen = Numbers()
    low = queue
    for x in xs:
        queue.push(x)
        seen.append(x)
        seen[0] += x
        low = queue if x < 3 else seen
    least = queue.inf
    return least, len(seen), low
""",
        "[3, 1, 2]",
    ),
    _case(
        "break, continue and else",
        """
def f(rows):
    seen = 0
    log = []
    for row in rows:
        for x in row:
            if x < 0:
                break
            if x == 0:
                continue
            seen += x
            log = log + [seen]
        else:
            seen *= 2
            continue
        seen -= 1
    return seen, log
""",
        "[[1, 2], [3, -1, 9], [], [0, 4], [0, 0]]",
    ),
    _case(
        "caught in the middle of an assignment",
        """
def f(xs):
    total = 0
    q = None
    for x in xs:
        try:
            q = 12 // x
            total = total + q
        except ZeroDivisionError:
            q = -1
        finally:
            total = total + 100
    return total
""",
        "[3, 0, 4, 0, 5]",
    ),
    _case(
        "recursion in the middle of a statement",
        """
def f(n, acc):
    acc = acc + [n]
    if n <= 1:
        return len(acc)
    left = f(n - 1, acc)
    right = f(n - 2, acc)
    both = left * 10 + right
    return both % 97
""",
        "5, []",
    ),
    _case(
        "endless loop left from inside",
        """
def f(n):
    steps = 0
    while True:
        for d in (2, 3, 5):
            steps = steps + d
            if n % d == 0:
                n = n // d
                break
        else:
            break
        if n == 1: break
    return n, steps
""",
        "360",
    ),
    _case(
        "one line, several statements",
        """
def f(xs):
    a = 0; b = len(xs); a = a + b
    for x in xs: a += x; b -= 1; a += x
    while b < 3: b += 1
    if a > 3: a = a * 2; a = a - b
    return a, b
""",
        "[1, 2, 3]",
    ),
    _case(
        "aliases and deltas",
        """
def grow(xs, x):
    xs.append(x)
    xs[0] = xs[0] + x
    return xs

def f(n):
    a = [0]
    b = a
    table = {}
    seen = set()
    for i in range(n):
        b = grow(a, i * i)
        table[i % 3] = len(b)
        seen.add(i % 4)
        if i % 2:
            del table[i % 3]
            a[1:3] = [7]
        grid = [[0] * 2] * 2
        grid[0][1] = i
    return a, table, seen, grid
""",
        "6",
    ),
    _case(
        "nested functions, closures and methods",
        """
class Counter:
    def __init__(self, start):
        self.total = start
    def add(self, x):
        before = self.total
        self.total = before + x
        return self.total

def f(xs):
    counter = Counter(5)
    hits = 0
    def note(x):
        nonlocal hits
        hits = hits + 1
        double = x * 2
        return double
    out = []
    for x in xs:
        got = counter.add(note(x))
        out = out + [got]
    return out, hits
""",
        "[4, 1, 7]",
    ),
    _case(
        "generators, comprehensions and lambdas",
        """
def squares(n):
    for k in range(n):
        s = k * k
        yield s

def f(n):
    total = 0
    for s in squares(n):
        total = total + s
        parts = [total * k for k in range(3)]
    order = sorted(parts, key=lambda p: -p)
    first = next(k for k in order if k < total + 1)
    return total, order, first
""",
        "5",
    ),
    _case(
        "strings with quotes, fences and hashes",
        """
def f(s):
    out = ""
    for c in s:
        out = out + c + "#1'\\""
        t = "```" + out[-3:]
        pair = (c, [c, {c: "a: b, #2"}])
    return out, t, pair
""",
        "'x`#y'",
    ),
    Case(
        "a program that reads",
        "n = int(input())\ntotal = 0\nwords = []\nfor i in range(n):\n    w = input()\n    words.append(w)\n"
        "    total = total + len(w)\n    if total > 4:\n        total = total - 1\nprint(total)\n"
        "print(*sorted(words))\n",
        stdin="3\nab\nc d\n\n",
    ),
)
"""Programs whose control flow, values or spelling are easy to get wrong."""
