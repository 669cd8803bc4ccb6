"""Tellings that answer what is asked of a call, a loop or a run as a whole, or of a part or the type of a value."""

from dataclasses import replace

import pytest

from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.questions import Question, ask
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.questions.corpus import Case

WORDS = Case(
    "words",
    "def short(words, most):\n"
    "    line = ''\n"
    "    mean = None\n"
    "    for word in words:\n"
    "        if len(line) + len(word) > most:\n"
    "            line = word\n"
    "        else:\n"
    "            line = line + word\n"
    "        mean = len(line) / 2\n"
    "        if most < 0:\n"
    "            raise ValueError(most)\n"
    "    return line, mean\n",
    "short",
    "['tree', 'oak', 'a', 'elm', 'plum'], 8",
)
COUNTS = Case(
    "counts",
    "def f(words):\n    seen = {}\n    order = [0] * 3\n    for at, word in enumerate(words):\n"
    "        seen[word] = seen.get(word, 0) + 1\n        order[at % 3] = order[at % 3] * 2 + at\n"
    "        best = max(seen.values())\n    return seen, order, best\n",
    "f",
    "['b', 'a', 'b', 'c', 'b']",
)
FACTORS = Case(
    "factors",
    "def gcd(a, b):\n    if b == 0:\n        return a\n    return gcd(b, a % b)\n"
    "def f(pairs):\n    found = []\n    for a, b in pairs:\n        found.append(gcd(a, b))\n"
    "    return found, 1 // (len(found) - 2)\n",
    "f",
    "[(12, 18), (7, 3), (5, 5)]",
)
FAILS = replace(FACTORS, name="fails", arguments="[(12, 18), (7, 3)]")

ENDS = {
    "container_slot": (COUNTS, " is now "),
    "string_state": (WORDS, " and the answer is "),
    "value_type": (WORDS, "so the answer is `float`."),
    "longest_value": (WORDS, "line is longest as "),
    "variable_changes": (WORDS, "line changed 5 times, so the answer is 5."),
    "first_moment": (WORDS, " holds for the first time after iteration "),
    "function_calls": (FACTORS, "gcd was called 9 times, so the answer is 9."),
    "recursion_depth": (FACTORS, "At most 4 calls of gcd were open at once, so the answer is 4."),
    "call_argument": (FACTORS, " is now "),
    "call_return": (FACTORS, "The answer is "),
    "next_statement": (WORDS, "The run goes on at line "),
    "unreached_statements": (WORDS, "The answer is [11]."),
    "exception_statement": (FAILS, "The exception starts at line 9, so the answer is 9."),
}


def _told(trace: Trace, question: Question) -> str:
    told = narrate(trace, question, budget=4096)
    assert isinstance(told, Narration), told
    verdict = verify(trace, told.text, question)
    assert verdict.admitted, (verdict.reason, told.text)
    return told.text


def _another(answer: str) -> str:
    if answer.isdigit():
        return str(int(answer) + 1)
    return {"float": "int", "NoneType": "int"}.get(answer, "[98]" if answer[0] == "[" else "'zz'")


@pytest.mark.parametrize("kind", ENDS)
def test_it_ends_on_what_was_asked_and_another_answer_is_blocked(kind: str) -> None:
    case, ending = ENDS[kind]
    trace = case.trace()
    questions = ask(trace, per_kind=40, kinds=[kind]).questions
    texts = [_told(trace, question) for question in questions]
    assert any(ending in text for text in texts), texts
    for question, text in zip(questions, texts, strict=True):
        # A question that states another answer, and a telling that gives it, are wrong together.
        wrong = _another(question.answer)
        head, last = text[: text.rindex(". ") + 2], text[text.rindex(". ") + 2 :]
        other = head + last.replace(question.answer, wrong)
        assert not verify(trace, other, replace(question, answer=wrong)).admitted, other


@pytest.mark.parametrize("kind", ["function_calls", "variable_changes", "unreached_statements", "longest_value"])
def test_no_answer_about_a_whole_stands_before_all_of_it_is_told(kind: str) -> None:
    case, _ = ENDS[kind]
    trace = case.trace()
    question = ask(trace, per_kind=1, kinds=[kind]).questions[0]
    sentences = _told(trace, question).split(". ")
    early = ". ".join([*sentences[: len(sentences) // 2], sentences[-1]])
    assert not verify(trace, early, question).admitted


def test_nothing_is_folded_where_every_step_counts() -> None:
    code = "def f(n):\n    t = 0\n    for k in range(n):\n        t = t * 2 % 101 + k\n    return t\n"
    trace = Case("long", code, "f", "60").trace()
    (question,) = ask(trace, kinds=["variable_changes"], per_kind=1).questions
    told = narrate(trace, question, budget=300)
    assert not isinstance(told, Narration)
    assert told.reason == "over_budget"
    assert isinstance(narrate(trace, question, budget=9_000), Narration)
