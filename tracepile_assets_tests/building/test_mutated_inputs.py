"""Mutants that are kept for what they reach: which they are, which never, and that builds stay incremental."""

import sys

import pytest

from tracepile_assets.building import build_stripe, make_plan
from tracepile_assets.building.rows.mutated_inputs import LIMITS, extend
from tracepile_assets.execution import Pool
from tracepile_assets.home import SourceEntry
from tracepile_assets.sources import Program, ProgramInput
from tracepile_assets.tables.files import read_table
from tracepile_assets_tests.building.conftest import PROGRAMS, small_home, write_source

TRIANGLE = """
def f(a, b, c):
    if a <= 0 or b <= 0 or c <= 0:
        raise ValueError("sides are positive")
    if a + b <= c or a + c <= b or b + c <= a:
        return None
    kind = "scalene"
    if a == b == c:
        kind = "equilateral"
    elif a == b or b == c or a == c:
        kind = "isosceles"
    n = 0
    while a > b:
        a -= 1
        n += 1
    return kind, n
"""


@pytest.fixture(scope="module")
def pool():
    with Pool(1, LIMITS) as made:
        yield made


def program(code, *given, row="one", stdin=False):
    inputs = tuple(ProgramInput(stdin=text) if stdin else ProgramInput(arguments=text) for text in given)
    return Program(
        source_row=row,
        domain="algorithms",
        title="Made",
        code=code,
        entry_point=None if stdin else "f",
        inputs=inputs,
        license="MIT",
        origin_uri="made",
    )


def extended(pool, *programs, at_most=10, seed=0):
    return list(extend(programs, pool, at_most=at_most, seed=seed))


def mutants(found):
    return [given for given in found.inputs if given.origin == "mutated"]


def lines_reached(code, arguments):
    """Lines that a call executes in this process, and how it ends, as CPython's own tracing tells."""
    namespace = {}
    exec(compile(code, "<made>", "exec"), namespace)
    lines = set()

    def watch(frame, event, argument):
        if frame.f_code.co_filename == "<made>":
            lines.add(frame.f_lineno)
            return watch
        return None

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        ended = eval(f"f({arguments})", namespace)
    except Exception as error:
        ended = type(error)
    finally:
        sys.settrace(before)
    return lines, ended


def test_mutants_reach_what_the_given_inputs_do_not(pool):
    (found,) = extended(pool, program(TRIANGLE, "3, 4, 5", "6, 7, 8"))
    assert [given.arguments for given in found.inputs[:2]] == ["3, 4, 5", "6, 7, 8"]
    assert 4 <= len(mutants(found)) <= 8
    runs = [lines_reached(TRIANGLE, given.arguments) for given in found.inputs]
    whole = set(range(2, len(TRIANGLE.splitlines()) + 1))
    assert set().union(*(lines for lines, _ in runs)) == whole
    assert {"scalene", "isosceles", "equilateral"} <= {ended[0] for _, ended in runs if isinstance(ended, tuple)}
    assert ValueError in {ended for _, ended in runs}
    assert len({given.arguments for given in found.inputs}) == len(found.inputs)
    assert all(given.expected is None for given in mutants(found))


def test_the_program_the_seed_and_its_inputs_decide_and_nothing_else(pool):
    one, two = program(TRIANGLE, "3, 4, 5"), program("def f(x):\n    return 1 if x > 2 else 0\n", "1", row="two")
    together = extended(pool, one, two)
    assert together == extended(pool, one) + extended(pool, two)
    assert extended(pool, two, one) == together[::-1]
    assert mutants(extended(pool, one, seed=1)[0]) != mutants(together[0])


def test_there_are_never_more_than_asked_for_and_given_ones_stay(pool):
    for at_most in (1, 2, 3, 6):
        (found,) = extended(pool, program(TRIANGLE, "3, 4, 5", "6, 7, 8"), at_most=at_most)
        assert len(found.inputs) <= max(2, at_most)
        assert len(mutants(found)) == max(0, at_most - 2)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("def f(x):\n    return x + 1\n", "1"),
        ("import random\ndef f(x):\n    if x != 3:\n        return random.random() * x\n    return x\n", "3"),
        ("def f(x):\n    while x != 3:\n        pass\n    return x\n", "3"),
        ("def f(x):\n    if x != 3:\n        return 'a' * 1_000_000_000_000\n    return x\n", "3"),
        ("def f(x):\n    if x != 3:\n        for y in range(3_000):\n            x += y\n    return x\n", "3"),
        ("import os\ndef f(x):\n    if x != 3:\n        os._exit(1)\n    return x\n", "3"),
        ("def f(x):\n    if x != 3:\n        return len(x)\n    return x\n", "3"),
        ("def f(x):\n    if x != 3:\n        return x.real.missing\n    return x\n", "3"),
        ("def f(x):\n    return 1 // 0 if x == 'never' else x\n", "Pair(1)"),
    ],
    ids=["nothing new", "random", "endless", "memory", "long", "gone", "TypeError", "AttributeError", "unreadable"],
)
def test_what_is_never_kept(pool, code, given):
    (found,) = extended(pool, program(code, given))
    assert mutants(found) == []


def test_few_mutants_end_in_exceptions(pool):
    odd = "".join(f"    if x == {n}:\n        raise ValueError({n})\n" for n in range(20, 40))
    natural = "    if x < 0:\n        return 1 // 0\n    if x > 9:\n        return [][x] if x < 50 else {}[x]\n"
    for body, most in ((odd, 2), (natural, 1)):
        code = f"def f(x):\n{body}    return x\n"
        (found,) = extended(pool, program(code, "1", "60" if body is odd else "2"))
        ended = [lines_reached(code, given.arguments)[1] for given in mutants(found)]
        assert 1 <= sum(isinstance(each, type) for each in ended) <= most


def test_programs_that_read_standard_input(pool):
    code = (
        "n = int(input())\nxs = list(map(int, input().split()))\nbest = xs[0]\nfor x in xs:\n    if x > best:\n"
        "        best = x\n    elif x < 0:\n        print('below')\nprint(best if n > 1 else 'one')\n"
    )
    (found,) = extended(pool, program(code, "3\n5 2 1\n", stdin=True))
    texts = [given.stdin for given in mutants(found)]
    assert any(max(map(int, text.split("\n")[1].split())) > int(text.split("\n")[1].split()[0]) for text in texts)
    for text in texts:
        first, second, _ = text.split("\n")
        assert int(first) <= len(second.split()) or first == "1"


def rows_of(home):
    (stripe,) = home.stripe_map("mine").keys("mine")
    path = home.stripe_file("raw_programs", stripe)
    return path.read_bytes(), {row["source_row"]: row for row in read_table(path, "raw_programs").to_pylist()}


def build(home):
    plan, problems = make_plan(home)
    assert not problems
    return [build_stripe(home, step.table, step.stripe) for step in plan.steps if step.table == "raw_programs"]


def test_a_build_adds_them_and_makes_again_only_what_changed(tmp_path):
    source = tmp_path / "mine.jsonl"
    write_source(source, PROGRAMS)
    home = small_home(tmp_path / "home", source, max_inputs=6)
    build(home)
    _, rows = rows_of(home)
    origins = {name: [given["origin"] for given in row["inputs"]] for name, row in rows.items()}
    assert all(found[: len(PROGRAMS[name][1])] == ["given"] * len(PROGRAMS[name][1]) for name, found in origins.items())
    assert "mutated" in origins["total"] and all(len(found) <= 6 for found in origins.values())
    assert build(home) == []
    changed = PROGRAMS | {"greet": ("def greet(name):\n    return 'x' if name else 0\n", ["'ann'"])}
    write_source(source, changed)
    (report,) = build(home)
    assert (report.carried, report.added) == (len(PROGRAMS) - 1, 1)
    other = small_home(tmp_path / "other", source, max_inputs=6)
    other_source = tmp_path / "mine.jsonl"
    assert other.registry().get("mine").path == str(other_source)
    build(other)
    assert {name: row["inputs"] for name, row in rows_of(other)[1].items()} == {
        name: row["inputs"] for name, row in rows_of(home)[1].items()
    }
    entry = home.registry().get("mine")
    home.registry().replace(SourceEntry("mine", "functions", entry.path, options=entry.options, max_inputs=1))
    (report,) = build(home)
    assert report.carried == 0
    assert {given["origin"] for row in rows_of(home)[1].values() for given in row["inputs"]} == {"given"}
