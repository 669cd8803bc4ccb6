"""The data card of a mixture, made from its data.

Belongs here: the text of README.md and writing it. Does not belong here: counting anything that `making` has counted
already.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from tracepile_assets.mixtures.definition import Mixture
from tracepile_assets.mixtures.making import OWN_SOURCE, Rendered
from tracepile_assets.mixtures.rendering import Sample
from tracepile_assets.mixtures.shards import CARD, Shard, front_matter
from tracepile_assets.mixtures.tokens import BYTE_ESTIMATE
from tracepile_assets.tables.schemas import SCHEMA_VERSION

_FORMATS = {
    "text": "`text`: a document to be read from top to bottom.",
    "messages": "`messages`: a chat, the assistant's turn is what is to be learned.",
    "prompt_answer": "`prompt`, and `answer` as the grader named in `grader` takes it, with what `grading` says.",
    "pair": "`prompt`, and two replies: `chosen` is true, `rejected` the same with one planted false claim.",
}
_STAGES = {
    "continued_pretraining": "continued pre-training",
    "instruction_tuning": "instruction tuning",
    "two_stage_1": "the first of two fine-tuning stages: chains of execution",
    "two_stage_2": "the second of two fine-tuning stages: following instructions",
    "reinforcement": "reinforcement learning with rewards that are computed",
    "preference": "preference optimisation and reward models: telling the true from the false",
}
_UPSTREAM = {
    "read": "programs read",
    "unusable": "of these left out as unusable",
    "benchmark": "of these left out as benchmark data",
    "raw_programs": "programs that may be used",
    "code_variants": "variants of them",
    "execution_traces": "traces",
    "tracing_questions": "questions",
    "chains_of_execution": "chains of execution, every claim verified",
    "corrupted_twins": "of these with a twin that has one planted false claim",
}
_DROPS = {
    "license_not_allowed": "licence not on the allow-list",
    "contaminated": "overlaps with a benchmark",
    "near_duplicate": "nearly the same telling as another of the same program and kind",
    "bridging_family": "near to programs of two splits",
    "opaque_fold": "part of the run is told as a summary that cannot be derived step by step",
    "duplicate": "same text as another sample",
    "per_program": "over the cap of its program",
    "per_family": "over the cap of its family",
    "per_kind": "over the cap of its kind",
    "per_narrator": "over the cap of its narrator",
    "per_kind_share": "its kind would have more than its share",
    "token_budget": "over the token budget",
    "over_ratio": "beyond the ratio of your own instructions to rows of this corpus",
}
_EXAMPLE_CHARACTERS = 2_000


_HUB_LICENSES = frozenset(
    {
        "apache-2.0",
        "bsd-2-clause",
        "bsd-3-clause",
        "cc-by-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc0-1.0",
        "isc",
        "mit",
        "mpl-2.0",
        "odc-by",
        "unlicense",
    }
)
"""Names of licences in the front matter of a card, of those that sources are likely to have
(https://huggingface.co/docs/hub/repositories-licenses)."""


def data_card(rendered: Rendered, shards: list[Shard]) -> str:
    """The text of the card: what is in the mixture, where it comes from, how to load it, what it is not good for."""
    return "\n".join([*_head(rendered, shards), "", *_body(rendered, shards)]) + "\n"


def write_card(folder: Path, rendered: Rendered, shards: list[Shard]) -> Path:
    """Write the card; with it, and not before, the shards that it lists count."""
    unnamed = folder / f".{CARD}.part"
    unnamed.write_text(data_card(rendered, shards), encoding="utf-8")
    return unnamed.replace(folder / CARD)


def _head(rendered: Rendered, shards: list[Shard]) -> Iterator[str]:
    rows = sum(shard.rows for shard in shards)
    yield "---"
    yield f"pretty_name: {json.dumps('TracePile: ' + rendered.mixture.name)}"
    yield "language:\n- en"
    yield from _license(rendered.summary)
    yield "task_categories:\n- text-generation"
    yield "tags:\n- code\n- reasoning\n- execution-traces"
    yield f"size_categories:\n- {_size_category(rows)}"
    yield from front_matter(shards)
    yield "---"


def _license(summary: pl.DataFrame) -> Iterator[str]:
    """The licences of the samples by their names on the hub; ``other`` for one that it does not know."""
    stated = {name.lower() for name in summary.get_column("license").unique() if name}
    names = sorted({name if name in _HUB_LICENSES else "other" for name in stated}) or ["other"]
    yield f"license: {names[0]}" if len(names) == 1 else "license:\n" + "\n".join(f"- {name}" for name in names)


def _size_category(rows: int) -> str:
    edges = [
        (1_000, "n<1K"),
        (10_000, "1K<n<10K"),
        (100_000, "10K<n<100K"),
        (1_000_000, "100K<n<1M"),
        (10_000_000, "1M<n<10M"),
    ]
    return next((name for edge, name in edges if rows < edge), "n>10M")


def _body(rendered: Rendered, shards: list[Shard]) -> Iterator[str]:
    mixture, summary = rendered.mixture, rendered.summary
    yield f"# {mixture.name}\n\n{mixture.description}\n"
    yield f"Made for {_STAGES[mixture.stage]}. Format: {_FORMATS[mixture.format]}\n"
    for note in rendered.notes:
        yield f"> **Note.** {note}\n"
    yield "## Splits\n"
    yield from _table(
        ("split", "samples", "tokens", "files"),
        (
            (split, len(rows), int(rows["n_tokens"].sum()), sum(shard.split == split for shard in shards))
            for split in rendered.splits
            for rows in [summary.filter(pl.col("split") == split)]
        ),
    )
    yield (
        "\nThe split of a sample is that of its program's family (near-duplicates form one), so that no "
        f"family is on two sides, and it is the same in all mixtures. Tokens are counted by {_counted_by(mixture)}.\n"
    )
    yield "## Composition\n"
    for column in ("domain", "source", "kind", "narrator", "style", "fault_kind"):
        yield from _composition(summary, column)
    yield "## From programs to samples\n"
    yield from _funnel(rendered)
    yield "\n## Licences\n"
    yield from _table(("licence, as the source states it", "samples", "programs"), _licences(summary))
    yield (
        "\nTexts about a program quote its code. Whoever publishes or trains on a mixture has to keep to the licence "
        "of each source.\n"
    )
    yield from _benchmarks(rendered)
    yield from _example(rendered)
    yield from _loading(mixture.name, rendered)
    yield from _limits(rendered)
    yield from _origin(rendered, shards)


def _counted_by(mixture: Mixture) -> str:
    if mixture.tokenizer == BYTE_ESTIMATE:
        return f"the built-in byte-level estimate (`{BYTE_ESTIMATE}`: four bytes a token), not by a tokenizer"
    return f"the tokenizer `{mixture.tokenizer}`, part by part"


def _composition(summary: pl.DataFrame, column: str) -> Iterator[str]:
    groups = (
        summary.filter(pl.col(column).is_not_null())
        .group_by(column)
        .agg(pl.len().alias("samples"), pl.col("n_tokens").sum().alias("tokens"))
        .sort(["samples", column], descending=[True, False])
    )
    if groups.is_empty():
        return
    yield from _table(
        (column, "samples", "share", "tokens"),
        ((name, samples, f"{samples / len(summary):.1%}", tokens) for name, samples, tokens in groups.iter_rows()),
    )
    yield ""


def _funnel(rendered: Rendered) -> Iterator[str]:
    rows: list[tuple[str, int]] = [
        (label, rendered.counts[key]) for key, label in _UPSTREAM.items() if key in rendered.counts
    ]
    rows.append(
        (
            "candidates: what the query gives" + (", and your own instructions" if rendered.own_instructions else ""),
            rendered.selected,
        )
    )
    rows += [
        (f"dropped: {_DROPS.get(reason, reason)} (`{reason}`)", number) for reason, number in rendered.dropped.items()
    ]
    rows.append(("samples", len(rendered.summary)))
    yield from _table(("", "rows"), rows)


def _licences(summary: pl.DataFrame) -> list[tuple[str, int, int]]:
    groups = summary.group_by("license").agg(
        pl.len().alias("samples"), pl.col("program_id").n_unique().alias("programs")
    )
    rows = groups.sort(["samples", "license"], descending=[True, False]).iter_rows()
    return [(name, samples, 0 if name == OWN_SOURCE else programs) for name, samples, programs in rows]


def _benchmarks(rendered: Rendered) -> Iterator[str]:
    if rendered.benchmarks:
        yield "\n## Benchmarks checked\n"
        yield from _table(
            ("benchmark", "candidates that overlap with it, and were left out"), rendered.benchmarks.items()
        )
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
    yield f"## A sample\n\n`{row['sample_id']}`:\n\n~~~~text\n{text}\n~~~~\n"


def _loading(name: str, rendered: Rendered) -> Iterator[str]:
    first = next(iter(rendered.splits))
    yield "## How to load it\n"
    yield "```python"
    yield f'import datasets\ndatasets.load_dataset("path/to/{name}", split="{first}")'
    yield f'\nimport polars\npolars.read_parquet("path/to/{name}/{first}-*.parquet")'
    if rendered.mixture.format == "prompt_answer":
        yield "\nfrom tracepile_assets.execution import Pool\nfrom tracepile_assets.mixtures.grading import grade_reply"
        yield "with Pool() as pool:\n    grade_reply(sample, reply, pool).correct"
    yield "```\n"
    yield (
        "`ancestors` names the program, variant, input, trace, question and chain of execution that a sample was made "
        "from: `tracepile lineage SAMPLE_ID` walks back to the line of source code. Files in this folder that are not "
        "listed above the title belong to no build.\n"
    )


def _limits(rendered: Rendered) -> Iterator[str]:
    yield "## What it is not good for\n"
    if rendered.benchmarks:
        yield "- Measuring a model by other benchmarks than those above: nothing here was checked against them."
    else:
        yield (
            "- Measuring a model: nothing here was checked against benchmarks for contamination, beyond leaving out "
            "benchmark sources."
        )
    yield "- Programs that depend on time, files, networks, threads or randomness: such runs are not told."
    yield "- Learning natural dialogue or languages other than English and Python."
    if rendered.mixture.stage == "continued_pretraining":
        yield "- Chat models without further tuning: the documents have no turns."
    if rendered.mixture.takes_false_texts:
        yield "- Fine-tuning on `rejected`: it is false on purpose, in one place. Nor is `chosen` better in style."
    if rendered.own_instructions == 0:
        yield "- Standing alone as a general instruction set: all tasks are about programs."
    yield ""


def _origin(rendered: Rendered, shards: list[Shard]) -> Iterator[str]:
    mixture = rendered.mixture
    yield "## How it was made\n"
    yield f"- Mixture file: SHA-256 `{hashlib.sha256(mixture.text.encode()).hexdigest()}`"
    yield f"- Seed {mixture.seed}; table schema {SCHEMA_VERSION}"
    yield f"- Bytes: {sum(shard.size for shard in shards):,} in {len(shards)} files\n"
    yield from _table(("file", "SHA-256"), ((shard.name, f"`{shard.sha256}`") for shard in shards))
    yield f"\n```sql\n{mixture.text.rstrip()}\n```"


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        cells = (f"{cell:,}" if isinstance(cell, int) else str(cell).replace("|", "\\|") for cell in row)
        yield "| " + " | ".join(cells) + " |"
