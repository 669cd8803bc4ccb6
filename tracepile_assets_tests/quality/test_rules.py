"""The rules pass what a build gives, and find every fault that is planted, with the rows at fault."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tracepile_assets.execution import Pool
from tracepile_assets.quality import CHECKS, PARTED, Finding, audit, audit_parts
from tracepile_assets.tables.schemas import ID_COLUMN
from tracepile_assets.tracing import trace
from tracepile_assets_tests.quality.world import Row, World


def _audit(world: World, table: str) -> dict[str, Finding]:
    frame, parents = world.frame(table), world.parents()
    findings = audit(table, frame, parents)
    assert tuple(finding.check for finding in findings) == CHECKS[table]
    if table in PARTED:
        for rows in (1, 3):
            lazy = {name: parent.lazy() for name, parent in parents.items()}
            assert _what(audit_parts(table, frame.iter_slices(rows), lazy)) == _what(findings)
    return {finding.check: finding for finding in findings}


def _what(findings: list[Finding]) -> list[tuple[Any, ...]]:
    """What was found, without the words for it, which name columns and rules in the order in which they came up."""
    return [(each.check, each.severity, each.passed, each.n_failed, set(each.failed_ids)) for each in findings]


@pytest.mark.parametrize("table", CHECKS)
def test_a_good_table_passes(table: str) -> None:
    for finding in _audit(World(), table).values():
        assert finding.passed, finding
        assert finding.n_failed == 0
        assert finding.examples == finding.failed_ids == ()
        assert finding.description


@pytest.mark.parametrize("table", CHECKS)
def test_an_empty_table_passes(table: str) -> None:
    world = World()
    world.rows[table] = []
    assert all(finding.passed for finding in _audit(world, table).values())


def test_a_table_in_parts_is_as_good_as_its_parts_together() -> None:
    world = World()
    row = world.rows["training_mixtures"][0]
    world.rows["training_mixtures"] = [row | {"sample_id": f"s_{number}"} for number in range(7)]
    frame = world.frame("training_mixtures")

    def found(frame: pl.DataFrame) -> dict[str, Finding]:
        findings = audit_parts("training_mixtures", frame.iter_slices(3), decontaminated=False)
        assert tuple(finding.check for finding in findings) == CHECKS["training_mixtures"]
        return {finding.check: finding for finding in findings}

    good = found(frame)
    assert [check for check, finding in good.items() if not finding.passed] == ["decontamination"]
    assert good["decontamination"].n_failed == 1
    assert all(finding.passed for check, finding in found(frame.clear()).items() if check != "decontamination")
    # Of two parts, each good by itself.
    again = found(pl.concat([frame, frame.head(1)]))
    assert set(again["keys"].failed_ids) == {"s_0"}
    wrong = found(frame.with_columns(n_tokens=pl.lit(0, pl.Int32)))
    assert (wrong["ranges"].passed, wrong["ranges"].n_failed) == (False, 7)


def _set(**columns: Any) -> Callable[[Row], None]:
    return lambda row: row.update(columns)


def _change(column: str, change: Callable[[Any], Any]) -> Callable[[Row], None]:
    def apply(row: Row) -> None:
        row[column] = change(row[column])

    return apply


def _claim(**columns: Any) -> Callable[[Row], None]:
    return _change("claims", lambda claims: [{**claims[0], **columns}])


def _given(**columns: Any) -> Callable[[Row], None]:
    return _change("inputs", lambda inputs: [{**inputs[0], **columns}, *inputs[1:]])


HIT = {"item": "7", "matched": "text", "part": "question", "start": 3, "end": 90, "share": 0.5}

PLANTED = [
    ("raw_programs", "ranges", _set(status="perhaps")),
    ("raw_programs", "ranges", _set(status="rejected")),
    ("raw_programs", "ranges", _set(code="  ")),
    ("raw_programs", "ranges", _set(inputs=[])),
    ("raw_programs", "ranges", _set(entry_point=None)),
    ("raw_programs", "ranges", _given(origin="found")),
    ("raw_programs", "ranges", _change("inputs", lambda inputs: [inputs[0], inputs[0]])),
    ("code_variants", "parents", _set(program_id="p_lost")),
    ("code_variants", "ranges", _set(equivalence="hoped")),
    ("code_variants", "ranges", _set(rewrites=["rename"])),
    ("code_variants", "ranges", _set(equivalence="proved", rewrites=["rename"])),
    ("code_variants", "ranges", _set(code="")),
    ("execution_traces", "parents", _set(variant_id="v_lost")),
    ("execution_traces", "parents", _set(program_id="p_lost")),
    ("execution_traces", "parents", _set(input_id="i_lost")),
    ("execution_traces", "ranges", _set(status="fine")),
    ("execution_traces", "ranges", _set(deterministic="maybe")),
    ("execution_traces", "ranges", _set(difficulty=1.2)),
    ("execution_traces", "ranges", _set(difficulty=float("nan"))),
    ("execution_traces", "ranges", _set(state_size=-1)),
    ("execution_traces", "ranges", _change("max_depth", lambda depth: depth + 1)),
    ("execution_traces", "ranges", _change("n_events", lambda n: n + 1)),
    ("execution_traces", "ranges", _set(n_events=-1)),
    ("execution_traces", "ranges", _change("event_line", lambda lines: lines[:-1])),
    ("execution_traces", "ranges", _change("event_line", lambda lines: [0, *lines[1:]])),
    ("execution_traces", "ranges", _change("event_depth", lambda depths: [-1, *depths[1:]])),
    ("execution_traces", "ranges", _change("event_kind", lambda kinds: ["jump", *kinds[1:]])),
    ("execution_traces", "ranges", _change("event_frame_id", lambda frames: [99_999, *frames[1:]])),
    ("execution_traces", "ranges", _change("change_op", lambda ops: ["swap", *ops[1:]])),
    ("execution_traces", "ranges", _change("change_value", lambda values: values[:-1])),
    ("execution_traces", "ranges", _change("change_event", lambda events: [*events[:-1], 10**6])),
    ("execution_traces", "ranges", _change("change_event", lambda events: [5, *events[1:]])),
    ("execution_traces", "ranges", _set(status="exception", exception=None)),
    ("execution_traces", "ranges", _set(status="nondeterministic", deterministic="no")),
    ("execution_traces", "ranges", _set(deterministic="result_only")),
    ("tracing_questions", "parents", _set(trace_id="t_lost")),
    ("tracing_questions", "parents", _set(variant_id="v_lost")),
    ("tracing_questions", "parents", _set(input_id="i_lost")),
    ("tracing_questions", "ranges", _set(answer="")),
    ("tracing_questions", "ranges", _set(question=" ")),
    ("tracing_questions", "ranges", _set(direction="sideways")),
    ("tracing_questions", "ranges", _set(difficulty=-0.1)),
    ("tracing_questions", "ranges", _set(target="5")),
    ("tracing_questions", "ranges", _set(kind="")),
    ("tracing_questions", "parents", _set(check_trace_id="t_lost")),
    ("check_traces", "parents", _set(variant_id="v_lost")),
    ("check_traces", "parents", _set(made_for="q_lost")),
    ("check_traces", "ranges", _set(made_for="t_none")),
    ("check_traces", "ranges", _set(deterministic="no")),
    ("check_traces", "ranges", _set(stdin="1")),
    ("check_traces", "ranges", _set(status="fine")),
    ("chains_of_execution", "parents", _set(question_id="q_lost")),
    ("chains_of_execution", "parents", _set(trace_id="t_lost")),
    ("chains_of_execution", "ranges", _set(claim_coverage=1.01)),
    ("chains_of_execution", "ranges", _set(verdict="blocked")),
    ("chains_of_execution", "ranges", _set(n_claims=2)),
    ("chains_of_execution", "ranges", _set(text=" ")),
    ("chains_of_execution", "ranges", _claim(verdict="contradicted")),
    ("chains_of_execution", "ranges", _claim(end=500)),
    ("chains_of_execution", "ranges", _claim(start=9)),
    ("corrupted_twins", "parents", _set(coe_id="c_lost")),
    ("corrupted_twins", "parents", _set(trace_id="t_lost")),
    ("corrupted_twins", "ranges", _set(fault_kind="doubt")),
    ("corrupted_twins", "ranges", _set(wrong_span={"start": 5, "end": 5})),
    ("corrupted_twins", "ranges", _set(wrong_span={"start": 5, "end": 10**6})),
    ("corrupted_twins", "ranges", _set(late_events=[], claim_kind="order")),
    ("corrupted_twins", "faults", _change("text", lambda text: "Well, " + text)),
    ("corrupted_twins", "faults", _set(wrong_span={"start": 0, "end": 1})),
    ("corrupted_twins", "faults", _set(claim_kind="entry", late_events=[])),
    ("sample_features", "parents", _set(question_id="q_lost")),
    ("sample_features", "parents", _set(program_id="p_lost")),
    ("sample_features", "ranges", _set(row_id="q_other")),
    ("sample_features", "ranges", _set(question_tokens=-1)),
    ("sample_features", "ranges", _set(question_tokens=None)),
    ("sample_features", "ranges", _set(signature=b"short")),
    ("sample_features", "ranges", _set(hits=[HIT | {"end": 3}])),
    ("sample_features", "ranges", _set(hits=[HIT | {"share": 1.5}])),
    ("training_mixtures", "ranges", _set(split="holdout")),
    ("training_mixtures", "ranges", _set(n_tokens=0)),
    ("training_mixtures", "ranges", _set(prompt=None)),
]


@pytest.mark.parametrize(
    ("table", "check", "plant"), PLANTED, ids=[f"{t}-{c}-{n}" for n, (t, c, _) in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found_in_its_row(table: str, check: str, plant: Callable[[Row], None]) -> None:
    world = World()
    key = ID_COLUMN[table]
    bad = world.rows[table][1]
    plant(bad)
    found = _audit(world, table)[check]
    assert not found.passed
    assert found.severity == "error"
    assert found.failed_ids == found.examples == (bad[key],)
    assert found.n_failed == 1
    assert "not so" in found.description


def test_a_run_that_was_rejected_passes() -> None:
    """Its arguments do not evaluate: two runs agree on that, and there is nothing to keep."""
    world = World()
    row = world.rows["execution_traces"][1]
    with Pool(workers=1) as pool:
        given = {"input_id": row["input_id"], "codec": "literal", "arguments": "nope", "stdin": None, "expected": None}
        ids = {"variant_id": row["variant_id"], "program_id": row["program_id"]}
        (made,) = trace([{**ids, "code": "def f(x):\n    return x\n", "entry_point": "f", "inputs": [given]}], pool)
    assert (made["status"], made["deterministic"]) == ("rejected", "full")
    row.update(made)
    found = _audit(world, "execution_traces")["ranges"]
    assert found.passed, found
    row.update(return_value="1")
    assert not _audit(world, "execution_traces")["ranges"].passed


@pytest.mark.parametrize("table", CHECKS)
def test_a_duplicated_id_is_found(table: str) -> None:
    world = World()
    key = ID_COLUMN[table]
    world.rows[table][1][key] = world.rows[table][0][key]
    found = _audit(world, table)["keys"]
    assert not found.passed
    assert found.failed_ids == (world.rows[table][0][key],)


@pytest.mark.parametrize("table", CHECKS)
def test_a_null_where_none_may_be_is_found(table: str) -> None:
    frame = World().frame(table)
    key = ID_COLUMN[table]
    keyless = frame.with_columns(pl.when(pl.int_range(pl.len()) == 1).then(None).otherwise(pl.col(key)).alias(key))
    found = {finding.check: finding for finding in audit(table, keyless, {})}
    assert not found["keys"].passed
    assert found["keys"].failed_ids == ()
    other = next(name for name in ("program_id", "mixture", "source") if name in frame.columns and name != key)
    holed = frame.with_columns(pl.when(pl.int_range(pl.len()) == 1).then(None).otherwise(pl.col(other)).alias(other))
    found = {finding.check: finding for finding in audit(table, holed, {})}
    assert found["schema"].failed_ids == (frame.get_column(key)[1],)


@pytest.mark.parametrize("table", CHECKS)
def test_other_columns_are_a_fault_of_the_whole_table(table: str) -> None:
    frame = World().frame(table)
    for changed in (frame.drop(ID_COLUMN[table]), frame.with_columns(pl.lit(1).alias("more"))):
        findings = audit(table, changed, {})
        assert tuple(finding.check for finding in findings) == CHECKS[table]
        assert all(not finding.passed and not finding.failed_ids for finding in findings)


def test_every_faulty_row_is_named_and_five_are_shown() -> None:
    world = World()
    for row in world.rows["tracing_questions"][:9]:
        row["answer"] = ""
    found = _audit(world, "tracing_questions")["ranges"]
    assert (found.n_failed, len(found.failed_ids), len(found.examples)) == (9, 9, 5)


def test_an_ancestor_that_disagrees_is_found() -> None:
    world = World()
    bad, other = world.rows["tracing_questions"][0], world.rows["tracing_questions"][-1]
    bad["program_id"], bad["variant_id"], bad["input_id"] = other["program_id"], other["variant_id"], other["input_id"]
    assert _audit(world, "tracing_questions")["parents"].failed_ids == (bad["question_id"],)


def test_a_parent_that_is_not_given_is_not_looked_at() -> None:
    world = World()
    world.rows["tracing_questions"][0]["trace_id"] = "t_lost"
    frame = world.frame("tracing_questions")
    found = {finding.check: finding for finding in audit("tracing_questions", frame, world.parents("raw_programs"))}
    assert found["parents"].passed


def test_a_licence_that_is_not_on_the_list_is_warned_of_and_is_no_fault() -> None:
    world = World()
    bad = world.rows["raw_programs"][0]
    bad["license"] = "GPL-3.0-only"
    found = _audit(world, "raw_programs")["licenses"]
    assert (found.passed, found.severity, found.failed_ids) == (False, "warn", (bad["program_id"],))
    assert "GPL-3.0-only" in found.description
    [again] = [
        finding
        for finding in audit("raw_programs", world.frame("raw_programs"), {}, licenses=("GPL-3.0-only", "Apache-2.0"))
        if finding.check == "licenses"
    ]
    assert again.passed


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(KeyError):
        audit("nonsense", pl.DataFrame(), {})
