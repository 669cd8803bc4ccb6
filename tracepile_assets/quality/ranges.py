"""What must hold of the values of a single row, table by table, as Polars expressions.

Each rule is a sentence and an expression that is true where the row is right. Rules that look at other rows or tables
do not belong here (`rules`, `references`).
"""

import polars as pl

from tracepile_assets.similarity.texts import SIGNATURE_BYTES
from tracepile_assets.tables.schemas import CHANGE_OPS, DETERMINISM, EVENT_KINDS, SPLITS, STATUSES

Rule = tuple[str, pl.Expr]

DIRECTIONS = ("forward", "backward", "none")
EQUIVALENCE = ("original", "proved")
FAULTS = ("value", "operator", "branch", "step", "count", "name", "reason", "answer")
MEASURES = ("max_depth", "n_statements", "n_branches", "state_size", "longest_value")
ORIGINS = ("given", "generated", "mutated", "proposed")

_EVENT_COLUMNS = ("event_statement", "event_line", "event_depth", "event_frame_id", "event_value")
_CHANGE_COLUMNS = ("change_cause", "change_place", "change_op", "change_value")


def _one_of(column: str, allowed: tuple[str, ...]) -> Rule:
    return f"{column} is one of {', '.join(allowed)}", pl.col(column).is_in(list(allowed))


def _filled(column: str) -> Rule:
    return f"{column} is not empty", pl.col(column).str.strip_chars().str.len_chars() > 0


def _share(column: str) -> Rule:
    value = pl.col(column)
    return f"{column} lies between 0 and 1", value.is_finite() & value.is_between(0, 1)


def _no_item(column: str, fails: pl.Expr) -> pl.Expr:
    return ~pl.col(column).list.eval(fails).list.any()


def _lengths(first: str, others: tuple[str, ...]) -> Rule:
    length = pl.col(first).list.len()
    equal = pl.all_horizontal([pl.col(other).list.len() == length for other in others])
    return f"{first} and the lists that belong to it have equal lengths", equal


def _unless(condition: pl.Expr, holds: pl.Expr) -> pl.Expr:
    return condition | holds


_INPUTS = pl.col("inputs")

_PROGRAMS: tuple[Rule, ...] = (
    _one_of("status", ("ok", "rejected")),
    ("a rejected program has a reason", _unless(pl.col("status") != "rejected", pl.col("reason").is_not_null())),
    ("a program that is not rejected has code", _unless(pl.col("status") == "rejected", _filled("code")[1])),
    ("a program that is not rejected has inputs", _unless(pl.col("status") == "rejected", _INPUTS.list.len() > 0)),
    (
        "the inputs of a program have ids of their own",
        _INPUTS.list.eval(pl.element().struct.field("input_id").is_duplicated()).list.any().not_(),
    ),
    (
        "an input is given as arguments to an entry point, or as stdin without one",
        pl.when(pl.col("entry_point").is_null())
        .then(_no_item("inputs", pl.element().struct.field("stdin").is_null()))
        .otherwise(_no_item("inputs", pl.element().struct.field("arguments").is_null())),
    ),
    (
        "an input is given, generated, mutated or proposed",
        _no_item("inputs", ~pl.element().struct.field("origin").is_in(list(ORIGINS))),
    ),
)

_VARIANTS: tuple[Rule, ...] = (
    _one_of("equivalence", EQUIVALENCE),
    _filled("code"),
    (
        "the original has no rewrites, a variant has some",
        (pl.col("rewrites").list.len() == 0) == (pl.col("equivalence") == "original"),
    ),
    (
        "inputs_proved is not negative, and positive for a variant",
        pl.col("inputs_proved") >= (pl.col("equivalence") == "proved").cast(pl.Int32),
    ),
)

_EVENTS = pl.col("n_events")
_NO_RUN = pl.col("status").is_in(["nondeterministic", "rejected"])

_TRACES: tuple[Rule, ...] = (
    _one_of("status", STATUSES),
    _one_of("deterministic", DETERMINISM),
    _share("difficulty"),
    (
        "measures of difficulty are not negative, and the depth is that of the events",
        pl.all_horizontal(pl.col(*MEASURES) >= 0)
        & (pl.col("event_depth").list.max().fill_null(0) == pl.col("max_depth")),
    ),
    ("n_events is the number of events", (_EVENTS >= 0) & (pl.col("event_kind").list.len() == _EVENTS)),
    _lengths("event_kind", _EVENT_COLUMNS),
    _lengths("change_event", _CHANGE_COLUMNS),
    ("events are of the known kinds", _no_item("event_kind", ~pl.element().is_in(list(EVENT_KINDS)))),
    ("changes are of the known kinds", _no_item("change_op", ~pl.element().is_in(list(CHANGE_OPS)))),
    (
        "lines begin at 1, statements, depths and frames at 0",
        pl.all_horizontal(
            [_no_item("event_line", pl.element() < 1)]
            + [_no_item(column, pl.element() < 0) for column in ("event_statement", "event_depth", "event_frame_id")]
        ),
    ),
    (
        "every event lies in a frame of the run",
        (pl.col("event_frame_id").list.max() < pl.col("frame_function").list.len()).fill_null(True),
    ),
    ("every change is shown by an event of the run", (pl.col("change_event").list.max() < _EVENTS).fill_null(True)),
    ("changes stand in the order of the events", _no_item("change_event", pl.element().diff() < 0)),
    (
        "a run that ended in an exception names it",
        _unless(pl.col("status") != "exception", pl.col("exception").is_not_null()),
    ),
    (
        "nothing is kept of a run that is not deterministic",
        # Two runs agree on an input that was rejected: it never ran.
        _unless(
            ~_NO_RUN,
            (_EVENTS == 0)
            & pl.col("return_value").is_null()
            & ((pl.col("deterministic") == "no") | (pl.col("status") == "rejected")),
        ),
    ),
    (
        "only a deterministic run keeps its events",
        _unless(pl.col("deterministic") == "full", (_EVENTS == 0) | (pl.col("status") != "ok")),
    ),
)

_CHECKS: tuple[Rule, ...] = (
    *_TRACES,
    ("a run made for a question or a rationale is deterministic", pl.col("deterministic") != "no"),
    ("made_for is the id of a question or of a rationale", pl.col("made_for").str.contains("^[qc]_")),
    (
        "an input is given as arguments, or as stdin",
        pl.col("arguments").is_null() != pl.col("stdin").is_null(),
    ),
)

_QUESTIONS: tuple[Rule, ...] = (
    _filled("kind"),
    _one_of("direction", DIRECTIONS),
    _filled("question"),
    ("answer is not empty", pl.col("answer").str.len_chars() > 0),
    _filled("answer_type"),
    _share("difficulty"),
    ("target is a JSON object", pl.col("target").str.starts_with("{") & pl.col("target").str.ends_with("}")),
)

_CLAIM = pl.element().struct

_CHAINS: tuple[Rule, ...] = (
    _one_of("direction", DIRECTIONS),
    _filled("text"),
    _share("claim_coverage"),
    ("verdict is admitted", pl.col("verdict") == "admitted"),
    ("n_claims is the number of claims", pl.col("n_claims") == pl.col("claims").list.len()),
    (
        "no claim is contradicted or ungrounded",
        _no_item("claims", _CLAIM.field("verdict").is_in(["contradicted", "ungrounded"])),
    ),
    (
        "a claim's span is not empty",
        _no_item("claims", (_CLAIM.field("start") < 0) | (_CLAIM.field("end") <= _CLAIM.field("start"))),
    ),
    (
        "a claim's span lies in the text",
        (pl.col("claims").list.eval(_CLAIM.field("end")).list.max() <= pl.col("text").str.len_chars()).fill_null(True),
    ),
    (
        "diversity lies between 0 and 1 where there is one",
        pl.col("diversity").is_null() | pl.col("diversity").is_between(0, 1),
    ),
    ("n_steps and n_tokens are not negative", (pl.col("n_steps") >= 0) & (pl.col("n_tokens") >= 0)),
)

_SPAN = pl.col("wrong_span").struct

_TWINS: tuple[Rule, ...] = (
    _one_of("fault_kind", FAULTS),
    _filled("claim_kind"),
    (
        "the wrong span is not empty and lies in the text",
        (_SPAN.field("start") >= 0)
        & (_SPAN.field("end") > _SPAN.field("start"))
        & (_SPAN.field("end") <= pl.col("text").str.len_chars()),
    ),
    (
        "a step told too early names the events of both sentences, and nothing else does",
        (pl.col("late_events").list.len() > 0) == (pl.col("claim_kind") == "order"),
    ),
    (
        "a step told too early has events of its own",
        _unless(pl.col("claim_kind") != "order", pl.col("claim_events").list.len() > 0),
    ),
)

_MIXTURES: tuple[Rule, ...] = (
    _one_of("split", SPLITS),
    _filled("mixture"),
    _filled("stage"),
    ("n_tokens is positive", pl.col("n_tokens") > 0),
    (
        "a sample has text, messages, a prompt with its answer, or a pair",
        pl.col("text").is_not_null()
        | (pl.col("messages").list.len() > 0).fill_null(False)
        | (pl.col("prompt").is_not_null() & (pl.col("answer").is_not_null() | pl.col("chosen").is_not_null())),
    ),
    (
        "a pair has two sides, which differ",
        (pl.col("chosen").is_null() & pl.col("rejected").is_null()) | (pl.col("chosen") != pl.col("rejected")),
    ),
)

_PARTS = ("context", "question", "answer", "rationale")
_COUNTS = [f"{part}_tokens" for part in _PARTS]

_FEATURES: tuple[Rule, ...] = (
    ("a row is of a question or of a rationale", pl.col("row_id") == pl.coalesce("coe_id", "question_id")),
    ("token counts are not negative", pl.all_horizontal([(pl.col(name) >= 0).fill_null(True) for name in _COUNTS])),
    (
        "tokens are counted of what there is",
        pl.all_horizontal([pl.col(name).is_null() for name in _COUNTS])
        | pl.all_horizontal([pl.col(f"{p}_tokens").is_null() == pl.col(f"{p}_digest").is_null() for p in _PARTS]),
    ),
    ("a signature has its length", (pl.col("signature").bin.size() == SIGNATURE_BYTES).fill_null(True)),
    (
        "a hit has a span, and a share between 0 and 1",
        _no_item(
            "hits",
            (pl.element().struct.field("start") >= pl.element().struct.field("end"))
            | ~pl.element().struct.field("share").is_between(0, 1, closed="right"),
        ).fill_null(True),
    ),
)

RANGES: dict[str, tuple[Rule, ...]] = {
    "raw_programs": _PROGRAMS,
    "code_variants": _VARIANTS,
    "execution_traces": _TRACES,
    "tracing_questions": _QUESTIONS,
    "check_traces": _CHECKS,
    "chains_of_execution": _CHAINS,
    "corrupted_twins": _TWINS,
    "sample_features": _FEATURES,
    "training_mixtures": _MIXTURES,
}
"""Rules of each table: what must hold, as a sentence, and where it does, as an expression."""
