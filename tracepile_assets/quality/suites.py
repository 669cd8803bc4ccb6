"""Great Expectations suites: distributions and business rules over all stripes of a source, or over a mixture.

Belongs here: which scalars of a row are looked at, what is expected of them, and turning the verdict into findings.
Does not belong here: rules that must hold of every single row before it is published (`rules`). Great Expectations
takes seconds to import and is imported only when a suite is run.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from tracepile_assets.tables.schemas import STATUSES

from .findings import EXAMPLES, Finding

Severity = Literal["error", "warn"]


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation.

    Attributes:
        check: group that it is reported in.
        severity: how bad it is where it does not hold.
        says: what is expected, as a sentence.
        expectation: name of its class in ``great_expectations.expectations``.
        arguments: what it is given.
    """

    check: str
    severity: Severity
    says: str
    expectation: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Suite:
    """What is expected of one table: the scalars looked at, and the expectations."""

    scalars: Callable[[pl.DataFrame], pl.DataFrame]
    expected: tuple[Expected, ...]


def _within(column: str, low: float | None, high: float | None, mostly: float = 1.0) -> dict[str, Any]:
    return {"column": column, "min_value": low, "max_value": high, "mostly": mostly}


def _chars(column: str) -> pl.Expr:
    return pl.col(column).str.len_chars().cast(pl.Int64).alias(f"{column}_chars")


def _flag(expr: pl.Expr, name: str) -> pl.Expr:
    return expr.fill_null(False).cast(pl.Int64).alias(name)


def _traces(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("trace_id").alias("row_id"),
        "status",
        pl.col("n_events").cast(pl.Int64),
        pl.col("change_event").list.len().cast(pl.Int64).alias("n_changes"),
        "difficulty",
        _flag(pl.col("status") == "ok", "is_ok"),
        _flag(pl.col("deterministic") != "no", "is_deterministic"),
        _flag(pl.col("truncated"), "is_truncated"),
        _flag(pl.col("expected_agrees").fill_null(True), "agrees"),
    )


_WITHOUT_CODE = ("statement_prediction", "write")
"""Kinds of question that state a problem and show no code."""


def _questions(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("question_id").alias("row_id"),
        "kind",
        "difficulty",
        _chars("question"),
        _chars("answer"),
        _flag(pl.col("kind") == pl.col("kind").mode().sort().first(), "is_commonest_kind"),
        _flag((pl.col("answer_type") == "bool") & (pl.col("answer") == "True"), "is_true"),
        _flag(pl.col("question").str.contains("```", literal=True) | pl.col("kind").is_in(_WITHOUT_CODE), "has_code"),
    )


def _chains(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("coe_id").alias("row_id"),
        "claim_coverage",
        pl.col("n_claims").cast(pl.Int64),
        pl.col("n_tokens").cast(pl.Int64),
        _chars("text"),
        _flag(pl.col("opaque_fold"), "is_opaque"),
        _flag(pl.col("text").str.contains("0x[0-9a-f]{6,}"), "has_address"),
    )


def _mixtures(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("sample_id").alias("row_id"),
        "split",
        pl.col("n_tokens").cast(pl.Int64),
        pl.col("ancestors").list.len().cast(pl.Int64).alias("n_ancestors"),
        _flag(pl.col("split") == "train", "is_train"),
    )


_BETWEEN, _MEAN = "ExpectColumnValuesToBeBetween", "ExpectColumnMeanToBeBetween"

SUITES: dict[str, Suite] = {
    "execution_traces": Suite(
        _traces,
        (
            Expected(
                "business_rules",
                "error",
                "a status is one of the known ones",
                "ExpectColumnValuesToBeInSet",
                {"column": "status", "value_set": list(STATUSES)},
            ),
            Expected(
                "business_rules", "error", "a run has at most 500,000 events", _BETWEEN, _within("n_events", 0, 500_000)
            ),
            Expected(
                "business_rules", "warn", "a run gives what its source states", _BETWEEN, _within("agrees", 1, 1, 0.95)
            ),
            Expected("distributions", "warn", "most runs end well", _MEAN, {"column": "is_ok", "min_value": 0.5}),
            Expected(
                "distributions",
                "warn",
                "most runs are deterministic",
                _MEAN,
                {"column": "is_deterministic", "min_value": 0.8},
            ),
            Expected("distributions", "warn", "few runs are cut", _MEAN, {"column": "is_truncated", "max_value": 0.2}),
        ),
    ),
    "tracing_questions": Suite(
        _questions,
        (
            Expected(
                "business_rules",
                "error",
                "a prompt shows code, or states a problem",
                _BETWEEN,
                _within("has_code", 1, 1),
            ),
            Expected(
                "business_rules",
                "error",
                "a prompt is of a size to read",
                _BETWEEN,
                _within("question_chars", 40, 40_000),
            ),
            Expected(
                "business_rules", "warn", "an answer is of a size to write", _BETWEEN, _within("answer_chars", 1, 4_000)
            ),
            Expected(
                "distributions",
                "warn",
                "no kind is most of them",
                _MEAN,
                {"column": "is_commonest_kind", "max_value": 0.6},
            ),
            Expected("distributions", "warn", "few answers are True", _MEAN, {"column": "is_true", "max_value": 0.2}),
            Expected(
                "distributions",
                "warn",
                "difficulty is spread",
                "ExpectColumnStdevToBeBetween",
                {"column": "difficulty", "min_value": 0.01},
            ),
        ),
    ),
    "chains_of_execution": Suite(
        _chains,
        (
            Expected("business_rules", "error", "a text claims something", _BETWEEN, _within("n_claims", 1, None)),
            Expected("business_rules", "error", "no text holds an address", _BETWEEN, _within("has_address", 0, 0)),
            Expected(
                "distributions",
                "warn",
                "nearly all of a text is verified",
                _MEAN,
                {"column": "claim_coverage", "min_value": 0.95},
            ),
            Expected(
                "distributions", "warn", "few runs are folded away", _MEAN, {"column": "is_opaque", "max_value": 0.3}
            ),
        ),
    ),
    "training_mixtures": Suite(
        _mixtures,
        (
            Expected("business_rules", "error", "a sample has tokens", _BETWEEN, _within("n_tokens", 1, None)),
            Expected(
                "distributions",
                "warn",
                "most samples are for training",
                _MEAN,
                {"column": "is_train", "min_value": 0.7},
            ),
        ),
    ),
}
"""The suites by table."""


def expectations(table: str, frames: Iterable[pl.DataFrame]) -> list[Finding]:
    """Run the suite of a table.

    Args:
        table: a table that has a suite.
        frames: its rows in any number of frames, all stripes of a source or one mixture; each is made narrow when its
            turn comes, so that only scalars are held.

    Returns:
        One finding per group of expectations; an ``error`` where a critical one does not hold, else a ``warn``. Without
        a row there is nothing to find: all pass.

    Raises:
        KeyError: the table has no suite.
    """
    suite = SUITES[table]
    narrow = [suite.scalars(frame) for frame in frames]
    checks = list(dict.fromkeys(each.check for each in suite.expected))
    rows = pl.concat(narrow) if narrow else pl.DataFrame()
    if rows.is_empty():
        return [Finding(check, "warn", True, 0, (), f"{table} has no rows") for check in checks]
    results = _run(table, suite, rows)
    return [_finding(check, [pair for pair in results if pair[0].check == check]) for check in checks]


def _run(table: str, suite: Suite, rows: pl.DataFrame) -> list[tuple[Expected, dict[str, Any]]]:
    """Validate, and give each expectation's verdict: ``success`` and ``result``."""
    with _quiet():
        import great_expectations as gx
        from great_expectations import expectations as known

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        batch = (
            context.data_sources.add_pandas("tables")
            .add_dataframe_asset(table)
            .add_batch_definition_whole_dataframe("all")
        )
        expected = {
            str(number): (each, getattr(known, each.expectation)(**each.arguments, meta={"number": str(number)}))
            for number, each in enumerate(suite.expected)
        }
        made = gx.ExpectationSuite(name=table, expectations=[made for _, made in expected.values()])
        validation = gx.ValidationDefinition(name=table, data=batch, suite=context.suites.add(made))
        verdict = context.validation_definitions.add(validation).run(
            batch_parameters={"dataframe": rows.to_pandas(use_pyarrow_extension_array=True)},
            result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row_id"]},
        )
        found = [(expected[each.expectation_config.meta["number"]][0], each.to_json_dict()) for each in verdict.results]
    order = {id(each): number for number, each in enumerate(suite.expected)}
    return sorted(found, key=lambda pair: order[id(pair[0])])


@contextmanager
def _quiet() -> Iterator[None]:
    """Analytics off while Great Expectations is read and used."""
    name = "GX_ANALYTICS_ENABLED"
    before = os.environ.get(name)
    os.environ[name] = "false"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _finding(check: str, results: list[tuple[Expected, dict[str, Any]]]) -> Finding:
    failed = [(expected, result) for expected, result in results if not result["success"]]
    if not failed:
        return Finding(check, "warn", True, 0, (), "; ".join(expected.says for expected, _ in results))
    row_ids = tuple(dict.fromkeys(row_id for _, result in failed for row_id in _rows(result)))
    said = "; ".join(f"{expected.says}: not so{_observed(result)}" for expected, result in failed)
    severity: Severity = "error" if any(expected.severity == "error" for expected, _ in failed) else "warn"
    rowless = any(not _rows(result) for _, result in failed)
    n_failed = len(row_ids) + sum(not _rows(result) for _, result in failed)
    return Finding(check, severity, False, n_failed, row_ids[:EXAMPLES], said, () if rowless else row_ids)


def _rows(result: dict[str, Any]) -> list[str]:
    return [row["row_id"] for row in result["result"].get("unexpected_index_list") or ()]


def _observed(result: dict[str, Any]) -> str:
    seen = result["result"].get("observed_value")
    if seen is not None:
        return f" ({seen:.4g} seen)" if isinstance(seen, float) else f" ({seen} seen)"
    count = result["result"].get("unexpected_count")
    if count is not None:
        return f" for {count} row(s)"
    said = result.get("exception_info") or {}
    return f" ({said['exception_message']})" if said.get("exception_message") else ""
