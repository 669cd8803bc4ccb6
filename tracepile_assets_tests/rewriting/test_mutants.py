"""Deliberate mutants: what they change, and that only runs which plain Python repeats make one count as refuted."""

import json
from collections import Counter
from random import Random

import pytest

from tracepile_assets.execution import Pool
from tracepile_assets.rewriting import prove
from tracepile_assets.rewriting.mutants import mutants
from tracepile_assets_tests.rewriting.corpus import embedded, row
from tracepile_assets_tests.rewriting.plain_runs import behaviour

_ALL = """
def f(xs, n):
    # naïve (with é): columns are counted in bytes
    total = 0
    for i in range(1, n):
        if (xs[i]) < n and not total:
            total += (xs[i - 1]  *  2)
    return (f"{total + 1}", "a" + "b", total)
"""


def test_every_operator_changes_one_place_of_the_text() -> None:
    found = list(mutants(_ALL, Random(3)))
    assert {one.operator for one in found} == {
        "arithmetic",
        "branch",
        "constant",
        "logical",
        "off_by_one",
        "relational",
    }
    texts = [one.code for one in found]
    assert len(set(texts)) == len(texts)
    for text in texts:
        differing = [pair for pair in zip(_ALL.split("\n"), text.split("\n"), strict=True) if pair[0] != pair[1]]
        assert len(differing) == 1
        assert 'f"{total + 1}", "a" + "b"' in text, "strings are not what is mutated"
    assert any("if (xs[i]) <= n and" in text for text in texts) and any("range(1, n - 1)" in text for text in texts)


@pytest.mark.parametrize("code", ["def f(:\n", "", "def f():\n    return 'a'\n"])
def test_nothing_to_mutate(code: str) -> None:
    assert list(mutants(code, Random(0))) == []


def test_what_is_refuted_differs_in_plain_python_and_is_no_variant(pool: Pool) -> None:
    programs = {program["program_id"]: program for program in list(embedded(2))[::6]}
    reasons: Counter[str] = Counter()
    for proved in prove(list(programs.values()), pool, seed=0, variants_per_program=1, fresh_pool=None, n_mutants=2):
        program = programs[proved.program_id]
        mutated = [one for one in proved.rejected if one.unit.startswith("mutant:")]
        assert len(mutated) <= 2
        for one in mutated:
            reasons[one.reason] += 1
            detail = json.loads(one.detail)
            assert detail["code"] not in [variant["code"] for variant in proved.variants]
            assert detail["rewrites"][-1] == one.unit
            if one.reason != "refuted":
                continue
            (given,) = [each for each in program["inputs"] if each["input_id"] == detail["input_id"]]
            run = (given["arguments"], given["stdin"] or "")
            assert behaviour(detail["code"], detail["entry_point"], *run) != behaviour(
                program["code"], program["entry_point"], *run
            )
    assert reasons["refuted"] > reasons["survived"] + reasons["no_proof"]


def test_a_difference_that_does_not_come_again_refutes_nothing(pool: Pool) -> None:
    # Every order of the set's texts gives a number of its own; only the mutants look at it.
    code = (
        "def f(n):\n    order = list({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'k', 'l'})\n"
        "    if n > 9:\n        return order\n    return n\n"
    )
    (proved,) = prove(
        [row("order", code, "f", ["3"])], pool, seed=1, variants_per_program=1, transforms=(), n_mutants=6
    )
    looked = [one for one in proved.rejected if "not (n > 9)" in one.detail]
    assert [one.reason for one in looked] == ["no_proof"]
