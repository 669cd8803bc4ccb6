"""What is drawn at random, the time of day and what other inputs leave behind: none of it passes for determined, and
what is determined passes."""

from itertools import pairwise

import pytest

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.tracing import trace

LIMITS = Limits(events=20_000, wall_s=60.0, cpu_s=20.0)


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
    return [row["deterministic"] for row in rows(pool, code, *arguments)]


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
    "the last digit of a clock": "import time\ndef f(n):\n    return time.time_ns() // 1000 % 2\n",
    "an odd second": "import time\ndef f(n):\n    return int(time.time()) % 2\n",
    "an odd minute": "from datetime import datetime\ndef f(n):\n    return datetime.now().minute % 2\n",
    "an odd year": "from datetime import date\ndef f(n):\n    return date.today().year % 2\n",
    "a weekday": "from datetime import date\ndef f(n):\n    return date.today().weekday()\n",
    "a digit of an address": "def f(n):\n    return id([n]) // 64 % 2\n",
    "which address is lower": "import os\ndef f(n):\n    a, b = [n], [n]\n    return id(a) < id(b)\n",
    "a digit of a hash": "def f(n):\n    return hash(str(n)) % 2\n",
    "the year of a date": "from datetime import date\ndef f(n):\n    return date.today().year\n",
}


BY_CHANCE = ("a coin of its own", "a coin of the system", "the last digit of a clock")
"""What comes half of the time whatever is seeded: one run in 32,768 passes, two of eight never do."""


@pytest.mark.parametrize("name", DRAWN)
def test_what_nobody_can_know_is_not_determined(pool, name):
    found = verdicts(pool, DRAWN[name], *"01234567")
    assert found.count("no") >= 8 - (name in BY_CHANCE), found
    assert set(found) <= {"no", "result_only"}


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
    "addresses that are compared": "def f(n):\n    a, b = [n], [n]\n    return id(a) == id(b), id(a) == id(a)\n",
    "an attribute of the name": "class A:\n    def __init__(self, id):\n        self.id = id\n"
    "def f(n):\n    return A(n).id\n",
    "hashes that are compared": "def f(n):\n    return hash(str(n)) == hash(str(n)), hash(n), hash((1, n)), hash('')\n",
    "waiting": "import asyncio, time\nasync def g(n):\n    await asyncio.sleep(0.01)\n    return n\n"
    "def f(n):\n    time.sleep(0.01)\n    return asyncio.run(g(n))\n",
    "dates that are given": "from datetime import datetime, timedelta\ndef f(n):\n"
    "    return str(datetime(2020, 1, 1) + timedelta(days=n)), datetime.fromtimestamp(n).year\n",
    "two words in order": "def f(n):\n    words = {str(n), str(n + 1)}\n"
    "    return sorted(words), len(words), max(words), words == {str(n + 1), str(n)}\n",
    "small sets of numbers": "def f(n):\n    return [x for x in {n, 3, 1}], next(iter({n, n + 8})), list({2.5, n})\n",
    "seeded, and slow": "import random, time\ndef f(n):\n    random.seed(n)\n    time.sleep(1.5)\n"
    "    return random.random()\n",
}


@pytest.mark.parametrize("code", DETERMINED.values(), ids=DETERMINED)
def test_what_is_determined_stays_so(pool, code):
    assert verdicts(pool, code, "3", "4") == ["full", "full"]


UNTOLD = {
    "a pivot": "import random\ndef f(n):\n    p = random.choice([0, 1])\n    return max(p, n)\n",
    "a clock that decides what is done": "import time\ndef f(n):\n    if time.time_ns() % 2:\n        n += 0\n"
    "    return n\n",
    "a rare event": "import secrets\ndef f(n):\n    return secrets.randbelow(10**12) == 3\n",
}


@pytest.mark.parametrize("code", UNTOLD.values(), ids=UNTOLD)
def test_a_result_that_no_draw_changes_is_kept_without_its_events(pool, code):
    assert verdicts(pool, code, *"23456789") == ["result_only"] * 8


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


WORDS = ["ab", "cd", "x", "yes", "no", "left", "right", "0", "1", "é", "alpha", "beta"]
ORDERS = {
    "the first of two": "def f(a, b):\n    return next(iter({a, b}))\n",
    "two in a loop": "def f(a, b):\n    out = []\n"
    "    for x in frozenset([a, b]):\n        out.append(x)\n    return out\n",
    "two and a number": "def f(a, b):\n    return [x for x in {a, b, 5}]\n",
    "octets": "def f(a, b):\n    first, second = {a.encode(), b.encode()}\n    return first\n",
    "a subclass": "class S(set):\n    pass\ndef f(a, b):\n    return tuple(S([a, b]))\n",
}


@pytest.mark.parametrize("code", ORDERS.values(), ids=ORDERS)
def test_the_order_of_two_words_is_hardly_ever_taken_for_determined(pool, code):
    pairs = [f"{a!r}, {b!r}" for place, a in enumerate(WORDS) for b in WORDS[:place]]
    found = [row["deterministic"] for row in rows(pool, code, *pairs)]
    # By chance it was every other pair. Left are words that fall together in the table under the first hash seed.
    assert found.count("full") <= len(pairs) // 8
    assert found.count("no") >= len(pairs) - len(pairs) // 8


def test_a_small_set_that_changes_while_one_goes_through_it_is_the_same_error(pool):
    code = "def f(a, b):\n    held = {a, b}\n    for x in held:\n        held.add(x + x)\n"
    found = rows(pool, code, *(f"{a!r}, {b!r}" for a, b in pairwise(WORDS)))
    assert {row["exception"] for row in found if row["status"] == "exception"} == {
        "RuntimeError: Set changed size during iteration"
    }
    assert {row["status"] for row in found} <= {"exception", "nondeterministic"}
