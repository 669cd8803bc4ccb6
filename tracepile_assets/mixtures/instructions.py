"""The user's own general instruction set, read from JSON lines.

Belongs here: the layouts that are understood, their errors. Does not belong here: how it is joined to our samples.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.tables.ids import digest

_REMEDY = (
    'give each line as {"messages": [{"role": "user", "content": …}, {"role": "assistant", "content": …}]}, '
    '{"instruction": …, "input": …, "output": …} or {"prompt": …, "completion": …}'
)
_ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Instruction:
    """A conversation of the user's own.

    `content` is the digest of its messages: what identifies it, and, as it has no family, decides its split.
    """

    messages: tuple[dict[str, str], ...]
    content: str


def read_instructions(folder: Path) -> list[Instruction]:
    """The conversations in the `*.jsonl` files of this folder, equal ones once; none if the folder is not there.

    Raises:
        MixtureError: a line is no JSON or of no known layout.
    """
    found: dict[str, Instruction] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for messages in _conversations(path):
            content = digest(part for message in messages for part in (message["role"], message["content"]))
            found.setdefault(content, Instruction(messages, content))
    return list(found.values())


def _conversations(path: Path) -> Iterator[tuple[dict[str, str], ...]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise MixtureError(path, f"no JSON ({error})", "repair or drop the line", number) from error
            messages = _messages(row)
            if messages is None:
                raise MixtureError(path, "a row of an unknown layout", _REMEDY, number)
            yield messages


def _messages(row: Any) -> tuple[dict[str, str], ...] | None:
    if not isinstance(row, dict):
        return None
    if "messages" in row:
        turns = row["messages"]
        if (
            not isinstance(turns, list)
            or not turns
            or not all(map(_is_turn, turns))
            or turns[-1]["role"] != "assistant"
        ):
            return None
        return tuple({"role": turn["role"], "content": turn["content"]} for turn in turns)
    for asked, told in (("instruction", "output"), ("prompt", "completion"), ("prompt", "response")):
        if _is_text(row.get(asked)) and _is_text(row.get(told)):
            extra = row.get("input") or ""
            if not isinstance(extra, str):
                return None
            question = f"{row[asked]}\n\n{extra}" if extra.strip() else row[asked]
            return ({"role": "user", "content": question}, {"role": "assistant", "content": row[told]})
    return None


def _is_turn(turn: Any) -> bool:
    return isinstance(turn, dict) and turn.get("role") in _ROLES and _is_text(turn.get("content"))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
