"""Row ids: 128-bit hashes with a prefix, made from a schema tag, the parent ids and a row's own discriminators.

Not here: anything that depends on an outcome, a time or a position; an id must be the same on every machine and in
every build.
"""

import hashlib
from collections.abc import Iterable

SCHEMA_TAG = "tracepile/1"

PREFIXES = {
    "raw_programs": "p_",
    "inputs": "i_",
    "code_variants": "v_",
    "execution_traces": "t_",
    "tracing_questions": "q_",
    "chains_of_execution": "c_",
    "corrupted_twins": "w_",
    "training_mixtures": "s_",
}


def digest(parts: Iterable[str | bytes | None]) -> str:
    """Hash a sequence of parts to 32 hex digits; the parts are length-prefixed, so no two sequences collide by
    joining.
    """
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        if part is None:
            hasher.update(b"-")
            continue
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        hasher.update(b"%d:" % len(raw))
        hasher.update(raw)
    return hasher.hexdigest()


def part_digest(text: str) -> int:
    """The first 64 bits of the hash of a part of a row, as a signed number: whether it is the text that was
    measured.
    """
    hashed = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(hashed.digest(), "little", signed=True)


def make_id(table: str, *parts: str | None) -> str:
    """Make the id of a row of ``table`` (or of ``inputs``) from its parents' ids and its discriminators."""
    return PREFIXES[table] + digest((SCHEMA_TAG, table, *parts))


def program_id(source: str, source_row: str, code: str, entry_point: str | None) -> str:
    """Id of a program: source, natural key, code and entry point; its inputs do not count."""
    return make_id("raw_programs", source, source_row, code, entry_point)


def input_id(program: str, codec: str, arguments: str | None, stdin: str | None) -> str:
    """Id of an input of a program; equal inputs of one program have one id."""
    return make_id("inputs", program, codec, arguments, stdin)


def variant_id(program: str, rewrites: Iterable[str], code: str, entry_point: str | None) -> str:
    """Id of a variant: its program, the chain of rewrites and the code that they gave."""
    return make_id("code_variants", program, "+".join(rewrites), code, entry_point)


def trace_id(variant: str, input_: str) -> str:
    """Id of a trace: one variant on one input."""
    return make_id("execution_traces", variant, input_)


def check_trace_id(made_for: str, input_: str) -> str:
    """Id of a run made while asking or narrating: what it was made for, and the input that it ran on."""
    return PREFIXES["execution_traces"] + digest((SCHEMA_TAG, "check_traces", made_for, input_))


def question_id(trace: str, kind: str, target: str) -> str:
    """Id of a question: its trace, its kind and the canonical moment it asks about (JSON text)."""
    return make_id("tracing_questions", trace, kind, target)


def coe_id(question: str | None, trace: str, narrator: str, style: str, telling: int = 0) -> str:
    """Id of a chain of execution: the question (or whole run) it answers, who tells it, in which style, which
    telling.
    """
    return make_id("chains_of_execution", question, trace, narrator, style, str(telling))


def twin_id(coe: str) -> str:
    """Id of a corrupted twin: the chain of execution that it is a twin of."""
    return make_id("corrupted_twins", coe)


def sample_id(mixture: str, *ancestors: str | None) -> str:
    """Id of a training sample: its mixture and the ids of the rows it is made from."""
    return make_id("training_mixtures", mixture, *ancestors)


def table_of(row_id: str) -> str:
    """Name the table that an id belongs to.

    Raises:
        ValueError: the id has no known prefix.
    """
    for table, prefix in PREFIXES.items():
        if row_id.startswith(prefix):
            return table
    raise ValueError(f"{row_id!r} is not an id of any table; ids begin with one of {', '.join(PREFIXES.values())}")
