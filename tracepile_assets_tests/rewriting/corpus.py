"""Programs as `prove` takes them: the shipped ones, and real ones."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tracepile_assets.home import SourceEntry
from tracepile_assets.sources.embedded import COLLECTIONS, read
from tracepile_assets.sources.layouts import mbpp as mbpp_layout
from tracepile_assets.sources.program import Program


def embedded(inputs: int) -> Iterator[dict[str, Any]]:
    """All shipped programs."""
    for collection in COLLECTIONS:
        yield from as_rows(read(collection, inputs, seed=0))


def mbpp(folder: Path) -> Iterator[dict[str, Any]]:
    """The tasks of MBPP that are no benchmark."""
    yield from as_rows(mbpp_layout.read(SourceEntry(name="mbpp", path=str(folder / "mbpp.jsonl"), layout="mbpp")))


def as_rows(programs: Iterable[Program]) -> Iterator[dict[str, Any]]:
    for program in programs:
        inputs = [
            {"input_id": f"i_{number}", "codec": one.codec, "arguments": one.arguments, "stdin": one.stdin}
            for number, one in enumerate(program.inputs)
        ]
        yield row(program.source_row, program.code, program.entry_point, inputs)


def row(name: str, code: str, entry_point: str | None, inputs: list[Any]) -> dict[str, Any]:
    """One program; an input may be given as its arguments text alone."""
    given = [
        one
        if isinstance(one, dict)
        else {"input_id": f"i_{number}", "codec": "literal", "arguments": one, "stdin": None}
        for number, one in enumerate(inputs)
    ]
    return {"program_id": f"p_{name}", "code": code, "entry_point": entry_point, "inputs": given}
