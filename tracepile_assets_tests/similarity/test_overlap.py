"""Benchmark items are found in each disguise, and clean programs are not taken for them."""

import random

import pytest

from tracepile_assets.mixtures.benchmarks import read_items
from tracepile_assets.similarity.overlap import Item, Overlaps
from tracepile_assets.sources import embedded
from tracepile_assets_tests.similarity.disguises import DISGUISES, HOST, function_shapes, plant, word_runs

FILES = ("HumanEval.jsonl.gz", "mbpp.jsonl", "gsm8k-test.jsonl", "math-test.jsonl")
EACH = 30


@pytest.fixture(scope="module")
def benchmarks(test_data):
    return {name: read_items((test_data / "data" / name,), "") for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_items_are_found_in_every_disguise(benchmarks, name):
    items = [item for item in benchmarks[name] if len(item.problem.split()) >= 13]
    overlaps = Overlaps(benchmarks[name])
    hidden, missed = 0, []
    for item in random.Random(5).sample(items, EACH):
        for disguise, code, statement in plant(item, item.name):
            hidden += 1
            if item.name not in {hit.item for hit in (*overlaps.in_code(code), *overlaps.in_text(statement))}:
                missed.append((item.name, disguise))
    assert hidden == EACH * (len(DISGUISES) if items[0].code else 3)
    assert len(missed) <= 0.02 * hidden, missed


def test_clean_programs_are_left_alone(benchmarks):
    items = [item for each in benchmarks.values() for item in each]
    runs = {run for item in items for text in (item.problem, *item.others, item.code) for run in word_runs(text)}
    shapes = {shape for item in items for shape in function_shapes(item.code)}
    shipped = [p for name in ("algorithms", "mathematics", "competition") for p in embedded.read(name, 1, 0)]
    clean = [
        program
        for program in shipped
        if runs.isdisjoint(word_runs(f"{program.code}\n{program.statement}"))
        and shapes.isdisjoint(function_shapes(program.code))
    ]
    assert len(clean) > 0.8 * len(shipped)
    overlaps = Overlaps(items)
    dropped = [p.source_row for p in clean if overlaps.in_code(p.code) or overlaps.in_text(p.statement or "")]
    assert len(dropped) <= 0.005 * len(clean), dropped


CODE = (
    "def split_pairs(rows):\n    left, right = [], []\n    for first, second in rows:\n        left.append(first)\n"
    "        if second is not None:\n            right.append(sorted(second))\n    return left, right\n"
)


def in_code(item: Item, code: str) -> list[tuple[str, str]]:
    return [(hit.item, hit.matched) for hit in Overlaps([item]).in_code(code)]


def test_builtins_attributes_and_literals_tell_programs_apart():
    item = Item("it", code=CODE.replace("split_pairs", "f"))
    same = CODE.replace("left", "a").replace("right", "b").replace("first", "c").replace("second", "d")
    assert in_code(item, same.replace("rows", "e")) == [("it", "code")]
    other = same.replace("append", "extend").replace("sorted", "list").replace("None", "0").replace("rows", "e")
    assert in_code(item, other) == []


def test_a_program_counts_from_its_share_on_and_not_for_a_line_in_common():
    item = Item("it", code=CODE)
    cut = "\n".join(CODE.splitlines()[:4]).replace("left", "a").replace("rows", "b").replace("split_pairs", "c")
    assert in_code(item, f"{HOST[0]}\n{cut}\n    return a\n") == []


def test_methods_and_type_annotations_hide_nothing():
    item = Item("it", code=CODE)
    hidden = CODE.replace("split_pairs(rows)", "run(self, data: list[tuple]) -> tuple").replace("rows", "data")
    hidden = "class Any:\n" + "".join(f"    {line}\n" for line in hidden.splitlines())
    assert in_code(item, hidden.replace("left", "a").replace("right", "b")) == [("it", "code")]


def test_a_problem_shorter_than_a_gram_is_matched_whole_and_a_short_solution_is_not():
    overlaps = Overlaps([Item("short", "Evaluate $\\log_2 (4^2)$.", ("So it is 4.",))])
    text = "They asked: evaluate  LOG_2(4^2), and fast."
    (hit,) = overlaps.in_text(text)
    assert (hit.item, hit.matched, hit.share) == ("short", "text", 1.0)
    assert text[hit.start : hit.end] == "evaluate  LOG_2(4^2"
    assert overlaps.in_text("Evaluate log_2 of 4. So it is 4.") == []


def test_numbers_in_a_row_are_no_text():
    counting = " ".join(map(str, range(1, 30)))
    overlaps = Overlaps([Item("list", f"What comes after the numbers of this list: {counting}?")])
    assert overlaps.in_text(f"xs = [{counting.replace(' ', ', ')}]") == []
    assert overlaps.in_text(f"of this list: {counting}") != []


def test_the_span_is_that_of_the_program_in_its_text():
    overlaps = Overlaps([Item("it", code=CODE)])
    text = f"Look:\n\n```python\n{HOST[0]}\n{CODE.replace('left', 'a')}\n```\n"
    (hit,) = [hit for hit in overlaps.in_text(text) if hit.matched == "code"]
    assert text[hit.start : hit.end] == CODE.replace("left", "a").rstrip()
