"""The process that waits inside the jail and forks one child per program.

Belongs here: the loop of the zygote, the watch over a child, and what a child does around its runs. Does not belong
here: the recording itself (``recorder``) and rights (``confine``).

Arguments: file descriptors of the control socket, of the line to the children and of the shared memory, its size, the
random seed, ``twin`` or ``base``, the isolation, and the folder of packages that programs may import, or nothing.

With the parent: a job comes in, as its size and the bytes of it (``marshal``), which only the child looks at; ``exit``
goes out when the child is gone. While it lives the parent may say ``stop``, and the child is killed. Over the line,
which leads from each child to the parent past this process, goes ``d`` as the tape of an input is complete in the
shared memory, and a byte back once it has been copied.

No trace of a job stays behind in this process or in the shared memory: the next child inherits both.
"""

import gc
import marshal
import mmap
import os
import signal
import socket
import sys
from functools import partial

from . import confine, draws, hiding, landlock, twin
from .channel import FAILED, Closed, receive, receive_into, send
from .draws import Draws
from .entering import enter
from .forking import fork_and_watch
from .garbage import Garbage, peak_kib
from .memory import Tapes, join_pages, join_segments, reserve_memory, take_reserved_memory
from .programs import Program
from .recorder import Caps, Run, rejected
from .recorders import usual_version
from .restore import Snapshot
from .stdin import Nothing, Stdin
from .surroundings import Standing
from .tape import begin, blank, complete
from .tape_layout import SLOT_BYTES, layout
from .together import run_together
from .warming import warm, warm_together

_CHANGED = 71
"""Exit code of a child that leaves the inputs that are left to another one."""


def main() -> None:
    """Serve jobs until the parent goes."""
    control, line, memory, size = (int(a) for a in sys.argv[1:5])
    seed, role, isolation, packages = int(sys.argv[5]), sys.argv[6], sys.argv[7], sys.argv[8]
    enter(isolation, packages)
    sock = socket.socket(fileno=control)
    line_sock = socket.socket(fileno=line)
    tapes = Tapes(memory, size)
    hiding.leave_no_names()
    os.environ.clear()
    sys.argv[:] = ["program"]
    sys.path[:] = [p for p in sys.path if p.startswith(sys.base_prefix) or p == packages]
    if role == "twin":
        twin.differ()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    snapshot = Snapshot(seed)
    warm(blank(Caps()), snapshot)
    warm_together(blank(Caps()), snapshot, role == "twin")
    if not packages:
        # A program that imports a package has a process for each input.
        snapshot.take_insides()
    standing = Standing()
    standing.set_up()
    snapshot.accept_modules()
    gc.collect()
    join_segments()
    join_pages()
    gc.freeze()
    reserve_memory(role == "twin")
    try:
        send(sock, {"ready": True, "uid": os.getuid(), "peak_kib": peak_kib()})
        while True:
            due = receive(sock)
            # A `stop` may come when the child that it means is gone.
            if "stop" not in due:
                _serve(sock, line_sock, tapes, due, snapshot, standing, isolation)
    except Closed:
        os._exit(0)


def _serve(
    sock: socket.socket,
    line: socket.socket,
    tapes: Tapes,
    due: dict,
    snapshot: Snapshot,
    standing: Standing,
    isolation: str,
) -> None:
    held = mmap.mmap(-1, due["bytes"], mmap.MAP_PRIVATE)
    receive_into(sock, held)
    _empty(line)
    tapes.empty()
    ended = fork_and_watch(sock.fileno())
    if ended is None:
        try:
            sock.detach()
            if isolation == "landlock":
                landlock.part_from_parent()
            take_reserved_memory()
            _child(marshal.loads(held), tapes.shared, line.detach(), snapshot, standing)
        except BaseException:
            os._exit(FAILED)
        os._exit(0)
    held.close()
    status, cpu_s, told = ended
    if told:
        # It says one thing only, or the parent is gone.
        receive(sock)
    send(sock, {"exit": status, "cpu_s": cpu_s, "peak_kib": peak_kib()})


def _empty(line: socket.socket) -> None:
    """Take off the line what the child before was told and did not live to read."""
    try:
        while line.recv(4096, socket.MSG_DONTWAIT):
            pass
    except BlockingIOError:
        return
    raise Closed


def _child(job: dict, shared: mmap.mmap, line: int, snapshot: Snapshot, standing: Standing) -> None:
    """Run a job. The snapshot was restored before this process was forked, and then what stands was set up."""
    confine.keep_only_file(line)
    if job["together"]:
        confine.confine_child(float(job["cpu_s"]), len(job["inputs"]), int(job["address_bytes"]))
        run_together(job, shared, snapshot, standing, lambda: (os.write(line, b"d"), os.read(line, 1)))
    standing.take_down()
    snapshot.restore_common()
    # Files cannot be written later: what a run may read as its file 0 is laid out now.
    stdins = {text: Stdin(text) for text in {given["stdin"] or "" for given in job["inputs"]}}
    nothing = Nothing()
    address = int(job["address_bytes"])
    confine.confine_child(float(job["cpu_s"]), len(job["inputs"]), address)
    caps = Caps(**job["caps"])
    place = layout(caps)
    program: Program | None = None
    refused = ""

    def keep(row: dict) -> None:
        confine.release_memory()
        complete(shared, place, row)

    def commit(row: dict) -> None:
        keep(row)
        os.write(line, b"d")
        os.read(line, 1)
        confine.set_memory(address)

    def ended(row: dict) -> None:
        drawn.note(row)
        if given["expected"] is not None and job["entry_point"] is not None and row["status"] == "ok":
            # What is stated may end this process: then this tape is the one that counts, unless the run closed the line
            # over which it would have been told.
            os.fstat(line)
            keep(row)
            confine.set_memory(address)
            confine.allow_cpu(min(float(job["cpu_s"]), confine.STATED_CPU_S))

    try:
        program = Program(job["code"], job["entry_point"], twin.FIRST_LINE if job["is_twin"] else 1)
        most_s = min(float(job["cpu_s"]), float(job["wall_s"])) / 4
        names = program.names
        # What a package made while it ran once is taken from it: it may not run again.
        observed = names.observes_lifetimes, names.is_open and snapshot.holds_all
        drawn = Draws(job["code"], program.code, snapshot.seed, most_s, job["is_twin"], *observed)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        refused = f"{type(error).__name__}: {error if error.args else 'there is no room to parse it'}"
    holds = True
    garbage = Garbage()
    for number, given in enumerate(job["inputs"]):
        confine.allow_cpu(float(job["cpu_s"]))
        stdins[given["stdin"] or ""].lay()
        nothing.lay()
        if number:
            if not (holds and snapshot.insides_hold()):
                # The next runs have a process of their own.
                os._exit(_CHANGED)
            snapshot.restore()
        if program is None:
            begin(shared, place, number, usual_version(job["recorder"]))
            commit(rejected(refused, usual_version(job["recorder"])))
            continue
        drawn.begin()
        wall_s, record = float(job["wall_s"]), bool(job["record"])
        run = Run(program, caps, record, wall_s, shared, number, job["recorder"], stdin_is_laid=True)
        run.leave = lambda row: (snapshot.restore_common(), commit(row), os._exit(0))
        run.ended = ended
        row = run.record(given["arguments"], given["stdin"], given["expected"], given["codec"])
        snapshot.restore_common()
        holds = not run.asks_more
        if job["is_twin"] and snapshot.insides_hold():
            confine.allow_cpu(float(job["cpu_s"]))
            drawn.repeat(row, partial(_again, program, caps, given, stdins, snapshot))
        # What the program made dies within the limits of its own run.
        run.release()
        garbage.collect()
        snapshot.restore_common()
        commit(row)


def _again(program: Program, caps: Caps, given: dict, stdins: dict[str, Stdin], snapshot: Snapshot, seed: int) -> dict:
    """The result row of another run of an input, untraced."""
    snapshot.restore()
    draws.seed(seed)
    stdins[given["stdin"] or ""].lay()
    run = Run(program, caps, traced=False, buffer=bytearray(SLOT_BYTES), stdin_is_laid=True)
    row = run.record(given["arguments"], given["stdin"], None, given["codec"])
    snapshot.restore_common()
    run.release()
    return row


if __name__ == "__main__":
    main()
