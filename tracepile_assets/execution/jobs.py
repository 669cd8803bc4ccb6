"""What is run, within which limits, and what came of it.

Belongs here: plain values that go into the pool and come out of it. Does not belong here: how a run happens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracepile_assets.trace_model.recording import Recording

if TYPE_CHECKING:
    from .received import Received


class SandboxUnavailable(RuntimeError):
    """The jail cannot be set up on this machine; the message names the remedy."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use, and what of it is recorded.

    ``events``, ``wall_s`` (seconds by the clock), ``cpu_s`` (seconds of CPU time), ``memory_mb`` (address space, MiB)
    and ``output_bytes`` end a run that goes beyond. ``value_chars`` (text of one value), ``contents_items`` and
    ``contents_chars`` (one container), ``total_chars`` (all values of a run) and ``result_chars`` (return value,
    arguments after) only limit what is stored.
    """

    events: int = 500_000
    wall_s: float = 120.0
    cpu_s: float = 100.0
    memory_mb: int = 1024
    output_bytes: int = 1 << 20
    value_chars: int = 4_000
    contents_items: int = 4_000
    contents_chars: int = 32_000
    total_chars: int = 32_000_000
    result_chars: int = 200_000


@dataclass(frozen=True, slots=True)
class RunInput:
    """One input: ``arguments`` (source text between the call's parentheses) or ``stdin``; ``expected`` if stated.

    ``codec`` says what ``arguments`` and ``expected`` may call besides the program's own names.
    """

    input_id: str
    codec: str = "literal"
    arguments: str | None = None
    stdin: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One program and the inputs to run it on.

    ``entry_point`` is an expression that is called with the arguments, None for a program that reads standard input.
    Without ``record`` the runs are not traced: the recordings hold no events. ``twin`` runs it where the hash seed,
    the random seed, the clock and the addresses differ.
    """

    job_id: str
    code: str
    entry_point: str | None
    inputs: tuple[RunInput, ...]
    record: bool = True
    twin: bool = False


class Outcome:
    """What one run gave, and the time it took in seconds.

    ``digest`` covers events, changes, result, stdout and exception, ``result_digest`` all but events and changes. Both
    cover what was too long to be recorded: two results that are null for that reason are equal if their digests are.
    Of several runs in one process that nobody watched one by one, ``wall_s`` is an equal share.
    ``n_bytes`` is about what it holds in memory until its recording is asked for.
    """

    __slots__ = ("_digest_result", "_make", "_recording", "digest", "input_id", "n_bytes", "status", "wall_s")

    def __init__(self, input_id: str, received: "Received", wall_s: float):
        self.input_id = input_id
        self.status = received.status
        self.digest = received.digest
        self._digest_result = received.result_digest
        self.n_bytes = received.n_bytes
        self.wall_s = wall_s
        self._make: Callable[[], Recording] | None = received.recording
        self._recording: Recording | None = None

    @property
    def result_digest(self) -> str:
        """Hash of result, stdout and exception."""
        return self._digest_result()

    @property
    def recording(self) -> Recording:
        """The recording; it is read from the tape when it is first asked for."""
        if self._make is not None:
            self._recording, self._make = self._make(), None
        return self._recording
