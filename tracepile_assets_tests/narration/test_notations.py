"""Notations: what they say is what Python itself shows, every cell is checked, and nothing false gets through."""

import json
import re
import sys

import pytest

from tracepile_assets.narration import NOTATIONS, Narration, Rejection, notate, verify_notation

from .runs import SMALL, embedded_runs, run, small

BUDGET = 4_096
CALLED = [name for name, (_, entry, _) in SMALL.items() if entry is not None]

NODES = (
    "class Node:\n"
    "    def __init__(self, value):\n"
    "        self.value = value\n"
    "        self.next = None\n"
    "def linked(n):\n"
    "    first = Node(1)\n"
    "    also = first\n"
    "    also.next = Node(n)\n"
    "    del first\n"
    "    return also.next.value\n"
)
SQUARES = (
    "def squares(n):\n"
    "    for i in range(n):\n"
    "        yield i * i\n"
    "def collect(n):\n"
    "    found = []\n"
    "    for square in squares(n):\n"
    "        found.append(square)  # kept = 1\n"
    "    return sorted(found, key=lambda x: -x)\n"
)
TAKES = (
    "def takes(items):\n"
    "    while items:\n"
    "        print(items.pop(), '# not a = comment')\n"
    "    if not items: return (1,\n"
    "                          2)\n"
)


def text(trace, style):
    told = notate(trace, style, budget=BUDGET)
    assert isinstance(told, Narration), told
    return told.text


def test_a_scratchpad_reads_as_shown():
    assert text(run(NODES, "linked", "3"), "scratchpad") == (
        "linked(n = 3)\n"
        "  1. first = Node(1)\n"
        "    __init__(self = Node(), value = 1)\n"
        "      2. self.value = value\n"
        "         self = Node(value=1)\n"
        "      3. self.next = None\n"
        "         self = Node(value=1, next=None)\n"
        "      returns None\n"
        "     first = Node(value=1, next=None)\n"
        "  4. also = first\n"
        "     also = Node(value=1, next=None)\n"
        "  5. also.next = Node(n)\n"
        "    __init__(self = Node(), value = 3)\n"
        "      6. self.value = value\n"
        "         self = Node(value=3)\n"
        "      7. self.next = None\n"
        "         self = Node(value=3, next=None)\n"
        "      returns None\n"
        "     first = Node(value=1, next=Node(value=3, next=None)), "
        "also = Node(value=1, next=Node(value=3, next=None))\n"
        "  8. del first\n"
        "     first is gone\n"
        "  9. return also.next.value\n"
        "  returns 3"
    )


def test_code_with_comments_reads_as_shown():
    assert text(run(TAKES, "takes", "[4, 5]"), "inline") == (
        "# takes(items = [4, 5])\n"
        "while items:  # True\n"
        "    print(items.pop(), '# not a = comment')  # items = [4]\n"
        "    # prints '5 # not a = comment\\n'\n"
        "while items:  # True\n"
        "    print(items.pop(), '# not a = comment')  # items = []\n"
        "    # prints '4 # not a = comment\\n'\n"
        "while items:  # False\n"
        "if not items:  # True\n"
        "    return (1, 2)  # returns (1, 2)"
    )


@pytest.mark.parametrize("name", [name for name in CALLED if name != "pairs"])
def test_frames_hold_what_the_interpreter_shows_before_each_line(name):
    code, entry, arguments = SMALL[name]
    said = [
        (frame[1], json.loads(frame[2] or "{}"), frame[3], frame[4] and json.loads(frame[4]))
        for frame in re.finditer(
            r"<\|(\w+)_sep\|>(.*?)<\|action_sep\|>(.*?)(?:<\|arg_sep\|>(.*?))?<\|frame_sep\|>",
            text(small(name), "cwm"),
            re.DOTALL,
        )
    ]
    assert said == seen_by_settrace(code, entry, arguments)


def seen_by_settrace(code, entry, arguments):
    """The frames of a call as Python's own tracing shows them."""
    source = code.split("\n")
    found = []
    shown = {}

    def written(value):
        try:
            told = json.dumps(value)
            return told if json.loads(told) == value and not isinstance(value, tuple) else repr(value)
        except TypeError:
            return repr(value)

    def trace(frame, what, argument):
        if frame.f_code.co_filename != "<program>" or frame.f_code.co_name == "<module>":
            return None
        line = source[frame.f_lineno - 1] + "\n"
        if what in ("call", "line"):
            held = {name: written(value) for name, value in frame.f_locals.items()}
            before = shown.get(frame, {})
            shown[frame] = held
            told = {name: ".." if before.get(name) == value else value for name, value in held.items()}
            found.append((what, told, line, None))
        elif what == "exception":
            found.append(("exception", {}, line, repr(argument[1])))
        elif what == "return" and found[-1][0] != "exception":
            found.append(("return", {}, line, written(argument)))
        return trace

    namespace = {}
    exec(compile(code, "<program>", "exec"), namespace)
    call = compile(f"{entry}({arguments})", "<call>", "eval")
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        eval(call, namespace)
    finally:
        sys.settrace(before)
    return found


@pytest.mark.parametrize("source", ["algorithms", "mathematics", "competition"])
def test_every_run_in_a_notation_is_admitted_whole(source):
    told = 0
    for name, trace in embedded_runs(source):
        for style in NOTATIONS:
            made = notate(trace, style, budget=2_048)
            if isinstance(made, Narration):
                verdict = verify_notation(trace, made.text, style)
                assert (verdict.admitted, verdict.coverage) == (True, 1.0), (name, style, verdict.reason)
                assert all(made.text[claim.start : claim.end] == claim.says for claim in verdict.claims)
                told += 1
            else:
                assert made.reason in ("over_budget", "not_narrated"), (name, style, made)
    assert told > 15


@pytest.mark.parametrize("style", NOTATIONS)
@pytest.mark.parametrize("name", ["search", "tally", "divide", "fib"])
def test_no_digit_can_be_another_one(name, style):
    trace = small(name)
    told = text(trace, style)
    for match in re.finditer(r"\d", told):
        other = str((int(match.group()) + 1) % 10)
        changed = told[: match.start()] + other + told[match.end() :]
        assert not verify_notation(trace, changed, style).admitted, changed[: match.end()]


@pytest.mark.parametrize("style", NOTATIONS)
@pytest.mark.parametrize("name", ["search", "tally", "divide", "first_factor"])
def test_no_line_can_be_missing_twice_there_or_elsewhere(name, style):
    trace = small(name)
    ends = "<|frame_sep|>" if style == "cwm" else "\n"
    lines = [line + ends for line in text(trace, style).removesuffix(ends).split(ends)]
    for at in range(len(lines)):
        others = [
            [*lines[:at], *lines[at + 1 :]],
            [*lines[:at], lines[at], lines[at], *lines[at + 1 :]],
            [*lines[:at], *lines[at + 1 : at + 2], lines[at], *lines[at + 2 :]],
        ]
        for changed in others:
            if changed != lines:
                said = "".join(changed) if style == "cwm" else "".join(changed).removesuffix("\n")
                assert not verify_notation(trace, said, style).admitted, said


@pytest.mark.parametrize(
    ("style", "old", "new"),
    [
        ("scratchpad", "     yes\n", "     no\n"),
        ("scratchpad", "  returns 4", "  raises ValueError('4')"),
        ("scratchpad", "mid = 3", "hi = 3"),
        ("scratchpad", "     mid = 3\n", "     mid = 3, lo = 0\n"),
        ("scratchpad", "     lo = 0, hi = 6\n", "     lo = 0\n"),
        ("scratchpad", "     mid = 3\n", "     mid = 3, mid = 3\n"),
        ("scratchpad", "mid + 1", "mid - 1"),
        ("scratchpad", "search(", "seek("),
        ("scratchpad", "  1. lo", "      1. lo"),
        ("scratchpad", "  2. while", "  02. while"),
        ("scratchpad", "  2. while", "  \uff12. while"),
        ("inline", "    mid = (lo", "mid = (lo"),
        ("inline", "    mid = (lo", "     mid = (lo"),
        ("inline", "# True", "# False"),
        ("inline", "  # mid = 3", ""),
        ("inline", "lo = 4", "lo is gone"),
        ("inline", "returns 4", "yields 4"),
        ("cwm", '"target": ".."', '"target": "17"'),
        ("cwm", '"lo": "0"', '"lo": ".."'),
        ("cwm", '"lo": "0"', '"lo": "0.0"'),
        ("cwm", '"lo": "0", ', ""),
        ("cwm", '"target": "16"', '"target": "16", "extra": "1"'),
        ("cwm", "return_sep", "exception_sep"),
        ("cwm", '"4"<|frame_sep|>', "4<|frame_sep|>"),
    ],
)
def test_single_faults_are_contradicted_or_unread(style, old, new):
    trace = small("search")
    told = text(trace, style)
    assert old in told
    verdict = verify_notation(trace, told.replace(old, new, 1), style)
    assert not verdict.admitted
    assert verdict.reason


@pytest.mark.parametrize("style", NOTATIONS)
@pytest.mark.parametrize(
    "said",
    [
        "",
        "\n",
        "It returns 4.",
        "<|call_sep|>",
        "{" * 5_000,
        "# " * 5_000,
        "1. " * 5_000,
        "a = '",
        "<|call_sep|>[1]<|action_sep|>x<|frame_sep|>",
    ],
)
def test_what_is_no_notation_is_blocked_with_a_reason(style, said):
    verdict = verify_notation(small("search"), said, style)
    assert not verdict.admitted
    assert verdict.reason


def test_a_generator_has_no_frames_but_lines():
    trace = run(SQUARES, "collect", "3")
    assert notate(trace, "cwm", budget=BUDGET) == Rejection(
        unit="deterministic:cwm", reason="not_narrated", detail="a generator"
    )
    for style in ("scratchpad", "inline"):
        told = text(trace, style)
        assert "squares goes on" in told
        assert "<lambda>" not in told
        assert verify_notation(trace, told, style).admitted


@pytest.mark.parametrize("style", NOTATIONS)
def test_what_is_too_long_is_a_rejection(style):
    told = notate(run(*SMALL["squares"][:2], "500"), style, budget=512)
    assert isinstance(told, Rejection)
    assert told.reason == "over_budget"
