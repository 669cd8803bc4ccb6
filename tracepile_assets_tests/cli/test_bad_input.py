"""Bad input through the command line: a clear message that names file, row and remedy, or a row with a reason.

Damaged files, and every layout: sources/test_bad_files.py. Generators that do harm: building/test_drawn_inputs.py.
"""

import gzip
import json

import pytest

from tracepile_assets.building import build_stripe, make_plan
from tracepile_assets.home import open_home
from tracepile_assets.tables.files import read_table

GOOD = {"id": "good", "code": "def f(x):\n    return x\n", "entry_point": "f", "inputs": ["1"]}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def without(row, name):
    return {key: value for key, value in row.items() if key != name}


REFUSED = {
    "another layout": (
        "a.jsonl",
        lines({"task_id": 1, "text": "x", "code": "x = 1", "test_list": []}),
        ["a.jsonl: line 1", "has no `entry_point`", "looks like layout mbpp"],
    ),
    "a missing field in every row": (
        "a.jsonl",
        lines(without(GOOD, "inputs"), without(GOOD, "inputs") | {"id": "b"}),
        ["a.jsonl: line 1", "`inputs`", "2 of 2 rows read cannot be used"],
    ),
    "a key twice": ("a.jsonl", lines(GOOD, GOOD), ["a.jsonl: line 2", "line 1", "remove one of the two rows"]),
    "lines within an array": ("a.json", b"[" + lines(GOOD, GOOD | {"id": "b"}), ["item 1: is followed by '{'", "mend"]),
    "an array on each line": ("a.jsonl", lines([GOOD], [GOOD]), ["a.jsonl", "after the end of its array"]),
    "gzip that ends early": (
        "a.jsonl.gz",
        gzip.compress(lines(*(GOOD | {"id": number} for number in range(3_000))))[:-500],
        ["a.jsonl.gz: cannot be read beyond line", "get the file again"],
    ),
    "gzip by name only": ("a.jsonl.gz", lines(GOOD), ["a.jsonl.gz: cannot be read beyond line 0", "compressed"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_faulty_file_is_refused_by_name_and_row_when_it_is_added(tracepile, tmp_path, case):
    name, content, says = REFUSED[case]
    (tmp_path / name).write_bytes(content)
    result = tracepile("sources", "add", "mine", name, "--layout", "functions")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    for words in says:
        assert words in " ".join(result.output.split()), result.output
    assert "[mine]" not in (tmp_path / "home" / "sources.toml").read_text()


def test_a_file_that_goes_bad_later_leaves_what_was_built(tracepile, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(GOOD))
    assert tracepile("sources", "add", "mine", path, "--layout", "functions").exit_code == 0
    home = open_home(tmp_path / "home")
    plan, _ = make_plan(home, ["mine"])
    build_stripe(home, "raw_programs", plan.steps[0].stripe)
    before = home.stripe_file("raw_programs", plan.steps[0].stripe).read_bytes()
    path.write_bytes(lines(GOOD, GOOD | {"id": "late"})[:-20])
    _, [problem] = make_plan(home, ["mine"])
    assert "a.jsonl: line 2: the file ends in the middle of this row; get the file again" in problem.message
    assert home.stripe_file("raw_programs", plan.steps[0].stripe).read_bytes() == before


def test_what_is_wrong_with_one_program_is_a_row_with_a_reason(tracepile, tmp_path):
    rows = [
        GOOD | {"unknown": [1, {"extra": None}], "expected": ["1"]},
        GOOD | {"id": "unparsed", "code": "def f(:\n"},
        GOOD | {"id": "python 2", "code": "def f(x):\n    print x\n"},
        GOOD | {"id": "no inputs", "inputs": []},
        GOOD | {"id": "no entry", "entry_point": "g"},
        GOOD | {"id": "odd input", "inputs": ["1", "2) + (3"]},
        without(GOOD, "inputs") | {"id": "no field"},
        GOOD | {"id": "odd code", "code": 7},
        GOOD | {"id": ["no key"]},
    ]
    (tmp_path / "a.jsonl").write_bytes(lines(*rows))
    added = tracepile("sources", "add", "mine", "a.jsonl", "--layout", "functions", "--inputs", "1")
    assert added.exit_code == 0, added.output
    said = " ".join(added.output.split())
    assert "added mine: 9 programs" in said
    assert "nothing can be made of 7 of them, which stay as rows with the reason: row cannot be used (3)" in said
    assert "licence unknown is not on the allow-list" in said
    home = open_home(tmp_path / "home")
    plan, _ = make_plan(home, ["mine"])
    stripe = plan.steps[0].stripe
    report = build_stripe(home, "raw_programs", stripe)
    rows_made = read_table(home.stripe_file("raw_programs", stripe), "raw_programs").to_pylist()
    made = {row["source_row"]: row for row in rows_made}
    [unkeyed] = made.keys() - {row["id"] for row in rows[:-1]}
    assert len(made) == len(rows)
    assert {key for key, row in made.items() if row["status"] == "ok"} == {"good", "odd input"}
    assert made["unparsed"]["reason"].startswith("does not parse: ")
    assert made["no inputs"]["reason"] == "has no inputs"
    assert "not defined: g" in made["no entry"]["reason"]
    for key, number, says in (("no field", 7, "has no `inputs`"), ("odd code", 8, "`code`"), (unkeyed, 9, "`id`")):
        assert made[key]["reason"].startswith(f"row cannot be used: {tmp_path / 'a.jsonl'}: line {number}: {says}")
    assert report.rejected == {"input: not taken": 1}


def test_a_program_that_changes_its_inputs_gets_them_fresh_each_time(tracepile, tmp_path):
    code = "def f(xs, seen={}):\n    xs.append(len(xs))\n    seen[len(seen)] = 1\n    return len(seen)\n"
    row = GOOD | {"code": code, "inputs": ["[3]", "[1, 2]"], "expected": ["1", "1"]}
    (tmp_path / "a.jsonl").write_bytes(lines(row))
    assert tracepile("sources", "add", "mine", "a.jsonl", "--layout", "functions", "--license", "MIT").exit_code == 0
    home = open_home(tmp_path / "home")
    plan, _ = make_plan(home, ["mine"])
    for step in plan.steps[:3]:
        build_stripe(home, step.table, step.stripe)
    stripe = plan.steps[0].stripe
    [program] = read_table(home.stripe_file("raw_programs", stripe), "raw_programs").to_pylist()
    given = {each["input_id"]: each["arguments"] for each in program["inputs"] if each["origin"] == "given"}
    assert sorted(given.values()) == ["[1, 2]", "[3]"]
    traces = read_table(home.stripe_file("execution_traces", stripe), "execution_traces").to_pylist()
    after = {given[trace["input_id"]]: trace["arguments_after"] for trace in traces if trace["input_id"] in given}
    assert {text: changed.split("]")[0] for text, changed in after.items()} == {"[3]": "([3, 1", "[1, 2]": "([1, 2, 2"}
    assert {trace["return_value"] for trace in traces if trace["input_id"] in given} == {"1"}
    assert all(trace["deterministic"] == "full" for trace in traces)


def test_what_no_text_can_hold_stops_no_stripe(tracepile, tmp_path):
    """Programs with lone surrogates in strings, in names of attributes and in what an exception says."""
    named = "class A:\n    pass\ndef f(n):\n    a = A()\n    setattr(a, n, 5)\n    a.b = 7\n    return a\n"
    raising = "def f(n):\n    raise ValueError(n)\n"
    codes = {"joined": "def f(n):\n    m = n + 'a'\n    return m\n", "named": named, "raising": raising}
    rows = [GOOD | {"id": name, "code": code, "inputs": ["'\\ud800'"]} for name, code in codes.items()]
    (tmp_path / "a.jsonl").write_bytes(lines(GOOD, *rows))
    assert tracepile("sources", "add", "mine", "a.jsonl", "--layout", "functions", "--max-inputs", "1").exit_code == 0
    home = open_home(tmp_path / "home")
    plan, _ = make_plan(home, ["mine"])
    stripe = plan.steps[0].stripe
    for table in ("raw_programs", "code_variants", "execution_traces", "tracing_questions", "chains_of_execution"):
        build_stripe(home, table, stripe)
    made = {
        table: read_table(home.stripe_file(table, stripe), table).to_pylist()
        for table in ("raw_programs", "code_variants", "execution_traces", "chains_of_execution")
    }
    ids = {row["source_row"]: row["program_id"] for row in made["raw_programs"]}
    originals = {row["variant_id"] for row in made["code_variants"] if row["equivalence"] == "original"}
    shown = {row["program_id"]: row for row in made["execution_traces"] if row["variant_id"] in originals}
    assert shown[ids["joined"]]["return_value"] == r"'\ud800a'"
    assert shown[ids["named"]]["return_value"] == r"A('\ud800'=5, b=7)"
    assert shown[ids["raising"]]["exception"] == r"ValueError: \ud800"
    styles = {row["style"] for row in made["chains_of_execution"] if row["program_id"] == ids["joined"]}
    assert styles >= {"cwm", "scratchpad", "narrative"}
