"""What the run did not do is not admitted, though it were true: made-up equations, wrong reasons, later iterations."""

import pytest

from tracepile_assets.narration import verify
from tracepile_assets_tests.narration.runs import SMALL, run

SEARCH, FIB, EVENS, SUMS = SMALL["search"], SMALL["fib"], SMALL["evens"], SMALL["sums"]
BEST = (
    "def best(items):\n"
    "    top = 0\n"
    "    for item in items:\n"
    "        if item > top:\n"
    "            top = item\n"
    "            continue\n"
    "    return top\n",
    "best",
    "[3, 1, 7]",
)
GRADE = (
    "def grade(points):\n"
    "    if points > 8:\n"
    "        mark = 'a'\n"
    "    elif points > 5:\n"
    "        mark = 'b'\n"
    "    else:\n"
    "        mark = 'c'\n"
    "    return mark\n",
    "grade",
    "7",
)
STACKS = (
    "class Stack:\n"
    "    def __init__(self):\n"
    "        self.items = []\n"
    "    def push(self, item):\n"
    "        self.items.append(item)\n"
    "def fill(n):\n"
    "    left, right = Stack(), Stack()\n"
    "    left.push(n)\n"
    "    return n\n",
    "fill",
    "4",
)
HASHED = (
    "def hashed(text, n):\n"
    "    if hash(text) % 1 < n:\n"
    "        n += 1\n"
    "    return (hash(text) % 1 + n) + (hash(text) % 1 + 9)\n",
    "hashed",
    "'ab', 2",
)
CAUGHT = (
    "def inner(n):\n"
    "    return 1 // n\n"
    "def outer(n):\n"
    "    try:\n"
    "        return inner(n)\n"
    "    except ZeroDivisionError:\n"
    "        return -1\n",
    "outer",
    "0",
)
REST = ("def rest(items):\n    if items:\n        return items[1:]\n    return items\n", "rest", "[]")
DOWN = ("def down(n):\n    if n:\n        return n - 1\n    return n\n", "down", "0")

_START = "We call search([2, 5, 8, 12, 16, 23, 38], 16). lo = 0 and hi = 7 - 1 = 6. 0 <= 6, so mid = (0 + 6) // 2 = 3. "
_ON = "12 == 16 fails, but 12 < 16 holds, so lo = 3 + 1 = 4. "
_FOUND = _START + "mid is 3. " + _ON + "The call returns 4."
_BEST = (
    "We call best([3, 1, 7]). top = 0. For item = 3, 3 > 0, so top = 3. Continue moves on to the next iteration. "
    "For item = 1, 1 > 3 fails. For item = 7, 7 > 3, so top = 7. items is exhausted after 3 iterations. "
    "The call returns 7."
)
_PASSED = (
    "We call best([3, 1, 7]). top = 0; after the pass with item = 3: top = 3. Nothing changes in the passes with "
    "item = 1 to item = 1. items is exhausted after 3 iterations. The call returns 7."
)
_GRADE = (
    "We call grade(7). 7 > 8 fails. The if branch is skipped. 7 > 5, so the elif branch is taken: mark = 'b'. "
    "The call returns 'b'."
)
_FIB = "We call fib(4). 4 < 2 fails. This calls fib(3). The call returns 2. The call returns 2 + 1 = 3."
_HASHED = "We call hashed('ab', 2). `hash(text) % 1 < n` holds, so n = 2 + 1 = 3. The call returns 12."
_SUMS = (
    "The run starts. The first input line is '2'. n = 2. The next input line is '3 4'. a = 3 and b = 4. "
    "total = 0 + 3 * 4 = 12. This prints 12. a = 5 and b = 6. total = 12 + 5 * 6 = 42. This prints 42."
).removeprefix("The run starts. ")
_STACKS = "We call fill(4). This calls left.push(4). The call is over. The call returns 4."
_CAUGHT = (
    "We call outer(0). This calls inner(0). This raises ZeroDivisionError('integer division or modulo by zero'). "
    "Nothing in inner catches it. The call returns -1."
)
_EVENS = "We call evens([4, 5, 4, 0, 7, 8]). kept = []. kept.append(4) leaves kept = [4]. The call returns [4, 0, 8]."

CASES = {
    "equation of constants": (SEARCH, _FOUND, "mid is 3", "With 1 + 2 = 3"),
    "truth of constants": (SEARCH, _FOUND, "mid is 3", "With `False or True` = True"),
    "constants behind a value": (SEARCH, _FOUND, "mid is 3", "With mid = 2 + 1 = 3"),
    "constant that is itself": (SEARCH, _FOUND, "mid is 3", "3 is 3"),
    "made-up expression": (SEARCH, _FOUND, "mid is 3", "hi * 2 is 12"),
    "made-up index": (SEARCH, _FOUND, "mid is 3", "nums[1 + 2] is 12"),
    "reason without a test": (SEARCH, _FOUND, "lo = 0 and hi", "lo = 0, so hi"),
    "reason at the beginning of a sentence": (SEARCH, _FOUND, "lo = 0 and hi", "lo = 0. So hi"),
    "reason that is another test": (SEARCH, _FOUND, "16 fails, but 12 < 16 holds, so lo", "16 fails, so lo"),
    "reason of another test": (SEARCH, _FOUND, "16 fails, but 12 < 16 holds", "16 fails, so 12 < 16 holds"),
    "reason of the next iteration": (BEST, _BEST, "1 > 3 fails. For item = 7", "1 > 3 fails, so for item = 7"),
    "pass named by a sum": (BEST, _PASSED, "the pass with item = 3:", "the pass with item = 2 + 2 = 3:"),
    "passes up to a sum": (BEST, _PASSED, "with item = 1 to item = 1.", "with item = 1 to item + 0 = 1."),
    "digit that only looks like one": (BEST, _BEST, "after 3 iterations", "after \uff13 iterations"),
    "comment in code": (SEARCH, _FOUND, "12 == 16 fails", "`nums[mid] == target  # as ever` fails"),
    "still, though just set": (SEARCH, _FOUND, "mid is 3", "mid is still 3"),
    "answer at the beginning": (SEARCH, _FOUND, " lo = 0 and", " The answer is 4. lo = 0 and"),
    "answer instead of the run": (SEARCH, _FOUND, "The call returns 4", "The answer is 4"),
    "digit before a word": (SEARCH, _FOUND, "mid is 3", "7mid is 3"),
    "step of a later iteration": (BEST, _BEST, "fails. For item = 7, 7 > 3, so top", "fails. top"),
    "jump of a later iteration": (
        BEST,
        _BEST,
        "For item = 7, 7 > 3, so top = 7",
        "Continue moves on to the next iteration",
    ),
    "third value as the first": (BEST, _BEST, "For item = 7, 7 > 3", "item starts at 7, 7 > 3"),
    "elif as if": (GRADE, _GRADE, "the elif branch is taken", "the if branch is taken"),
    "if as elif": (GRADE, _GRADE, "The if branch is skipped", "The elif branch is skipped"),
    "elif as else": (GRADE, _GRADE, "The if branch is skipped", "The else branch is taken"),
    "argument worked out otherwise": (FIB, _FIB, "calls fib(3)", "calls fib(1 + 2)"),
    "argument without a parameter": (FIB, _FIB, "calls fib(3)", "calls fib(3, times=1)"),
    "object of a method": (STACKS, _STACKS, "left.push", "right.push"),
    "unknown operand of a test": (HASHED, _HASHED, "`hash(text) % 1 < n` holds", "1 < 2 holds"),
    "unknown operand of a return": (HASHED, _HASHED, "returns 12", "returns 2 + 10 = 12"),
    "second line as the first": (SUMS, _SUMS, "The next input line", "The first input line"),
    "output before it is written": (SUMS, _SUMS, " a = 3", " In all the output is '12\\n42\\n'. a = 3"),
    "exception caught further out": (CAUGHT, _CAUGHT, "Nothing in inner catches", "Nothing catches"),
    "number that is empty": (DOWN, "We call down(0). n is zero, so it returns 0.", "zero", "empty"),
    "list that is zero": (REST, "We call rest([]). items is empty, so it returns [].", "empty", "zero"),
    "left by another statement": (EVENS, _EVENS, "leaves kept = [4]", "leaves items[0] = 4"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_blocked_in_a_telling_that_is_admitted_without_it(case: str) -> None:
    program, text, true, false = CASES[case]
    trace = run(*program)
    verdict = verify(trace, text)
    assert verdict.admitted, verdict.reason
    assert text.count(true) == 1
    assert not verify(trace, text.replace(true, false)).admitted
