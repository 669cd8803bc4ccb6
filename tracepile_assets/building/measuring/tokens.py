"""Token counts of the parts of questions and rationales, by one tokenizer."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tracepile_assets.mixtures.tokens import counter

PARTS = ("context", "question", "answer", "rationale")


def measurer(paths: tuple[Path, ...], digest: str) -> Callable[[Mapping[str, str | None]], dict[str, object]]:
    """Counts the tokens of each part by the `tokenizer.json` that is given; by the byte-level estimate if there is
    none.
    """
    count = counter(paths[0] if paths else None, digest)

    def measure(parts: Mapping[str, str | None]) -> dict[str, object]:
        return {f"{part}_tokens": None if text is None else count(text) for part, text in parts.items()}

    return measure
