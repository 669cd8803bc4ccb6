"""Runs a program of our own a few times before any is forked for, so that what running takes is at hand in every child.

Belongs here: that program, and how often it runs. Does not belong here: running (``recorder``, ``together``).

CPython adapts its bytecode and fills caches as code runs. In a child that was forked this work would be lost with the
child, and each first write to a page that it shares with its parent copies the page. What runs here leaves nothing
behind that a program can see: its module, streams and objects are gone, and the snapshot is put back.
"""

from .codecs import LITERAL
from .prepared import written
from .programs import Program
from .recorder import Caps, Run, rejected
from .recorders import usual_version
from .restore import Snapshot
from .surroundings import Standing
from .tape import begin, complete
from .tape_layout import layout
from .together import run_inputs

_CODE = '''
import math
from collections import deque

class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def moved(self, by):
        return Point(self.x + by, self.y - by)

def squares(limit):
    for n in range(limit):
        yield n * n

def total(numbers, names, text=""):
    """Sums, in more ways than one."""
    seen, counts = set(), {}
    best = None
    queue = deque(numbers)
    while queue:
        number = queue.popleft()
        if number in seen or not isinstance(number, int):
            continue
        seen.add(number)
        counts[number % 3] = counts.get(number % 3, 0) + 1
        if best is None or (number > best and number % 2 == 0):
            best = number
        elif number < 0:
            numbers[0], numbers[-1] = numbers[-1], numbers[0]
    rows = [[i * j for j in range(3)] for i in range(3)]
    rows[1][2] += sum(squares(4))
    at = Point(1, 2).moved(best or 0)
    try:
        text += names[0].upper() + str(1 / (len(rows) - 3))
    except (IndexError, ZeroDivisionError) as error:
        text += f"{error}"
    numbers.sort(key=lambda n: -n)
    for name, number in zip(sorted(names), numbers):
        print(name, number)
    return numbers, rows, (math.isqrt(abs(at.x)), text), counts, seen
'''
_ARGUMENTS = "[3, -1, 4, 1, -5, 9, 2, 6], ['b', 'a']"
_STDIN = "n = int(input())\nprint(n * 2, [n])\n"
_PROGRAMS, _RUNS = 8, 8
_NO_LIMIT_S = 1e9


def warm(shared, snapshot: Snapshot, recorder: str = "auto") -> None:
    """Make ready, run and record, on the tape in ``shared``; ``recorder``: as of ``recorders.CHOICES``."""
    caps = Caps()
    for _ in range(_PROGRAMS):
        for code, entry, arguments, stdin in ((_CODE, "total", _ARGUMENTS, None), (_STDIN, None, None, "4\n")):
            program = Program(code, entry)
            for number in range(_RUNS):
                snapshot.restore()
                run = Run(program, caps, True, 60.0, shared, number, recorder)
                row = run.record(arguments, stdin, "0")
                snapshot.restore_common()
                complete(shared, run.place, row)
                run.release()
    begin(shared, layout(caps), 0, usual_version(recorder))
    complete(shared, layout(caps), rejected("", usual_version(recorder)))
    snapshot.restore()


def warm_together(shared, snapshot: Snapshot, is_twin: bool, recorder: str = "auto") -> None:
    """The same for the runs of tame programs, in surroundings that are taken down again."""
    standing = Standing()
    standing.set_up()
    snapshot.accept_modules()
    given = {"arguments": _ARGUMENTS, "stdin": None, "expected": "0", "codec": LITERAL}
    job = {"code": _CODE, "entry_point": "total", "record": True, "recorder": recorder, "is_twin": is_twin}
    job |= {"caps": {}, "cpu_s": _NO_LIMIT_S, "wall_s": _NO_LIMIT_S, "inputs": [given] * _RUNS}
    prepared = written(_CODE, "total", recorder)
    for _ in range(_PROGRAMS):
        run_inputs({**job, "prepared": b""}, shared, snapshot, standing, _nothing)
        run_inputs({**job, "prepared": prepared}, shared, snapshot, standing, _nothing)
    standing.take_down()
    snapshot.restore()


def _nothing() -> None:
    """Nobody takes these tapes."""
