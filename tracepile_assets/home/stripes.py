"""The stripe map: which program of a source lies in which stripe.

Belongs here: filling stripes, keeping changed rows in their slot, leaving holes. Does not belong here: reading the
source
(sources/) and building a stripe (building/).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

STRIPE_SIZE = 2_000
"""Programs in a stripe, at most."""


@dataclass(frozen=True, order=True)
class Stripe:
    """A partition: up to 2,000 programs of one source."""

    source: str
    number: str

    @property
    def key(self) -> str:
        """Partition key, for example ``mbpp/00000``."""
        return f"{self.source}/{self.number}"

    @classmethod
    def from_key(cls, key: str) -> "Stripe":
        """Read a partition key.

        Raises:
            ValueError: it is not of the form ``source/00000``.
        """
        source, slash, number = key.rpartition("/")
        if not slash or not source or not number.isdigit():
            raise ValueError(f"{key!r} is not a partition key; they look like mbpp/00000")
        return cls(source, number)


@dataclass(frozen=True)
class Slot:
    """A place in a stripe.

    Attributes:
        source_row: natural key of the row that has the slot.
        program_id: id of its program.
        content: digest of everything that the program's row is made from.
        earlier: program_ids that had the slot before, oldest first.
    """

    source_row: str
    program_id: str
    content: str
    earlier: tuple[str, ...] = ()


class StripeMap:
    """The slots of one source, in a JSON file.

    The file holds ``fingerprint`` (of the source when it was last read), ``limited`` (a limit was in force) and
    ``stripes``: a list of lists of slots, null where a row was removed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fingerprint = ""
        self.limited = False
        self.stripes: list[list[Slot | None]] = []
        if path.exists():
            stored = orjson.loads(path.read_bytes())
            self.fingerprint = stored["fingerprint"]
            self.limited = stored["limited"]
            self.stripes = [
                [None if slot is None else Slot(slot[0], slot[1], slot[2], tuple(slot[3])) for slot in stripe]
                for stripe in stored["stripes"]
            ]

    def update(self, rows: Iterable[tuple[str, str, str]], fingerprint: str, *, limited: bool) -> None:
        """Take over the rows that the source has now.

        A row that is known keeps its slot, also if its program changed (then its earlier program_id is kept); a row
        that
        is new fills the last stripe and then opens another; a row that is gone leaves a hole.

        Args:
            rows: ``(source_row, program_id, content digest)`` in the order of the source.
            fingerprint: fingerprint of the source that they were read from.
            limited: whether a limit cut the source short.
        """
        now = {source_row: (program, content) for source_row, program, content in rows}
        seen = set()
        for stripe in self.stripes:
            for position, slot in enumerate(stripe):
                if slot is None:
                    continue
                if slot.source_row not in now:
                    stripe[position] = None
                    continue
                seen.add(slot.source_row)
                program, content = now[slot.source_row]
                earlier = slot.earlier if program == slot.program_id else (*slot.earlier, slot.program_id)
                stripe[position] = replace(slot, program_id=program, content=content, earlier=earlier)
        for source_row, (program, content) in now.items():
            if source_row in seen:
                continue
            if not self.stripes or len(self.stripes[-1]) >= STRIPE_SIZE:
                self.stripes.append([])
            self.stripes[-1].append(Slot(source_row, program, content))
        self.fingerprint = fingerprint
        self.limited = limited

    def save(self) -> None:
        """Write the map; a reader sees the old file or the new one, never a part."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        stored = {
            "fingerprint": self.fingerprint,
            "limited": self.limited,
            "stripes": [
                [slot and [slot.source_row, slot.program_id, slot.content, list(slot.earlier)] for slot in stripe]
                for stripe in self.stripes
            ],
        }
        partial = self.path.with_suffix(".json.part")
        partial.write_bytes(orjson.dumps(stored, option=orjson.OPT_APPEND_NEWLINE))
        partial.replace(self.path)

    def keys(self, source: str) -> list[Stripe]:
        """The stripes of the map, empty ones too: their tables have to become empty as well."""
        return [Stripe(source, f"{number:05d}") for number in range(len(self.stripes))]

    def slots(self, stripe: Stripe) -> list[Slot]:
        """The slots of a stripe that hold a program, in order.

        Raises:
            KeyError: the map has no such stripe.
        """
        number = int(stripe.number)
        if number >= len(self.stripes):
            raise KeyError(stripe.key)
        return [slot for slot in self.stripes[number] if slot is not None]
