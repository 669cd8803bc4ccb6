"""The stripe map: which program of a source lies in which stripe.

Belongs here: filling stripes, keeping changed rows in their slot, leaving holes. Does not belong here: reading the
source (sources/) and building a stripe (building/).
"""

import hashlib
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from .whole import write_whole

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
    """The slots of one source, in a folder with a file for each stripe, so that no more than one stripe is in memory.

    ``map.json`` holds ``fingerprint`` (of the source when it was last read), ``limited`` (a limit was in force) and
    ``stripes``: for each stripe the digest of its file, which is part of that file's name, and the number of its
    programs. A stripe's file holds a list of slots, null where a row was removed. A new map is one file put in the
    place of another: the files that it names are written before, and those that neither it nor the one that it
    replaces names are deleted after.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fingerprint = ""
        self.limited = False
        self._stripes: list[tuple[str, int]] = []
        self._replaced: set[str] = set()
        if self._header.exists():
            stored = orjson.loads(self._header.read_bytes())
            self.fingerprint = stored["fingerprint"]
            self.limited = stored["limited"]
            self._stripes = [(digest, number) for digest, number in stored["stripes"]]
            self._replaced = {self._file(number).name for number in range(len(self._stripes))}

    @property
    def n_programs(self) -> int:
        """Programs in all stripes."""
        return sum(number for _, number in self._stripes)

    def update(self, rows: MutableMapping[str, tuple[str, str]], fingerprint: str, *, limited: bool) -> None:
        """Take over the rows that the source has now; `save` makes it the map that others see.

        A row that is known keeps its slot, also if its program changed (then its earlier program_id is kept); a row
        that is new fills the last stripe and then opens another; a row that is gone leaves a hole.

        Args:
            rows: source_row → ``(program_id, content digest)`` in the order of the source. It is used up.
            fingerprint: fingerprint of the source that they were read from.
            limited: whether a limit cut the source short.
        """
        last: list[Slot | None] = []
        for number in range(len(self._stripes)):
            last = [slot and _now(slot, rows.pop(slot.source_row, None)) for slot in self.places(number)]
            self._put(number, last)
        number = max(len(self._stripes) - 1, 0)
        grown = False
        for source_row, (program, content) in rows.items():
            if len(last) >= STRIPE_SIZE:
                if grown:
                    self._put(number, last)
                number, last = number + 1, []
            last.append(Slot(source_row, program, content))
            grown = True
        if grown:
            self._put(number, last)
        self.fingerprint = fingerprint
        self.limited = limited

    def remove(self, source_row: str) -> list[Stripe]:
        """Leave a hole in the place of a row; `save` makes it the map that others see.

        Returns:
            The stripes that it was in; their source is empty.
        """
        found = []
        for number in range(len(self._stripes)):
            places = self.places(number)
            if any(slot is not None and slot.source_row == source_row for slot in places):
                self._put(number, [None if slot is None or slot.source_row == source_row else slot for slot in places])
                found.append(Stripe("", f"{number:05d}"))
        return found

    def save(self) -> None:
        """Put the map into its place; a reader sees the old map or the new one, never a part."""
        stored = {"fingerprint": self.fingerprint, "limited": self.limited, "stripes": self._stripes}
        write_whole(self._header, orjson.dumps(stored, option=orjson.OPT_APPEND_NEWLINE))
        named = {self._file(number).name for number in range(len(self._stripes))}
        for path in self.folder.glob("*-*.json"):
            # Whoever opened the map before this one may still be about to read what it names.
            if path.name not in named | self._replaced:
                path.unlink(missing_ok=True)

    def keys(self, source: str) -> list[Stripe]:
        """The stripes of the map, empty ones too: their tables have to become empty as well."""
        return [Stripe(source, f"{number:05d}") for number in range(len(self._stripes))]

    def digest(self, stripe: Stripe) -> str:
        """Digest of a stripe's slots; no slot is read for it.

        Raises:
            KeyError: the map has no such stripe.
        """
        return self._known(stripe)[0]

    def n_slots(self, stripe: Stripe) -> int:
        """The number of slots of a stripe that hold a program.

        Raises:
            KeyError: the map has no such stripe.
        """
        return self._known(stripe)[1]

    def slots(self, stripe: Stripe) -> list[Slot]:
        """The slots of a stripe that hold a program, in order.

        Raises:
            KeyError: the map has no such stripe.
        """
        self._known(stripe)
        return [slot for slot in self.places(int(stripe.number)) if slot is not None]

    def places(self, number: int) -> list[Slot | None]:
        """The slots of the stripe with this number, None where a row was removed."""
        stored = orjson.loads(self._file(number).read_bytes())
        return [slot and Slot(slot[0], slot[1], slot[2], tuple(slot[3])) for slot in stored]

    @property
    def _header(self) -> Path:
        return self.folder / "map.json"

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:05d}-{self._stripes[number][0][:16]}.json"

    def _known(self, stripe: Stripe) -> tuple[str, int]:
        if int(stripe.number) >= len(self._stripes):
            raise KeyError(stripe.key)
        return self._stripes[int(stripe.number)]

    def _put(self, number: int, slots: list[Slot | None]) -> None:
        """Write the file of a stripe, which nobody reads before a map names it."""
        stored = [slot and [slot.source_row, slot.program_id, slot.content, slot.earlier] for slot in slots]
        raw = orjson.dumps(stored, option=orjson.OPT_APPEND_NEWLINE)
        digest = hashlib.blake2b(raw, digest_size=16).hexdigest()
        known = (digest, sum(slot is not None for slot in slots))
        self._stripes[number:] = [known, *self._stripes[number + 1 :]]
        path = self._file(number)
        if not path.exists():
            write_whole(path, raw)


def _now(slot: Slot, row: tuple[str, str] | None) -> Slot | None:
    """What a slot holds when its row is this one; None if the row is gone."""
    if row is None:
        return None
    program, content = row
    earlier = slot.earlier if program == slot.program_id else (*slot.earlier, slot.program_id)
    return replace(slot, program_id=program, content=content, earlier=earlier)
