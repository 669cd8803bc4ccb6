"""What a build was made from, as its card tells it. Not here: finding that out (building/)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracepile_assets.planning import fingerprint

_SHOWN = 16


@dataclass(frozen=True, slots=True)
class Origin:
    """What a build was made from.

    Attributes:
        code: digest of the code that makes mixtures; empty if it is not known.
        tables: for each table or feature, pairs of stripe and digest of its content; of a table without stripes,
            digests. A digest is None where there is no file.
        instructions: name and SHA-256 of each file of the user's own instruction set.
        licenses: SPDX ids of the licences that were allowed.
    """

    code: str = ""
    tables: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    instructions: Sequence[Sequence[str]] = ()
    licenses: Sequence[str] = ()


def origin_of(made_from: Mapping[str, Any]) -> Origin:
    """The same from what the manifest of a build, or a release, says that it was made from."""
    return Origin(made_from["versions"], made_from["tables"], made_from["instructions"], made_from["licenses"])


def data_versions(origin: Origin) -> Iterator[tuple[str, str, int, str]]:
    """For each table and source: how many stripes have a file, and one digest of the content of all of them."""
    for table, said in origin.tables.items():
        by_source: dict[str, list[object]] = {}
        for each in said:
            stripe, content = each if isinstance(each, list | tuple) else ("", each)
            if content is not None:
                by_source.setdefault(stripe.rpartition("/")[0] or "all", []).append([stripe, content])
        for source, stripes in sorted(by_source.items()):
            yield table, source, len(stripes), fingerprint(stripes)[:_SHOWN]
