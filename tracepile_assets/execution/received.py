"""Makes a ``Recording`` of what came back from the jail, which is nothing but untrusted bytes.

Belongs here: the result row, how a run ended that left none, and what two runs are compared by. Does not belong here:
the events on the tape (``taped``) and the meaning of a recording (``trace_model``).
"""

import contextlib
import functools
import json
import re
import struct
import sys
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from tracepile_assets.trace_model.recording import Recording

from .guest.channel import FAILED
from .guest.recorders import usual_version
from .guest.tape_layout import BEGINS, SLOT_BYTES, UNCHANGED, VERSION_BYTES, Begins, Layout
from .jobs import Job, Limits, Outcome, RunInput
from .parsing import parsed
from .taped import Copy, Tampered, Taped, checked, require

STATUSES = frozenset({"ok", "exception", "timeout", "memory_limit", "event_limit", "output_limit", "crash", "rejected"})
"""What a child may say of itself. ``cpu_limit`` is the parent's to say; ``tampered`` with a reason makes all else that
it says count for nothing."""
PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
_SHORT = 50_000
_MOST_SEEN_BYTES = 1 << 20
"""Size of the tapes of a program, together, that are kept in mind."""
_HEADER = struct.Struct(f"<4Q{VERSION_BYTES}s3Q5I")
assert _HEADER.size == BEGINS + 20
_FIRST, _NUMBER = struct.Struct("<4Q"), struct.Struct("<Q")
_decode = json.JSONDecoder().decode
_encode = json.JSONEncoder(separators=(",", ":")).encode
_VERSION = re.compile(r"[a-z]{1,20}-[0-9.]{1,9}", re.ASCII)
CONTRADICTS = "what came back from the jail contradicts itself: "
_TEXTS = ("reason", "return_value", "exception", "arguments_after")
_ALWAYS_TEXTS = ("status", "stdout", "python_version", "recorder_version", "beyond", "beyond_result")
_ENDS = frozenset({"ok", "exception"})
"""Statuses of runs that came to their end: the events show it."""
_RESULT = ("status", "return_value", "stdout", "exception", "arguments_after")
_COLUMNS = frozenset(
    {*_TEXTS, "status", "stdout", "expected_agrees", "truncated", "python_version"}
    | {"recorder_version", "n_events", "beyond", "beyond_result"}
)


class Header(NamedTuple):
    """What the header of a tape says: number of events, number of the input, length of the result row, 1 + the number
    of the input that it is of, the recorder's version, end of the texts, what lies before it in each area."""

    n_events: int
    run: int
    result_length: int
    result_seq: int
    recorder_version: str
    text_end: int
    begins: Begins

    @classmethod
    def of(cls, shared, slot: int = 0) -> "Header":
        """Read the header in a slot. A version that cannot be one reads as empty."""
        found = _HEADER.unpack_from(shared, slot * SLOT_BYTES)
        return cls(*found[:4], _version(found[4]), found[5], found[8:])


def is_complete(shared, slot: int, run: int) -> bool:
    """Whether the header in a slot says that the tape of the input numbered ``run`` is complete."""
    _, found, _, result_seq = _FIRST.unpack_from(shared, slot * SLOT_BYTES)
    return found == run and result_seq == run + 1


def says_unchanged(shared) -> bool:
    """Whether the process says that no run changed anything that another one comes upon."""
    return _NUMBER.unpack_from(shared, UNCHANGED)[0] == 1


@functools.lru_cache(maxsize=8)
def _version(written: bytes) -> str:
    version = written.rstrip(b"\0").decode("latin-1")
    return version if _VERSION.fullmatch(version) else ""


class Arrived:
    """What came back of one run, copied: how it ended, as far as that does not contradict itself, and its tape."""

    __slots__ = ("beyond", "beyond_result", "copy", "ended", "hard", "row")

    def __init__(self, ended: dict, copy: Copy | None = None, beyond: str = "", beyond_result: str = "", hard=False):
        self.ended = ended
        self.copy = copy
        self.beyond = beyond
        self.beyond_result = beyond_result
        self.hard = hard
        self.row: bytes | None = None
        """The result row as it came, if that and the tape are all that there is to it."""

    @property
    def status(self) -> str:
        """How the run ended, by what is known so far."""
        return self.ended["status"]

    @property
    def n_bytes(self) -> int:
        """About what this holds in memory."""
        return len(self.row or b"") + (self.copy.n_bytes if self.copy is not None else 0)


class Received:
    """What is known of one run: how it ended, and its checked tape, if there is one."""

    def __init__(self, arrived: Arrived, ended: dict, taped: Taped | None, lines: tuple[int, ...]):
        self._ended = ended
        self._taped = taped
        self._lines = lines
        self.n_bytes = arrived.n_bytes
        # Asked for where events differ, by someone who need not hold the tape.
        result = [*(ended[name] for name in _RESULT), arrived.beyond_result]
        self.result_digest = functools.partial(_hash, result)
        tape = taped.digest if taped is not None else ""
        self.digest = _hash([*result, ended["truncated"], arrived.beyond, tape])

    @property
    def status(self) -> str:
        """How the run ended."""
        return self._ended["status"]

    def recording(self) -> Recording:
        """The recording, in lists."""
        columns = self._taped.columns(self._lines) if self._taped is not None else {}
        return Recording(**self._ended, **columns)


def arrived(shared, areas: Layout, run: int, limits: Limits, slot: int = 0) -> Arrived:
    """Copy the complete tape of the input numbered ``run``, which has its header in a slot."""
    try:
        header = Header.of(shared, slot)
        require(header.run == run, "the tape is that of another input")
        require(header.result_seq == run + 1, "the result is not that of this input")
        require(header.result_length <= areas.result_bytes, "a result larger than there is room for")
        if slot:
            try:
                areas = areas.behind(slot, header.begins)
            except ValueError as error:
                raise Tampered(str(error)) from None
        data = shared[areas.result : areas.result + header.result_length]
        row, n_events, beyond, beyond_result = (_result if len(data) < _SHORT else _result.__wrapped__)(data)
        if row["status"] == "tampered":
            return Arrived(_ended("tampered", row["reason"], row["recorder_version"]))
        require(n_events == header.n_events <= limits.events, "the number of events is another one")
        require(len(row["stdout"]) <= limits.output_bytes, "more output than can be")
        copy = Copy.of(shared, areas, n_events, header.text_end) if n_events else None
    except Tampered as error:
        return Arrived(_tampered(error, ""))
    came = Arrived(row, copy, beyond, beyond_result)
    came.row = data
    return came


def cut_off(shared, areas: Layout, run: int, status: str, reason: str) -> Arrived:
    """Copy what is left of an input whose process died: the events up to the commit mark."""
    header = Header.of(shared)
    ended = _ended(status, reason, header.recorder_version)
    if header.run != run or not header.n_events or status == "tampered":
        return Arrived(ended)
    try:
        return Arrived(ended, Copy.of(shared, areas, header.n_events, header.text_end), hard=True)
    except Tampered as error:
        return Arrived({**ended, "reason": f"{reason}; its recording contradicts itself: {error}"})


def cause_of_exit(code: int) -> tuple[str, str]:
    """Status and reason of an input whose process ended by itself."""
    if code == FAILED:
        return "crash", "its process could not go on with what the program had done to it, or the program ended it"
    return "crash", f"the program ended the process with exit code {code}"


def vanished(reason: str) -> Arrived:
    """A run of which nothing came back."""
    return Arrived(_ended("crash", reason, ""))


def outcomes_of(job: Job, inputs: Sequence[RunInput], arrivals: list[Arrived], walls: Sequence[float]) -> list[Outcome]:
    """What came of the first inputs, and how long each took."""
    found = received(arrivals, job.code, job.entry_point is None)
    return [Outcome(given.input_id, came, wall) for given, came, wall in zip(inputs, found, walls, strict=False)]


def received(arrivals: list[Arrived], code: str, is_module: bool = False) -> list[Received]:
    """Check what came back of runs of one program, and make of it what can be believed.

    ``is_module`` says that a run is the module's body: then output may come after the events (exit handlers), and
    else before them.

    A tape that contradicts itself counts for nothing. Its run has the status ``tampered``; one whose process died keeps
    its status, and the reason says so.

    What comes of a second run is mostly that of the first, byte by byte: what is known of that holds of it.
    """
    seen = _seen(code) if len(code) < _SHORT else {}
    found = [_known(seen, came) for came in arrivals]
    fresh = [came for came, known in zip(arrivals, found, strict=True) if known is None]
    if not fresh:
        return found
    judged = iter(_received(fresh, code, is_module))
    found = [known if known is not None else next(judged) for known in found]
    if not seen and sum(came.n_bytes for came in fresh) < _MOST_SEEN_BYTES:
        for came, known in zip(arrivals, found, strict=True):
            if came.row is not None and known.status != "tampered":
                seen.setdefault(came.row, []).append((came.copy, known))
    return found


def _known(seen: dict[bytes, list[tuple[Copy | None, Received]]], came: Arrived) -> Received | None:
    for copy, known in seen.get(came.row, ()):
        if copy == came.copy:
            return known
    return None


@functools.lru_cache(maxsize=16)
def _seen(code: str) -> dict[bytes, list[tuple[Copy | None, Received]]]:
    """What came back of a program and was found good, by result rows: tapes, and what was made of both."""
    return {}


def _received(arrivals: list[Arrived], code: str, is_module: bool) -> list[Received]:
    taped: dict[int, Taped | Tampered] = {}
    lines: tuple[int, ...] = ()
    which = [number for number, came in enumerate(arrivals) if came.copy is not None]
    if which:
        try:
            lines = _lines(code)
            taped = dict(zip(which, checked([arrivals[n].copy for n in which], len(lines)), strict=True))
        except Tampered as error:
            taped = dict.fromkeys(which, error)
    return [_judged(came, taped.get(number), lines, is_module) for number, came in enumerate(arrivals)]


def _judged(came: Arrived, taped: Taped | Tampered | None, lines: tuple[int, ...], is_module: bool) -> Received:
    ended = came.ended
    if isinstance(taped, Taped):
        if came.hard:
            ended = {**ended, "stdout": taped.written, "truncated": taped.is_truncated()}
        elif not (ended["stdout"].startswith if is_module else ended["stdout"].__contains__)(taped.written):
            taped = Tampered("the outputs are not what was written")
        elif ended["status"] in _ENDS and not came.copy.is_closed():
            taped = Tampered("the events stop before the run does")
    if isinstance(taped, Tampered):
        if came.hard:
            ended = {**ended, "reason": f"{ended['reason']}; its recording contradicts itself: {taped}"}
        else:
            ended = _tampered(taped, ended["recorder_version"])
        came, taped = Arrived(ended), None
    return Received(came, ended, taped, lines)


def _tampered(error: Tampered, recorder_version: str) -> dict:
    return _ended("tampered", f"{CONTRADICTS}{error}", recorder_version)


def _ended(status: str, reason: str, recorder_version: str) -> dict:
    nothing = dict.fromkeys(("return_value", "exception", "arguments_after", "expected_agrees"))
    versions = {"python_version": PYTHON_VERSION, "recorder_version": recorder_version or usual_version()}
    return {"status": status, "reason": reason, **nothing, "stdout": "", "truncated": False, **versions}


def remember_lines(code: str) -> None:
    """Have what is asked of a program's text when its tapes come back worked out now, unless it is long."""
    if len(code) < _SHORT:
        with contextlib.suppress(Tampered):
            _parsed_lines(code)


def _lines(code: str) -> tuple[int, ...]:
    """Source line of each statement: the jail is not asked. Raises ``Tampered`` where nothing can have run."""
    # A program comes back twice within a short time. What is remembered holds its text.
    return _parsed_lines(code) if len(code) < _SHORT else _parsed_lines.__wrapped__(code)


@functools.lru_cache(maxsize=64)
def _parsed_lines(code: str) -> tuple[int, ...]:
    try:
        # A module without a statement runs too: its call and return stand at the number 0.
        return tuple(parsed(code).lines) or (1,)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Tampered(f"events of a program that does not parse: {type(error).__name__}") from None


@functools.lru_cache(maxsize=64)
def _result(data: bytes) -> tuple[dict, int, str, str]:
    """A result row: how the run ended, number of events, digests of what is not recorded. Nobody changes the first."""
    try:
        row = _decode(data.decode())
    except (ValueError, RecursionError) as error:
        raise Tampered(f"no JSON: {error}") from None
    require(type(row) is dict and row.keys() == _COLUMNS, "other columns than a result has")
    require(all(type(row[name]) is str for name in _ALWAYS_TEXTS), "what must be a text is none")
    require(all(row[name] is None or type(row[name]) is str for name in _TEXTS), "what may be a text is none")
    require(type(row["truncated"]) is bool, "truncated is no truth value")
    require(any(row["expected_agrees"] is said for said in (None, True, False)), "expected_agrees is no truth value")
    require(type(row["n_events"]) is int, "n_events is no number")
    require(row["status"] in STATUSES or _is_named_tampered(row), "there is no such status")
    require(row["python_version"] == PYTHON_VERSION, "another Python than the one that was started")
    require(bool(_VERSION.fullmatch(row["recorder_version"])), "there is no such recorder")
    return row, row.pop("n_events"), row.pop("beyond"), row.pop("beyond_result")


def _is_named_tampered(row: dict) -> bool:
    return row["status"] == "tampered" and bool(row["reason"])


def _hash(held: list) -> str:
    return sha256(_encode(held).encode()).hexdigest()
