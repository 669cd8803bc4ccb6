"""Runs jobs, one after the other, in a pair of zygotes: the base one and, once it is needed, its twin.

Belongs here: starting and stopping zygotes, the protocol with them, and what is said of a run whose child died. Does
not belong here: spreading jobs over workers (``pool``) and checking what came back (``received``).
"""

import contextlib
import fcntl
import marshal
import mmap
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from . import jail, packages, received
from .guest.channel import Closed, receive, send
from .guest.tape_layout import Layout, layout
from .jobs import Job, Limits, Outcome, RunInput, SandboxUnavailable
from .received import CONTRADICTS, Arrived, arrived, cut_off, is_complete, outcomes_of, remember_lines, vanished
from .sharing import may_share
from .taming import is_tame
from .together import ENDED_EARLY, MOST_WAITING_BYTES, prepared, run_together

_INTERPRETER_BYTES = 192 << 20
"""Address space that the zygote itself takes up, on top of the shared memory."""
_PACKAGES_BYTES = 2 << 30
"""Address space that the packages take up in it besides, where they are loaded."""
_MOST_JOBS = 2_000
"""Jobs after which a zygote is replaced, however it is."""
_MOST_GROWTH_KIB = 64 << 10
"""Memory that a zygote may have grown by: its children inherit it."""
_START_S = 60.0
_START_WITH_PACKAGES_S = 300.0
_SLACK_S = 30.0
_MOST_STARTS = 8
"""How often in a row a jail may die while it starts, before none is said to be had."""


class Zygote:
    """A running zygote, the lines to it and to its children, and the memory that holds the tape."""

    def __init__(self, isolation: str, role: str, areas: Layout, folder: Path | None = None):
        """Start it, with the packages of ``folder`` loaded if there is one.

        Raises ``SandboxUnavailable`` with what the jail said if it does not come up.
        """
        self.is_worn = False
        self._jobs = 0
        self._killing = False
        self._control, control = socket.socketpair()
        self._line, line = socket.socketpair()
        memory = os.memfd_create("recording", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(memory, areas.total_bytes)
        # Were it made shorter from inside, reading it here would kill this process.
        fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        self.shared = mmap.mmap(memory, areas.total_bytes)
        with tempfile.TemporaryFile() as said, control, line:
            inside = (control.fileno(), line.fileno(), memory)
            command, environment = jail.command(isolation, role, *inside, areas.total_bytes, folder)
            self._process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=inside,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
            os.close(memory)
            control.close()
            line.close()
            self._control.settimeout(_START_S if folder is None else _START_WITH_PACKAGES_S)
            try:
                self._first_peak = receive(self._control)["peak_kib"]
            except (Closed, ValueError, KeyError):
                self.close()
                said.seek(0)
                reason = said.read(4_000).decode(errors="replace").strip()
                raise SandboxUnavailable(f"the jail did not start: {reason or 'it said nothing'}") from None
        self._control.settimeout(_SLACK_S)
        self._poll = select.poll()
        self._poll.register(self._control, select.POLLIN)
        self._poll.register(self._line, select.POLLIN)

    def submit(self, message: dict) -> None:
        """Hand over a job. Raises ``Closed`` if the zygote is gone."""
        self._killing = False
        # The same interpreter reads it, and what comes from here is to be trusted.
        data = marshal.dumps(message)
        send(self._control, {"bytes": len(data)}, data)

    def answer(self, wall_s: float, goes_on: Callable[[], bool] | None = None) -> str | dict:
        """What comes next of a child: ``done``, that a tape is complete; or how it ended, once it has.

        ``late`` if nothing came for so many seconds, and ``goes_on`` is not there or denies it; ``forged`` if it said
        what it cannot have to say: then it is being killed, and its end comes next. Raises ``Closed`` if the zygote is
        gone.
        """
        while True:
            try:
                ready = dict(self._poll.poll((_SLACK_S if self._killing else wall_s) * 1_000))
                said = b""
                # A file that is closed meanwhile, by another thread, reads as hung up, or as -1.
                if self._line.fileno() in ready:
                    said = self._line.recv(4_096)
            except (OSError, ValueError) as error:
                raise Closed from error
            if said == b"d" and not self._killing:
                return "done"
            if self._control.fileno() in ready:
                return self._end()
            if self._killing and (said or ready):
                continue
            if self._killing:
                raise Closed
            if not ready and goes_on is not None and goes_on():
                continue
            self.kill()
            return "forged" if ready else "late"

    def _end(self) -> dict:
        try:
            ended = receive(self._control, 1 << 16)
            # Nothing is left that could say more: the next child begins with an empty line.
            while self._line.recv(1 << 16, socket.MSG_DONTWAIT):
                pass
        except BlockingIOError:
            self._jobs += 1
            self.is_worn = self._jobs >= _MOST_JOBS or ended["peak_kib"] - self._first_peak > _MOST_GROWTH_KIB
            return ended
        except (OSError, ValueError) as error:
            raise Closed from error
        raise Closed

    def go_on(self) -> None:
        """Tell the child that its tape was copied."""
        try:
            self._line.send(b"k")
        except OSError as error:
            raise Closed from error

    def kill(self) -> None:
        """Have the child killed."""
        if not self._killing:
            self._killing = True
            send(self._control, {"stop": True})

    def close(self) -> None:
        """End it, and everything in its jail. May be called from another thread, and twice."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()
        self._line.close()


def read_text(job: Job, recorder: str) -> None:
    """Read off a program's text, in the thread that takes jobs, what a worker will ask of it, and remember that.

    CPython 3.11 counts how deep it is in the conversion of a syntax tree for all threads together: where one is
    interrupted by another that converts one too, both fail with ``SystemError``. What callers parse themselves, they
    parse in this thread.
    """
    if _is_tame(job):
        prepared(job.code, job.entry_point, recorder)
    else:
        may_share(job.code, job.entry_point)
    packages.imports(job.code)
    remember_lines(job.code)


def _is_tame(job: Job) -> bool:
    """Whether the inputs of a job are to run together. One alone would gain nothing."""
    several = len(job.inputs) > 1 and all(given.stdin is None for given in job.inputs)
    return several and is_tame(job.code, job.entry_point)


class Worker:
    """Runs jobs within limits. Not for use by two threads, except ``close``."""

    def __init__(self, limits: Limits, isolation: str, recorder: str = "auto"):
        self._limits = limits
        self._areas = layout(limits)
        self._isolation = isolation
        self._recorder = recorder
        self._zygotes: dict[tuple[str, Path | None], Zygote] = {}
        self._closed = False
        self._lock = threading.Lock()

    def run(self, job: Job) -> list[Outcome]:
        """Run a job on all its inputs, each in the order of the job. Raises ``SandboxUnavailable``."""
        left = list(job.inputs)
        if job.twin:
            left.reverse()
        outcomes: dict[int, Outcome] = {}
        deaths = 0
        tame = _is_tame(job)
        # What packages keep (options, caches) is put back by no one.
        shares = tame or len(left) < 2 or (may_share(job.code, job.entry_point) and self._packages(job) is None)
        together = len(left) if shares else 1
        while left:
            try:
                if tame:
                    found = self._run_together(job, left)
                    tame = bool(found)
                else:
                    found = self._run_some(job, left[:together])
                deaths = 0
            except Closed:
                self._discard(job)
                if self._closed:
                    raise RuntimeError("the pool was closed while a job was running") from None
                # Nothing that a program may do reaches the zygote: try again before blaming the program.
                deaths += 1
                if deaths < 2:
                    continue
                deaths = 0
                found = outcomes_of(job, left, [vanished("the program took the whole jail down")], [0.0])
            for given, outcome in zip(left, found, strict=False):
                outcomes[id(given)] = outcome
            left = left[len(found) :]
        return [outcomes[id(given)] for given in job.inputs]

    def _run_together(self, job: Job, inputs: Sequence[RunInput]) -> list[Outcome]:
        zygote = self._zygote(job)
        message = self._message(job, inputs)
        message["together"] = True
        message["prepared"] = prepared(job.code, job.entry_point, self._recorder)
        return run_together(zygote, message, job, inputs, self._areas, self._limits)

    def close(self) -> None:
        """End the zygotes, now and for good. May be called from another thread, and twice."""
        with self._lock:
            self._closed = True
            zygotes = list(self._zygotes.values())
            self._zygotes.clear()
        for zygote in zygotes:
            zygote.close()

    def _discard(self, job: Job) -> None:
        with self._lock:
            zygote = self._zygotes.pop(self._role(job), None)
        if zygote is not None:
            zygote.close()

    @staticmethod
    def _packages(job: Job) -> Path | None:
        """The folder of packages, for a program that imports some of them."""
        return packages.folder() if packages.imports(job.code) else None

    def _role(self, job: Job) -> tuple[str, Path | None]:
        return "twin" if job.twin else "base", self._packages(job)

    def _zygote(self, job: Job) -> Zygote:
        """The zygote for a job; a new one if there is none, or if it has served its time. Raises ``Closed``."""
        role = self._role(job)
        zygote = self._zygotes.get(role)
        if zygote is not None and zygote.is_worn:
            self._discard(job)
            zygote = None
        if zygote is None:
            name, folder = role
            zygote = self._started(name, folder)
            with self._lock:
                closed = self._closed
                if not closed:
                    self._zygotes[role] = zygote
            if closed:
                zygote.close()
                raise Closed
        return zygote

    def _started(self, name: str, folder: Path | None) -> Zygote:
        """A new zygote. Raises ``SandboxUnavailable`` if one after the other does not come up."""
        until = time.monotonic() + _START_S
        for left in reversed(range(_MOST_STARTS)):
            try:
                return Zygote(self._isolation, name, self._areas, folder)
            except SandboxUnavailable:
                # One that was killed says nothing of the next.
                if not left or self._closed or time.monotonic() > until:
                    raise
        raise AssertionError("the last one that did not start raises")

    def _run_some(self, job: Job, inputs: Sequence[RunInput]) -> list[Outcome]:
        """Run inputs in one child until they are done or the child is gone; the first at least comes back.

        A run that another one went before may not be to blame for a crash, for a tape that contradicts itself, or for
        having used up the memory: it is left for a child of its own.
        """
        zygote = self._zygote(job)
        zygote.submit(self._message(job, inputs))
        outcomes: list[Outcome] = []
        arrivals: list[Arrived] = []
        waiting_bytes = 0
        walls: list[float] = []
        last = end = ""
        stopped = False
        started = time.monotonic()
        while True:
            said = zygote.answer(self._limits.wall_s)
            run = len(outcomes) + len(arrivals)
            if said in ("late", "forged"):
                end = said
                continue
            if stopped or (said == "done" and run == len(inputs)):
                stopped = True
            elif said == "done":
                arrivals.append(arrived(zygote.shared, self._areas, run, self._limits))
                last = arrivals[-1].status
                stopped = last == "tampered"
                if last == "memory_limit" and run > 0:
                    arrivals.pop()
                    stopped = True
            elif run < len(inputs) and not (said["exit"] == 0 and last in ENDED_EARLY):
                status, reason = self._cause_of_death(said, end)
                stated = job.entry_point is not None and inputs[run].expected is not None
                if stated and end != "forged" and is_complete(zygote.shared, 0, run):
                    # The run itself had come to its end, and what its source states took the process down.
                    arrivals.append(arrived(zygote.shared, self._areas, run, self._limits))
                elif run == 0 or status not in ("crash", "tampered"):
                    arrivals.append(cut_off(zygote.shared, self._areas, run, status, reason))
            if len(walls) < len(arrivals):
                walls.append(time.monotonic() - started)
                started += walls[-1]
                waiting_bytes += arrivals[-1].n_bytes
            if said != "done" or waiting_bytes > MOST_WAITING_BYTES:
                found = outcomes_of(job, inputs[len(outcomes) :], arrivals, walls)
                outcomes, trusted = _up_to_tampered(outcomes + found)
                stopped = stopped or not trusted
                arrivals, walls, waiting_bytes = [], [], 0
            if said != "done":
                return outcomes
            if stopped:
                zygote.kill()
            else:
                zygote.go_on()

    def _message(self, job: Job, inputs: Sequence[RunInput]) -> dict:
        limits = self._limits
        loaded = 0 if self._packages(job) is None else _PACKAGES_BYTES
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
            "together": False,
            "prepared": b"",
            "is_twin": job.twin,
            "recorder": self._recorder,
            "wall_s": limits.wall_s,
            "cpu_s": limits.cpu_s,
            "address_bytes": (limits.memory_mb << 20) + self._areas.total_bytes + _INTERPRETER_BYTES + loaded,
            "caps": {name: getattr(limits, name) for name in names},
            "inputs": [
                {name: getattr(given, name) for name in ("codec", "arguments", "stdin", "expected")} for given in inputs
            ],
        }

    def _cause_of_death(self, ended: dict, end: str) -> tuple[str, str]:
        if end == "forged":
            return "tampered", CONTRADICTS + "it said that it was done when it was not"
        if end == "late":
            return "timeout", f"took longer than {self._limits.wall_s:g} s of wall-clock time"
        status = ended["exit"]
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU or (number == signal.SIGKILL and ended["cpu_s"] >= self._limits.cpu_s):
                return "cpu_limit", f"used more than {self._limits.cpu_s:g} s of CPU time"
            return "crash", f"the process was killed by {signal.Signals(number).name}"
        return received.cause_of_exit(os.waitstatus_to_exitcode(status))


def _up_to_tampered(outcomes: list[Outcome]) -> tuple[list[Outcome], bool]:
    """What came before the first tape that contradicts itself, or that one if it is the first; and if there is none."""
    for number, outcome in enumerate(outcomes):
        if outcome.status == "tampered":
            return outcomes[: max(1, number)], False
    return outcomes, True
