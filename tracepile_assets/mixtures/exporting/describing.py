"""The README of an export: the data card of the build, with the export's own files in its front matter.

`datasets.load_dataset` on the place reads just these. Not here: the data card itself.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tracepile_assets.mixtures.exporting.formats import PACKED
from tracepile_assets.mixtures.exporting.manifest import MANIFEST, ExportedFile
from tracepile_assets.mixtures.shards import LOADING, LOADING_ENDS

_LOADING = {
    "trl": {
        "text": "TRL: `SFTTrainer` reads `text`. Axolotl: `type: completion`, `field: text`.",
        "messages": "TRL: `SFTTrainer` reads `messages`. Axolotl: `type: chat_template`, `field_messages: messages`.",
        "pair": "TRL: `DPOTrainer` and `RewardTrainer` read `prompt`, `chosen`, `rejected`, which are chats. Axolotl: "
        "`rl: dpo`, `type: chat_template.default`, `field_messages: prompt`.",
        "prompt_answer": "TRL: `GRPOTrainer(reward_funcs=reward, …)` with `reward` of "
        "`tracepile_assets.mixtures.rewards`; `verifiers`: `load_environment(place)` of the same module.",
    },
    "sharegpt": "LLaMA-Factory: `dataset_dir` is this folder, the data sets are in `dataset_info.json`.",
    "alpaca": "LLaMA-Factory: `dataset_dir` is this folder, the data sets are in `dataset_info.json`.",
    PACKED: "Each row is full of whole samples: `input_ids`, the length of each sample in `seq_lengths` (with TRL and "
    "`padding_free` positions begin anew at each), and `sample_ids`. Nothing is to be packed or cut again.",
}


def readme(
    card: Path, mixture: str, format_: str, kind: str, files: Sequence[ExportedFile], left_out: Mapping[str, int]
) -> bytes:
    """The README of an export of a build with this data card; of format `parquet` it is the card itself."""
    text = card.read_text(encoding="utf-8")
    if format_ == "parquet":
        return text.encode()
    lines = text.splitlines()
    end = lines.index("---", 1)
    begin = lines.index("configs:", 0, end)
    front = [*lines[:begin], *_configs(files), "---"]
    loading = lines.index(LOADING, end)
    others = lines.index(LOADING_ENDS, loading)
    told = [*_about(mixture, format_, files, left_out), *lines[end + 1 : loading], *_loading(format_, kind, files)]
    return "\n".join([*front, *told, *lines[others:]]).encode() + b"\n"


def _configs(files: Iterable[ExportedFile]) -> Iterator[str]:
    files = list(files)
    yield from ("configs:", "- config_name: default", "  data_files:")
    for split in dict.fromkeys(file.split for file in files):
        yield from (f"  - split: {split}", "    path:")
        yield from (f"    - {file.name}" for file in files if file.split == split)


def _about(mixture: str, format_: str, files: Sequence[ExportedFile], left_out: Mapping[str, int]) -> Iterator[str]:
    rows = sum(file.rows for file in files)
    yield from ("", f"> **Export** of `{mixture}` in format `{format_}`: {rows:,} rows in {len(files)} files, which")
    yield f"> `{MANIFEST}` lists with their checksums. What follows is the data card of the mixture."
    for reason, number in left_out.items():
        if number:
            yield f"> Left out: {number:,} samples {reason}."
    yield ""


def _loading(format_: str, kind: str, files: Sequence[ExportedFile]) -> Iterator[str]:
    yield from (LOADING, "", "```python", "import datasets", "")
    yield from (f'datasets.load_dataset("path/to/this/folder", split="{files[0].split}")', "```", "")
    how = _LOADING.get(format_)
    if isinstance(how, dict):
        how = how[kind]
    if how:
        yield from (how, "")
