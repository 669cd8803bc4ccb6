"""The columns of every table: name, type, unit and meaning.

Belongs here: pyarrow schemas, whose fields carry their description; ``docs/tables.md`` is printed from them. Does not
belong here: reading, writing, and the meaning of a trace (see docs/trace.md).
"""

import pyarrow as pa

from .fields import ANCESTORS, CLAIM, INPUT, MESSAGE, NAME_PAIR, SPAN, column, list_of
from .sample_rows import SAMPLE_ROWS
from .side_schemas import QUARANTINE, REJECTED, SAMPLE_FEATURES, UNITS

SCHEMA_VERSION = "2"

STRIPE_TABLES = (
    "raw_programs",
    "code_variants",
    "execution_traces",
    "tracing_questions",
    "chains_of_execution",
    "corrupted_twins",
)
"""The partitioned tables, in the order in which data flows."""

FEATURES = "sample_features"
"""The side table beside the stripe tables that has a folder, and a file per stripe in it, for each feature."""

FALSE_TABLES = ("corrupted_twins",)
"""Stripe tables whose texts are false on purpose: only a mixture of preference pairs may read them."""

ID_COLUMN = {
    "raw_programs": "program_id",
    "code_variants": "variant_id",
    "execution_traces": "trace_id",
    "tracing_questions": "question_id",
    "chains_of_execution": "coe_id",
    "corrupted_twins": "twin_id",
    "training_mixtures": "sample_id",
    "check_traces": "trace_id",
    "sample_features": "row_id",
}

CHECKED_TABLES = ("tracing_questions", "chains_of_execution")
"""The tables whose builds run programs to check what they make, and keep those runs in `check_traces` beside them."""

STATUSES = (
    "ok",
    "exception",
    "timeout",
    "cpu_limit",
    "memory_limit",
    "event_limit",
    "output_limit",
    "crash",
    "tampered",
    "nondeterministic",
    "rejected",
)
EVENT_KINDS = ("call", "line", "return", "raise", "unwind", "yield", "resume", "output")
CHANGE_OPS = ("set", "delta", "delete")
DETERMINISM = ("full", "result_only", "no")
SPLITS = ("train", "validation", "test")

_PROGRAM = column("program_id", pa.string(), "id of the program (`p_…`)")
_VARIANT = column("variant_id", pa.string(), "id of the variant (`v_…`)")
_INPUT = column("input_id", pa.string(), "id of the input (`i_…`)")
_TRACE = column("trace_id", pa.string(), "id of the trace (`t_…`)")

RAW_PROGRAMS = pa.schema(
    [
        _PROGRAM,
        column("source", pa.string(), "name of the source in the registry"),
        column("source_row", pa.string(), "natural key in the source, else content hash and a number among equals"),
        column("supersedes", pa.string(), "program_id that stood in this slot before the row changed", True),
        column("status", pa.string(), "`ok`, or `rejected`: kept, but nothing is made from it"),
        column("reason", pa.string(), "why it was rejected", True),
        column("domain", pa.string(), "`mathematics`, `algorithms` or `competition`"),
        column("title", pa.string(), "short name for people"),
        column("statement", pa.string(), "the problem in its own words", True),
        column("code", pa.string(), "Python source text"),
        column(
            "entry_point", pa.string(), "expression that is called with the arguments; null for a stdin program", True
        ),
        column(
            "inputs",
            list_of(INPUT),
            "inputs: id, codec, `arguments` (source text between the call's parentheses) or `stdin`, `expected` (what "
            "the source states: an expression or stdout text), `origin` (`given`, `generated`, `mutated`, `proposed`)",
        ),
        column("family_id", pa.string(), "hash of the code with the names that it binds normalised away (`f_…`)"),
        column("license", pa.string(), "licence as the source states it"),
        column("origin_uri", pa.string(), "file and row or line that the program came from"),
        column("benchmark", pa.bool_(), "row of a benchmark: traced and asked about, never in a mixture"),
    ]
)

CODE_VARIANTS = pa.schema(
    [
        _VARIANT,
        _PROGRAM,
        column("rewrites", list_of(pa.string()), "names of the transforms applied, in order; empty for the original"),
        column("code", pa.string(), "Python source text of the variant"),
        column("entry_point", pa.string(), "entry point in the variant; null for a stdin program", True),
        column(
            "name_map",
            list_of(NAME_PAIR),
            "variables of the original and of the variant that took equal sequences of values on every proof input",
        ),
        column("equivalence", pa.string(), "`original`, or `proved` by running on every input and on fresh mutants"),
        column(
            "inputs_proved",
            pa.int32(),
            "number of inputs, fresh mutants among them, on which the results were compared and equal",
        ),
    ]
)

EXECUTION_TRACES = pa.schema(
    [
        _TRACE,
        _VARIANT,
        _PROGRAM,
        _INPUT,
        column("status", pa.string(), "how the run ended: " + ", ".join(f"`{s}`" for s in STATUSES)),
        column("reason", pa.string(), "what ended it, for a person", True),
        column("return_value", pa.string(), "deep value text of what the entry call returned", True),
        column("stdout", pa.string(), "what the run printed"),
        column("exception", pa.string(), "type and message of the exception that left the entry call", True),
        column("arguments_after", pa.string(), "deep value text of the argument tuple after the run", True),
        column(
            "expected_agrees",
            pa.bool_(),
            "whether the run gave what the source states; null where that is nothing, or cannot be evaluated",
            True,
        ),
        column("n_events", pa.int32(), "number of events recorded"),
        column("truncated", pa.bool_(), "some value was over a cap and is marked as touched"),
        column("deterministic", pa.string(), "`full`, `result_only` or `no`, by a second traced run in another zygote"),
        column("max_depth", pa.int32(), "greatest call depth"),
        column("n_statements", pa.int32(), "distinct statements executed"),
        column("n_branches", pa.int32(), "ways beyond the first in which execution went on from a statement"),
        column("state_size", pa.int32(), "greatest number of characters of all values held at once"),
        column("longest_value", pa.int32(), "characters of the longest value text"),
        column("difficulty", pa.float64(), "measured difficulty of the run, 0 to 1, see docs/trace.md"),
        column("event_kind", list_of(pa.string()), "per event: " + ", ".join(f"`{k}`" for k in EVENT_KINDS)),
        column("event_statement", list_of(pa.int32()), "per event: number of the statement in the syntax tree, from 0"),
        column("event_line", list_of(pa.int32()), "per event: first line of that statement, from 1"),
        column("event_depth", list_of(pa.int32()), "per event: call depth, 0 in the entry frame"),
        column("event_frame_id", list_of(pa.int32()), "per event: frame, numbered in order of call"),
        column(
            "event_value",
            list_of(pa.string(), True),
            "per event: value text of what a return or yield gives or a raise carries; the text an output wrote",
        ),
        column("change_event", list_of(pa.int32()), "per change: first event whose state shows it"),
        column("change_cause", list_of(pa.int32()), "per change: event that made it; -1 for the input"),
        column(
            "change_place", list_of(pa.string()), "per change: `f3.total`, `g.name`, `#5`, `#5[2]`, `#5.attr`, `#5{3}`"
        ),
        column("change_op", list_of(pa.string()), "per change: `set`, `delta` or `delete`"),
        column("change_value", list_of(pa.string(), True), "per change: shallow value text; null if over a cap"),
        column("frame_function", list_of(pa.string()), "per frame: qualified name of its function"),
        column("python_version", pa.string(), "minor version of CPython that ran it"),
        column("recorder_version", pa.string(), "recorder that ran, and the version of its meaning"),
    ]
)

CHECK_TRACES = pa.schema(
    [
        *(
            column("input_id", pa.string(), "id of the input (`i_…`); it need not be one of the program's own inputs")
            if field.name == "input_id"
            else field
            for field in EXECUTION_TRACES
        ),
        column("codec", pa.string(), "how the arguments of the input are written"),
        column("arguments", pa.string(), "source text between the call's parentheses; null for a stdin program", True),
        column("stdin", pa.string(), "standard input; null for a program that is called", True),
        column("made_for", pa.string(), "id of the question or rationale that the run was made for"),
    ]
)

TRACING_QUESTIONS = pa.schema(
    [
        column("question_id", pa.string(), "id of the question (`q_…`)"),
        _TRACE,
        _INPUT,
        _VARIANT,
        _PROGRAM,
        column("kind", pa.string(), "kind of question, one module in questions/kinds or questions/companions"),
        column("direction", pa.string(), "`forward`, `backward` or `none`"),
        column("question", pa.string(), "the full prompt: code (or the problem), input (or output) and the question"),
        column(
            "answer", pa.string(), "value text computed from the trace; for a backward question one input that works"
        ),
        column("answer_type", pa.string(), "type of the answer, which decides how it is graded"),
        column("difficulty", pa.float64(), "difficulty of the question, 0 to 1"),
        column("target", pa.string(), "canonical moment asked about, as JSON"),
        column("check_trace_id", pa.string(), "trace of a run made for this question; null where none was", True),
    ]
)

CHAINS_OF_EXECUTION = pa.schema(
    [
        column("coe_id", pa.string(), "id of the rationale (`c_…`)"),
        column("question_id", pa.string(), "question that it answers; null for a whole-run narration", True),
        _TRACE,
        _INPUT,
        _VARIANT,
        _PROGRAM,
        column("narrator", pa.string(), "who told it: `deterministic`, or a language model: `vllm`, `polish`"),
        column(
            "style",
            pa.string(),
            "style of the telling: `narrative`, `phases`, `backward`, or a notation: `scratchpad`, `inline`, `cwm`",
        ),
        column("direction", pa.string(), "`forward`, `backward` or `none`"),
        column("text", pa.string(), "the chain of execution"),
        column(
            "claims",
            list_of(CLAIM),
            "every claim in the text: span (characters), kind, what it says, event it was matched to, verdict, and "
            "whether its value was observed rather than worked out",
        ),
        column("n_claims", pa.int32(), "number of claims"),
        column(
            "claim_coverage",
            pa.float64(),
            "share of sentences, discourse aside, that are verified claims or code facts",
        ),
        column("n_steps", pa.int32(), "executed steps that the text tells"),
        column("n_tokens", pa.int32(), "tokens of the text: by `narration.tokenizer`, else a quarter of its bytes"),
        column("opaque_fold", pa.bool_(), "part of the run is told as a summary that cannot be derived step by step"),
        column(
            "diversity",
            pa.float64(),
            "one less the greatest share of word triples that it has in common with another telling of the same "
            "question, 0 to 1; null where there is no other",
            True,
        ),
        column(
            "check_trace_id",
            pa.string(),
            "trace of a run made for this telling or its question, which the text tells; null where none was",
            True,
        ),
        column("verdict", pa.string(), "verdict of the claim verifier: `admitted`"),
        column(
            "stands_in_for",
            pa.string(),
            "narrator (`vllm`, `polish`) whose telling was not admitted, so that this one stands in; null for none",
            True,
        ),
        column("model", pa.string(), "language model that told it; null where none did", True),
        column("model_revision", pa.string(), "revision of that model, as the settings have it", True),
        column("temperature", pa.float64(), "temperature that it was sampled at", True),
        column("seed", pa.int64(), "seed that it was sampled with; another try has the next one", True),
    ]
)

CORRUPTED_TWINS = pa.schema(
    [
        column("twin_id", pa.string(), "id of the twin (`w_…`)"),
        column("coe_id", pa.string(), "the true rationale that it is a twin of"),
        column("question_id", pa.string(), "question that the rationale answers; null for a whole-run narration", True),
        _TRACE,
        _INPUT,
        _VARIANT,
        _PROGRAM,
        column("text", pa.string(), "the rationale with one planted false claim: never to be shown as true"),
        column("wrong_span", SPAN, "first wrong span of the text (characters): up to it the two texts are the same"),
        column(
            "fault_kind",
            pa.string(),
            "what was planted: another `value`, `operator`, `branch`, `count`, `name`, `reason` or `answer`, or a "
            "`step` told too early",
        ),
        column("claim_kind", pa.string(), "kind of the claim in the wrong span; `order` for a step told too early"),
        column(
            "claim_events",
            list_of(pa.int32()),
            "events that the wrong span tells; empty for a claim about the whole run",
        ),
        column(
            "late_events",
            list_of(pa.int32()),
            "of a step told too early, the events that the sentence after it tells; else empty",
        ),
    ]
)

TRAINING_MIXTURES = pa.schema(
    [
        SAMPLE_ROWS.field("sample_id"),
        column("mixture", pa.string(), "name of the mixture"),
        column("stage", pa.string(), "training stage that it is made for"),
        column("split", pa.string(), "`train`, `validation` or `test`, decided by the family's founder"),
        column("text", pa.string(), "running text, for continued pre-training", True),
        column("messages", list_of(MESSAGE), "chat messages (role, content), for instruction tuning", True),
        column("prompt", pa.string(), "the question; of a pair about a whole run, the program and its call", True),
        column("answer", pa.string(), "the answer as a grader takes it", True),
        column("grader", pa.string(), "kind of question whose grader judges an answer", True),
        column(
            "grading",
            pa.string(),
            "what the grader takes beside prompt and answer, as JSON: `direction`, `answer_type` and `target` of the "
            "question",
            True,
        ),
        column("chosen", pa.string(), "preferred rationale of a pair", True),
        column("rejected", pa.string(), "rationale of a pair with one planted false claim", True),
        column(
            "curriculum_quantile",
            pa.float64(),
            "share of its source's runs that are easier than the one it is about, 0 to 1: the order of a curriculum",
            True,
        ),
        column("n_tokens", pa.int32(), "tokens of the sample, with the tokenizer named in the data card"),
        column(
            "ancestors", list_of(ANCESTORS), "ids of all rows the sample is made from; empty for the user's own rows"
        ),
    ]
)

PROGRAM_FAMILIES = pa.schema(
    [
        column("family_id", pa.string(), "family of programs (`f_…`)"),
        column("founder", pa.string(), "family_id of the founder: the first family seen among its near-duplicates"),
        column(
            "also_near",
            list_of(pa.string()),
            "other founders that it lies near; where they are of another split than its own, no mixture takes it",
        ),
        column("nearest", pa.string(), "most alike family of this founder when it was first seen; null for none", True),
        column("likeness", pa.float64(), "estimated share of shingles in common with that one, 0 to 1", True),
        column("source", pa.string(), "source in which the family was first seen"),
        column("program_id", pa.string(), "program with which it was first seen"),
        column("signature", pa.binary(), "MinHash of its shingles: 128 numbers of 32 bits; empty if it was never made"),
    ]
)

SCHEMAS = {
    "raw_programs": RAW_PROGRAMS,
    "code_variants": CODE_VARIANTS,
    "execution_traces": EXECUTION_TRACES,
    "tracing_questions": TRACING_QUESTIONS,
    "check_traces": CHECK_TRACES,
    "chains_of_execution": CHAINS_OF_EXECUTION,
    "corrupted_twins": CORRUPTED_TWINS,
    "sample_features": SAMPLE_FEATURES,
    "training_mixtures": TRAINING_MIXTURES,
    "program_families": PROGRAM_FAMILIES,
    "rejected": REJECTED,
    "quarantine": QUARANTINE,
    "units": UNITS,
    "sample_rows": SAMPLE_ROWS,
}

SUMMARIES = {
    "raw_programs": "One row per program of a source.",
    "code_variants": "One row per variant of a program; the original is variant 0.",
    "execution_traces": "One row per variant and input: how the run ended and everything that it did.",
    "tracing_questions": "One row per question about a trace.",
    "check_traces": "One row per run made while asking or narrating, such as that of a changed input; lies beside the "
    "table it belongs to.",
    "chains_of_execution": "One row per rationale: a run told in words, every claim verified.",
    "corrupted_twins": "One row per rationale with one planted claim that the independent evaluator finds false.",
    "sample_features": "One row per question and per rationale, once for each feature: token counts by one tokenizer, "
    "signatures, or overlaps with one benchmark; at `sample_features/feature=<feature>/source=…/<stripe>.parquet`.",
    "training_mixtures": "One row per training sample; one folder per mixture.",
    "program_families": "One row per family of programs, appended and never changed: its founder decides the split.",
    "rejected": "One row per unit of work that made no row, with its reason; lies beside the table it belongs to.",
    "quarantine": "One row per row that failed a check or that a policy keeps out.",
    "units": "One row per parent that a stripe was made from, with its fingerprint: what decides recomputing.",
    "sample_rows": "One row per sample of a mixture, beside it and in its releases: what builds are compared by.",
}


def table_of_place(place: str) -> str:
    """The table that a place belongs to: `sample_features` of `sample_features/feature=signatures`, other tables are
    their own places.
    """
    return place.split("/", 1)[0]


def description(table: str, column: str) -> str:
    """Return what a column means."""
    return SCHEMAS[table].field(column).metadata[b"description"].decode()
