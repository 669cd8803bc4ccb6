"""Tries, from inside the jail, whether each defence holds: every trial is an attack, made by a process of its own.

Belongs here: the attacks, and on which layer each is made. Does not belong here: what to do about a defence that is
missing (``trials`` of the parent's side).

Arguments: as those of the zygote; the last but one, its role, holds instead as JSON what lies outside: the path of a
file (``file``) and a port that listens (``port``). What was found goes out over the control socket, as one message.
"""

import ctypes
import json
import mmap
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable

from . import confine, landlock
from .channel import send
from .entering import enter

_MEGABYTE = 1 << 20
_ADDRESS = 1024 * _MEGABYTE
_CPU_S = 1.0


def main() -> None:
    """Make all attacks and say what came of each: name, whether it was stopped, and by what."""
    control, outside, isolation = int(sys.argv[1]), json.loads(sys.argv[5]), sys.argv[6]
    enter(isolation)
    sock = socket.socket(fileno=control)
    trials: dict[str, tuple[Callable[[], str], Callable[[], None]]] = {
        "files": (lambda: _files(outside["file"]), _nothing),
        "network": (lambda: _network(outside["port"]), _nothing),
        "system calls": (_system_calls, confine.install_filter),
        "the zygote": (_zygote, confine.install_filter),
        "limit FSIZE": (_file_size, _limit),
        "limit NPROC": (_processes, _limit),
        "limit NOFILE": (_open_files, _limit),
        "limit CORE": (_core, _limit),
        "limit AS": (_memory, _limit),
        "limit CPU": (_cpu, _limit),
    }
    if isolation == "bubblewrap":
        trials = {"namespaces": (_namespaces, _nothing), **trials}
    elif isolation == "landlock":
        trials = {"landlock": (lambda: _landlock(isolation), landlock.part_from_parent), **trials}
    send(sock, {name: _alone(name, *trial) for name, trial in trials.items()})
    os._exit(0)


class _Open(Exception):
    """An attack went through; says which."""


def _alone(name: str, attack: Callable[[], str], prepare: Callable[[], None]) -> dict:
    """Make an attack in a child process."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            prepare()
            said = {"holds": True, "says": attack()}
        except _Open as error:
            said = {"holds": False, "says": str(error)}
        except BaseException as error:
            said = {"holds": False, "says": f"{type(error).__name__}: {error}"}
        os.write(write, json.dumps(said).encode())
        os._exit(0)
    os.close(write)
    said = os.read(read, 1 << 16)
    os.close(read)
    _, status = os.waitpid(child, 0)
    if said:
        return json.loads(said)
    killed = os.WIFSIGNALED(status)
    number = signal.Signals(os.WTERMSIG(status)).name if killed else str(status)
    expected = name == "limit CPU" and killed and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
    return {"holds": expected, "says": f"ended by {number}"}


def _nothing() -> None:
    """Leave the process as the zygote is: what the filter denies to programs is tried without it."""


def _limit() -> None:
    confine.limit_child(_CPU_S, 1, _ADDRESS)


def _refused(attacks: dict[str, Callable[[], object]]) -> int:
    """Make attacks that must each fail with ``OSError``; return their number. Raises ``_Open``."""
    for name, attack in attacks.items():
        try:
            attack()
        except OSError:
            continue
        raise _Open(f"{name}: not refused")
    return len(attacks)


def _namespaces() -> str:
    others = [name for _, name in socket.if_nameindex() if name != "lo"]
    if others:
        raise _Open(f"the network interfaces of the machine are seen: {', '.join(others)}")
    if os.uname().nodename != "jail":
        raise _Open("the name of the machine is seen")
    if os.getpid() > 100:
        raise _Open("the processes of the machine are seen")
    return "processes, network and host name are its own"


def _landlock(isolation: str) -> str:
    spoken = landlock.version()
    _refused({"listing the root": lambda: os.scandir("/")})
    if spoken >= 6:
        _refused({"a signal to the zygote": lambda: os.kill(os.getppid(), 0)})
    lacks = {4: "ports are left to the filter", 6: "signals are left to the filter"}
    left = [says for since, says in lacks.items() if spoken < since]
    return "; ".join([f"version {spoken}", *left])


def _files(path: str) -> str:
    library = os.path.dirname(os.__file__)  # noqa: PTH120 - no pathlib where paths are only tried
    made = {f"writing to {folder}": _writer(f"{folder}/planted") for folder in ("/", "/tmp", ".", library)}
    tried = _refused(
        {
            "reading a file outside": lambda: os.open(path, os.O_RDONLY),
            "writing a file outside": lambda: os.open(path, os.O_WRONLY),
            "reading the list of users": lambda: os.open("/etc/passwd", os.O_RDONLY),
            "reading about processes": lambda: os.open("/proc/self/environ", os.O_RDONLY),
            **made,
        }
    )
    return f"{tried} ways of reading and writing files refused"


def _writer(path: str) -> Callable[[], object]:
    return lambda: os.close(os.open(path, os.O_WRONLY | os.O_CREAT))


def _network(port: int) -> str:
    try:
        _refused({"a connection": lambda: socket.create_connection(("127.0.0.1", port), 2)})
        return "a port outside is out of reach"
    except _Open:
        confine.install_filter()
        _refused({"a connection": lambda: socket.create_connection(("127.0.0.1", port), 2)})
        return "a port outside is out of reach, by the filter alone"


def _system_calls() -> str:
    tried = _refused(
        {
            "a socket": socket.socket,
            "a process": os.fork,
            "another program": lambda: os.execv("/bin/sh", ["sh"]),
            "a signal": lambda: os.kill(os.getpid(), 0),
            "a file opened for writing": _writer("/tmp/planted"),
            "a file in memory": lambda: os.memfd_create("x"),
            "executable memory": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC),
            "a namespace": lambda: _by_libc(confine.libc.unshare, 0x10000000),
            "another's identity": lambda: os.setuid(0),
        }
    )
    return f"{tried} kinds refused"


def _by_libc(function, *arguments: int) -> None:
    if function(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _zygote() -> str:
    pid = os.getppid()
    attach = confine.libc.ptrace
    tried = _refused(
        {
            "a signal": lambda: os.kill(pid, 0),
            "tracing": lambda: _by_libc(attach, 16, pid, 0, 0),
            "a change of its limits": lambda: resource.prlimit(pid, resource.RLIMIT_CPU, (100, 100)),
            "reading its memory": lambda: _by_libc(confine.libc.process_vm_readv, pid, 0, 0, 0, 0, 0),
        }
    )
    return f"{tried} ways of reaching the parent of a program refused"


def _file_size() -> str:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    held = os.memfd_create("x")
    _refused({"writing a file": lambda: os.write(held, b"x")})
    return "no byte can be written to a file"


def _processes() -> str:
    _refused({"a process": os.fork})
    return "no process can be started"


def _open_files() -> str:
    held = os.pipe()[0]
    try:
        for _ in range(10_000):
            os.dup(held)
    except OSError:
        return f"{resource.getrlimit(resource.RLIMIT_NOFILE)[0]} files can be open"
    raise _Open("10,000 files were opened")


def _core() -> str:
    if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):
        raise _Open("a core may be written")
    return "no core is written"


def _memory() -> str:
    try:
        held = mmap.mmap(-1, _ADDRESS)
    except OSError:
        return f"{_ADDRESS >> 20} MiB and no more"
    held.close()
    raise _Open("memory beyond the limit was given")


def _cpu() -> str:
    while True:
        pass
