"""What is drawn at random, the time of day and what other inputs leave behind: none of it passes for determined, and
what is determined passes."""

import pytest

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.tracing import trace

LIMITS = Limits(events=20_000, wall_s=20.0, cpu_s=20.0)


@pytest.fixture(scope="module")
def pool():
    with Pool(workers=1, limits=LIMITS) as made:
        yield made


def rows(pool, code, *arguments):
    given = [
        {"input_id": str(n), "codec": "literal", "arguments": a, "stdin": None, "expected": None}
        for n, a in enumerate(arguments)
    ]
    variant = {"variant_id": "v", "program_id": "p", "code": code, "entry_point": "f", "inputs": given}
    return list(trace([variant], pool))


def verdicts(pool, code, *arguments):
    return {row["deterministic"] for row in rows(pool, code, *arguments)}


DRAWN = {
    "a coin": "import random\ndef f(n):\n    return random.random() < 0.5\n",
    "a coin beside other modules": "import os, random\ndef f(n):\n    return random.choice([n, 9])\n",
    "a coin of its own": "import random\ndef f(n):\n    return random.Random().choice('ab')\n",
    "a coin of the system": "import secrets\ndef f(n):\n    return secrets.choice('ab')\n",
    "one of a hundred": "import random\ndef f(n):\n    return random.randrange(100)\n",
    "the year": "import time\ndef f(n):\n    return int(time.strftime('%Y')) - n\n",
    "the day of the week": "import time\ndef f(n):\n    return time.strftime('%A %d')\n",
    "the time as a text": "import time\ndef f(n):\n    return time.asctime()\n",
    "another clock": "import time\ndef f(n):\n    return time.clock_gettime(time.CLOCK_REALTIME) // 60\n",
    "a clock in whole numbers": "import time\ndef f(n):\n"
    "    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 10**9\n",
    "the year of a date": "from datetime import date\ndef f(n):\n    return date.today().year\n",
}


@pytest.mark.parametrize("code", DRAWN.values(), ids=DRAWN)
def test_what_nobody_can_know_is_not_determined(pool, code):
    assert verdicts(pool, code, *"01234567") == {"no"}


DETERMINED = {
    "seeded": "import random\ndef f(n):\n    random.seed(n)\n    return random.random()\n",
    "seeded and not drawn": "import random\ndef f(n):\n    random.seed(0)\n    return n\n",
    "a generator of its own": "import random\ndef f(n):\n    return random.Random(n).random()\n",
    "imported and not used": "import random\ndef f(n):\n    return n\n",
    "a word": "# random\ndef d(n):\n    try:\n        return d(n + 1)\n    except RecursionError:\n        return n\n"
    "def f(n):\n    return d(n)\n",
    "seeded, and something left behind": "import os, random\ndef f(n):\n    random.seed(n)\n"
    "    os.environ['X'] = os.environ.get('X', '') + 'x'\n    return os.environ['X'], random.random()\n",
    "a date that is given": "import time\ndef f(n):\n"
    "    return time.strftime('%Y-%m-%d', time.gmtime(n)), time.asctime(time.gmtime(n))\n",
    "seeded, and slow": "import random, time\ndef f(n):\n    random.seed(n)\n    time.sleep(1.5)\n"
    "    return random.random()\n",
}


@pytest.mark.parametrize("code", DETERMINED.values(), ids=DETERMINED)
def test_what_is_determined_stays_so(pool, code):
    assert verdicts(pool, code, "3", "4") == {"full"}


UNTOLD = {
    "a pivot": "import random\ndef f(n):\n    p = random.choice([0, 1])\n    return max(p, n)\n",
    "a rare event": "import secrets\ndef f(n):\n    return secrets.randbelow(10**6) == 3\n",
}


@pytest.mark.parametrize("code", UNTOLD.values(), ids=UNTOLD)
def test_a_result_that_no_draw_changes_is_kept_without_its_events(pool, code):
    assert verdicts(pool, code, *"23456789") == {"result_only"}


FORGED = """
import random, sys

def walk():
    frame = sys._getframe(1)
    while frame is not None:
        for held in frame.f_locals.values():
            if type(held) is dict and "return_value" in held:
                held["return_value"] = "'forged'"
        frame = frame.f_back

class Evil:
    def __bool__(self):
        walk()
        return False

    __hash__ = __eq__ = __ne__ = lambda self, *other: walk() or 0
"""
FORGERS = {
    "getstate": "def f(n):\n    random.getstate = lambda: walk()\n    return n\n",
    "seed": "def f(n):\n    random.random()\n    random.seed = lambda *given: walk()\n    return n\n",
    "no getstate": "def f(n):\n    del random.getstate\n    return n\n",
    "the generator": "def f(n):\n    random._inst = None\n    return n\n",
    "what is left over": "def f(n):\n    random.setstate((3, random.getstate()[1], Evil()))\n    return n\n",
    "the class": "def f(n):\n    random.random()\n"
    "    random.Random.seed = random.Random.getstate = lambda *given: walk()\n"
    "    random.Random.__setattr__ = lambda *given: walk()\n    return n\n",
}


@pytest.mark.parametrize("code", FORGERS.values(), ids=FORGERS)
def test_nothing_of_the_generator_leads_into_the_recorder(pool, code):
    found = rows(pool, FORGED + code, "0", "1", "2", "3")
    assert [(row["status"], row["return_value"]) for row in found] == [("ok", text) for text in "0123"]


LEAKS = {
    "decimal numbers": "import decimal\nclass K:\n    def __eq__(self, other):\n        other.prec = 3\n"
    "        return True\n"
    "def f(n):\n    a = str(decimal.Decimal(1) / decimal.Decimal(7))\n    K() == decimal.DefaultContext\n"
    "    return a\n",
    "a function": "import heapq\nfrom dataclasses import dataclass, fields\n@dataclass\nclass C:\n"
    "    x: heapq.merge = 0\n"
    "def f(n):\n    held = fields(C)[0].type\n    held.n = getattr(held, 'n', 0) + 1\n    return held.n\n",
    "a class": "import collections\ndef f(n):\n    for kind in [collections.Counter]:\n"
    "        kind.n = getattr(kind, 'n', 0) + 1\n"
    "    return collections.Counter.n\n",
}


@pytest.mark.parametrize("code", LEAKS.values(), ids=LEAKS)
def test_no_input_sees_what_another_left_in_the_library(pool, code):
    [alone] = rows(pool, code, "2")
    found = rows(pool, code, *"01234")
    assert {(row["deterministic"], row["return_value"]) for row in found} == {("full", alone["return_value"])}
