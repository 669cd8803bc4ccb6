"""Reading the embedded collections: which programs there are, their texts, seeds, levels and difficulty."""

import ast
from statistics import median

import pytest

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources import ProgramInput, SourceError, open_source, scan
from tracepile_assets.sources.embedded import entries_of, level_of, random_of, read
from tracepile_assets_tests.sources.embedded_runs import INPUTS, events, programs

PROGRAMS = [
    (collection, entry.name) for collection in ("mathematics", "competition") for entry in entries_of(collection)
]


@pytest.mark.parametrize("collection", ["mathematics", "competition"])
def test_each_collection_has_at_least_twenty_programs(collection):
    entries = entries_of(collection)
    assert len(entries) >= 20
    assert len({entry.name for entry in entries}) == len({entry.title for entry in entries}) == len(entries)
    assert {entry.domain for entry in entries} == {collection}


@pytest.mark.parametrize(("collection", "name"), PROGRAMS)
def test_program_is_complete(collection, name):
    program = programs(collection)[name]
    tree = ast.parse(program.code)
    assert program.status == "ok"
    assert program.license == "Apache-2.0"
    assert program.origin_uri == f"tracepile://{collection}/{name}.py"
    assert program.statement.endswith((".", "?"))
    assert '"""' not in program.code
    if collection == "mathematics":
        assert program.entry_point in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert all(given.arguments is not None and given.stdin is None for given in program.inputs)
    else:
        assert program.entry_point is None
        assert "Input:" in program.statement
        assert "Output:" in program.statement
        assert all(given.arguments is None and given.stdin.endswith("\n") for given in program.inputs)


@pytest.mark.parametrize(("collection", "name"), PROGRAMS)
def test_inputs_are_distinct_and_follow_the_seed(collection, name):
    program = programs(collection)[name]
    texts = [given.arguments or given.stdin for given in program.inputs]
    assert len(set(texts)) == len(texts)
    assert len(texts) > INPUTS // 2
    again = next(p for p in read(collection, INPUTS, 7) if p.source_row == name)
    assert again == program
    assert again.inputs != next(p for p in read(collection, INPUTS, 8) if p.source_row == name).inputs


@pytest.mark.parametrize(("collection", "name"), PROGRAMS)
def test_runs_grow_longer_with_the_level(collection, name):
    program = programs(collection)[name]
    entry = next(entry for entry in entries_of(collection) if entry.name == name)
    kind = "arguments" if program.entry_point else "stdin"

    texts = [entry.generate(random_of(7, name, number), number / (INPUTS - 1)) for number in range(INPUTS)]
    lengths = [events(program, ProgramInput(origin="generated", **{kind: text})) for text in texts]
    quarter = len(lengths) // 4
    assert max(lengths) <= 1_500
    assert min(lengths) <= 60
    assert median(lengths[:quarter]) <= 200
    assert median(lengths[-quarter:]) > 1.5 * median(lengths[:quarter])


def test_unknown_collection_names_the_known_ones():
    with pytest.raises(SourceError, match=r"'puzzles'.*algorithms, mathematics, competition"):
        list(read("puzzles", 1, 0))


def test_a_registry_entry_opens_its_collection():
    entry = SourceEntry("competition", "embedded", domain="competition", inputs_per_program=3, limit=5)
    opened = list(open_source(entry))
    assert [program.source_row for program in opened] == [e.name for e in entries_of("competition")[:5]]
    assert all(len(program.inputs) == 3 for program in opened)
    renamed = SourceEntry("mine", "embedded", options={"collection": "competition"}, inputs_per_program=3, limit=5)
    assert list(open_source(renamed)) == opened
    assert scan(renamed) == scan(entry)
    assert len(scan(entry)) == 5


def test_levels_lie_evenly_however_many_there_are():
    levels = [level_of(index) for index in range(64)]
    assert levels[:4] == [0.5, 0.25, 0.75, 0.125]
    for count in range(1, 65):
        held = sorted(levels[:count])
        gaps = [b - a for a, b in zip([0.0, *held], [*held, 1.0], strict=True)]
        assert max(gaps) <= 2 / (count + 1)


@pytest.mark.parametrize("collection", ["algorithms", "mathematics", "competition"])
def test_more_inputs_leave_the_earlier_ones_as_they_are(collection):
    few = {program.source_row: program.inputs for program in read(collection, 4, 0)}
    many = {program.source_row: program.inputs for program in read(collection, 9, 0)}
    assert all(many[name][: len(inputs)] == inputs for name, inputs in few.items())


def test_a_single_input_is_of_middle_level():
    few = {program.source_row: program for program in read("mathematics", 1, 3)}
    assert all(len(program.inputs) == 1 for program in few.values())
    assert few["primes_up_to"].inputs[0].arguments.isdigit()
    assert 40 <= int(few["primes_up_to"].inputs[0].arguments) <= 150
