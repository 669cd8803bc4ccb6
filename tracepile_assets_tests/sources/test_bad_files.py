"""What is said of a file that is missing, damaged, or of another layout: file, row and remedy, for every way to read
it."""

import gzip
import json
import tracemalloc

import fsspec
import pytest

from tracepile_assets.sources import SourceError, layouts, open_source, scan
from tracepile_assets.sources.layouts import LAYOUTS
from tracepile_assets.sources.layouts.values import as_json
from tracepile_assets_tests.sources.layout_files import data_file, entry, json_lines, programs_of

FUNCTION = {"code": "def f(x):\n    return x\n", "entry_point": "f", "inputs": ["1"]}
STDIN = {"code": "print(input())\n", "stdin": "a\n"}
LINE = (json.dumps(FUNCTION) + "\n").encode()


DEEP = b'{"a": "]", "b\\"]": ' + b"[" * 100_000 + b"]" * 100_000 + b', "c": "["}'

KEYS = ("id", "task_id", "problem_id")
ROW_LAYOUTS = [name for name in LAYOUTS if name != "package"]


@pytest.fixture(params=ROW_LAYOUTS)
def layout(request):
    return request.param


def refused(layout, path, words, **fields):
    # A benchmark that is not allowed is refused before its file is looked at.
    fields = {"allow_benchmark": True} | fields
    for read in (scan, lambda made: list(open_source(made))):
        with pytest.raises(SourceError, match=words):
            read(entry(layout, path, **fields))


def test_missing_file(layout, tmp_path):
    refused(layout, tmp_path / "no.jsonl", r"no\.jsonl: there is no such file; correct the path")
    refused(layout, tmp_path / "no.parquet", r"no\.parquet: there is no such file")
    refused(layout, "", "has no path")


def test_empty_file(layout, tmp_path):
    for name, content in (("a.jsonl", b""), ("b.jsonl", b"\n \n"), ("c.jsonl.gz", gzip.compress(b""))):
        (tmp_path / name).write_bytes(content)
        refused(layout, tmp_path / name, rf"{name}: the file is empty")


def test_directory(layout, tmp_path):
    refused(layout, tmp_path, r"is a directory; name one file in it")


def test_unknown_place(layout):
    refused(layout, "nowhere://x/y.jsonl", r"nowhere://x/y\.jsonl: cannot be opened .*check the path")


def test_what_stands_in_an_array_and_is_no_program(tmp_path):
    whole = json.dumps(FUNCTION)
    cases = {
        "[5]": r"item 1: holds '5', where a JSON object is expected",
        f"[{whole}, [1]]": r"item 2: holds '\[1\]', where a JSON object is expected",
        f"[{whole} {whole}]": r"item 1: is followed by '\{', where a comma",
        f"[{whole}, {{]": r"item 2: is not JSON \(",
        f"[{whole},]": r"item 2: is not JSON \(",
        f"[{whole}": r"the file ends in the middle of its array; get the file again",
        f"[{whole}, {whole[:-9]}": r"the file ends in the middle of item 2 of its array",
        f"[{whole}]{whole}": r"holds '\{' after the end of its array",
        "[]": r"the file is empty",
        '[{"code": "\\ud800"}]': r"item 1: holds half of a surrogate pair",
        '[{"code": "a", "code": "b"}]': r"item 1: has the key 'code' twice in one object",
    }
    for number, (text, message) in enumerate(cases.items()):
        path = tmp_path / f"{number}.json"
        path.write_text(text)
        refused("functions", path, message)
    (tmp_path / "l.json").write_bytes(f"[{whole}, ".encode() + b'{"code": "\xff"}]')
    refused("functions", tmp_path / "l.json", r"l\.json: is not UTF-8")


def test_a_key_that_comes_twice_in_an_object(tmp_path):
    twice = json.dumps(FUNCTION)[:-1] + ', "code": "def f(x):\\n    return 2\\n"}'
    inside = json.dumps(FUNCTION | {"inputs": [{"x": 1}]}).replace('{"x": 1}', '{"x": 1, "y": 0, "x": 2}')
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([json.dumps(FUNCTION), twice, inside, json.dumps(FUNCTION | {"inputs": ["2"]})]))
    array = tmp_path / "b.json"
    array.write_text(f"[{','.join(path.read_text().splitlines())}]")
    for file, unit in ((path, "line"), (array, "item")):
        programs = programs_of("functions", file)
        assert [program.status for program in programs] == ["ok", "rejected", "rejected", "ok"]
        for number, key in ((2, "code"), (3, "x")):
            reason = programs[number - 1].reason
            assert reason.endswith(
                f"{file}: {unit} {number}: has the key {key!r} twice in one object; mend or remove that row"
            )


@pytest.mark.parametrize("text", ["5\n", '"code"\n', "null\n"])
def test_rows_that_are_no_objects(layout, tmp_path, text):
    (tmp_path / "a.jsonl").write_text(text)
    refused(layout, tmp_path / "a.jsonl", r"a\.jsonl: line 1: holds .*, where a JSON object is expected")


def test_damaged_rows_are_named(tmp_path):
    cases = {
        "cut": (LINE + LINE[:40], r"line 2: the file ends in the middle of this row"),
        "broken": (LINE + b'{"code": }\n' + LINE, r"line 2: is not JSON \(.* at column 10\)"),
        "latin": (
            LINE + b"\n" + LINE.replace(b"return", b"r\xe9turn"),
            r"line 3: is not UTF-8 \(byte \d+ of the line\)",
        ),
        "page": (b"<html>no such page</html>", r"line 1: is not JSON \(.* at column 1\)"),
        "nulls": (LINE + b"\0\0\0", r"line 2: is not JSON \(.* at column 1\)"),
        "zstd": (b"\x28\xb5\x2f\xfd\x04", r"is compressed \(zstd\), .* decompress it, or compress it with gzip"),
        "deep": (LINE + b'{"a": ' + b"[" * 100_000 + b"\n", r"line 2: is not JSON \(it is nested deeper than 500"),
        "deep and cut": (LINE + b'{"a": ' + b"[" * 100_000, r"line 2: the file ends in the middle of this row"),
        "deep and more": (LINE + DEEP + LINE, r"line 2: is not JSON \(it is nested deeper than 500"),
        "deep list": (LINE + b"[" * 100_000 + b"]" * 100_000, r"line 2: holds '\[+', where a JSON object is expected"),
    }
    for name, (content, words) in cases.items():
        path = tmp_path / f"{name}.jsonl"
        path.write_bytes(content)
        refused("functions", path, rf"{name}\.jsonl: {words}")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (DEEP, "is nested deeper than 500 levels"),
        (b'{"a": ' + b"[" * 500 + b"]" * 500 + b"}", "is nested deeper than 500 levels"),
        (b'{"a": ' * 501 + b"1" + b"}" * 501, "is nested deeper than 500 levels"),
        (b'{"a": -' + b"9" * 5_000 + b', "b": "]}"}', "holds a number with more digits than Python reads"),
    ],
)
def test_a_row_of_json_that_is_not_read_costs_no_other_row(tmp_path, row, said):
    lines, array = tmp_path / "a.jsonl", tmp_path / "b.json"
    lines.write_bytes(LINE + row + b"\n" + LINE + row)
    array.write_bytes(b"[" + b",\n".join([LINE, row, LINE, row]) + b"]")
    for file, unit in ((lines, "line"), (array, "item")):
        programs = programs_of("functions", file)
        assert [program.status for program in programs] == ["ok", "rejected", "ok", "rejected"]
        for number in (2, 4):
            reason = f"row cannot be used: {file}: {unit} {number}: {said}; mend or remove that row"
            assert programs[number - 1].reason == reason
        assert len({program.source_row for program in programs}) == 4


def test_rows_that_cannot_be_used_keep_their_keys_or_differ(tmp_path):
    half = b'{"id": "%s", "code": "\\ud800", "more": %d}'
    twice = b'{"id": 1, "id": 2, "more": %d}'
    good = json.dumps(FUNCTION | {"id": "z"}).encode()
    rows = [good, half % (b"a", 1), half % (b"\\udc00", 2), half % (b"\\udc00", 3), twice % 4, twice % 5]
    lines, array = tmp_path / "a.jsonl", tmp_path / "b.json"
    lines.write_bytes(b"\n".join(rows))
    array.write_bytes(b"[" + b",".join(rows) + b"]")
    for file in (lines, array):
        keys = [program.source_row for program in programs_of("functions", file, options={"id": "id"})]
        assert keys[:2] == ["z", "a"]
        # What has no key of its own is known by its content, each the first of its kind.
        assert len({key.partition("-")[0] for key in keys}) == 6
        assert all(key.endswith("-1") for key in keys[2:])


def test_what_is_nested_as_deep_as_is_read_is_read(tmp_path):
    deep = LINE.rstrip(b"}\n") + b', "a": ' + b"[" * 499 + b"]" * 499 + b"}\n"
    (tmp_path / "a.jsonl").write_bytes(deep)
    (tmp_path / "b.json").write_bytes(b"[" + deep + b"]")
    for name in ("a.jsonl", "b.json"):
        (program,) = programs_of("functions", tmp_path / name)
        assert program.status == "ok"


def test_an_array_cut_in_a_row_that_is_not_read(tmp_path):
    path = tmp_path / "a.json"
    for cut in (b"[", b'[, "]', b'[, "\\'):
        path.write_bytes(b"[" + LINE + b',{"a": ' + b"[" * 200_000 + cut)
        refused("functions", path, r"a\.json: the file ends in the middle of item 2 of its array")
    path.write_bytes(b"[" + LINE + b"," + b"[" * 200_000)
    refused("functions", path, r"a\.json: item 2: holds '\[+', where a JSON object is expected")


def test_a_row_that_cannot_be_used_is_rejected_and_the_rest_is_read(layout, tmp_path):
    """Whatever stands in the columns of a row, it is one row with a reason, and costs no other row."""
    example = layouts.get(layout).EXAMPLE
    spoilt = [example | {column: value} for column in example for value in (None, 5, [5], {"x": [1]}, "{", "[[")]
    deep = "[" * 900 + "]" * 900
    texts = [json.dumps(row) for row in spoilt]
    texts += [
        json.dumps(example)[:-1] + f', "{column}": {value}}}' for column in example for value in (deep, '"\\ud800"')
    ]
    texts += [json.dumps(row) for row in spoilt_inside(example)]
    texts.append('{"else": 1}')
    for text in texts:
        path = tmp_path / "a.jsonl"
        path.write_text(f"{json.dumps(other_key(example, 601))}\n{text}\n{json.dumps(other_key(example, 603))}\n")
        first, *between, last = programs_of(layout, path, allow_benchmark=True)
        assert (first.status, last.status) == ("ok", "ok")
        assert [program.origin_uri for program in between] == [f"{path}#line=2"], text
        for program in between:
            assert program.status == "ok" or program.reason
    assert between[0].reason.startswith(f"row cannot be used: {path}: line 2: has no `")


def spoilt_inside(example):
    """The row with other things in its lists, in its objects, and in what its texts hold as JSON."""
    odd = (None, True, 5, "9" * 5_000, "\0", [5], [None], [[]], {}, {"x": 1}, {"inputs": ["1"], "outputs": ["1"]})
    for column, value in example.items():
        yield example | {column: "9" * 5_000}
        yield from (example | {column: [other]} for other in odd)
        inside = as_json(value) if isinstance(value, str) else value
        keep = json.dumps if isinstance(value, str) else lambda changed: changed
        if isinstance(inside, dict):
            yield from (
                example | {column: keep(inside | {key: other})} for key in [*inside, "fn_name"] for other in odd
            )
        if isinstance(inside, list) and inside and isinstance(inside[0], dict):
            yield from (example | {column: keep([inside[0] | {key: other}])} for key in inside[0] for other in odd)


@pytest.mark.parametrize("code", [None, 5, ["print(1)"], {"text": "print(1)"}])
def test_a_solution_of_code_contests_that_is_no_text(tmp_path, code):
    tests = {"input": ["1"], "output": ["1"]}
    good = {"name": "a", "description": "d", "public_tests": tests, "private_tests": tests, "generated_tests": tests}
    good["solutions"] = {"language": [3], "solution": ["print(input())"]}
    bad = good | {"name": "b", "solutions": {"language": [2, 3], "solution": [None, code]}}
    first, second = programs_of("contest", json_lines(tmp_path / "a.jsonl", good, bad))
    assert first.status == "ok"
    assert (second.source_row, second.status) == ("b/1", "rejected")
    assert "`solutions` must be an object whose list `solution` holds strings" in second.reason


def other_key(example, number):
    return {name: number if name in KEYS else value for name, value in example.items()}


def test_a_file_of_which_hardly_a_row_can_be_used_is_an_error(tmp_path):
    bad = [{"else": number} for number in range(30)]
    path = json_lines(tmp_path / "a.jsonl", *bad[:19], FUNCTION)
    assert [program.status for program in programs_of("functions", path)] == ["rejected"] * 19 + ["ok"]
    json_lines(path, *bad[:10], FUNCTION, *bad[10:])
    refused("functions", path, r"a\.jsonl: line 1: has no `id`|`code`.* \(30 of 31 rows read cannot be used\)")
    json_lines(path, *(bad * 40), *[FUNCTION] * 2_000)
    refused("functions", path, r"line 1: has no `code`.* \(1001 of 1001 rows read cannot be used\)", limit=5)


def test_truncated_and_false_compression(tmp_path):
    whole = gzip.compress(b"".join(LINE.replace(b'"1"', b'"%d"' % i) for i in range(3_000)))
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    refused("functions", tmp_path / "cut.jsonl.gz", r"cut\.jsonl\.gz: cannot be read beyond line \d+ .*cut short")
    array = gzip.compress(b"[" + b",".join([LINE] * 3_000) + b"]")
    (tmp_path / "array.json.gz").write_bytes(array[: len(array) // 2])
    refused(
        "functions", tmp_path / "array.json.gz", r"array\.json\.gz: cannot be read to the end of its array .*get the"
    )
    (tmp_path / "false.jsonl.gz").write_bytes(LINE)
    refused("functions", tmp_path / "false.jsonl.gz", r"false\.jsonl\.gz: cannot be read beyond line 0 .*compressed")
    (tmp_path / "bare.jsonl").write_bytes(whole)
    refused("functions", tmp_path / "bare.jsonl", r"bare\.jsonl: is compressed \(gzip\), .* ends in \.gz")


def test_false_and_truncated_parquet(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    path.write_bytes(LINE)
    refused("functions", path, r"a\.parquet: cannot be read beyond row 0 .*not Parquet")
    pq.write_table(pa.Table.from_pylist([FUNCTION] * 1000), path)
    path.write_bytes(path.read_bytes()[:-100])
    refused("functions", path, r"a\.parquet: cannot be read beyond row 0")
    pq.write_table(pa.Table.from_pylist([FUNCTION]).slice(0, 0), path)
    refused("functions", path, r"a\.parquet: the file is empty")


def test_file_of_another_layout(tmp_path):
    function = json_lines(tmp_path / "function.jsonl", FUNCTION)
    stdin = json_lines(tmp_path / "stdin.jsonl", STDIN)
    refused("stdin", function, r"function\.jsonl: line 1: has no `stdin`.*looks like layout functions")
    refused("functions", stdin, r"stdin\.jsonl: line 1: has no `entry_point`.*looks like layout stdin")
    refused("mbpp", function, r"function\.jsonl: line 1: has no `task_id`.*looks like layout functions")
    other = json_lines(tmp_path / "other.jsonl", {"text": "x", "label": 1})
    refused("functions", other, r"columns here: text, label\); set option `code` to the column that holds it")


def test_real_files_of_another_layout():
    refused("functions", data_file("mbpp.jsonl"), r"mbpp\.jsonl: line 1: has no `entry_point`.*looks like layout mbpp")
    refused("mbpp", data_file("HumanEval.jsonl.gz"), r"line 1: has no `code`.*looks like layout humaneval")
    refused(
        "stdin",
        data_file("gsm8k-train.jsonl"),
        r"line 1: has no `code`.*columns here: question, answer.*looks like layout gsm8k",
    )


def test_a_row_of_another_layout_is_told_apart(tmp_path):
    for other in ROW_LAYOUTS:
        path = json_lines(tmp_path / f"{other}.jsonl", layouts.get(other).EXAMPLE)
        for layout in ROW_LAYOUTS:
            if layout != other:
                refused(layout, path, rf"{other}\.jsonl: line 1: has no `\w+`.*looks like layout {other}")


def test_unknown_layout(tmp_path):
    refused("parrot", tmp_path, r"no layout 'parrot' \(there are: mbpp, .*functions, stdin\)")


def test_a_mark_of_utf8_and_blank_lines_are_no_faults(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + LINE + b"\r\n" + LINE.rstrip(b"\n"))
    first, second = programs_of("functions", path)
    assert first.origin_uri.endswith("#line=1")
    assert second.origin_uri.endswith("#line=3")


def test_anything_that_fsspec_opens_is_read():
    with fsspec.open("memory://bucket/a.jsonl.gz", "wb") as stream:
        stream.write(gzip.compress(LINE))
    (program,) = programs_of("functions", "memory://bucket/a.jsonl.gz")
    assert program.origin_uri == "memory://bucket/a.jsonl.gz#line=1"
    refused("functions", "memory://bucket/b.jsonl", "there is no such file")


def test_reading_a_long_file_takes_little_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as stream:
        for number in range(400):
            row = {**FUNCTION, "inputs": ["'" + "x" * 20_000 + f"{number}'"]}
            stream.write(json.dumps(row).encode() + b"\n")
    tracemalloc.start()
    count = sum(1 for _ in open_source(entry("functions", path)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 400
    assert peak < path.stat().st_size / 5
