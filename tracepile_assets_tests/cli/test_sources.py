"""`tracepile sources`: adding, listing, removing, and what is said about a file that cannot be used."""

import json

import pytest

ROW = {"id": "one", "code": "def one():\n    return 1\n", "entry_point": "one", "inputs": [""], "expected": ["1"]}


@pytest.fixture
def programs(tmp_path):
    path = tmp_path / "programs.jsonl"
    path.write_text(json.dumps(ROW) + "\n")
    return path


def test_a_source_is_added_listed_and_removed(tracepile, programs, tmp_path):
    added = tracepile("sources", "add", "mine", "programs.jsonl", "--layout", "functions", "--license", "MIT")
    assert added.exit_code == 0, added.output
    registry = (tmp_path / "home" / "sources.toml").read_text()
    assert "[mine]" in registry
    assert f'path = "{programs}"' in registry, "a relative path is made absolute"
    listed = tracepile("sources", "list")
    rows = [line.split("\t") for line in listed.stdout.splitlines()]
    assert ["mine", "functions", "algorithms", "MIT", "not built yet", "", str(programs)] in rows
    assert tracepile("sources", "remove", "mine").exit_code == 0
    assert "mine" not in (tmp_path / "home" / "sources.toml").read_text()


def test_a_name_is_taken_once(tracepile, programs):
    tracepile("sources", "add", "mine", programs, "--layout", "functions")
    again = tracepile("sources", "add", "mine", programs, "--layout", "functions")
    assert again.exit_code == 1
    assert "there is a source 'mine' already" in again.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "programs.jsonl"),
        ("", "programs.jsonl"),
        (json.dumps(ROW) + "\n" + json.dumps(ROW)[:20], "2"),
        (json.dumps(ROW) + "\n" + json.dumps(ROW) + "\n", "one"),
        ('{"nothing": "of ours"}\n', "1"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(tracepile, programs, tmp_path, content, said):
    programs.unlink()
    if content is not None:
        programs.write_text(content)
    result = tracepile("sources", "add", "mine", programs, "--layout", "functions")
    assert result.exit_code == 1, result.output
    assert "programs.jsonl" in result.output
    assert said in result.output
    assert "[mine]" not in (tmp_path / "home" / "sources.toml").read_text()


def test_an_unknown_layout_is_told_with_those_there_are(tracepile, programs):
    result = tracepile("sources", "add", "mine", programs, "--layout", "parquet")
    assert result.exit_code == 1
    assert "functions" in result.output


def test_removing_what_is_not_there(tracepile):
    result = tracepile("sources", "remove", "nothing")
    assert result.exit_code == 1
    assert "there is no source 'nothing'" in result.output
