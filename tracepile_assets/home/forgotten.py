"""The rows of sources that were taken down, `forgotten.toml`: no build reads them again.

Kept apart from the registry, so that a source that is removed and added again does not bring them back. Not here:
removing what was made from them (building/takedown).
"""

from collections.abc import Collection
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from .errors import HomeError
from .whole import write_whole

_HEAD = "Rows taken down with `tracepile sources forget`, with the ids of their programs: no build reads them."


class Forgotten:
    """The forgotten rows of a home's sources, in a file that a person can read and edit.

    A table for each source has a key for each row, `source_row`, and as its value the ids of the programs that the row
    held, as far as they are known.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, source: str) -> dict[str, frozenset[str]]:
        """The forgotten rows of a source, with the ids of their programs.

        Raises:
            HomeError: the file does not parse, or has something else in it.
        """
        return self._all().get(source, {})

    def programs(self) -> frozenset[str]:
        """The ids of all programs that are known to be forgotten."""
        return frozenset(program for rows in self._all().values() for ids in rows.values() for program in ids)

    def add(self, source: str, row: str, programs: Collection[str]) -> None:
        """Add a row, or the ids of further programs of it."""
        known = self.rows(source).get(row, frozenset())
        document = self._read()
        if source not in document:
            document.add(source, tomlkit.table())
        document[source][row] = sorted(known | set(programs))
        write_whole(self.path, tomlkit.dumps(document).encode())

    def _all(self) -> dict[str, dict[str, frozenset[str]]]:
        found: dict[str, dict[str, frozenset[str]]] = {}
        for source, rows in self._read().unwrap().items():
            for row, programs in rows.items() if isinstance(rows, dict) else [("", None)]:
                if not isinstance(programs, list) or not all(isinstance(program, str) for program in programs):
                    remedy = f'write each row below [{source}] as "its key" = [], with ids of programs where known'
                    raise HomeError(f"{self.path}: [{source}] {row}: is no list of ids; {remedy}")
                found.setdefault(source, {})[row] = frozenset(programs)
        return found

    def _read(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            document = tomlkit.document()
            document.add(tomlkit.comment(_HEAD))
            return document
        except (TOMLKitError, UnicodeDecodeError) as error:
            raise HomeError(f"{self.path}: not valid TOML: {error}; mend that line") from error
