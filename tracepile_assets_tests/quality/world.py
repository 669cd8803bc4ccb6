"""A small world of real rows: shipped programs, their runs, questions about them, and rationales and samples made up.

What the checks see here is what a build would give them, so that a planted fault is the only fault.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import orjson
import polars as pl

from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.narration.planting import plant_each
from tracepile_assets.quality.independent import Document, document_of
from tracepile_assets.quality.independent.claims import Claims, is_false
from tracepile_assets.quality.independent.states import States
from tracepile_assets.questions import AlteredRun, ask, propose
from tracepile_assets.tables import ids
from tracepile_assets.tables.files import as_table
from tracepile_assets.tables.schemas import ID_COLUMN, SCHEMAS, STRIPE_TABLES
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets_tests.questions.corpus import Case, embedded

Row = dict[str, Any]

NAMES = ("bubble_sort", "binary_search", "quick_sort", "kruskal")


@cache
def _rows() -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {table: [] for table in ID_COLUMN}
    cases = list(embedded("algorithms", 2))
    for name in NAMES:
        _program(rows, name, [case for case in cases if case.name.rpartition("-")[0] == name])
    rows["sample_features"] = list(_measured_texts(rows))
    return rows


_OF_A_MODEL = ("stands_in_for", "model", "model_revision", "temperature", "seed")
"""Columns that are filled where a language model was asked."""


def _program(rows: dict[str, list[Row]], name: str, cases: list[Case]) -> None:
    code, entry_point = cases[0].code, cases[0].entry_point
    program = ids.program_id("algorithms", name, code, entry_point)
    variant = ids.variant_id(program, [], code, entry_point)
    given = [(ids.input_id(program, "literal", case.arguments, case.stdin), case) for case in cases]
    inputs = [
        {"input_id": key, "codec": "literal", "arguments": case.arguments, "stdin": case.stdin}
        | {"expected": None, "origin": "generated"}
        for key, case in given
    ]
    rows["raw_programs"].append(
        {"program_id": program, "source": "algorithms", "source_row": name, "supersedes": None, "status": "ok"}
        | {"reason": None, "domain": "algorithms", "title": name, "statement": None, "code": code, "inputs": inputs}
        | {
            "entry_point": entry_point,
            "family_id": "f_1",
            "license": "Apache-2.0",
            "origin_uri": "x",
            "benchmark": False,
        }
    )
    rows["code_variants"].append(
        {"variant_id": variant, "program_id": program, "rewrites": [], "code": code, "entry_point": entry_point}
        | {"name_map": [], "equivalence": "original", "inputs_proved": 0}
    )
    for key, case in given:
        _run(rows, {"input_id": key, "variant_id": variant, "program_id": program}, case)


def _run(rows: dict[str, list[Row]], parents: Row, case: Case) -> None:
    recorded = case.record()
    trace = ids.trace_id(parents["variant_id"], parents["input_id"])
    rows["execution_traces"].append({"trace_id": trace, **parents, **_measured(recorded)})
    altered = [(each, replace(case, arguments=each.arguments)) for each in propose(case.arguments, None, case.name)]
    runs = [AlteredRun(each, other.trace(), "full") for each, other in altered]
    run = case.trace(recorded)
    _told(rows, {"trace_id": trace, **parents}, run)
    for asked in ask(run, seed=case.name, altered=runs).questions:
        target = orjson.dumps(asked.target, option=orjson.OPT_SORT_KEYS).decode()
        question = ids.question_id(trace, asked.kind, target)
        check = None
        for each, other in altered:
            if each.change == asked.target.get("change"):
                check = _check(rows, parents, question, other)
        shared = {"question_id": question, "trace_id": trace, **parents, "check_trace_id": check}
        columns = ("kind", "direction", "question", "answer", "answer_type", "difficulty")
        rows["tracing_questions"].append(shared | {name: getattr(asked, name) for name in columns} | {"target": target})
        rows["chains_of_execution"].append(
            shared
            | {"coe_id": ids.coe_id(question, trace, "n", "narrative"), "narrator": "n", "style": "narrative"}
            | {"direction": asked.direction, "text": "So it is.", "n_claims": 1, "claim_coverage": 1.0, "n_steps": 3}
            | {
                "claims": [
                    {
                        "start": 0,
                        "end": 9,
                        "kind": "k",
                        "says": "s",
                        "event": 1,
                        "verdict": "verified",
                        "observed": False,
                    }
                ]
            }
            | {"n_tokens": 4, "opaque_fold": False, "diversity": None, "verdict": "admitted"}
            | dict.fromkeys(_OF_A_MODEL)
        )
        ancestors = {**parents, "trace_id": trace, "question_id": question, "coe_id": None}
        rows["training_mixtures"].append(
            {"sample_id": ids.sample_id("m", question), "mixture": "m", "stage": "s", "split": "train", "n_tokens": 9}
            | {"text": None, "messages": None, "prompt": asked.question, "answer": asked.answer, "grader": asked.kind}
            | {"chosen": None, "rejected": None, "ancestors": [ancestors], "grading": None, "curriculum_quantile": None}
        )


def _measured(recorded: Row) -> Row:
    """The columns of a run."""
    return (
        {**recorded, "n_events": len(recorded["event_kind"])}
        | {"deterministic": "full", "difficulty": 0.5, "max_depth": max(recorded["event_depth"], default=0)}
        | dict.fromkeys(("n_statements", "n_branches", "state_size", "longest_value"), 1)
    )


def _check(rows: dict[str, list[Row]], parents: Row, question: str, case: Case) -> str:
    """Add the run made for a question; its id."""
    given = {"codec": "literal", "arguments": case.arguments, "stdin": case.stdin}
    input_ = ids.input_id(parents["program_id"], **given)
    check = ids.check_trace_id(question, input_)
    rows["check_traces"].append(
        {"trace_id": check, **parents, "input_id": input_, **_measured(case.record()), **given, "made_for": question}
    )
    return check


def _measured_texts(rows: dict[str, list[Row]]) -> Iterator[Row]:
    """A row of features for each question and each telling, as counting tokens and signing would leave them."""
    empty = dict.fromkeys(SCHEMAS["sample_features"].names)
    for row in rows["tracing_questions"]:
        digests = {f"{part}_digest": ids.part_digest(row[part]) for part in ("question", "answer")}
        keys = {name: row[name] for name in ("question_id", "trace_id", "program_id")}
        yield {**empty, **keys, "row_id": row["question_id"], "question_tokens": 9, "answer_tokens": 0, **digests}
    for row in rows["chains_of_execution"]:
        keys = {name: row[name] for name in ("question_id", "coe_id", "trace_id", "program_id")}
        digest = {"rationale_digest": ids.part_digest(row["text"])}
        yield {**empty, **keys, "row_id": row["coe_id"], "rationale_tokens": 7, **digest}


def _told(rows: dict[str, list[Row]], parents: Row, run: Trace) -> None:
    """The telling of a whole run, and its twin."""
    told = narrate(run, None, seed=parents["trace_id"])
    if not isinstance(told, Narration):
        return
    found = verify(run, told.text, None)
    chain = {"coe_id": ids.coe_id(None, parents["trace_id"], told.narrator, told.style), "question_id": None, **parents}
    rows["chains_of_execution"].append(
        {
            **chain,
            "check_trace_id": None,
            "diversity": None,
            "verdict": "admitted",
            "text": told.text,
            "claim_coverage": found.coverage,
        }
        | {name: getattr(told, name) for name in ("narrator", "style", "direction", "n_steps", "n_tokens")}
        | {"opaque_fold": told.opaque_fold, "n_claims": len(found.claims), "claims": [asdict(c) for c in found.claims]}
        | dict.fromkeys(_OF_A_MODEL)
    )
    states = States(Document(document_of(rows["execution_traces"][-1], run.code, run.entry_point, run.arguments, None)))
    for planted in plant_each(told.text, found.claims, run.code, parents["trace_id"]):
        events, late = planted.moved if planted.kind == "order" else ((planted.event,), ())
        if is_false(Claims(states), planted.kind, planted.says, events, late):
            rows["corrupted_twins"].append(
                {**chain, "twin_id": ids.twin_id(chain["coe_id"]), "text": planted.text, "fault_kind": planted.fault}
                | {"wrong_span": {"start": planted.start, "end": planted.end}, "claim_kind": planted.kind}
                | {"claim_events": list(events), "late_events": list(late)}
            )
            return


class World:
    """The tables as frames, in which a test may change rows before it looks at them."""

    def __init__(self) -> None:
        """Take fresh copies of the rows."""
        self.rows = {table: [dict(row) for row in rows] for table, rows in _rows().items()}

    def frame(self, table: str) -> pl.DataFrame:
        """One table."""
        schema_order = SCHEMAS[table].names
        return pl.from_arrow(as_table(table, [{name: row[name] for name in schema_order} for row in self.rows[table]]))

    def parents(self, *tables: str) -> dict[str, pl.DataFrame]:
        """The tables that others point to."""
        wanted = tables or (*STRIPE_TABLES[:-1], "check_traces")
        return {table: self.frame(table) for table in wanted}
