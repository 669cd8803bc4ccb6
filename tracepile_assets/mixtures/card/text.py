"""The text of a data card, section by section.

Not here: its tables (`counts`), what a mixture is not good for (`limits`), pictures (`plots`), files (`writing`).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version

import polars as pl

from tracepile_assets.mixtures.card import counts
from tracepile_assets.mixtures.card.front import head
from tracepile_assets.mixtures.card.limits import limits
from tracepile_assets.mixtures.card.origin import Origin, data_versions
from tracepile_assets.mixtures.card.plots import Plot
from tracepile_assets.mixtures.making import Rendered
from tracepile_assets.mixtures.rendering import Sample
from tracepile_assets.mixtures.shards import LOADING, LOADING_ENDS, Shard, picture
from tracepile_assets.mixtures.tokens import BYTE_ESTIMATE
from tracepile_assets.tables.schemas import SCHEMA_VERSION

_FORMATS = {
    "text": "`text`: a document to be read from top to bottom.",
    "messages": "`messages`: a chat; what the assistant says is to be learned.",
    "prompt_answer": "`prompt`, and `answer` as the grader named in `grader` takes it, with what `grading` says.",
    "pair": "`prompt`, and two replies: `chosen` is true, `rejected` the same with one planted false claim.",
}
_STAGES = {
    "continued_pretraining": "continued pre-training",
    "instruction_tuning": "instruction tuning",
    "two_stage_1": "the first of two fine-tuning stages",
    "two_stage_2": "the second of two fine-tuning stages",
    "reinforcement": "reinforcement learning with rewards that are computed",
    "preference": "preference optimisation and reward models: telling the true from the false",
}
_EXAMPLE_CHARACTERS = 2_000


def card_text(rendered: Rendered, shards: Sequence[Shard], plots: Sequence[Plot], origin: Origin) -> str:
    """The text of the card: what is in the mixture, where it comes from, how to load it, what it is not good for."""
    return "\n".join([*head(rendered, shards), "", *_body(rendered, shards, plots, origin)]) + "\n"


def _body(rendered: Rendered, shards: Sequence[Shard], plots: Sequence[Plot], origin: Origin) -> Iterator[str]:
    mixture, summary = rendered.mixture, rendered.summary
    pictures = {plot.subject: f"{picture(plot.alt, plot.name)}\n" for plot in plots}
    yield f"# {mixture.name}\n\n{' '.join(mixture.description.split())}\n"
    yield f"Made for {_STAGES[mixture.stage]}. Format: {_FORMATS[mixture.format]}\n"
    for note in rendered.notes:
        yield f"> **Note.** {note}\n"
    yield "## Splits\n"
    yield from counts.splits(rendered)
    yield f"\n{_split_by(summary)}\n"
    yield "## Tokens\n"
    yield from counts.lengths(rendered)
    yield f"\nTokens of a sample, counted by {_counted_by(rendered)}.\n"
    yield pictures["tokens"]
    yield "## Composition\n"
    yield pictures["composition"]
    for column in ("domain", "source", "kind", "narrator", "style", "fault_kind"):
        yield from counts.composition(summary, column)
    yield "## Difficulty\n"
    yield "Of the run that a sample is about, as `execution_traces` has it, from 0 to 1.\n"
    yield from counts.difficulty(summary)
    yield f"\n{pictures.get('difficulty', '')}"
    yield "## From programs to samples\n"
    yield from counts.funnel(rendered)
    yield "\n## Licences\n"
    yield from counts.licences(summary)
    if origin.licenses:
        yield f"\nAllowed were {', '.join(sorted(origin.licenses))}; a program under any other stays out."
    yield "\nA sample may quote the program that it is about: whoever publishes it has to keep to that one's licence.\n"
    yield "## Benchmarks checked\n"
    yield from _benchmarks(rendered)
    yield from _loading(rendered)
    yield f"{LOADING_ENDS}\n"
    yield from limits(rendered)
    yield from _made(rendered, shards, origin)
    yield from _example(rendered)
    yield from _definition(rendered)


def _split_by(summary: pl.DataFrame) -> str:
    of_families = summary.drop_nulls("founder").group_by("founder").agg(pl.col("split").n_unique())
    across = of_families.filter(pl.col("split") > 1).height
    said = f"Near-duplicates are one family; families in more than one split: {across:,} of {len(of_families):,}."
    own = summary.filter(pl.col("program_id").is_null()).height
    return said + (f" Your own conversations ({own:,} samples) are split by their content." if own else "")


def _counted_by(rendered: Rendered) -> str:
    tokenizer = rendered.mixture.tokenizer
    if tokenizer == BYTE_ESTIMATE:
        return f"the built-in byte-level estimate (`{BYTE_ESTIMATE}`: four bytes a token), not by a tokenizer"
    return f"the tokenizer `{tokenizer}` (content `{rendered.features.tokens.digest}`), part by part"


def _benchmarks(rendered: Rendered) -> Iterator[str]:
    if not rendered.benchmarks:
        yield "None: no sample was compared with any benchmark.\n"
        return
    yield from counts.benchmarks(rendered)
    yield ""
    if any(rendered.benchmarks.values()):
        yield "What was left out, with the items and spans, is in the table `quarantine` of this mixture.\n"


def _loading(rendered: Rendered) -> Iterator[str]:
    name, first = rendered.mixture.name, next(iter(rendered.splits))
    yield f"{LOADING}\n"
    yield "```python"
    yield f'import datasets\n\ndatasets.load_dataset("path/to/{name}", split="{first}")'
    yield f'\nimport polars\n\npolars.read_parquet("path/to/{name}/{first}-*.parquet")'
    if rendered.mixture.format == "prompt_answer":
        yield "\nfrom tracepile_assets.execution import Pool\nfrom tracepile_assets.mixtures.grading import grade_reply"
        yield "\nwith Pool() as pool:\n    grade_reply(sample, reply, pool).correct"
    yield "```\n"
    yield (
        f"`tracepile export {name} DEST --format …` writes it as a trainer reads it. `ancestors` names the rows of "
        "each table that a sample was made from: `tracepile lineage SAMPLE_ID` walks back to the line of source code. "
        "Parquet files in this folder that are not listed above the title belong to no build.\n"
    )


def _made(rendered: Rendered, shards: Sequence[Shard], origin: Origin) -> Iterator[str]:
    mixture = rendered.mixture
    yield "\n## How it was made\n"
    yield f"- tracepile-assets {version('tracepile-assets')}" + (f", code `{origin.code}`" if origin.code else "")
    yield f"- Table schema {SCHEMA_VERSION}, seed {mixture.seed}"
    yield f"- Mixture file: SHA-256 `{hashlib.sha256(mixture.text.encode()).hexdigest()}`"
    for name, digest in origin.instructions:
        yield f"- Your own instructions, `{name}`: SHA-256 `{digest}`"
    yield f"- Its Parquet files: {sum(shard.size for shard in shards):,} bytes in {len(shards):,}\n"
    listed = ((shard.name, shard.rows, shard.tokens, f"`{shard.sha256}`") for shard in shards)
    yield from counts.table(("file", "samples", "tokens", "SHA-256"), listed)
    if versions := [(table, source, n, f"`{digest}`") for table, source, n, digest in data_versions(origin)]:
        yield "\nThe tables that it was made from:\n"
        yield from counts.table(("table", "source", "files", "data version"), versions)
    yield ""


def _example(rendered: Rendered) -> Iterator[str]:
    row = next(iter(rendered.splits.values())).slice(0, 1).to_pylist()[0]
    messages = row["messages"]
    sample = Sample(
        text=row["text"],
        messages=None if messages is None else tuple(messages),
        prompt=row["prompt"],
        answer=row["answer"],
        chosen=row["chosen"],
        rejected=row["rejected"],
    )
    if sample.messages is not None:
        text = "\n\n".join(f"[{message['role']}]\n{message['content']}" for message in sample.messages)
    else:
        text = "\n\n".join(sample.trained_on)
    if len(text) > _EXAMPLE_CHARACTERS:
        text = text[:_EXAMPLE_CHARACTERS] + " […]"
    yield f"## A sample\n\n`{row['sample_id']}`:\n\n{_fenced(text, 'text')}\n"


def _definition(rendered: Rendered) -> Iterator[str]:
    yield f"## Its file\n\n{_fenced(rendered.mixture.text.rstrip(), 'sql')}"


def _fenced(text: str, language: str) -> str:
    """A text as it is, between fences longer than any in it."""
    longest = max((len(found) for found in re.findall(r"~{3,}", text)), default=3)
    fence = "~" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
