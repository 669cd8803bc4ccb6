"""Synthesis against a scripted model behind a real server: what is kept was agreed on, and all else has its reason."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from tracepile_assets.building.synthesis import SynthesisError, SynthesisFile, estimate, synthesize
from tracepile_assets.home import SourceEntry, open_home
from tracepile_assets.models import BudgetExceeded, ModelUnavailable, open_client
from tracepile_assets.sources import open_source
from tracepile_assets_tests.building.synthesis_script import (
    HOSTILE,
    HOSTILE_TESTS,
    NO_PROGRAMS,
    RIGHT,
    STATEMENT,
    TESTS,
    WRONG,
    WRONG_TESTS,
    asked_for,
    model,
    only_easy,
    set_of,
    solution,
    tasks,
)
from tracepile_assets_tests.models.scripted import Answer, serving


@pytest.fixture
def world(tmp_path):
    """A home whose model is a script, and a way to synthesize in it."""

    class World:
        home = open_home(tmp_path / "home")

        def settings(self, server, **keys):
            models = {"name": '"tiny"', "endpoint": f'"{server.endpoint}"', "retries": 1, "timeout_seconds": 20}
            synthesis = {"solutions": 4, "test_sets": 1}
            for key, value in keys.items():
                (models if key in ("run_tokens", "retries", "timeout_seconds") else synthesis)[key] = value
            lines = ["[compute]", "workers = 2", "[models]", *(f"{key} = {value}" for key, value in models.items())]
            lines += ["[synthesis]", *(f"{key} = {value}" for key, value in synthesis.items())]
            self.home.settings_file.write_text("\n".join(lines) + "\n")

        @property
        def file(self):
            return SynthesisFile(self.home, "made")

        @property
        def entry(self):
            return SourceEntry("made", "synthesis", str(self.file.path), license="Apache-2.0")

        def lines(self):
            return [json.loads(line) for line in self.file.path.read_text().splitlines()]

        def run(self, script, concepts=("counting",), **keys):
            with serving(script) as server:
                self.settings(server, **keys)
                with open_client(self.home) as client:
                    return synthesize(self.home, self.entry, client, concepts), server

    return World()


def good(concept="counting", level="easy"):
    return only_easy(concept, level)


def test_what_agrees_is_kept_and_what_does_not_has_its_reason(world):
    codes = [*RIGHT, *WRONG]
    made, server = world.run(
        model([solution(code) for code in codes], [set_of(TESTS[:4]), set_of([*TESTS[2:], *WRONG_TESTS])], good),
        solutions=len(codes),
        test_sets=2,
    )
    assert (made.kept, made.unanswered) == (1, 0)
    (line,) = [line for line in world.lines() if line["status"] == "kept"]
    assert line["agreement"] == {"solutions": 6, "tests": 8, "agreeing_solutions": 3, "agreeing_tests": 6}
    assert sorted(zip(line["calls"], line["results"], strict=True)) == sorted(TESTS)
    namespace = {}
    exec(line["code"], namespace)
    for arguments, expected in TESTS:
        assert eval(f"count_even({arguments})", namespace) == eval(expected)
    assert line["code"] == RIGHT[0], "the one whose run shows most"
    assert "#" not in line["code"], "what a comment says was checked by nobody"
    assert '"""' not in line["code"]
    made_by = line["made_by"]
    assert (made_by["model"], made_by["temperature"]) == ("tiny", 0.8)
    assert made_by["prompts"].keys() == {"tasks", "solution", "tests"}
    assert Counter(left["reason"] for left in line["left_out"]) == {"disagrees": 3 + 2}
    kinds = Counter(asked_for(body) for body in server.asked)
    assert kinds == {"Tasks": 3, "Solution": 6, "Tests": 2}
    assert made.tokens >= 70 * sum(kinds.values())


def test_whoever_writes_tests_is_shown_no_solution(world):
    _, server = world.run(model([solution(code) for code in RIGHT], [set_of(TESTS)], good), solutions=3)
    for body in server.asked:
        said = json.dumps(body["messages"])
        assert "for n in numbers" not in said
        if asked_for(body) == "Solution":
            assert "[1, 2, 3, 4]" not in said


def test_hostile_solutions_neither_pass_nor_harm(world):
    codes = [*HOSTILE, *RIGHT]
    made, _ = world.run(model([solution(code) for code in codes], [set_of(TESTS)], good), solutions=len(codes))
    assert made.kept == 1
    (line,) = [line for line in world.lines() if line["status"] == "kept"]
    assert line["agreement"]["agreeing_solutions"] == 3
    out = {left["unit"]: left["detail"] for left in line["left_out"]}
    assert len(out) == len(HOSTILE)
    passes = [detail.split(",")[0] for detail in out.values()]
    # The one that returns None on whatever it finds, and those that give text or nothing, agree with no test.
    assert set(passes) <= {"passes 0 of 6 tests"}
    assert "cpu_limit" in out["solution 1"] or "timeout" in out["solution 1"]
    assert "crash" in out["solution 2"]
    assert "another result in a second run" in out["solution 7"]


def test_hostile_tests_are_read_and_never_evaluated(world):
    made, _ = world.run(
        model([solution(code) for code in RIGHT], [set_of(HOSTILE_TESTS), set_of(TESTS)], good),
        solutions=3,
        test_sets=2,
    )
    assert made.kept == 1
    (line,) = [line for line in world.lines() if line["status"] == "kept"]
    assert line["agreement"]["agreeing_tests"] == len(TESTS)
    reasons = Counter(left["reason"] for left in line["left_out"])
    assert sum(reasons.values()) == len(HOSTILE_TESTS)
    assert reasons.keys() == {"no literal", "wrong arguments", "too long"}


def test_tests_that_a_function_without_effect_would_pass_prove_nothing(world):
    none = ["def count_even(numbers):\n    return 0\n", "def count_even(numbers):\n    result = 0\n    return result\n"]
    same = [(f"[{n}]", "0") for n in range(1, 15, 2)]
    made, _ = world.run(model([solution(code) for code in none], [set_of(same)], good), solutions=2)
    assert made.dropped["nothing told apart"] == 1


def test_copies_of_one_solution_vouch_for_no_more_than_one(world):
    copies = [
        RIGHT[0],
        RIGHT[0] + "\n# another copy\n",
        RIGHT[0].replace("    total = 0", '    "count"\n    total = 0'),
        RIGHT[0].replace("total", "found"),
    ]
    made, _ = world.run(model([solution(code) for code in copies], [set_of(TESTS)], good), solutions=4)
    assert made.kept == 0
    assert made.left_out["solution: copy"] == 3


def test_a_tie_is_no_agreement(world):
    other = (
        WRONG[0],
        "def count_even(numbers):\n    total = 0\n    for _ in numbers:\n        total += 1\n    return total\n",
    )
    sets = (
        [("[1]", "0"), ("[3]", "0"), ("[2, 3]", "1"), ("[4, 5]", "1")],
        [("[1]", "1"), ("[3]", "1"), ("[2, 3]", "2"), ("[4, 5]", "2")],
    )
    codes = [RIGHT[0], RIGHT[1], *other]
    made, _ = world.run(model([solution(code) for code in codes], [set_of(s) for s in sets], good), test_sets=2)
    assert made.dropped["tie"] == 1


def test_solutions_that_are_no_programs_have_their_reasons(world):
    codes = [RIGHT[0], RIGHT[1], *NO_PROGRAMS]
    world.run(model([solution(code) for code in codes], [set_of(TESTS)], good), solutions=len(codes))
    (line,) = [line for line in world.lines() if line["status"] == "kept"]
    assert [left["reason"] for left in line["left_out"]] == list(NO_PROGRAMS.values())


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("Certainly! Here are your tasks.", "not JSON"),
        ("", "empty"),
        (Answer('{"tasks": [', finish="length"), "truncated"),
        ("x" * 100_000, "too long"),
        ('{"tasks": "none"}', "wrong shape"),
        ('{"tasks": []}', "empty"),
        (tasks({"statement": "返回列表中偶数的个数。空列表的结果是零。" * 3}), "not English"),
        (
            tasks({"statement": "Schreibe eine Funktion, die die Zahl der geraden Werte einer Liste liefert."}),
            "not English",
        ),
        (tasks({"statement": "Short."}), "wrong shape"),
        (tasks({"signature": "count_even(numbers)"}), "wrong shape"),
        (tasks({"signature": "def f(*args)"}), "wrong shape"),
        (tasks({"signature": "def f(a=print(1))"}), "wrong shape"),
        (tasks({"signature": "def f(a): return 1\nimport os"}), "wrong shape"),
        (Answer(status=400, body=b"no"), "refused"),
    ],
    ids=str,
)
def test_whatever_a_model_states_badly_is_a_row_with_a_reason(world, reply, reason):
    made, _ = world.run(
        model([solution(RIGHT[0])], [set_of(TESTS)], lambda _, level: reply if level == "easy" else '{"tasks": []}')
    )
    assert (made.kept, made.unanswered) == (0, 0)
    assert made.dropped[reason] == (3 if reason == "empty" else 1)
    assert sum(made.dropped.values()) == 3
    programs = list(open_source(world.entry))
    assert [program.status for program in programs] == ["rejected"] * 3
    assert any(reason in program.reason for program in programs)


def test_the_file_is_a_source_like_any_other(world):
    world.run(model([solution(code) for code in RIGHT], [set_of([*TESTS, *WRONG_TESTS])], good), solutions=3)
    assert world.home.registry().get("made") == world.entry
    kept, *others = sorted(open_source(world.entry), key=lambda program: program.status)
    assert (kept.status, kept.entry_point, kept.license) == ("ok", "count_even", "Apache-2.0")
    assert kept.statement == f"{STATEMENT} This is about counting."
    assert [(given.arguments, given.expected) for given in kept.inputs] == list(TESTS)
    assert len(kept.input_problems) == len(WRONG_TESTS)
    assert all(other.status == "rejected" and other.reason.startswith("was dropped: empty") for other in others)


def test_a_second_run_asks_for_nothing_and_changes_nothing(world):
    script = model([solution(code) for code in RIGHT], [set_of(TESTS)], good)
    world.run(script, ["one", "two"])
    before = world.file.path.read_bytes()
    made, server = world.run(script, ["two", "one"])
    assert server.asked == []
    assert made.kept == sum(made.dropped.values()) == 0
    assert world.file.path.read_bytes() == before
    world.run(script, ["three"])
    assert world.file.path.read_bytes().startswith(before)
    assert len(world.lines()) == 9
    assert world.file.concepts.read_text() == "one\ntwo\nthree\n"


def test_trouble_on_the_way_leaves_the_same_file(world, tmp_path):
    script = model([solution(code) for code in RIGHT], [set_of(TESTS)], good)
    concepts = [f"concept {n}" for n in range(3)]
    world.run(script, concepts)
    smooth = world.file.path.read_bytes()
    world.file.path.unlink()
    world.home.replies_file.unlink()
    trouble = [
        Answer(status=429, headers={"Retry-After": "0"}),
        Answer(status=500, headers={"Retry-After": "0"}),
        Answer(hang_up=True),
        Answer("{", announce=900),
    ]
    seen = Counter()

    def troubled(body):
        key = json.dumps(body, sort_keys=True)
        seen[key] += 1
        return trouble[len(seen) % len(trouble)] if seen[key] == 1 else script(body)

    world.run(troubled, concepts, retries=3)
    assert world.file.path.read_bytes() == smooth


def test_what_was_not_answered_gets_no_line_and_is_asked_again(world):
    script = model([solution(code) for code in RIGHT], [set_of(TESTS)], good)
    well = False

    def poisoned(body):
        poison = "about two" in json.dumps(body["messages"]) and asked_for(body) == "Tests"
        return Answer(status=500, headers={"Retry-After": "0"}) if poison and not well else script(body)

    made, _ = world.run(poisoned, ["one", "two", "three"])
    assert (made.kept, made.unanswered) == (2, 1)
    well = True
    made, server = world.run(poisoned, ["one", "two", "three"])
    assert (made.kept, made.unanswered) == (1, 0)
    assert len(server.asked) == 1


def test_a_spent_budget_ends_the_run_and_the_next_goes_on_to_the_same_file(world):
    script = model([solution(code) for code in RIGHT], [set_of(TESTS)], good)
    concepts = [f"concept {n}" for n in range(5)]
    world.run(script, concepts)
    whole = world.file.path.read_bytes()
    world.file.path.unlink()
    world.home.replies_file.unlink()
    with pytest.raises(BudgetExceeded):
        world.run(script, concepts, run_tokens=40_000)
    part = world.file.path.read_bytes()
    assert whole.startswith(part)
    assert len(part) < len(whole)
    with world.file.path.open("ab") as file:
        file.write(whole[len(part) :][:100])
    world.run(script, concepts)
    assert world.file.path.read_bytes() == whole


def test_a_dead_server_is_told_and_nothing_is_lost(world):
    script = model([solution(code) for code in RIGHT], [set_of(TESTS)], good)
    world.run(script, ["one"])
    before = world.file.path.read_bytes()
    with pytest.raises(ModelUnavailable, match="does not answer"):
        world.run(lambda body: Answer(status=503, headers={"Retry-After": "0"}), ["two"])
    assert world.file.path.read_bytes() == before


def test_an_estimate_asks_for_nothing_and_is_not_exceeded(world):
    script = model([solution(code) for code in RIGHT], [set_of(TESTS)], good)
    with serving(script) as server:
        world.settings(server)
        with open_client(world.home) as client:
            most = estimate(world.home, "made", client, ["one", "two"])
            assert server.asked == []
            made = synthesize(world.home, world.entry, client, ["one", "two"])
            assert most.requests == 2 * 3 * (1 + 2 * (4 + 1))
            assert len(server.asked) <= most.requests
            assert made.tokens <= most.tokens
            assert estimate(world.home, "made", client, ["one", "two"]).requests == 0


def test_a_name_that_is_taken_and_no_concept_are_errors(world):
    script = model([solution(RIGHT[0])], [set_of(TESTS)], good)
    with pytest.raises(SynthesisError, match="there is no concept yet"):
        world.run(script, [])
    assert "made" not in [entry.name for entry in world.home.registry().entries()]
    world.home.registry().add(SourceEntry("made", "functions", "x.jsonl"))
    with pytest.raises(SynthesisError, match="another name"):
        world.run(script, ["one"])


def test_a_line_that_is_not_ours_is_named(world):
    script = model([solution(code) for code in RIGHT], [set_of(TESTS)], good)
    world.run(script, ["one"])
    with world.file.path.open("a") as file:
        file.write('{"not": "ours"}\n')
    with pytest.raises(SynthesisError, match=r"made\.jsonl: line 4"):
        world.run(script, ["two"])


RUN = """
import sys
from tracepile_assets.building.synthesis import synthesize
from tracepile_assets.home import open_home
from tracepile_assets.models import open_client
home = open_home(sys.argv[1])
with open_client(home) as client:
    synthesize(home, home.registry().get("made"), client)
"""


def test_a_killed_run_goes_on_to_the_same_bytes(world):
    script = model([solution(code) for code in RIGHT], [set_of(TESTS)], good)
    concepts = [f"concept {n}" for n in range(5)]
    world.run(script, concepts)
    whole = world.file.path.read_bytes()
    world.file.path.write_bytes(b"")
    world.home.replies_file.unlink()
    killed = threading.Event()

    def never_done(body):
        if concepts[-1] in body["messages"][-1]["content"]:
            killed.wait(300)
        return script(body)

    with serving(never_done) as server:
        world.settings(server)
        run = subprocess.Popen([sys.executable, "-c", RUN, str(world.home.root)], start_new_session=True)
        while not world.file.path.read_bytes() and run.poll() is None:
            time.sleep(0.002)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        killed.set()
    part = world.file.path.read_bytes()
    assert 0 < len(part) < len(whole)
    assert whole.startswith(part)
    world.run(script, concepts)
    assert world.file.path.read_bytes() == whole
