"""`tracepile verify`: what a shell sees of a true text, a false one, and of what cannot be checked."""

import json

import pytest

from tracepile_assets.cli.trace import _as_json
from tracepile_assets_tests.narration.runs import SMALL, small

TOLD = (
    "We call search([2, 5, 8, 12, 16, 23, 38], 16). lo = 0 and hi = len(nums) - 1 = 7 - 1 = 6. lo <= hi is 0 <= 6, "
    "which holds. mid = (0 + 6) // 2 = 3. nums[mid] == target is 12 == 16, which fails. 12 < 16 holds, so "
    "lo = 3 + 1 = 4. 4 <= 6 holds. mid = (4 + 6) // 2 = 5. 23 == 16 fails. 23 < 16 fails, so hi = 5 - 1 = 4. "
    "4 <= 4 holds. mid = (4 + 4) // 2 = 4. 16 == 16 holds, so it returns mid = 4. The answer is 4."
)


CALL = "search([2, 5, 8, 12, 16, 23, 38], 16)"


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "search.json"
    path.write_text("".join(_as_json(small("search"), CALL, True)))
    return path


def test_a_true_text_is_admitted(tracepile, tmp_path):
    (tmp_path / "search.py").write_text(SMALL["search"][0])
    printed = tracepile("trace", tmp_path / "search.py", "--call", CALL, "--format", "json", "--full-state")
    path = tmp_path / "search.json"
    path.write_text(printed.stdout)
    result = tracepile("verify", path, "-", "--json", input=TOLD)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["schema"], told["admitted"], told["reason"]) == ("tracepile/verdict/1", True, None)
    assert told["coverage"] == 1
    for claim in told["claims"]:
        assert TOLD[claim["start"] : claim["end"]] == claim["says"]
        assert claim["verdict"] == "verified"


def test_a_false_text_is_blocked_and_the_span_is_named(tracepile, run, tmp_path):
    path = tmp_path / "told.txt"
    path.write_text(TOLD.replace("mid = (4 + 6) // 2 = 5", "mid = (4 + 6) // 2 = 6"))
    result = tracepile("verify", run, path)
    assert result.exit_code == 1
    assert "blocked: contradicted: 'mid = (4 + 6) // 2 = 6' (mid becomes 5)" in result.stdout
    told = json.loads(tracepile("verify", run, path, "--json").stdout)
    assert next(c["says"] for c in told["claims"] if c["verdict"] != "verified") == "mid = (4 + 6) // 2 = 6"


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "the text is empty"), (" \n", "the text is empty"), ("lo = 0. " * 40_000, "at most 200,000 are checked")],
    ids=["empty", "blank", "huge"],
)
def test_a_text_that_cannot_be_checked(tracepile, run, text, message):
    result = tracepile("verify", run, "-", input=text)
    assert result.exit_code == 2
    assert message in result.output


def test_files_that_cannot_be_read(tracepile, run, tmp_path):
    (tmp_path / "latin.txt").write_bytes(b"\xe9\xe8")
    for arguments, message in (
        ((tmp_path / "none.json", "-"), "No such file"),
        ((run, tmp_path / "none.txt"), "No such file"),
        ((run, tmp_path / "latin.txt"), "not UTF-8"),
        ((tmp_path, "-"), "Is a directory"),
    ):
        result = tracepile("verify", *arguments, input=TOLD)
        assert (result.exit_code, message in result.output) == (2, True), result.output


def _change(path, key, value):
    def change(told):
        at = told
        for step in path:
            at = at[step]
        at[key] = value

    return change


FORGED = {
    "schema": (_change([], "schema", "tracepile/trace/9"), "its schema is"),
    "no code": (lambda told: told.pop("code"), "has no 'code'"),
    "code": (_change([], "code", "def ("), "does not parse"),
    "call": (_change([], "call", "search"), "is not a call"),
    "entry point": (_change([], "entry_point", "find"), "the entry point is find"),
    "kind": (_change(["events", 3], "kind", "jump"), "unknown kind"),
    "statement": (_change(["events", 3], "statement", 99), "the code has 10"),
    "line": (_change(["events", 3], "line", 1), "event 3 is on line 1"),
    "frame": (_change(["events", 3], "frame_id", 5), "which no call has made"),
    "type": (_change(["events", 3], "statement", "2"), "'statement' of event 3 is str"),
    "state": (_change(["events", 3, "state"], "lo", "1"), "the state at event 3"),
    "change": (_change(["events", 2, "changes", 0], "value", "1"), "is not what the changes"),
    "place": (_change(["events", 2, "changes", 0], "place", "#9[0]"), "does not fit the state"),
    "cause": (_change(["events", 2, "changes", 0], "cause", 7), "the cause 7"),
    "result": (_change([], "return_value", "5"), "'return_value' is '5'"),
    "after the end": (lambda told: told["events"].append(told["events"][1]), "has ended"),
    "no events": (lambda told: told.update(events=[]), "the run has no events"),
}


@pytest.mark.parametrize("forged", FORGED)
def test_forged_traces_are_refused(tracepile, run, tmp_path, forged):
    told = json.loads(run.read_text())
    change, message = FORGED[forged]
    change(told)
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(told))
    result = tracepile("verify", path, "-", input=TOLD)
    assert (result.exit_code, message in " ".join(result.output.split())) == (2, True), result.output


@pytest.mark.parametrize("broken", ["", "{", "[]", "3", '{"schema": 1}', "[" * 100_000])
def test_broken_json_is_refused(tracepile, tmp_path, broken):
    path = tmp_path / "broken.json"
    path.write_text(broken)
    result = tracepile("verify", path, "-", input=TOLD)
    assert (result.exit_code, "error:" in result.output) == (2, True), result.output
