"""Drawing inputs with the generators that programs bring: seeds, order, and generators that do harm."""

import ast
import hashlib
import json
import random

import pytest

from tracepile_assets.building import build_stripe, make_plan
from tracepile_assets.building.rows.drawn_inputs import BARREN, draw, open_pool
from tracepile_assets.home import SourceEntry, open_home
from tracepile_assets.home.settings import Settings
from tracepile_assets.sources import InputGenerator, Program
from tracepile_assets.tables.files import read_table

CODE = "import math\n\ndef solve(x=None, n=0):\n    return x\n"
PLAIN = "def make(rng: Random) -> dict:\n    return {'x': [rng.random() for _ in range(rng.randint(0, 3))], 'n': 1}\n"


@pytest.fixture(scope="module")
def pool():
    with open_pool(Settings()) as made:
        yield made


def program(generator, *, call="make", takes_rng=True, seed=0, count=4, row="one", code=CODE):
    return Program(
        source_row=row,
        domain="algorithms",
        title="Made",
        code=code,
        entry_point="solve",
        inputs=(),
        license="MIT",
        origin_uri="made",
        generator=InputGenerator(code=generator, call=call, takes_rng=takes_rng, seed=seed, count=count),
    )


def drawn(pool, *programs):
    return list(draw(programs, pool))


def arguments(found):
    return [given.arguments for given in found.inputs]


def by_hand(generator, seed, row, number):
    """What a generator gives in this process, from the seed of its n-th draw."""
    key = hashlib.blake2b(f"{seed}/{row}/{number}".encode(), digest_size=4).digest()
    namespace = {"Random": random.Random}
    exec(generator, namespace)
    return namespace["make"](random.Random(int.from_bytes(key, "big")))


def test_inputs_are_what_the_generator_gives_from_its_seeds(pool):
    (found,) = drawn(pool, program(PLAIN, seed=3, count=6))
    assert found.status == "ok"
    assert {given.origin for given in found.inputs} == {"generated"}
    wanted = []
    number = 0
    while len(wanted) < 6:
        given = by_hand(PLAIN, 3, "one", number)
        number += 1
        if given not in wanted:
            wanted.append(given)
    assert [eval(f"dict({text})") for text in arguments(found)] == wanted


def test_asking_for_more_leaves_the_first_as_they_are(pool):
    few = "def make(rng):\n    return {'x': rng.randrange(7)}\n"
    found = drawn(pool, *(program(few, count=count) for count in (1, 2, 3, 5, 7, 40)))
    longest = arguments(found[-1])
    assert sorted(longest) == [f"x={n}" for n in range(7)]
    for one, count in zip(found, (1, 2, 3, 5, 7, 40), strict=True):
        assert arguments(one) == longest[:count]
        assert one.input_problems == ()


def test_seed_and_row_decide(pool):
    same, again, other_seed, other_row = drawn(
        pool, program(PLAIN), program(PLAIN), program(PLAIN, seed=1), program(PLAIN, row="two")
    )
    assert arguments(same) == arguments(again)
    assert not set(arguments(same)) & set(arguments(other_seed)) - {"x=[], n=1"}
    assert not set(arguments(same)) & set(arguments(other_row)) - {"x=[], n=1"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("return {'x': (1, {'a': {2, 1}}), 'n': None}", "x=(1, {'a': {1, 2}}), n=None"),
        ("return [1, 2]", "[1, 2]"),
        ("return 'a', 2", "'a', 2"),
        ("return {'x': float('inf'), 'n': -0.0}", "x=float('inf'), n=-0.0"),
        ("return {'x': b'\\x00', 'n': 1j}", "x=b'\\x00', n=complex(0.0, 1.0)"),
        ("return {'x': math.gcd(12, 18), 'n': solve(3)}", "x=6, n=3"),
        ("return {'x': 'a...b'}", "x='a...b'"),
        ("return {}", ""),
        ("x = (1, 'a')\n    return {'x': [x, x, 'a', 'a']}", "x=[(1, 'a'), (1, 'a'), 'a', 'a']"),
        ("return {'x': [[0] * 2 for _ in range(2)]}", "x=[[0, 0], [0, 0]]"),
    ],
)
def test_what_is_stored(pool, body, text):
    (found,) = drawn(pool, program(f"def make(rng):\n    {body}\n"))
    assert arguments(found) == [text]
    assert ast.parse(f"f({text})")


def test_global_random_numbers_come_from_the_seed_too(pool):
    text = "import random\n\ndef make():\n    return {'x': random.random()}\n"
    one, two = drawn(pool, program(text, takes_rng=False), program(text, takes_rng=False))
    assert len(one.inputs) == 4
    assert arguments(one) == arguments(two)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise ValueError('no')", f"raises ValueError: no ({BARREN} of {BARREN} draws)"),
        ("return undefined", "raises NameError"),
        ("return {'x': object()}", "gives what cannot be stored: {'x': opaque(object)}"),
        ("return {'x': math.floor}", "gives what cannot be stored"),
        ("return {'x': __import__('collections').Counter('a')}", "gives what cannot be stored"),
        ("return {'x y': 1}", "gives names that no argument can have"),
        ("return {'class': 1}", "gives names that no argument can have"),
        ("return {1: 1}", "gives names that no argument can have"),
        ("return {'x': 'a' * 60_000}", "gives arguments of more than 50,000 characters"),
        ("return {'x': 'a' * 600_000}", "gives more than can be stored"),
        ("return {'x': list({'a', 'b', 'c', 'd', 'e', 'f'})}", "gives another input in a second run"),
        ("import time\n    return {'x': time.time()}", "gives another input in a second run"),
        ("import os\n    os._exit(3)", "ends with crash"),
        ("return {'x': [0] * 10**9}", "ends with memory_limit"),
        ("x = []\n    x.append(x)\n    return {'x': x}", "gives what cannot be stored"),
        (
            "x = [0]\n    return {'x': [x] * 3}",
            "gives one object in two places, which no text of arguments can say: {'x': [[",
        ),
        ("x = {1: 2}\n    return x, (3, x)", "gives one object in two places"),
        ("x = []\n    return {'x': x, 'n': {'a': x}}", "gives one object in two places"),
        ("import sys\n    sys.exit(0)", "ends the program with sys.exit() in place of giving an input"),
        ("import sys\n    sys.exit('no')", "ends the program with sys.exit()"),
        ("raise SystemExit", "ends the program with sys.exit()"),
        ("import socket\n    socket.socket()", "raises PermissionError"),
    ],
)
def test_generators_that_give_nothing_are_a_row_with_a_reason(pool, body, says):
    bad, good = drawn(pool, program(f"def make(rng):\n    {body}\n"), program(PLAIN, row="two"))
    assert bad.status == "rejected"
    assert bad.reason.startswith("has no inputs: the generator of inputs ")
    assert says in bad.reason
    assert len(good.inputs) == 4


def test_a_generator_that_loops_ends_at_its_first_draw(pool):
    (found,) = drawn(pool, program("def make(rng):\n    while True:\n        pass\n", count=50))
    assert found.status == "rejected"
    assert "ends with cpu_limit" in found.reason
    assert "draws)" not in found.reason


def test_what_fails_at_times_is_told_beside_the_inputs(pool):
    text = "def make(rng):\n    x = rng.randrange(1000)\n    return {'x': x if x % 3 else 1 // 0}\n"
    (found,) = drawn(pool, program(text, count=20))
    assert len(found.inputs) == 20
    (problem,) = found.input_problems
    assert problem.startswith("the generator of inputs raises ZeroDivisionError")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TRACEPILE_COMPUTE__WORKERS", "1")
    rows = [
        {"id": "good", "code_sample": CODE, "input_generator": PLAIN, "entry_point": "solve"},
        {
            "id": "bad",
            "code_sample": CODE,
            "input_generator": "def make(rng):\n    return 1 / 0\n",
            "entry_point": "solve",
        },
    ]
    path = tmp_path / "c.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    home = open_home(tmp_path / "home")
    for name in [entry.name for entry in home.registry().entries()]:
        home.registry().remove(name)
    home.registry().add(SourceEntry("mine", "codeio", str(path)))
    return home


def built(home):
    """Build raw_programs as far as the plan asks for it; tell whether it did, and the rows by key."""
    plan, problems = make_plan(home)
    assert not problems
    steps = [step for step in plan.steps if step.table == "raw_programs"]
    reports = [build_stripe(home, step.table, step.stripe) for step in steps]
    (stripe,) = home.stripe_map("mine").keys("mine")
    table = read_table(home.stripe_file("raw_programs", stripe), "raw_programs")
    return reports, {row["source_row"]: row for row in table.to_pylist()}


def test_a_build_draws_once_and_again_where_the_source_asks_for_more(home):
    reports, rows = built(home)
    assert reports[0].added == 2
    assert rows["bad"]["status"] == "rejected"
    assert "ZeroDivisionError" in rows["bad"]["reason"]
    first = [given["arguments"] for given in rows["good"]["inputs"]]
    assert len(first) == 4
    assert built(home)[0] == []
    entry = home.registry().get("mine")
    home.registry().replace(SourceEntry("mine", "codeio", entry.path, inputs_per_program=6))
    reports, rows = built(home)
    assert len(reports) == 1
    more = [given["arguments"] for given in rows["good"]["inputs"]]
    assert (len(more), more[:4]) == (6, first)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("{'x': 1, 'm': rng.random()}", "names `m`, which is no parameter of `solve`"),
        ("(1, 2, 3)", "has 3 values, where `solve` takes 2"),
    ],
)
def test_what_the_function_does_not_take_is_no_input(pool, given, problem):
    (found,) = drawn(pool, program(f"def make(rng):\n    return {given}\n"))
    assert (found.status, found.inputs) == ("rejected", ())
    assert problem in found.reason
    some = f"def make(rng):\n    return {given} if rng.random() < 0.5 else {{'x': rng.random()}}\n"
    (found,) = drawn(pool, program(some, count=6))
    assert found.status == "ok" and len(found.inputs) == 6
    assert problem in found.input_problems[0] and "draws)" in found.input_problems[0]
