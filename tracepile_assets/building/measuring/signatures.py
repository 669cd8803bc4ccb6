"""Signatures of rationales, by which near-duplicates are found."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tracepile_assets.similarity.texts import sign_text

PARTS = ("rationale",)


def measurer(paths: tuple[Path, ...], digest: str) -> Callable[[Mapping[str, str | None]], dict[str, object]]:
    """Signs each rationale; needs no file."""

    def measure(parts: Mapping[str, str | None]) -> dict[str, object]:
        text = parts.get("rationale")
        return {"signature": None if text is None else sign_text(text)}

    return measure
