"""The file of a source of model-made programs: one line for each task, kept or dropped, in the order of the making.

Belongs here: appending whole lines, and finding what is there already. Does not belong here: what a line says about a
program (`making`), and reading it as a source (sources/layouts/synthesis).

A line is written at once and is never changed. One that a killed process left half-written has no line end: it is
taken away before the next is written, and its task is made again from the cached replies.
"""

import os
from collections.abc import Iterator, Mapping

import orjson

from tracepile_assets.home import Home

LAYOUT = "synthesis"


class SynthesisError(Exception):
    """Synthesis cannot be done as asked; the message says what to do."""


class SynthesisFile:
    """The lines of one source, to be appended to by one process at a time (its lock is the caller's affair)."""

    def __init__(self, home: Home, source: str) -> None:
        """Name the file; nothing is read or written yet."""
        self.path = home.synthesis_folder / f"{source}.jsonl"
        self.concepts = home.synthesis_folder / f"{source}.concepts.txt"

    def lines(self) -> Iterator[Mapping[str, object]]:
        """The whole lines of the file.

        Raises:
            SynthesisError: one is no line of ours; the message names it.
        """
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    return
                try:
                    record = orjson.loads(line)
                    record["id"], record["status"], record["reason"]
                except (orjson.JSONDecodeError, LookupError, TypeError) as error:
                    raise SynthesisError(
                        f"{self.path}: line {number} is not a line that synthesis wrote; take it out"
                    ) from error
                yield record

    def ids(self) -> set[str]:
        """Ids of the lines: what has been made, or tried, already."""
        return {str(record["id"]) for record in self.lines()}

    def mend(self) -> None:
        """Take away a last line that was not written to its end; make the file where there is none."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()
        with self.path.open("rb+") as file:
            end = file.seek(0, os.SEEK_END)
            place = end
            while place:
                start = max(0, place - (1 << 16))
                file.seek(start)
                found = file.read(place - start).rfind(b"\n")
                if found >= 0:
                    place = start + found + 1
                    break
                place = start
            if place < end:
                file.truncate(place)

    def append(self, record: Mapping[str, object]) -> None:
        """Append a line; when this returns it is on disk."""
        with self.path.open("ab", buffering=0) as file:
            file.write(orjson.dumps(record) + b"\n")
            os.fsync(file.fileno())
