"""What children allocate from: its contents are kept as it grows, the two runs of a program lay objects out
differently, and what a run leaves there is gone before the next one. Libraries lie in few mappings."""

import json
import subprocess
import sys

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.tracing import judge

LIMITS = Limits(events=50_000, wall_s=60.0, cpu_s=20.0)
ADDRESSES = {
    "instances": "class P:\n    pass\ndef f(n):\n    held = [P() for _ in range(n)]\n",
    "instances with slots": "class P:\n    __slots__ = ('x', 'y')\ndef f(n):\n    held = [P() for _ in range(n)]\n",
    "functions": "def f(n):\n    held = [lambda: None for _ in range(n)]\n",
    "classes": "def f(n):\n    held = []\n    for _ in range(n):\n        class P: pass\n        held.append(P)\n",
}
IN_ORDER = "    return [id(x) < id(y) for x, y in zip(held, held[1:])]\n"
GROWING = """
def f(top):
    found, octets, numbers, table = [], bytearray(), [], {}
    size = 1
    while size < top:
        octets += bytes([size % 251]) * size
        numbers += range(len(numbers), len(numbers) + size)
        table.update((n, str(n)) for n in range(len(table), len(table) + size % 1000))
        text = 'ab' * size
        found.append((len(octets), sum(octets), sum(numbers), len(numbers), text.count('ba'), len(set(table.values()))))
        size = size * 5 // 3 + 1
    octets.clear()
    again = [bytes(k) for k in range(0, 70000, 997)]
    return found, all(not any(each) for each in again), [len(each) for each in again[::7]]
"""


JOINING = """
import ctypes, decimal, json, ssl, unicodedata, zlib
from collections import Counter
from tracepile_assets.execution.guest.memory import join_segments

def mapped():
    with open("/proc/self/maps") as lines:
        found = [line.split() for line in lines if ".so" in line]
    return Counter(line[5] for line in found), [line[1] for line in found]

before, _ = mapped()
join_segments()
after, rights = mapped()
ssl.create_default_context()
assert zlib.decompress(zlib.compress(b"a" * 999)) == b"a" * 999 and unicodedata.name("a") and decimal.Decimal("1.1") * 2
print(json.dumps([before, after, rights]))
"""


@pytest.fixture(scope="module")
def pool():
    with Pool(workers=1, limits=LIMITS) as pool:
        yield pool


def run(pool, code, inputs, record=True):
    given = tuple(RunInput(text, arguments=text) for text in inputs)
    jobs = [Job("program", code, "f", given, record=record, twin=twin) for twin in (False, True)]
    return [outcomes for _, outcomes in pool.run(jobs)]


@pytest.mark.parametrize("code", ADDRESSES.values(), ids=ADDRESSES)
def test_what_depends_on_addresses_is_found(pool, code):
    first, second = run(pool, code + IN_ORDER, ["17", "23", "33"])
    assert [judge(*pair).deterministic for pair in zip(first, second, strict=True)] == ["no"] * 3


def test_what_is_allocated_keeps_its_contents_as_it_grows(pool):
    tops = (40, 3_000, 90_000, 400_000)
    program: dict = {}
    exec(GROWING, program)
    for outcomes in run(pool, GROWING, map(str, tops), record=False):
        assert [outcome.recording.return_value for outcome in outcomes] == [repr(program["f"](top)) for top in tops]


# The list is part of a cycle, so that it is there until it is collected.
LEAVES_MUCH = """
def f(n):
    held = ['x' * (60 << 20)]
    held.append(held)
    try:
        more = bytearray(200 << 20)
    except MemoryError:
        return 'no room'
    return len(more) + n
"""


@pytest.mark.parametrize("code", [LEAVES_MUCH, "import time" + LEAVES_MUCH], ids=["tame", "with care"])
def test_what_a_run_leaves_takes_no_memory_from_the_next(code):
    inputs = tuple(RunInput(str(n), arguments=str(n)) for n in range(8))
    with Pool(workers=1, limits=Limits(memory_mb=256)) as pool:
        ((_, outcomes),) = pool.run([Job("j", code, "f", inputs, record=False)])
    assert [outcome.recording.return_value for outcome in outcomes] == [str((200 << 20) + n) for n in range(8)]


# Of what a global holds nothing is left, and a program that needs too much by itself is told so for each input.
NEEDS = """
held = []
def f(megabytes):
    held.append(bytearray(megabytes << 20))
    return len(held)
"""


@pytest.mark.parametrize("code", [NEEDS, "import time" + NEEDS], ids=["tame", "with care"])
def test_each_input_ends_for_want_of_memory_as_it_does_alone(code):
    needs = (100, 900, 150, 100, 900, 900, 150)
    inputs = tuple(RunInput(str(n), arguments=str(need)) for n, need in enumerate(needs))
    with Pool(workers=1, limits=Limits(memory_mb=384)) as pool:
        for twin in (False, True):
            ((_, outcomes),) = pool.run([Job("j", code, "f", inputs, twin=twin)])
            found = [(outcome.recording.status, outcome.recording.return_value) for outcome in outcomes]
            assert found == [("memory_limit", None) if need == 900 else ("ok", "1") for need in needs]


def test_libraries_lie_in_few_mappings_and_go_on_working():
    done = subprocess.run([sys.executable, "-c", JOINING], capture_output=True, text=True, check=True)
    before, after, rights = json.loads(done.stdout)
    assert len(before) > 10
    assert sum(after.values()) <= sum(before.values()) / 2
    assert not any("w" in each and "x" in each for each in rights)
