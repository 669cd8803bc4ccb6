"""Spreads jobs over workers and gives their outcomes back in order.

Belongs here: threads, one per worker, and the window of jobs under way. Does not belong here: how a worker runs a job
(``worker``).
"""

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType

from . import jail
from .guest.recorders import usual_version
from .jobs import Job, Limits, Outcome, SandboxUnavailable
from .worker import Worker, read_text

_AHEAD = 2
"""Jobs that are due, per worker: one that runs and one that is next."""
_FURTHEST = 16
"""Jobs under way or waiting for one before them, per worker, while that one takes its time."""
_MOST_HELD_BYTES = 64 << 20
"""Size of the outcomes waiting for one before them above which only the few jobs that are due are taken."""


class Pool:
    """A number of workers that run programs in the jail; a context manager.

    ``isolation`` is ``bubblewrap``, or ``landlock`` where namespaces are forbidden, or ``process`` to do without a jail
    (limits and system-call filter only); these two must be asked for by name. ``recorder`` is ``auto``, ``c`` or
    ``python``. Raises ``SandboxUnavailable`` at once if the jail cannot be set up here, or the recorder
    in C is asked for and was not built.
    """

    def __init__(
        self,
        workers: int = 2,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        isolation: str = "bubblewrap",
        recorder: str = "auto",
    ):
        if workers < 1:
            raise ValueError(f"a pool needs at least one worker, not {workers}")
        jail.check(isolation)
        _check_recorder(recorder)
        self.limits = limits
        self._isolation = isolation
        self._recorder = recorder
        self._size = workers
        self._own = threading.local()
        self._workers: list[Worker] = []
        self._closed = False
        self._threads = ThreadPoolExecutor(workers, "execution")

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, list[Outcome]]]:
        """Run jobs; yield each with the outcomes of its inputs, in the order of the jobs.

        Jobs are taken a few ahead of what was asked for, and some more while one takes so long that workers would
        stand idle: memory stays bounded. Raises ``SandboxUnavailable``.
        """
        under_way: deque[tuple[tuple[Job, ...], Future[list[list[Outcome]]]]] = deque()
        source = _with_twins(jobs)
        more = True
        try:
            while True:
                while more and self._has_room(under_way):
                    some = next(source, None)
                    if some is None:
                        more = False
                    else:
                        read_text(some[0], self._recorder)
                        under_way.append((some, self._threads.submit(self._run_some, some)))
                if not under_way:
                    return
                if under_way[0][1].done():
                    some, future = under_way.popleft()
                    yield from zip(some, future.result(), strict=True)
                else:
                    wait([future for _, future in under_way if not future.done()], return_when=FIRST_COMPLETED)
        finally:
            for _, future in under_way:
                future.cancel()

    def _has_room(self, under_way: deque[tuple[tuple[Job, ...], Future[list[list[Outcome]]]]]) -> bool:
        """Whether to take another job: always a few, and further ones while the first of them is not done."""
        if len(under_way) < _AHEAD * self._size:
            return True
        if len(under_way) >= _FURTHEST * self._size or under_way[0][1].done():
            return False
        done = [future for _, future in under_way if future.done()]
        if len(under_way) - len(done) >= _AHEAD * self._size:
            return False
        held = sum(
            outcome.n_bytes
            for future in done
            if not future.exception()
            for outcomes in future.result()
            for outcome in outcomes
        )
        return held < _MOST_HELD_BYTES

    def close(self) -> None:
        """End all workers and wait until nothing of them is left. A job under way is given up."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=True)

    def __enter__(self) -> "Pool":
        """Return the pool."""
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the pool."""
        self.close()

    def _run_some(self, jobs: tuple[Job, ...]) -> list[list[Outcome]]:
        # A jail dies with the thread that started it, so each thread keeps its own.
        worker = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = Worker(self.limits, self._isolation, self._recorder)
            self._workers.append(worker)
            if self._closed:
                worker.close()
        return [worker.run(job) for job in jobs]


def _with_twins(jobs: Iterable[Job]) -> Iterator[tuple[Job, ...]]:
    """Jobs, each with its twin if that comes next: what is found out about the one spares work on the other."""
    source = iter(jobs)
    job = next(source, None)
    while job is not None:
        after = next(source, None)
        if after is not None and after.twin and not job.twin and after.code == job.code:
            yield job, after
            after = next(source, None)
        else:
            yield (job,)
        job = after


def _check_recorder(recorder: str) -> None:
    try:
        usual_version(recorder)
    except RuntimeError as error:
        raise SandboxUnavailable(str(error)) from None
