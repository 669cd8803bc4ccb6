"""Looks at every row of the mixtures of a home: its answers by their grader, its split by its family.

What a reply says is read from the sample as a trainer sees it: the answer after the last `Answer:` of a line, and the
one that the telling ends on. Families are those of the tables; and by a matcher that shares nothing with them, programs
whose functions CPython compiles to the same instructions once names are left out.

Belongs here: faults and counts. Does not belong here: building (`whole_mixtures`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tracepile_assets.execution import Pool
from tracepile_assets.home import Home
from tracepile_assets.mixtures import listed_shards
from tracepile_assets.mixtures.grading import grade_reply
from tracepile_assets.questions import grade
from tracepile_assets_tests.similarity.disguises import function_shapes

_STATED = re.compile(r"^Answer:[ \n]?(.*)\Z", re.MULTILINE | re.DOTALL)
_ENDS_ON = re.compile(r".*\banswer is (.*?)\.?\s*\Z", re.DOTALL)
_COLUMNS = ("sample_id", "split", "text", "messages", "prompt", "answer", "grader", "grading", "chosen", "ancestors")


@dataclass
class Seen:
    """What is known of the rows that were looked at.

    Attributes:
        rows: of each mixture, how many rows there are, and how many answers of which kind were graded.
        split_of_family: the split of each founder, by what names the family: its id, or the shapes of its functions.
        split_of_sample: the split of each sample.
        programs: how many programs are in any mixture.
        faults: what is wrong, told.
    """

    rows: dict[str, Counter[str]] = field(default_factory=dict)
    split_of_family: dict[object, str] = field(default_factory=dict)
    split_of_sample: dict[str, str] = field(default_factory=dict)
    programs: int = 0
    faults: list[str] = field(default_factory=list)


def look_at(home: Home, mixtures: Sequence[str], pool: Pool, before: Seen | None = None) -> Seen:
    """Look at every row of these mixtures.

    Args:
        home: a home whose mixtures are built.
        mixtures: their names.
        pool: the sandbox, open: inputs and programs are graded by running them.
        before: what was seen before the sources grew: nothing of it may have changed sides.
    """
    seen = Seen()
    if before is not None:
        seen.split_of_family = dict(before.split_of_family)
    sources = [entry.name for entry in home.registry().entries()]
    questions = {row["question_id"]: row for row in _rows(home, "tracing_questions", sources)}
    families = _families(home, sources)
    programs: set[str] = set()
    for name in mixtures:
        counted = seen.rows[name] = Counter()
        for row in _samples(home, name):
            counted["rows"] += 1
            ancestors = row["ancestors"][0]
            programs.add(ancestors["program_id"])
            for family in families[ancestors["program_id"]]:
                if seen.split_of_family.setdefault(family, row["split"]) != row["split"]:
                    seen.faults.append(f"{name} {row['sample_id']}: its family is on both sides ({row['split']})")
            if before and before.split_of_sample.get(row["sample_id"], row["split"]) != row["split"]:
                seen.faults.append(f"{name} {row['sample_id']}: it was in another split before the source grew")
            seen.split_of_sample[row["sample_id"]] = row["split"]
            if ancestors["question_id"] is None:
                counted["without a question"] += 1
                continue
            question = questions[ancestors["question_id"]]
            for what, answer in _answers(row, question):
                counted[what] += 1
                given = grade_reply(row, answer, pool) if row["grading"] else grade(question, answer, pool)
                if not given.correct:
                    seen.faults.append(f"{name} {row['sample_id']} ({question['kind']}), {what}: {given.reason}")
    seen.programs = len(programs)
    return seen


def _answers(row: dict[str, Any], question: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The answers of a sample: what each is, and its text."""
    if question["answer_type"] == "program":
        yield "programs", row["answer"] if row["grading"] else row["messages"][-1]["content"]
        return
    if row["grading"]:
        yield "answers for graders", f"Answer: {row['answer']}"
        return
    reply = row["chosen"] or (row["messages"][-1]["content"] if row["messages"] else row["text"])
    told = reply
    if row["chosen"] is None and (stated := list(_STATED.finditer(reply))):
        yield "stated answers", stated[-1].group(1)
        told = reply[: stated[-1].start()].rstrip()
    if row["ancestors"][0]["coe_id"] is None or not told:
        return
    if told.removesuffix(".").endswith(question["answer"]):
        yield "tellings that end on the answer", question["answer"]
    elif ends := _ENDS_ON.match(told):
        yield "tellings that end on an answer", ends.group(1)
    else:
        yield "tellings that end otherwise", question["answer"]


def _samples(home: Home, name: str) -> Iterator[dict[str, Any]]:
    for shards in listed_shards(home.tables / "training_mixtures" / name).values():
        for path in shards:
            for part in pl.read_parquet(path, columns=list(_COLUMNS)).iter_slices(1_000):
                yield from part.iter_rows(named=True)


def _rows(home: Home, table: str, sources: Sequence[str]) -> Iterator[dict[str, Any]]:
    for source in sources:
        for path in sorted((home.tables / table / f"source={source}").glob("*.parquet")):
            yield from pl.read_parquet(path, hive_partitioning=False).iter_rows(named=True)


def _families(home: Home, sources: Sequence[str]) -> dict[str, list[object]]:
    """What names the families of each program: the id, the founder's, and the shapes of its functions."""
    ledger = pl.read_parquet(home.tables / "program_families" / "families.parquet")
    founders = dict(ledger.select("family_id", "founder").iter_rows())
    found: dict[str, list[object]] = {}
    for row in _rows(home, "raw_programs", sources):
        if row["status"] == "ok":
            shapes = frozenset(map(repr, function_shapes(row["code"])))
            named = [row["family_id"], founders[row["family_id"]]]
            found[row["program_id"]] = [*named, shapes] if shapes else named
    return found
