"""Overlaps of questions and rationales, and of the programs that they are about, with one benchmark."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from tracepile_assets.mixtures.benchmarks import overlaps
from tracepile_assets.similarity.overlap import Hit

PARTS = ("context", "question", "answer", "rationale", "statement", "original", "code")
PROGRAMS = ("original", "code")
"""Parts that are programs: what a sample is about counts, in whichever words it is asked."""


def measurer(paths: tuple[Path, ...], digest: str) -> Callable[[Mapping[str, str | None]], dict[str, object]]:
    """Looks for the items of the benchmark in these files."""
    find = _finder(paths, digest)

    def measure(parts: Mapping[str, str | None]) -> dict[str, object]:
        hits = [
            {
                "item": hit.item,
                "matched": hit.matched,
                "part": part,
                "start": hit.start,
                "end": hit.end,
                "share": hit.share,
            }
            for part, text in parts.items()
            if text is not None
            for hit in find(text, part in PROGRAMS)
        ]
        return {"hits": hits}

    return measure


@lru_cache(maxsize=8)
def _finder(paths: tuple[Path, ...], digest: str) -> Callable[[str, bool], tuple[Hit, ...]]:
    known = overlaps(paths, digest)

    # The program of a trace stands in every question about it, and its statement beside each.
    @lru_cache(maxsize=256)
    def find(text: str, is_program: bool) -> tuple[Hit, ...]:
        return tuple(known.in_code(text) if is_program else known.in_text(text))

    return find
