"""`tracepile trace`, seen as another program would see it: through its JSON."""

import json

import pytest

GCD = """\
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
"""


@pytest.fixture
def gcd(tmp_path):
    path = tmp_path / "gcd.py"
    path.write_text(GCD)
    return path


def as_json(result):
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_call_as_json(tracepile, gcd):
    told = as_json(tracepile("trace", gcd, "--call", "gcd(12, b=18)", "--format", "json"))
    assert told["schema"] == "tracepile/trace/1"
    assert told["code"] == GCD
    assert told["call"] == "gcd(12, b=18)"
    assert told["entry_point"] == "gcd"
    assert (told["status"], told["return_value"], told["stdout"], told["exception"]) == ("ok", "6", "", None)
    assert told["truncated"] is False
    assert told["events"][0]["kind"] == "call"
    assert [event["line"] for event in told["events"] if event["kind"] == "line"] == [2, 3, 2, 3, 2, 3, 2, 4]
    last = told["events"][-1]
    assert (last["kind"], last["value"], last["depth"], last["function"]) == ("return", "6", 0, "gcd")
    assert all("state" not in event for event in told["events"])


def test_full_state_gives_what_is_visible_at_every_event(tracepile, gcd):
    told = as_json(tracepile("trace", gcd, "--call", "gcd(12, 18)", "--format", "json", "--full-state"))
    headers = [event["state"] for event in told["events"] if event["kind"] == "line" and event["line"] == 2]
    assert headers == [{"a": "12", "b": "18"}, {"a": "18", "b": "12"}, {"a": "12", "b": "6"}, {"a": "6", "b": "0"}]


def test_changes_name_place_and_cause(tracepile, gcd):
    told = as_json(tracepile("trace", gcd, "--call", "gcd(12, 18)", "--format", "json"))
    assert told["events"][0]["changes"] == [
        {"cause": -1, "place": "f0.a", "op": "set", "value": "12"},
        {"cause": -1, "place": "f0.b", "op": "set", "value": "18"},
    ]
    [first, *_] = [event for event in told["events"][1:] if event["changes"]]
    assert {(change["place"], change["value"]) for change in first["changes"]} == {("f0.a", "18"), ("f0.b", "12")}


def test_a_program_that_reads_stdin(tracepile, tmp_path):
    program = tmp_path / "echo.py"
    program.write_text("name = input()\nprint('hello', name)\n")
    (tmp_path / "in.txt").write_text("ann\n")
    from_file = as_json(tracepile("trace", program, "--stdin", tmp_path / "in.txt", "--format", "json"))
    from_ours = as_json(tracepile("trace", program, "--stdin", "-", "--format", "json", input="ann\n"))
    assert from_file["stdout"] == "hello ann\n"
    assert from_file == from_ours
    assert from_file["stdin"] == "ann\n"
    assert "call" not in from_file


@pytest.mark.parametrize(
    ("code", "call", "status"),
    [
        ("def f(:\n", "f()", "rejected"),
        ("def f():\n    return 1 / 0\n", "f()", "exception"),
        ("def f():\n    while True:\n        pass\n", "f()", "event_limit"),
        ("import no_such_module\n\ndef f():\n    return 1\n", "f()", "exception"),
    ],
)
def test_every_ending_is_a_status(tracepile, tmp_path, code, call, status):
    program = tmp_path / "program.py"
    program.write_text(code)
    result = tracepile("trace", program, "--call", call, "--format", "json")
    assert result.exit_code == (status == "rejected")
    told = json.loads(result.stdout)
    assert told["status"] == status
    assert told["reason"] or told["exception"]


def test_text_for_a_person(tracepile, gcd):
    result = tracepile("trace", gcd, "--call", "gcd(12, 18)")
    assert result.exit_code == 0
    assert "while b:" in result.output
    assert "f0.a = 18" in result.output
    assert "return  6" in result.output


@pytest.mark.parametrize("call", ["gcd", "gcd(12", "gcd(1)(2)()", "1 + 1"])
def test_what_is_no_call_is_refused(tracepile, gcd, call):
    result = tracepile("trace", gcd, "--call", call)
    if call == "gcd(1)(2)()":
        assert result.exit_code == 0  # a call all the same: the run tells what is wrong with it
    else:
        assert result.exit_code == 2
        assert "--call" in result.output


def test_a_missing_file_is_named(tracepile):
    result = tracepile("trace", "nowhere.py", "--call", "f()")
    assert result.exit_code == 2
    assert "nowhere.py" in result.output


def test_tracing_makes_no_home(tracepile, gcd, tmp_path):
    tracepile("trace", gcd, "--call", "gcd(12, 18)")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfdef f():\n    return '\xc3\xa9'\n",
        b"# -*- coding: latin-1 -*-\ndef f():\n    return '\xe9'\n",
        "def f():\r\n    return 'é'\r\n".encode(),
    ],
    ids=["byte order mark", "another encoding", "carriage returns"],
)
def test_a_file_is_read_as_python_reads_it(tracepile, tmp_path, source):
    (tmp_path / "a.py").write_bytes(source)
    result = tracepile("trace", str(tmp_path / "a.py"), "--call", "f()", "--format", "json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["return_value"] == "'é'"


def test_a_file_in_no_encoding_is_named(tracepile, tmp_path):
    (tmp_path / "a.py").write_bytes(b"def f():\n    return '\xe9'\n")
    result = tracepile("trace", str(tmp_path / "a.py"), "--call", "f()")
    assert result.exit_code == 2
    assert "a.py" in result.output and "encoding" in result.output
