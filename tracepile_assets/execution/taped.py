"""Copies tapes out of memory that programs can write to, checks them, and reads their columns.

Belongs here: bounds, kinds, UTF-8, and that the events do not contradict each other. Does not belong here: how a run
ended (``received``) and what the columns mean (``trace_model``).

The tapes of one program's inputs are checked together, in whole columns: most runs are short, and what it takes to set
up an operation on a column is then more than the operation.
"""

from hashlib import sha256
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from .columns import columns
from .guest.tape_layout import CHANGE, EVENT, FRAME, KINDS, OPS, Layout

try:
    from .guest._recorder import placeless
except ImportError:
    placeless = None

_EVENT = np.dtype("u1, u1, <u2, <u4, <u4, <u4, <u4, <u4, <u8")
_EVENT.names = ("kind", "has_value", "zero", "statement", "depth", "frame", "length", "changes_end", "offset")
_CHANGE = np.dtype("<i4, u1, u1, <u2, <u4, <u4, <u8, <u8")
_CHANGE.names = ("cause", "op", "has_value", "zero", "place_length", "length", "place_offset", "offset")
_FRAME = np.dtype("<u8, <u4, <u4")
_FRAME.names = ("offset", "length", "zero")
assert (_EVENT.itemsize, _CHANGE.itemsize, _FRAME.itemsize) == (EVENT.size, CHANGE.size, FRAME.size)

_CALL, _LINE, _RETURN, _RAISE, _UNWIND, _YIELD, _RESUME, _OUTPUT = range(len(KINDS))
_DELETE = OPS.index("delete")
_OPENS = np.isin(np.arange(len(KINDS)), (_CALL, _RESUME))
_CLOSES = np.isin(np.arange(len(KINDS)), (_RETURN, _UNWIND, _YIELD))
_MAY_HOLD = np.isin(np.arange(len(KINDS)), (_RETURN, _RAISE, _YIELD, _OUTPUT))
_MOST_GATHERED = 4 << 20
"""Bytes of text that are put in order at once: it takes eight times as much."""


class Tampered(ValueError):
    """What came back contradicts itself."""


def require(holds: bool, says: str) -> None:
    """Raise ``Tampered`` unless it holds."""
    if not holds:
        raise Tampered(says)


class Copy(NamedTuple):
    """The bytes of one tape up to its commit mark. What is checked in them cannot be changed any more."""

    events: bytes
    changes: bytes
    frames: bytes
    text: bytes
    text_limit: int

    @classmethod
    def of(cls, shared, areas: Layout, n_events: int, text_end: int) -> "Copy":
        """Copy the first events and all that belongs to them. Raises ``Tampered`` where it lies out of bounds.

        ``text_end``: what is said to be the end of their texts. The checks find one that lies behind it.
        """

        require(n_events <= areas.events_capacity, "more events than there is room for")
        events = shared[areas.events : areas.events + n_events * EVENT.size]
        n_changes = EVENT.unpack_from(events, len(events) - EVENT.size)[7] if events else 0
        n_frames = events[:: EVENT.size].count(_CALL)
        require(n_changes <= areas.changes_capacity, "more changes than there is room for")
        require(n_frames <= areas.frames_capacity, "more frames than there is room for")
        require(text_end <= areas.text_bytes, "more text than there is room for")
        changes = shared[areas.changes : areas.changes + n_changes * CHANGE.size]
        frames = shared[areas.frames : areas.frames + n_frames * FRAME.size]
        text = shared[areas.text : areas.text + text_end]
        return cls(events, changes, frames, text, areas.text_bytes)

    def is_closed(self) -> bool:
        """Whether the last event ends a frame that nothing of the program called."""
        kind, _, _, _, depth, *_ = EVENT.unpack_from(self.events, len(self.events) - EVENT.size)
        return depth == 0 and kind in (_RETURN, _UNWIND, _YIELD)

    @property
    def n_bytes(self) -> int:
        """Size of what is kept."""
        return len(self.events) + len(self.changes) + len(self.frames) + len(self.text)


class Taped:
    """The checked tape of one run.

    ``digest``: hash of all that it says; where a text lies counts for nothing. ``written``: what its output events
    wrote.
    """

    __slots__ = ("_copy", "digest", "written")

    def __init__(self, copy: Copy, digest: str, written: str):
        self._copy = copy
        self.digest = digest
        self.written = written

    def is_truncated(self) -> bool:
        """Whether a value was too long to be recorded."""
        events, changes = np.frombuffer(self._copy.events, _EVENT), np.frombuffer(self._copy.changes, _CHANGE)
        holding = _MAY_HOLD[events["kind"]] & (events["has_value"] == 0)
        lost = (changes["has_value"] == 0) & (changes["op"] != _DELETE)
        return bool(holding.any() or lost.any())

    def columns(self, lines: tuple[int, ...]) -> dict[str, list]:
        """The columns of a ``Recording``. ``lines``: source line of each statement."""
        copy = self._copy
        return columns(copy.events, copy.changes, copy.frames, copy.text, lines)


def checked(copies: list[Copy], n_statements: int) -> list[Taped | Tampered]:
    """Check the tapes of one program, which has so many statements; say for each what is wrong with it, if anything."""
    try:
        together = _Together(copies, n_statements)
    except Tampered as error:
        if len(copies) == 1:
            return [error]
        return [found for copy in copies for found in checked([copy], n_statements)]
    return [Taped(*found) for found in zip(copies, together.digests, together.written, strict=True)]


class _Together:
    """The tapes of several runs, one behind the other. Raises ``Tampered`` if any contradicts itself."""

    def __init__(self, copies: list[Copy], n_statements: int):
        self.events = np.frombuffer(b"".join([c.events for c in copies]), _EVENT)
        self.changes = np.frombuffer(b"".join([c.changes for c in copies]), _CHANGE)
        self.frames = np.frombuffer(b"".join([c.frames for c in copies]), _FRAME)
        self._text = b"".join([c.text for c in copies])
        self._starts = {
            "events": _starts([len(c.events) // EVENT.size for c in copies]),
            "changes": _starts([len(c.changes) // CHANGE.size for c in copies]),
            "frames": _starts([len(c.frames) // FRAME.size for c in copies]),
            "text": _starts([len(c.text) for c in copies]),
        }
        self._run = {name: _owners(self._starts[name]) for name in ("events", "changes", "frames")}
        self._check_events(n_statements)
        self._check_frames()
        self._place_texts(copies)
        self._check_changes()
        self.written = self._written(len(copies))
        self.digests = self._digests(copies)

    def _span(self, name: str, number: int) -> tuple[int, int]:
        """Where a run's records begin and end."""
        starts = self._starts[name]
        return int(starts[number]), int(starts[number + 1])

    # -- texts

    def _place_texts(self, copies: list[Copy]) -> None:
        """Find and check where each text begins and ends."""
        sizes = np.array([len(c.text) for c in copies], dtype=np.uint64)
        used = np.zeros(len(copies))
        self._begins: dict[str, np.ndarray] = {}
        self._ends: dict[str, np.ndarray] = {}
        for name, records, prefix in (
            ("events", self.events, ""),
            ("places", self.changes, "place_"),
            ("changes", self.changes, ""),
            ("frames", self.frames, ""),
        ):
            run = self._run["changes" if name == "places" else name]
            offsets, lengths = records[f"{prefix}offset"], records[f"{prefix}length"]
            require(bool((offsets <= sizes[run]).all()), "a text lies elsewhere")
            ends = offsets + lengths
            require(bool((ends <= sizes[run]).all()), "a text ends elsewhere")
            used += np.bincount(run, lengths, len(copies))
            base = self._starts["text"][run]
            self._begins[name] = offsets.astype(np.int64) + base
            self._ends[name] = ends.astype(np.int64) + base
        # Texts may be shared: what they come to when they are read is bounded as well.
        require(bool((used <= [c.text_limit for c in copies]).all()), "more text than there is room for")
        self._ascii = self._text.decode("ascii") if self._text.isascii() else None
        if self._ascii is None:
            self._check_utf8()

    def _check_utf8(self) -> None:
        try:
            self._text.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise Tampered(f"no UTF-8: {error.reason}") from None
        # A part of good UTF-8 is good if it neither begins nor ends inside a character.
        inside = (np.frombuffer(self._text + b" ", np.uint8) & 0xC0) == 0x80
        for name, begins in self._begins.items():
            ends = self._ends[name]
            require(not ((inside[begins] | inside[ends]) & (ends > begins)).any(), "a text is cut inside a character")

    def _texts(self, name: str, which) -> list[str]:
        begins, ends = self._begins[name][which].tolist(), self._ends[name][which].tolist()
        if self._ascii is not None:
            held = self._ascii
            return [held[begin:end] for begin, end in zip(begins, ends, strict=True)]
        octets = self._text
        return [octets[a:b].decode("utf-8", "surrogatepass") for a, b in zip(begins, ends, strict=True)]

    def _written(self, runs: int) -> list[str]:
        which = np.flatnonzero(self.events["kind"] == _OUTPUT)
        parts: list[list[str]] = [[] for _ in range(runs)]
        for run, text in zip(self._run["events"][which].tolist(), self._texts("events", which), strict=True):
            parts[run].append(text)
        return ["".join(held) for held in parts]

    def _digests(self, copies: list[Copy]) -> list[str]:
        if placeless is not None:
            parts = [placeless(copy.events, copy.changes, copy.frames, copy.text) for copy in copies]
            return [sha256(part).hexdigest() for part in parts]
        runs = len(copies)
        hashers = [sha256() for _ in range(runs)]
        for name, records in (("events", self.events), ("changes", self.changes), ("frames", self.frames)):
            bare = records.copy()
            for place in ("offset", "place_offset"):
                if place in bare.dtype.names:
                    bare[place] = 0
            for number, hasher in enumerate(hashers):
                begin, end = self._span(name, number)
                hasher.update(b"%d " % (end - begin))
                hasher.update(bare[begin:end])
        for name in self._begins:
            self._digest_texts(name, hashers)
        return [hasher.hexdigest() for hasher in hashers]

    def _digest_texts(self, name: str, hashers: list) -> None:
        """Hash texts one after the other, in the order in which the records use them."""
        begins, ends = self._begins[name], self._ends[name]
        lengths = ends - begins
        places = _starts(lengths)
        records = "changes" if name == "places" else name
        if places[-1] <= _MOST_GATHERED:
            index = np.arange(places[-1]) + np.repeat(begins - places[:-1], lengths)
            octets = np.frombuffer(self._text, np.uint8)[index]
            for number, hasher in enumerate(hashers):
                begin, end = self._span(records, number)
                hasher.update(octets[places[begin] : places[end]])
            return
        for number, hasher in enumerate(hashers):
            of_run = slice(*self._span(records, number))
            for begin, end in zip(begins[of_run].tolist(), ends[of_run].tolist(), strict=True):
                hasher.update(self._text[begin:end])

    # -- checks

    def _check_events(self, n_statements: int) -> None:
        events = self.events
        kinds, holds = events["kind"], events["has_value"]
        if not len(events):
            self._event_of_change = np.zeros(0, np.int64)
            return
        require(int(kinds.max()) < len(KINDS), "an unknown kind of event")
        require(int(holds.max()) <= 1, "a flag is neither 0 nor 1")
        require(not events["length"][holds == 0].any(), "a text that is not there has a length")
        require(not holds[~_MAY_HOLD[kinds]].any(), "an event has a value that has none")
        require(bool(holds[kinds == _OUTPUT].all()), "an output holds no text")
        require(int(events["statement"].max()) < n_statements, "there is no such statement")
        ends = events["changes_end"] + self._starts["changes"][self._run["events"]]
        require(not (ends[1:] < ends[:-1]).any(), "changes are not in order of their events")
        ends[1:] -= ends[:-1].copy()
        self._event_of_change = np.repeat(np.arange(len(ends)), ends)

    def _check_changes(self) -> None:
        changes = self.changes
        if not len(changes):
            return
        holds, causes = changes["has_value"], changes["cause"]
        require(int(changes["op"].max()) < len(OPS), "an unknown kind of change")
        require(int(holds.max()) <= 1, "a flag is neither 0 nor 1")
        require(not changes["length"][holds == 0].any(), "a text that is not there has a length")
        require(not holds[changes["op"] == _DELETE].any(), "a deletion has a value")
        require(int(causes.min()) >= -1, "a change has no cause")
        event = self._event_of_change - self._starts["events"][self._run["changes"]]
        require(not (causes > event).any(), "a change comes before its cause")
        self._check_places()

    def _check_places(self) -> None:
        """A place begins with a variable of a frame (``f3.``), a global (``g.``) or an object (``#5``)."""
        octets = np.frombuffer(self._text + b"  ", np.uint8)
        begins, ends = self._begins["places"], self._ends["places"]
        digits = (octets >= ord("0")) & (octets <= ord("9"))
        first, second = octets[begins], octets[begins + 1]
        found = ((first == ord("#")) & digits[begins + 1]) | ((first == ord("g")) & (second == ord(".")))
        of_frames = np.flatnonzero((first == ord("f")) & digits[begins + 1])
        others = np.flatnonzero(~digits)
        after = others[np.searchsorted(others, begins[of_frames] + 1)]
        found[of_frames] = (octets[after] == ord(".")) & (after < ends[of_frames])
        require(bool((found & (ends - begins >= 2)).all()), "a change has no place")

    def _check_frames(self) -> None:
        """Calls open frames in order, only the innermost frame acts, and an ended frame does not.

        A frame whose end was not reported (the abandoned one of a generator) makes way for one below it.
        """
        if not len(self.events):
            return
        kinds, run = self.events["kind"], self._run["events"]
        depths = self.events["depth"].astype(np.int64)
        own = self.events["frame"].astype(np.int64)
        opened = self._starts["frames"]
        require(bool((own < (opened[1:] - opened[:-1])[run]).all()), "there is no such frame")
        frames = own + opened[run]
        opens, closes = _OPENS[kinds], _CLOSES[kinds]
        called = frames[kinds == _CALL]
        require(bool((called == np.arange(len(called))).all()), "frames are not numbered in order of call")
        # Height of the stack of open frames after each event, and before it.
        after = depths + 1 - closes
        before = np.zeros_like(after)
        before[1:] = after[:-1]
        firsts = self._starts["events"][:-1]
        before[firsts[firsts < len(before)]] = 0
        fits = np.where(opens, depths == before, depths < before)
        require(bool(fits.all()), "an event lies in a frame that is not open")
        # The frame at a depth is the one that was last opened there.
        order = np.argsort(_narrow(depths), kind="stable")
        places = np.arange(len(order))
        holder = order[np.maximum.accumulate(np.where(opens[order], places, 0))]
        same = (depths[holder] == depths[order]) & (frames[holder] == frames[order])
        require(bool(same.all()), "the depth of an event is not that of its frame")
        resumed = np.flatnonzero(kinds == _RESUME)
        if len(resumed):
            order = np.argsort(_narrow(frames), kind="stable")
            previous = np.empty_like(order)
            previous[order[1:]] = order[:-1]
            previous[order[0]] = order[0]
            last = previous[resumed]
            suspended = (frames[last] == frames[resumed]) & (kinds[last] == _YIELD)
            require(bool(suspended.all()), "a frame resumes that was not suspended")


def _starts(counts) -> np.ndarray:
    """Where each of several blocks of these lengths begins, and where the last one ends."""
    if isinstance(counts, np.ndarray):
        return np.concatenate(([0], np.cumsum(counts)))
    return np.fromiter(accumulate(counts, initial=0), np.int64, len(counts) + 1)


def _owners(starts: np.ndarray) -> np.ndarray:
    return np.repeat(np.arange(len(starts) - 1), starts[1:] - starts[:-1])


def _narrow(numbers: np.ndarray) -> np.ndarray:
    """The same numbers in 16 bits if they fit: these are sorted in linear time."""
    return numbers.astype(np.uint16) if int(numbers.max()) < 1 << 16 else numbers
