"""A scripted model that makes programs: well, badly, and with hostile intent.

What it is asked for is told by the schema of the request, how it answers by the concept and by the seed.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracepile_assets_tests.models.scripted import Answer

SIGNATURE = "def count_even(numbers: list[int]) -> int"
STATEMENT = "Given a list of integers, return how many of them are even. Of an empty list the result is 0."

RIGHT = (
    "def count_even(numbers):\n    total = 0\n    for n in numbers:\n        if n % 2 == 0:\n            total += 1\n"
    "    return total\n",
    "def count_even(numbers):\n    # counts with a comprehension\n    return sum(1 for n in numbers if n % 2 == 0)\n",
    'def count_even(numbers):\n    """Count."""\n    return len([n for n in numbers if not n & 1])\n',
)
WRONG = (
    "def count_even(numbers):\n    return len(numbers)\n",
    "def count_even(numbers):\n    return sum(n for n in numbers if n % 2 == 0)\n",
    "def count_even(numbers):\n    return sum(n % 2 for n in numbers)\n",
)
HOSTILE = (
    "def count_even(numbers):\n    while True:\n        pass\n",
    "import os\n\ndef count_even(numbers):\n    os._exit(0)\n",
    "def count_even(numbers):\n    return len(open('/etc/passwd').read())\n",
    "def count_even(numbers):\n    print(2)\n    print('2', flush=True)\n",
    "class Same:\n    def __eq__(self, other):\n        return True\n    def __repr__(self):\n        return '2'\n"
    "    def __hash__(self):\n        return 2\n\ndef count_even(numbers):\n    return Same()\n",
    "import sys\n\ndef count_even(numbers):\n    frame = sys._getframe()\n    while frame:\n"
    "        for value in list(frame.f_globals.values()):\n            if hasattr(value, 'expected'):\n"
    "                return value.expected\n        frame = frame.f_back\n    return None\n",
    "def count_even(numbers):\n    return id(object())\n",
    "def count_even(numbers):\n    return count_even(numbers)\n",
    "def count_even(numbers):\n    raise SystemExit(0)\n",
    "def count_even(numbers):\n    return 'x' * 10**10\n",
)
NO_PROGRAMS = {
    "def count_even(numbers:\n": "no Python",
    "import os\nos._exit(0)\n": "acts by itself",
    "def other(numbers):\n    return 1\n": "wrong shape",
    "def count_even(numbers):\n    return 1\n\nprint(count_even([1]))\n": "acts by itself",
    "x = " + "(" * 500 + ")" * 500: "no Python",
    "#" * 30_000: "too long",
}

TESTS = (
    ("[1, 2, 3, 4]", "2"),
    ("[]", "0"),
    ("[2, 4, 6]", "3"),
    ("[1, 3, 5]", "0"),
    ("[-2, 0]", "2"),
    ("numbers=[7, 8, 9]", "1"),
)
WRONG_TESTS = (("[1, 2, 3, 4]", "3"), ("[10]", "0"))
HOSTILE_TESTS = (
    ("[1], __import__('os').system('true')", "1"),
    ("[1]", "count_even([1])"),
    ("[1]", "type('A', (), {'__eq__': lambda s, o: True})()"),
    ("[1]) or exit(", "1"),
    ("*[[1]]", "0"),
    ("[1], [2]", "0"),
    ("[" * 300 + "]" * 300, "0"),
    ("[1]", "9" * 5_000),
    ("", "0"),
    ("other=[1]", "0"),
)


def tasks(*stated: Mapping[str, str]) -> str:
    return json.dumps(
        {"tasks": [{"title": "Even", "statement": STATEMENT, "signature": SIGNATURE, **s} for s in stated]}
    )


def solution(code: str) -> str:
    return json.dumps({"code": code})


def set_of(cases: Sequence[tuple[str, str]]) -> str:
    return json.dumps({"tests": [{"arguments": arguments, "expected": expected} for arguments, expected in cases]})


def asked_for(body: Mapping[str, Any]) -> str:
    """``Tasks``, ``Solution``, ``Tests`` or ``Concepts``."""
    return body["response_format"]["json_schema"]["schema"]["title"]


def model(
    solutions: Sequence[str | Answer], test_sets: Sequence[str | Answer], stated: Callable[[str, str], str | Answer]
) -> Callable[[Mapping[str, Any]], str | Answer]:
    """A script: the n-th solution and set of tests of every task, and what is stated on a concept at a level."""

    def script(body: Mapping[str, Any]) -> str | Answer:
        what, seed = asked_for(body), body["seed"]
        said = body["messages"][-1]["content"]
        if what == "Solution":
            return solutions[seed % len(solutions)]
        if what == "Tests":
            return test_sets[seed % len(test_sets)]
        concept = said.split("<<<\n")[1].split("\n>>>")[0]
        level = said.split('difficulty "')[1].split('"')[0]
        return stated(concept, level)

    return script


def only_easy(concept: str, level: str) -> str:
    """One task on each concept, of its own; nothing at the other levels."""
    if level != "easy":
        return json.dumps({"tasks": []})
    return tasks({"title": f"Even {concept}", "statement": f"{STATEMENT} This is about {concept}."})
