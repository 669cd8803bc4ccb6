"""The verifier can say no: one planted change that makes a true telling false is blocked."""

import ast
import random
import re
from collections import Counter
from collections.abc import Iterator

from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.narration.runs import SMALL, asking, embedded_runs, small

_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_OTHER = {
    "+": "-",
    "-": "+",
    "*": "+",
    "//": "*",
    "%": "//",
    "<=": ">",
    ">=": "<",
    "<": ">=",
    ">": "<=",
    "==": "!=",
    "!=": "==",
}
_BRANCH = {"holds": "fails", "fails": "holds", "is true": "is false", "is false": "is true", "is not in": "is in"}
_PER_KIND = 3


def _places(pattern: str, text: str) -> list[re.Match[str]]:
    strings = [match.span() for match in _STRING.finditer(text)]
    return [m for m in re.finditer(pattern, text) if not any(a <= m.start() < b for a, b in strings)]


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _mutants(text: str, trace: Trace, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Pairs of a kind of change and the changed text. Each is false: what it says of its step is not what happened
    there."""
    for match in _some(_places(r"(?<![\w.])\d+(?![\w.]*\w)", text), rng, 2 * _PER_KIND):
        counted = re.match(r" (iterations?|times?)\b", text[match.end() :]) or text[: match.start()].endswith(
            "iteration "
        )
        kind = "count" if counted else "answer" if "answer is" in text[: match.start()] else "value"
        yield kind, _put(text, match, str(int(match.group()) + rng.choice((1, 2, 7))))
    for match in _some(_places(r"(?<= )(?:\+|-|\*|//|%|<=|>=|<|>|==|!=)(?= )", text), rng):
        yield "operator", _put(text, match, _OTHER[match.group()])
    for match in _some(_places(r"\b(?:holds|fails|is true|is false|is not in)\b", text), rng):
        yield "branch", _put(text, match, _BRANCH[match.group()])
    names = sorted({node.id for node in ast.walk(trace.syntax.tree) if isinstance(node, ast.Name)})
    for match in _some([m for m in _places(r"\b[A-Za-z_]\w*\b(?= = )", text) if m.group() in names], rng):
        others = [name for name in names if name != match.group()]
        if others:
            yield "name", _put(text, match, rng.choice(others))
    for match in _some(_places(r"\bis exhausted after\b", text), rng):
        yield "reason", _put(text, match, "is left by break after")
    for match in _some(_places(r"\bthe loop ends after\b", text), rng):
        yield "reason", _put(text, match, "the loop is left by break after")
    for match in _some(_places(r"[Bb]reak leaves the loop in iteration", text), rng):
        yield "reason", _put(text, match, "the loop is left by return after")
    sentences = re.split(r"(?<=\.) (?=[A-Za-z0-9])", text)
    for _ in range(_PER_KIND if len(sentences) > 4 else 0):
        first = rng.randrange(1, len(sentences) - 2)
        if sentences[first] != sentences[first + 1]:
            swapped = sentences[:]
            swapped[first : first + 2] = sentences[first + 1], sentences[first]
            yield "swap", " ".join(swapped)


def _some(matches: list[re.Match[str]], rng: random.Random, most: int = _PER_KIND) -> list[re.Match[str]]:
    return rng.sample(matches, min(most, len(matches)))


def test_planted_changes_are_blocked() -> None:
    rng = random.Random(20)
    made: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    examples = []
    runs = [(name, small(name)) for name in SMALL]
    runs += embedded_runs("algorithms")
    for name, trace in runs:
        if len(trace) > 160 or (trace.recording.return_value is None and trace.entry_point):
            continue
        question = None
        if trace.entry_point:
            question = asking(trace.recording.return_value or "")
        told = narrate(trace, question, seed=name)
        if not isinstance(told, Narration):
            continue
        assert verify(trace, told.text, question).admitted, name
        for kind, changed in _mutants(told.text, trace, rng):
            if changed == told.text:
                continue
            made[kind] += 1
            if verify(trace, changed, question).admitted:
                missed[kind] += 1
                examples.append((name, kind, changed))
    for kind in sorted(made):
        print(f"{kind}: {made[kind] - missed[kind]} of {made[kind]} blocked")
    assert sum(made.values()) > 250
    assert sum(missed.values()) <= 0.01 * sum(made.values()), examples[:3]
    for kind, number in made.items():
        assert missed[kind] <= max(1, 0.02 * number), (kind, [e for e in examples if e[1] == kind][:2])


def test_a_telling_cut_short_of_its_answer_is_blocked() -> None:
    for name in SMALL:
        trace = small(name)
        if not trace.entry_point:
            continue
        question = asking(trace.recording.return_value or "")
        told = narrate(trace, question)
        assert isinstance(told, Narration)
        cut = told.text[: told.text.rindex("The answer is")].rstrip()
        assert not verify(trace, cut, question).admitted
        assert not verify(trace, told.text[:-1], question).admitted
