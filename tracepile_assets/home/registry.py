"""The registry of sources, `sources.toml`: a plain file that a person can read and edit.

Not here: what a layout's options mean (sources/), and which programs a source holds (stripe map).
"""

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from .errors import HomeError
from .whole import write_whole

EMBEDDED = ("algorithms", "mathematics", "competition")
DOMAINS = ("mathematics", "algorithms", "competition")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True)
class SourceEntry:
    """One source of the registry.

    Attributes:
        name: name of the source, part of every path and partition key.
        layout: name of the layout that reads it; ``embedded`` for the shipped programs.
        path: anything fsspec opens; empty for an embedded source.
        domain: domain of its programs.
        license: licence of its programs, as an SPDX name where there is one.
        options: what the layout needs beyond that, for example a column mapping.
        allow_benchmark: let rows of a benchmark in; they are traced and asked about, never mixed.
        limit: take only the first programs; None for all.
        inputs_per_program: number of generated inputs of a program that is shipped, or brings a generator.
        max_inputs: number of inputs up to which a program of a file gets mutants of those that it has; 1 for none.
        seed: seed of generated and mutated inputs.
    """

    name: str
    layout: str
    path: str = ""
    domain: str = "algorithms"
    license: str = "unknown"
    options: dict[str, str] = field(default_factory=dict)
    allow_benchmark: bool = False
    limit: int | None = None
    inputs_per_program: int = 4
    seed: int = 0
    max_inputs: int = 10


def _embedded_entry(name: str) -> SourceEntry:
    return SourceEntry(name=name, layout="embedded", domain=name, license="Apache-2.0", inputs_per_program=2)


class Registry:
    """The sources of a home, read from and written to one TOML file; comments and order survive an edit."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def ensure_file(self) -> None:
        """Write a registry with the embedded sources where there is none."""
        if self.path.exists():
            return
        document = tomlkit.document()
        document.add(tomlkit.comment("Sources of this home; `tracepile sources add` appends to it, and so may you."))
        for name in EMBEDDED:
            document.add(name, self._to_toml(_embedded_entry(name)))
        self._write(document)

    def entries(self) -> list[SourceEntry]:
        """All sources, in the order of the file.

        Raises:
            HomeError: the file does not parse, or an entry has an unknown key or a value that is not allowed.
        """
        return [self._from_toml(name, table) for name, table in self._read().items()]

    def get(self, name: str) -> SourceEntry:
        """The source of that name.

        Raises:
            HomeError: there is none.
        """
        for entry in self.entries():
            if entry.name == name:
                return entry
        known = ", ".join(entry.name for entry in self.entries()) or "none"
        raise HomeError(
            f"there is no source {name!r} in {self.path} (there are: {known}); see `tracepile sources list`"
        )

    def add(self, entry: SourceEntry) -> None:
        """Append a source.

        Raises:
            HomeError: the name is taken or not allowed.
        """
        document = self._read()
        if entry.name in document:
            raise HomeError(
                f"{self.path}: there is a source {entry.name!r} already; remove it first, or choose another name"
            )
        self._from_toml(entry.name, self._to_toml(entry))
        document.add(entry.name, self._to_toml(entry))
        self._write(document)

    def replace(self, entry: SourceEntry) -> None:
        """Put an entry in the place of the one of the same name."""
        self.get(entry.name)
        document = self._read()
        document[entry.name] = self._to_toml(entry)
        self._write(document)

    def remove(self, name: str) -> None:
        """Remove a source from the registry; its tables stay until they are collected."""
        self.get(name)
        document = self._read()
        del document[name]
        self._write(document)

    def _read(self) -> tomlkit.TOMLDocument:
        try:
            return tomlkit.parse(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            document = tomlkit.document()
            for name in EMBEDDED:
                document.add(name, self._to_toml(_embedded_entry(name)))
            return document
        except (TOMLKitError, UnicodeDecodeError) as error:
            raise HomeError(f"{self.path}: not valid TOML: {error}; mend that line") from error

    def _write(self, document: tomlkit.TOMLDocument) -> None:
        write_whole(self.path, tomlkit.dumps(document).encode())

    def _to_toml(self, entry: SourceEntry) -> tomlkit.items.Table:
        defaults = SourceEntry(name=entry.name, layout=entry.layout)
        table = tomlkit.table()
        for key, value in asdict(entry).items():
            always = key in ("layout", "domain", "license") or (key == "path" and value)
            if key != "name" and (always or value != getattr(defaults, key)):
                table.add(key, value)
        return table

    def _from_toml(self, name: str, table: object) -> SourceEntry:
        where = f"{self.path}: [{name}]"
        if not _NAME.fullmatch(name):
            raise HomeError(f"{where}: a source name has lower-case letters, digits, `_` and `-` only; rename it")
        if not hasattr(table, "unwrap") or not isinstance(values := table.unwrap(), dict):
            raise HomeError(f"{where}: is not a table; write [{name}] and its keys below it")
        known = SourceEntry.__dataclass_fields__.keys() - {"name"}
        if unknown := sorted(values.keys() - known):
            raise HomeError(f"{where}: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")
        if "layout" not in values:
            raise HomeError(f'{where}: `layout` is missing; add it, for example layout = "functions"')
        types = {"options": dict, "allow_benchmark": bool}
        types |= dict.fromkeys(("limit", "inputs_per_program", "max_inputs", "seed"), int)
        for key, value in values.items():
            wanted = types.get(key, str)
            if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
                raise HomeError(f"{where}: {key} must be {wanted.__name__}, not {value!r}; mend that line")
        if values.get("domain", "algorithms") not in DOMAINS:
            raise HomeError(
                f"{where}: domain must be one of {', '.join(DOMAINS)}, not {values['domain']!r}; mend that line"
            )
        for key, least in (("limit", 1), ("inputs_per_program", 1), ("max_inputs", 1)):
            if values.get(key, least) < least:
                raise HomeError(f"{where}: {key} must be at least {least}; mend that line")
        return SourceEntry(name=name, **values)
