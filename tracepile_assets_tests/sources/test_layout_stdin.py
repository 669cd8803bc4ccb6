"""Layout stdin: one input or several, with or without expected output."""

import pytest

from tracepile_assets.similarity.normal_form import normalise
from tracepile_assets.sources import SourceError
from tracepile_assets.sources.layouts import stdin
from tracepile_assets_tests.sources.layout_files import json_lines, programs_of

CODE = "print(input()[::-1])\n"


def only(tmp_path, fields, **options):
    (program,) = programs_of("stdin", json_lines(tmp_path / "s.jsonl", fields), **options)
    return program


def pairs(program):
    return [(given.stdin, given.expected) for given in program.inputs]


def test_example_of_the_documentation_reads(tmp_path):
    program = only(tmp_path, stdin.EXAMPLE)
    assert (program.source_row, program.title, program.entry_point) == ("7", "Mean", None)
    assert pairs(program) == [("3\n1 2 6\n", "3\n"), ("1\n5\n", "5\n")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"stdin": "ab\n", "expected": "ba\n"}, [("ab\n", "ba\n")]),
        ({"stdin": "ab\n", "expected": None}, [("ab\n", None)]),
        ({"stdin": "ab\n"}, [("ab\n", None)]),
        ({"stdin": ""}, [("", None)]),
        ({"stdin": ["a", "b"], "expected": ["a\n", None]}, [("a", "a\n"), ("b", None)]),
        ({"stdin": ["a", "b"], "expected": None}, [("a", None), ("b", None)]),
        ({"stdin": ["a\r\n", "a\n"]}, [("a\r\n", None), ("a\n", None)]),
    ],
)
def test_one_input_or_several(tmp_path, fields, expected):
    assert pairs(only(tmp_path, {"code": CODE, **fields})) == expected


def test_equal_inputs_are_one_and_no_input_is_a_rejected_row(tmp_path):
    program = only(tmp_path, {"code": CODE, "stdin": ["a", "a"]})
    assert pairs(program) == [("a", None)]
    assert program.input_problems == ("input 2 is equal to an earlier one",)
    empty = only(tmp_path, {"code": CODE, "stdin": []})
    assert (empty.status, empty.reason) == ("rejected", "has no inputs")


def test_a_program_of_ten_megabytes_is_a_rejected_row_and_is_not_parsed(tmp_path):
    program = only(tmp_path, {"code": "x = " + "1+" * 5_000_000 + "1\n", "stdin": ""})
    assert (program.status, program.reason) == ("rejected", "is longer than 500,000 characters")
    assert len(normalise(program.code)) >= 10_000_000


def test_columns_are_mapped_by_options(tmp_path):
    fields = {"source": CODE, "tests": [{"in": "a", "out": "a\n"}, {"in": "bc", "out": "cb\n"}], "n": 4}
    options = {"code": "source", "stdin": "tests.in", "expected": "tests.out", "id": "n"}
    program = only(tmp_path, fields, options=options)
    assert program.source_row == "4"
    assert pairs(program) == [("a", "a\n"), ("bc", "cb\n")]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stdin": 5}, r"`stdin` must be a string or a list of strings, not a number"),
        ({"stdin": ["a", 5]}, r"`stdin` must be a string or a list of strings, not a list"),
        ({"stdin": "a", "expected": ["a"]}, r"`expected` must be a string beside a string"),
        ({"stdin": ["a"], "expected": "a"}, r"`expected` must be .* a list of strings beside a list"),
        ({"stdin": ["a", "b"], "expected": ["a"]}, r"has 2 inputs and 1 expected outputs"),
        ({"stdin": None}, r"`stdin` is null"),
        ({}, r"has no `stdin`, which layout stdin needs \(columns here: code\)"),
    ],
)
def test_values_of_the_wrong_type_name_row_and_column(tmp_path, fields, words):
    with pytest.raises(SourceError, match=rf"s\.jsonl: line 1: {words}"):
        only(tmp_path, {"code": CODE, **fields})


def test_an_unknown_option_names_the_known_ones(tmp_path):
    with pytest.raises(SourceError, match=r"layout stdin has no option 'output' \(there are: code, stdin, expected"):
        only(tmp_path, {"code": CODE, "stdin": "a"}, options={"output": "x"})
