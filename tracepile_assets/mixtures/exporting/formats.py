"""The formats of an export: what each file of samples holds, and what lies beside.

Belongs here: turning a sample into a row that a trainer reads as it is. Does not belong here: packing (packing.py),
files and where they go (writing.py).

| format | reads it | a row of it |
|---|---|---|
| parquet | datasets, Polars, DuckDB | the mixture's own files |
| jsonl | anything | the same columns as JSON lines |
| trl | TRL, Axolotl | text; messages; prompt, chosen, rejected; prompt, answer and what grades a reply |
| sharegpt, alpaca | LLaMA-Factory, by dataset_info.json | a conversation, an instruction, or a document |
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

Row = Mapping[str, Any]
Made = dict[str, Any]

_SHAREGPT_ROLES = {"user": "human", "assistant": "gpt"}


@dataclass(frozen=True)
class Format:
    """A format of an export.

    Attributes:
        name: its name.
        row: makes a row of a sample; None where the mixture's own files are taken as they are.
        suits: formats of mixtures that it can hold.
        describes: makes the entry of LLaMA-Factory's dataset_info.json for a mixture's format, without the file name;
            None where there is no such file.
    """

    name: str
    row: Callable[[str, Row], Made] | None
    suits: frozenset[str]
    describes: Callable[[str], Made] | None = None


def present(row: Row) -> Made:
    """The columns of a row that are not null."""
    return {name: value for name, value in row.items() if value is not None}


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _trl(kind: str, row: Row) -> Made:
    """What TRL's trainers read: its own names of columns, chats where a chat template is to be applied."""
    if kind == "messages":
        made: Made = {"messages": row["messages"]}
    elif kind == "text":
        made = {"text": row["text"]}
    elif kind == "pair":
        made = {
            "prompt": [_turn("user", row["prompt"])],
            "chosen": [_turn("assistant", row["chosen"])],
            "rejected": [_turn("assistant", row["rejected"])],
        }
    else:
        made = {"prompt": [_turn("user", row["prompt"])]} | {key: row[key] for key in ("answer", "grader", "grading")}
    return made | {"sample_id": row["sample_id"]}


def _sharegpt(kind: str, row: Row) -> Made:
    if kind == "text":
        return {"text": row["text"], "sample_id": row["sample_id"]}
    if kind == "pair":
        made: Made = {
            "conversations": [{"from": "human", "value": row["prompt"]}],
            "chosen": {"from": "gpt", "value": row["chosen"]},
            "rejected": {"from": "gpt", "value": row["rejected"]},
        }
        return made | {"sample_id": row["sample_id"]}
    system, turns = _system_and_turns(row["messages"])
    conversation = [{"from": _SHAREGPT_ROLES[turn["role"]], "value": turn["content"]} for turn in turns]
    return {"conversations": conversation, "system": system, "sample_id": row["sample_id"]}


def _alpaca(kind: str, row: Row) -> Made:
    if kind == "text":
        return {"text": row["text"], "sample_id": row["sample_id"]}
    if kind == "pair":
        made: Made = {"instruction": row["prompt"], "input": "", "chosen": row["chosen"], "rejected": row["rejected"]}
        return made | {"sample_id": row["sample_id"]}
    system, turns = _system_and_turns(row["messages"])
    texts = [turn["content"] for turn in turns]
    *earlier, (instruction, output) = zip(texts[::2], texts[1::2], strict=True)
    return {
        "instruction": instruction,
        "input": "",
        "output": output,
        "system": system,
        "history": [list(pair) for pair in earlier],
        "sample_id": row["sample_id"],
    }


def _system_and_turns(messages: Iterable[Row]) -> tuple[str, list[Row]]:
    """The system's message, empty if there is none, and the turns of user and assistant, which alternate."""
    turns = list(messages)
    system = turns.pop(0)["content"] if turns[0]["role"] == "system" else ""
    return system, turns


def _describes_sharegpt(kind: str) -> Made:
    if kind == "text":
        return {"columns": {"prompt": "text"}}
    if kind == "pair":
        columns = {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"}
        return {"formatting": "sharegpt", "ranking": True, "columns": columns}
    return {"formatting": "sharegpt", "columns": {"messages": "conversations", "system": "system"}}


def _describes_alpaca(kind: str) -> Made:
    if kind == "text":
        return {"columns": {"prompt": "text"}}
    asked = {"prompt": "instruction", "query": "input"}
    if kind == "pair":
        return {"ranking": True, "columns": asked | {"chosen": "chosen", "rejected": "rejected"}}
    return {"columns": asked | {"response": "output", "system": "system", "history": "history"}}


_ALL = frozenset({"text", "messages", "pair", "prompt_answer"})
_SUPERVISED = _ALL - {"prompt_answer"}

FORMATS = {
    each.name: each
    for each in (
        Format("parquet", None, _ALL),
        Format("jsonl", lambda kind, row: present(row), _ALL),
        Format("trl", _trl, _ALL),
        Format("sharegpt", _sharegpt, _SUPERVISED, _describes_sharegpt),
        Format("alpaca", _alpaca, _SUPERVISED, _describes_alpaca),
    )
}
"""The formats that give a row for each sample."""

PACKED = "packed"
"""The format that gives rows of as many samples as fit (packing.py)."""

INFO = "dataset_info.json"


def dataset_info(format_: Format, mixture: str, kind: str, splits: Iterable[str]) -> bytes | None:
    """LLaMA-Factory's dataset_info.json, with a data set `<mixture>_<split>` for each split; None for other formats."""
    if format_.describes is None:
        return None
    info = {f"{mixture}_{split}": {"file_name": split, **format_.describes(kind)} for split in splits}
    return orjson.dumps(info, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
