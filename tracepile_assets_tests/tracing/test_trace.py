"""The rows of execution_traces: both runs, what they agree on, difficulty, as a stream."""

import pytest

from tracepile_assets.execution import Limits, Pool
from tracepile_assets.questions import ask
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.tracing import difficulty, trace

LIMITS = Limits(events=2_000, wall_s=60.0, cpu_s=20.0)


def variant(name, code, *arguments, entry="f", stdin=None):
    given = [
        {"input_id": f"{name}{n}", "codec": "literal", "arguments": a, "stdin": stdin, "expected": None}
        for n, a in enumerate(arguments)
    ]
    return {"variant_id": name, "program_id": f"p{name}", "code": code, "entry_point": entry, "inputs": given}


VARIANTS = {
    "plain": variant("plain", "def f(x):\n    return sorted({'b', 'a', x})\n", "'c'", "'d'"),
    "partial sums": variant(
        "partial sums",
        "def f():\n    t = 0\n    for s in {'a', 'bb', 'ccc', 'dddd'}:\n        t += len(s)\n    return t\n",
        "",
    ),
    "order of a set": variant("order of a set", "def f():\n    return list({'a', 'bb', 'ccc', 'dddd'})\n", ""),
    "order of objects": variant(
        "order of objects",
        "class N: pass\ndef f():\n    n = [N() for _ in range(40)]\n    return [n.index(x) for x in set(n)]\n",
        "",
        "",
    ),
    "random": variant("random", "import random\ndef f():\n    return random.random()\n", ""),
    "seeded": variant("seeded", "import random\ndef f():\n    random.seed(1)\n    return random.random()\n", ""),
    "a coin": variant("a coin", "import random\ndef f(n):\n    return random.random() < 0.5\n", *"01234567"),
    "a coin with care": variant(
        "a coin with care", "import os, random\ndef f(n):\n    return random.choice([n, 9])\n", *"01234567"
    ),
    "coins of its own": variant(
        "coins of its own", "import random\ndef f(n):\n    return random.Random().choices('ab', k=4)\n", *"01234567"
    ),
    "a pivot": variant(
        "a pivot", "import random\ndef f(n):\n    p = random.choice([0, 1])\n    return max(p, n)\n", *"23456789"
    ),
    "draws and leaves something": variant(
        "draws and leaves something",
        "import os\nfrom random import Random\ndef f(n):\n    os.environ['X'] = os.environ.get('X', '') + str(n)\n"
        "    return os.environ['X'], Random(n).random()\n",
        *"01",
    ),
    "imports random": variant("imports random", "import random\ndef f(n):\n    return n\n", *"01"),
    "order of a long set": variant(
        "order of a long set",
        "def f():\n    long = list({str(n) for n in range(5000)})\n    long.append(1)\n    return len(long)\n",
        "",
    ),
    "order in a long return": variant(
        "order in a long return", "def f():\n    return [str(n) * 40 for n in {str(n) for n in range(5000)}]\n", ""
    ),
    "a long list": variant(
        "a long list", "def f():\n    long = list(range(5000))\n    long[7] = 0\n    return long\n", ""
    ),
    "clock": variant("clock", "import time\ndef f():\n    return int(time.time()) // 3600\n", ""),
    "today": variant("today", "import datetime\ndef f():\n    return datetime.date.today().isoformat()\n", ""),
    "this month": variant(
        "this month", "from datetime import datetime\ndef f():\n    return datetime.now().month\n", ""
    ),
    "hash": variant("hash", "def f():\n    return hash('a')\n", ""),
    "address": variant("address", "def f():\n    return id([])\n", ""),
    "raises at random": variant(
        "raises at random", "def f():\n    if hash('a') % 2 == 0:\n        raise ValueError\n    return 1\n", ""
    ),
    "endless": variant("endless", "def f():\n    while True:\n        x = 1\n", ""),
    "endless at random": variant("endless at random", "def f():\n    while True:\n        x = hash('a')\n", ""),
    "does not parse": variant("does not parse", "def f(:\n", "", ""),
    "leaves": variant("leaves", "import os\ndef f():\n    os._exit(1)\n", ""),
    "reads": variant("reads", "print(input())\n", None, entry=None, stdin="hello\n"),
}


@pytest.fixture(scope="module")
def rows():
    with Pool(workers=2, limits=LIMITS) as pool:
        return list(trace(VARIANTS.values(), pool))


@pytest.mark.parametrize(
    ("name", "status", "deterministic"),
    [
        ("plain", "ok", "full"),
        ("partial sums", "ok", "result_only"),
        ("order of a set", "nondeterministic", "no"),
        ("order of objects", "nondeterministic", "no"),
        ("order of a long set", "ok", "result_only"),
        ("order in a long return", "nondeterministic", "no"),
        ("a long list", "ok", "full"),
        ("random", "nondeterministic", "no"),
        ("seeded", "ok", "full"),
        ("a coin", "nondeterministic", "no"),
        ("a coin with care", "nondeterministic", "no"),
        ("coins of its own", "nondeterministic", "no"),
        ("a pivot", "ok", "result_only"),
        ("draws and leaves something", "ok", "full"),
        ("imports random", "ok", "full"),
        ("clock", "nondeterministic", "no"),
        ("today", "nondeterministic", "no"),
        ("this month", "nondeterministic", "no"),
        ("hash", "nondeterministic", "no"),
        ("address", "nondeterministic", "no"),
        ("endless", "event_limit", "full"),
        ("endless at random", "event_limit", "no"),
        ("does not parse", "rejected", "full"),
        ("leaves", "crash", "full"),
        ("reads", "ok", "full"),
    ],
)
def test_what_two_runs_agree_on(rows, name, status, deterministic):
    found = [row for row in rows if row["variant_id"] == name]
    assert found
    for row in found:
        assert (row["status"], row["deterministic"]) == (status, deterministic), row["reason"]
        if deterministic != "full":
            assert row["n_events"] == 0
            assert not row["event_kind"]
            assert not row["frame_function"]
        if status == "nondeterministic":
            assert (row["return_value"], row["stdout"]) == (None, "")
            assert row["reason"].startswith("another run gave another ")


def test_rows_come_in_order_and_hold_every_column(rows):
    expected = [(v["variant_id"], v["program_id"], g["input_id"]) for v in VARIANTS.values() for g in v["inputs"]]
    assert [(row["variant_id"], row["program_id"], row["input_id"]) for row in rows] == expected
    columns = {"variant_id", "program_id", "input_id", "deterministic", "difficulty", *Recording().to_row()}
    columns |= {"max_depth", "n_statements", "n_branches", "state_size", "longest_value"}
    assert {frozenset(row) for row in rows} == {frozenset(columns)}


def test_rows_are_a_stream():
    taken = []

    def variants():
        for number in range(30):
            taken.append(number)
            yield variant(str(number), "def f(x):\n    return x\n", str(number))

    with Pool(workers=1, limits=LIMITS) as pool:
        for number, row in enumerate(trace(variants(), pool)):
            assert row["return_value"] == str(number)
            assert len(taken) <= number + 4


def test_difficulty_grows_with_what_there_is_to_follow(rows):
    def of(code, arguments):
        with Pool(workers=1, limits=Limits()) as pool:
            (row,) = trace([variant("v", code, arguments)], pool)
        assert row["status"] == "ok"
        return row["difficulty"]

    straight = of("def f(x):\n    return x\n", "1")
    loop = "def f(n):\n    t = 0\n    for i in range(n):\n        if i % 2:\n            t += i\n    return t\n"
    recursion = "def f(n):\n    if n < 2:\n        return n\n    return f(n - 1) + f(n - 2)\n"
    measured = [straight, of(loop, "3"), of(loop, "30"), of(recursion, "8"), of(recursion, "12")]
    assert measured == sorted(measured)
    assert len(set(measured)) == 5
    assert 0 < measured[0] < 0.1 < measured[-1] < 1
    assert difficulty(Recording()) == 0.0


def test_nothing_is_asked_of_a_run_that_counts_its_memory():
    code = (
        "def f(x):\n    held = []\n    try:\n        while True:\n            held.append(bytearray(1 << 20))\n"
        "    except MemoryError:\n        n = len(held)\n    held.clear()\n    return n\n"
    )
    with Pool(workers=1, limits=Limits(events=2_000, wall_s=60.0, cpu_s=20.0, memory_mb=384)) as pool:
        rows = list(trace([variant("one", code, "0", "1"), variant("other", code, "1")], pool))
    assert [row["status"] for row in rows] == ["memory_limit"] * 3
    for row in rows:
        asked = ask(Trace(code, "f", Recording.from_row(row), arguments="0"))
        assert not asked.questions
        assert {rejection.reason for rejection in asked.rejected} == {"status"}
