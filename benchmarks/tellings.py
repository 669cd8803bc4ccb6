"""Measures the verifier on foreign tellings: true ones that it blocks, and single planted faults that it lets through.

    python -m benchmarks.tellings FOLDER

FOLDER holds JSON lines with `id`, `code`, `call`, `result`, `style`, `text`. There are no structured claims to plant
by, so a planted fault counts as false when the planted value is held by the named variable at no event of the run, the
count differs from every count of its kind, or the comparison, made of numbers alone, does not come out as told; all
others are set aside and counted. What is held is read off the states that the independent evaluator keeps.

Belongs here: planting by plain patterns, judging, counting. Does not belong here: any reading of the verifier's own.
"""

import argparse
import ast
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.narration.verifier import verify
from tracepile_assets.quality.independent import CannotTell, Document, document_of
from tracepile_assets.quality.independent.arithmetic import spelled, value_of
from tracepile_assets.quality.independent.states import States
from tracepile_assets.trace_model.document import split_call
from tracepile_assets.trace_model.trace import Trace

KINDS = ("value", "operator", "branch", "count", "name", "answer")

_LITERAL = r"(?P<literal>-?\d+(?:\.\d+)?(?![\w.]*\w)|'[^'\n]*'|\"[^\"\n]*\"|True\b|False\b|None\b)"
_LINK = r"(?:\s*(?:=|->|→)\s*|\s+(?:is|becomes|stays|equals|starts at|goes to|drops to|reaches)(?: now| still)?\s+)"
_SIGN = r"(?P<sign><=|>=|==|!=|<|>)"
_OTHER = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_WORDS = {
    "true": "false",
    "false": "true",
    "True": "False",
    "False": "True",
    "holds": "fails",
    "fails": "holds",
    "even": "odd",
    "odd": "even",
}
_SPELLED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = (
    r"(?P<count>\d+|"
    + "|".join(_SPELLED[1:])
    + r") (?P<noun>rounds|passes|iterations|round|pass|iteration|calls|call)\b"
)


class Fault(NamedTuple):
    """A planted fault: its kind, the changed text, whether it is false (None: set aside), and what was changed."""

    kind: str
    text: str
    false: bool | None
    what: str


def runs(folder: Path) -> Iterator[tuple[dict[str, Any], Trace]]:
    """The tellings with their recorded runs."""
    rows = [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    jobs = []
    for row in rows:
        entry_point, arguments = split_call(row["call"])
        jobs.append(Job(row["id"], row["code"], entry_point, (RunInput("0", arguments=arguments),)))
    with Pool(workers=2, limits=Limits(events=20_000)) as pool:
        for row, (job, [outcome]) in zip(rows, pool.run(jobs), strict=True):
            if outcome.recording.return_value is None:
                print(f"no run: {row['id']}: {outcome.recording.status} {outcome.recording.exception}")
                continue
            arguments = job.inputs[0].arguments
            yield row, Trace(job.code, job.entry_point, outcome.recording, arguments=arguments)


class Judge:
    """What is held, how often, and what comes out, by the states of the independent evaluator."""

    def __init__(self, trace: Trace) -> None:
        """Go through the run once."""
        row = trace.recording.to_row()
        self.states = States(Document(document_of(row, trace.code, trace.entry_point, trace.arguments, None)))
        self.held: dict[str, set[str]] = {}
        for event in range(len(self.states.events)):
            for name, text in self.states.texts(event).items():
                self.held.setdefault(name, set()).add(spelled(text))
        self.returned = {spelled(str(trace.recording.return_value))}
        self.called: Counter[str] = Counter()
        for index, event in enumerate(self.states.events):
            if event["kind"] == "return":
                try:
                    self.returned.add(spelled(self.states.carried(index)))
                except CannotTell:
                    continue
            elif event["kind"] == "call":
                self.called[event["function"]] += 1

    def has_held(self, name: str, literal: str) -> bool:
        """Whether a variable holds a value at any event; 6 and 6.0 are one."""
        return any(_alike(text, literal) for text in self.held[name])

    def counts(self, noun: str) -> set[int]:
        """Every count of a kind."""
        if noun.startswith("call"):
            total = sum(self.called.values())
            return {*self.called.values(), total, total - 1, *(count - 1 for count in self.called.values())}
        by_loop: Counter[int] = Counter()
        for run in self.states.loops:
            by_loop[run.statement] += len(run.iterations)
        return {len(run.iterations) for run in self.states.loops} | {*by_loop.values(), sum(by_loop.values())}


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        values = [value_of(ast.parse(text, mode="eval").body, {}) for text in (one, other)]
    except (CannotTell, SyntaxError):
        return False
    return bool(values[0] == values[1]) and isinstance(values[0], bool) == isinstance(values[1], bool)


def _computed(text: str) -> Any:
    try:
        return value_of(ast.parse(text, mode="eval").body, {})
    except (CannotTell, SyntaxError):
        return None


def _other(literal: str, rng: random.Random) -> str:
    if literal in ("True", "False", "None"):
        return {"True": "False", "False": "True", "None": "0"}[literal]
    if literal[0] in "'\"":
        return literal[:-1] + rng.choice("qxz") + literal[-1]
    if "." in literal:
        return str(float(literal) + rng.choice((0.5, 1, 3)))
    return str(int(literal) + rng.choice((1, 2, 3, -1, 10)))


def faults(row: dict[str, Any], judge: Judge, rng: random.Random) -> Iterator[Fault]:
    """Every place of every kind, changed once."""
    text = row["text"]
    names = sorted((name for name in judge.held if name not in ("a", "i") or len(name) > 1), key=len, reverse=True)
    named = "|".join(map(re.escape, names)) or r"(?!)"
    for match in re.finditer(rf"(?<![\w.`'\"])(?P<name>{named})(?P<link>{_LINK}){_LITERAL}", text):
        name, literal = match["name"], match["literal"]
        # Only where the telling itself is about the variable's value can a change make it false.
        about = judge.has_held(name, literal) and not re.match(
            r"\s*[-+*/%<>^&|]|\s+(?:of|or|more|less)\b", text[match.end() :]
        )
        put = _other(literal, rng)
        false = not judge.has_held(name, put) if about else None
        yield _fault("value", text, match.span("literal"), put, false or None, match.group())
        others = [each for each in names if each != name and "=" in match["link"]]
        if others:
            other = rng.choice(others)
            false = about and not judge.has_held(other, literal)
            yield _fault("name", text, match.span("name"), other, false or None, match.group())
    number = r"-?\d+(?:\.\d+)?"
    for match in re.finditer(
        rf"(?<![\w.)\]+*/%-] )(?<![\w.)\]])(?P<left>{number}) ?(?P<sign>[-+*%^&|]|//) ?(?P<right>{number}) = "
        rf"(?P<value>{number})(?![\w.]*\w)",
        text,
    ):
        put = rng.choice([sign for sign in ("+", "-", "*", "//", "%") if sign != match["sign"]])
        so = _computed(f"{match['left']} {match['sign']} {match['right']} == {match['value']}")
        now = _computed(f"{match['left']} {put} {match['right']} == {match['value']}")
        yield _fault("operator", text, match.span("sign"), put, (so is True and now is not True) or None, match.group())
    for match in re.finditer(
        rf"(?<![\w.\])+*/%-])(?<![-+*/%] )(?P<told>{number} {_SIGN} {number})(?! ?[-+*/%]|[\w.]*\w)(?P<rest>.{{0,24}})",
        text,
    ):
        so = _computed(match["told"])
        word = re.match(r"(?: is|,|:|\?| ->| comes out)* (true|false|True|False|holds|fails)\b", match["rest"])
        begins = re.search(r"(?:^|[.:;,(\n]|\b(?:and|since|because|so)) ?$", text[: match.start()])
        plain = re.match(r"(?:,? (?:so|and|ok|which)\b|[.,;\n]|$)", match["rest"])
        if word and so == (word[1].lower() in ("true", "holds")):
            start = match.start("rest") + word.start(1)
            yield _fault("branch", text, (start, start + len(word[1])), _WORDS[word[1]], True, match.group())
        told = so is True and begins is not None and plain is not None
        if told or word:
            yield _fault("operator", text, match.span("sign"), _OTHER[match["sign"]], True, match.group())
    for match in re.finditer(r"(?<![\w.])(?P<number>\d+) is (?P<word>even|odd)\b", text):
        yield _fault("branch", text, match.span("word"), _WORDS[match["word"]], True, match.group())
    for match in re.finditer(rf"(?<![\w.]){_COUNT}", text, re.IGNORECASE):
        told = match["count"]
        count = int(told) if told.isdigit() else _SPELLED.index(told.lower())
        put_count = count + rng.choice((1, 2, 3))
        put = str(put_count) if told.isdigit() or put_count >= len(_SPELLED) else _SPELLED[put_count]
        counts = judge.counts(match["noun"].lower())
        false = count in counts and put_count not in counts
        yield _fault("count", text, match.span("count"), put, false or None, match.group())
    for match in re.finditer(
        rf"\b(?P<verb>[Rr]eturn(?:s|ed|ing)?|[Aa]nswer is|[Rr]esult is|[Aa]nswer:|[Rr]esult:) {_LITERAL}", text
    ):
        put = _other(match["literal"], rng)
        known = any(_alike(each, match["literal"]) for each in judge.returned)
        false = known and not any(_alike(each, put) for each in judge.returned)
        false = false and not any(
            _alike(each, put) for name in ("result", "res", "ans") for each in judge.held.get(name, ())
        )
        yield _fault("answer", text, match.span("literal"), put, false or None, match.group())


def _fault(kind: str, text: str, span: tuple[int, int], put: str, false: bool | None, what: str) -> Fault:
    return Fault(kind, text[: span[0]] + put + text[span[1] :], false, f"{what!r} -> {put!r}")


def measure(folder: Path, seed: int, show: int) -> None:
    """Verify, plant, judge, verify, and print."""
    total = rejected = 0
    made: Counter[tuple[str, str]] = Counter()
    missed: list[str] = []
    for row, trace in runs(folder):
        total += 1
        verdict = verify(trace, row["text"], strict=False)
        if not verdict.admitted:
            rejected += 1
            print(f"blocked though true: {row['id']} (style {row['style']}): {verdict.reason}")
            continue
        rng = random.Random(f"{seed} {row['id']}")
        for fault in faults(row, Judge(trace), rng):
            made[fault.kind, "made"] += 1
            if not fault.false:
                made[fault.kind, "aside"] += 1
                continue
            caught = not verify(trace, fault.text, strict=False).admitted
            made[fault.kind, "caught" if caught else "missed"] += 1
            made[fault.kind, "published"] += row["result"] not in fault.text
            if not caught:
                missed.append(f"missed: {row['id']} {fault.kind}: {fault.what}")
    print(f"\nTrue tellings blocked: {rejected} of {total} ({100 * rejected / max(total, 1):.1f} %)\n")
    print("\n".join(missed[:show]))
    print("| kind | made | set aside | counted | caught | missed | caught % | published check % |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in (*KINDS, "all"):
        counts = [
            sum(made[each, what] for each in KINDS) if kind == "all" else made[kind, what]
            for what in ("made", "aside", "caught", "missed", "published")
        ]
        counted = counts[2] + counts[3]
        shares = [f"{100 * part / counted:.1f}" if counted else "" for part in (counts[2], counts[4])]
        print(
            f"| {kind} | {counts[0]} | {counts[1]} | {counted} | {counts[2]} | {counts[3]} "
            f"| {shares[0]} | {shares[1]} |"
        )


def main() -> None:
    """Run the command."""
    sys.setrecursionlimit(20_000)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tellings", description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=60, help="missed faults to name")
    options = parser.parse_args()
    measure(options.folder, options.seed, options.show)


if __name__ == "__main__":
    main()
