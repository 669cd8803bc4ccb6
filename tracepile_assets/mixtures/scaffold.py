"""A new mixture file to begin with.

Belongs here: the text that a user's file starts as, and putting it into the folder. Does not belong here: reading it
(`definition`).
"""

import os
from pathlib import Path

from tracepile_assets.mixtures.definition import FORMATS, NAME, STAGES, mixture_names
from tracepile_assets.mixtures.errors import MixtureError

LONGEST_NAME = 60

_FILE = """\
-- # The name of this file without .sql.
-- name = "{name}"
-- description = "Say here what it is for."
-- # {stages}
-- stage = "instruction_tuning"
-- # {formats}: docs/mixtures.md says which columns each needs.
-- format = "messages"
-- # Moves order and sampling, never the split.
-- seed = 1
-- # How tokens are counted: an estimate from the bytes that needs no file; or a tokenizer.json: its path, absolute or
-- # below the home, or its name on the hub, such as "org/model".
-- tokenizer = "byte_estimate"
-- # The most tokens that it may have.
-- # token_budget = 5_000_000
-- # What no sample may overlap with: files (.jsonl, .jsonl.gz, .parquet; absolute, or below the home), or names on the
-- # hub. Without any nothing is looked for, and the check `decontamination` warns.
-- # benchmarks = ["benchmarks/humaneval.jsonl.gz", "openai/gsm8k"]
-- # Share of the samples that comes from your own conversations in the home's folder instructions/; messages only.
-- # instructions_share = 0.5
--
-- # The most samples of one program, family (near-duplicate programs), kind of question and narrator, and the largest
-- # share of one kind; each may go.
-- [caps]
-- per_program = 400
-- # per_family = 800
-- # per_kind = 100_000
-- # per_narrator = 100_000
-- per_kind_share = 0.5

-- One row per candidate. See what comes of it with: tracepile mixtures preview {name}
SELECT
    c.program_id,
    c.variant_id,
    c.input_id,
    c.trace_id,
    c.question_id,
    c.coe_id,
    q.kind,
    q.question,
    c.text AS rationale,
    -- A telling that found an input of its own (backward) ends on that one, not on the input of the trace.
    CASE WHEN c.check_trace_id IS NOT DISTINCT FROM q.check_trace_id THEN q.answer END AS answer
FROM chains_of_execution AS c
JOIN tracing_questions AS q ON q.question_id = c.question_id
WHERE c.direction = 'forward'
"""


def new_mixture(folder: Path, name: str) -> Path:
    """Write a mixture file to begin with: complete, so that it can be built as it is.

    Args:
        folder: the user's mixtures; made if it is not there.
        name: name of the mixture.

    Returns:
        The file.

    Raises:
        MixtureError: the name is none, or is taken; or the file cannot be written. No file is ever written over.
    """
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        remedy = f"use small letters, digits and `_`, a letter first, at most {LONGEST_NAME} in all, such as my_mixture"
        raise MixtureError("mixtures new", f"{name!r} is no name for a mixture", remedy)
    path = folder / f"{name}.sql"
    if name in mixture_names(folder) and not path.exists():
        raise MixtureError(path, f"{name} is the name of a shipped mixture", "choose another name")
    text = _FILE.format(name=name, stages=", ".join(STAGES), formats=", ".join(FORMATS))
    unnamed = folder / f".{name}.sql.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unnamed.write_text(text, encoding="utf-8")
        # A link is refused where the name is taken, and the file is never seen half-written.
        os.link(unnamed, path)
    except FileExistsError as error:
        raise MixtureError(path, "is there already", "edit it, or choose another name") from error
    except OSError as error:
        problem = f"cannot be written ({error.strerror})"
        raise MixtureError(path, problem, "free space there, or change the rights of the folder") from error
    finally:
        unnamed.unlink(missing_ok=True)
    return path
