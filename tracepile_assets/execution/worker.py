"""Runs jobs, one after the other, in a pair of zygotes: the base one and, once it is needed, its twin.

Belongs here: starting and stopping zygotes, the protocol with them, and what is said of a run whose child died. Does
not belong here: spreading jobs over workers (``pool``) and checking what came back (``received``).
"""

import contextlib
import fcntl
import json
import mmap
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from tracepile_assets.trace_model.recording import Recording

from . import jail
from .guest.channel import COMMIT, Closed, receive, send
from .guest.recorder import RECORDER_VERSION
from .jobs import Job, Limits, Outcome, RunInput, SandboxUnavailable
from .received import Tampered, digest, received, result_digest
from .sharing import may_share

_SHARED_BYTES = 192 << 20
_INTERPRETER_BYTES = 192 << 20
"""Address space that the zygote itself takes up, on top of the shared memory."""
_START_S = 60.0
_SLACK_S = 30.0


class Zygote:
    """A running zygote and the line to it."""

    def __init__(self, isolation: str, role: str):
        """Start it. Raises ``SandboxUnavailable`` with what the jail said if it does not come up."""
        ours, theirs = socket.socketpair()
        memory = os.memfd_create("recording", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(memory, _SHARED_BYTES)
        # Were it made shorter from inside, reading it here would kill this process.
        fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        self._socket = ours
        self._shared = mmap.mmap(memory, _SHARED_BYTES)
        with tempfile.TemporaryFile() as said, theirs:
            command, environment = jail.command(isolation, role, theirs.fileno(), memory, _SHARED_BYTES)
            self._process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=(theirs.fileno(), memory),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
            os.close(memory)
            theirs.close()
            ours.settimeout(_START_S)
            try:
                receive(ours)
            except (Closed, ValueError):
                self.close()
                said.seek(0)
                reason = said.read(4_000).decode(errors="replace").strip()
                raise SandboxUnavailable(f"the jail did not start: {reason or 'it said nothing'}") from None

    def submit(self, message: dict, patience_s: float) -> None:
        """Hand over a job. Raises ``Closed`` if the zygote is gone."""
        self._socket.settimeout(patience_s)
        data = json.dumps(message).encode()
        send(self._socket, {"bytes": len(data), "inputs": len(message["inputs"]), "wall_s": message["wall_s"]})
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise Closed from error

    def answer(self, number: int) -> tuple[bytes | None, dict]:
        """The result of this number (from 1) as it was committed, or None and how the child ended. Raises ``Closed``.

        If what was committed is not the result of that number, there are no bytes in it.
        """
        try:
            said = receive(self._socket, 1 << 16)
        except ValueError as error:
            raise Closed from error
        if "exit" in said:
            return None, said
        committed, length = COMMIT.unpack(self._shared[: COMMIT.size])
        if committed != number:
            return b"", said
        return self._shared[COMMIT.size : COMMIT.size + min(length, _SHARED_BYTES - COMMIT.size)], said

    def acknowledge(self, stop: bool) -> None:
        """Let the child go on, or have it killed."""
        send(self._socket, {"stop": stop})

    def close(self) -> None:
        """End it, and everything in its jail. May be called from another thread, and twice."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._socket.close()


class Worker:
    """Runs jobs within limits. Not for use by two threads, except ``close``."""

    def __init__(self, limits: Limits, isolation: str):
        self._limits = limits
        self._isolation = isolation
        self._zygotes: dict[str, Zygote] = {}
        self._closed = False

    def run(self, job: Job) -> list[Outcome]:
        """Run a job on all its inputs, each in the order of the job. Raises ``SandboxUnavailable``."""
        left = list(job.inputs)
        if job.twin:
            left.reverse()
        outcomes: dict[int, Outcome] = {}
        deaths = 0
        together = len(left) if len(left) < 2 or may_share(job.code) else 1
        while left:
            started = time.monotonic()
            try:
                found, ended = self._run_some(job, left[:together])
                deaths = 0
            except Closed:
                self._discard(job)
                if self._closed:
                    raise RuntimeError("the pool was closed while a job was running") from None
                # Nothing that a program may do reaches the zygote: try again before blaming the program.
                deaths += 1
                found, ended = [], None
                if deaths < 2:
                    continue
                deaths = 0
            for given, outcome in zip(left, found, strict=False):
                outcomes[id(given)] = outcome
            left = left[len(found) :]
            if left and (ended is None or len(found) < ended["due"]):
                died = self._died(left[0], ended, time.monotonic() - started)
                if not found or died.recording.status != "crash":
                    outcomes[id(left[0])] = died
                    left = left[1:]
        return [outcomes[id(given)] for given in job.inputs]

    def close(self) -> None:
        """End the zygotes."""
        self._closed = True
        for zygote in list(self._zygotes.values()):
            zygote.close()
        self._zygotes.clear()

    def _discard(self, job: Job) -> None:
        zygote = self._zygotes.pop(self._role(job), None)
        if zygote is not None:
            zygote.close()

    @staticmethod
    def _role(job: Job) -> str:
        return "twin" if job.twin else "base"

    def _zygote(self, role: str) -> Zygote:
        zygote = self._zygotes.get(role)
        if zygote is None:
            zygote = self._zygotes[role] = Zygote(self._isolation, role)
        return zygote

    def _run_some(self, job: Job, inputs: Sequence[RunInput]) -> tuple[list[Outcome], dict]:
        """Run inputs in one child until they are done or the child is gone; say how it ended.

        A run that another one went before may not be to blame for a crash, or for a result that contradicts itself:
        it is left for a child of its own.
        """
        limits = self._limits
        zygote = self._zygote(self._role(job))
        patience = limits.wall_s + _SLACK_S
        zygote.submit(self._message(job, inputs), patience)
        outcomes: list[Outcome] = []
        started = time.monotonic()
        stopped = False
        while True:
            data, said = zygote.answer(len(outcomes) + 1)
            if data is None:
                clean = (
                    said["exit"] == 0 and len(outcomes) < len(inputs) and outcomes and self._left_early(outcomes[-1])
                )
                return outcomes, {**said, "due": len(outcomes) if clean or stopped else len(inputs)}
            if stopped or len(outcomes) == len(inputs):
                zygote.acknowledge(stop=True)
                continue
            given = inputs[len(outcomes)]
            try:
                recording, *beyond = received(data, job.code, limits)
            except Tampered as error:
                stopped = True
                recording = _unrecorded("tampered", f"what came back from the jail contradicts itself: {error}")
                beyond = ["", ""]
            now = time.monotonic()
            if not (stopped and outcomes):
                outcomes.append(_outcome(given, recording, *beyond, now - started))
            started = now
            zygote.acknowledge(stopped)

    @staticmethod
    def _left_early(last: Outcome) -> bool:
        """Whether the child left on purpose, after a result that ended at a limit."""
        return last.recording.status in ("timeout", "event_limit", "output_limit", "memory_limit", "crash")

    def _message(self, job: Job, inputs: Sequence[RunInput]) -> dict:
        limits = self._limits
        names = (
            "events",
            "output_bytes",
            "value_chars",
            "contents_items",
            "contents_chars",
            "total_chars",
            "result_chars",
        )
        return {
            "code": job.code,
            "entry_point": job.entry_point,
            "record": job.record,
            "wall_s": limits.wall_s,
            "cpu_s": limits.cpu_s,
            "address_bytes": (limits.memory_mb << 20) + _SHARED_BYTES + _INTERPRETER_BYTES,
            "caps": {name: getattr(limits, name) for name in names},
            "inputs": [
                {"arguments": given.arguments, "stdin": given.stdin, "expected": given.expected} for given in inputs
            ],
        }

    def _died(self, given: RunInput, ended: dict | None, wall_s: float) -> Outcome:
        status, reason = self._cause_of_death(ended)
        return _outcome(given, _unrecorded(status, reason), "", "", wall_s)

    def _cause_of_death(self, ended: dict | None) -> tuple[str, str]:
        if ended is None:
            return "crash", "the program took the whole jail down"
        if ended["timed_out"]:
            return "timeout", f"took longer than {self._limits.wall_s:g} s of wall-clock time"
        status = ended["exit"]
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU or (number == signal.SIGKILL and ended["cpu_s"] >= self._limits.cpu_s):
                return "cpu_limit", f"used more than {self._limits.cpu_s:g} s of CPU time"
            return "crash", f"the process was killed by {signal.Signals(number).name}"
        return "crash", f"the program ended the process with exit code {os.waitstatus_to_exitcode(status)}"


def _outcome(given: RunInput, recording: Recording, beyond: str, beyond_result: str, wall_s: float) -> Outcome:
    whole, ended = digest(recording, beyond + beyond_result), result_digest(recording, beyond_result)
    return Outcome(given.input_id, recording, whole, ended, wall_s)


def _unrecorded(status: str, reason: str) -> Recording:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Recording(status=status, reason=reason, python_version=version, recorder_version=RECORDER_VERSION)
