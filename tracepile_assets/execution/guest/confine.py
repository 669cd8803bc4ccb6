"""Takes rights away from the zygote and its children: identity, limits, system calls.

Belongs here: what a process does to confine itself. Does not belong here: the namespaces and mounts that the jail
outside sets up, and what is run.
"""

import ctypes
import os
import resource
import signal
from collections.abc import Sequence
from struct import Struct
from time import process_time

from . import seccomp

try:
    from ._recorder import keep_only, limit_process
except ImportError:
    keep_only = limit_process = None

_NOBODY = 65534
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS = 1, 4, 8
_CAP_DAC_READ_SEARCH = 2
STATED_CPU_S = 5.0
"""CPU time for evaluating what a source states of one input, and for the comparison with it."""
MOST_FILES = 64
"""Numbers of files from here on are for what was opened before: no program is given one."""
_SPARE_BYTES = 256 << 20
"""Address space beyond the soft limit, so that what was recorded can be written once a program has used up its own."""

_LIMITS = tuple(getattr(resource, f"RLIMIT_{name}") for name in ("FSIZE", "CORE", "NPROC", "NOFILE", "CPU", "AS"))
_PACKED = Struct(f"={3 * len(_LIMITS)}q")

libc = ctypes.CDLL(None, use_errno=True)
install_filter = seccomp.prepare(libc)
"""Take away all system calls but those that programs need, for good."""


def leave_root(folders: Sequence[str] = ()) -> None:
    """Become nobody for good. Root must not run programs: the limit on processes does not bind it.

    Where nobody may not read these folders, this process keeps the one right of reading what others may not: then
    something else must say what can be read at all.
    """
    if os.getuid() == 0:
        libc.prctl(_PR_SET_KEEPCAPS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
        if all(os.access(folder, os.R_OK | os.X_OK) for folder in folders):
            _keep_capabilities(0)
            # Unmapped in a user namespace of its own, the process holds no identity that means anything outside.
            if libc.unshare(_CLONE_NEWUSER) == 0:
                _keep_capabilities(0)
        else:
            _keep_capabilities(1 << _CAP_DAC_READ_SEARCH)
    if os.getuid() == 0 or os.geteuid() == 0:
        raise OSError("the zygote still runs as root")
    libc.prctl(_PR_SET_DUMPABLE, *map(ctypes.c_ulong, (0, 0, 0, 0)))


def _keep_capabilities(kept: int) -> None:
    """Give up all capabilities but these, of the first 32."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    effective_permitted_inherited = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    if libc.capset(header, effective_permitted_inherited):
        raise OSError(ctypes.get_errno(), "the kernel does not let capabilities go")


def keep_only_file(number: int) -> None:
    """Close all files but one; make standard input empty, and standard output and error output closed to writing."""
    if keep_only is not None:
        keep_only(number)
        return
    quiet, other = os.pipe()
    os.close(other)
    for standard in (0, 1, 2):
        os.dup2(quiet, standard)
    os.closerange(3, number)
    os.closerange(number + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[1])


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent goes."""
    libc.prctl(
        _PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)
    )


def confine_child(cpu_s: float, runs: int, address_bytes: int) -> None:
    """Limit this process for good, and leave it only the listed system calls."""
    limit_child(cpu_s, runs, address_bytes)
    install_filter()


def limit_child(cpu_s: float, runs: int, address_bytes: int) -> None:
    """Limit this process for good: no files written, no processes, no core."""
    cpu = int(cpu_s * runs) + 2
    fsize, core, nproc, nofile, cpu_time, space = _LIMITS
    limits = fsize, 0, 0, core, 0, 0, nproc, 0, 0, nofile, MOST_FILES, MOST_FILES, cpu_time, cpu, cpu
    limits += space, address_bytes, address_bytes + _SPARE_BYTES
    if limit_process is not None:
        limit_process(_PACKED.pack(*limits))
        return
    die_with_parent()
    libc.prctl(_PR_SET_DUMPABLE, ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    for at in range(0, len(limits), 3):
        resource.setrlimit(limits[at], limits[at + 1 : at + 3])


def allow_cpu(seconds: float, allowed: int = 0) -> int:
    """Set the CPU time that the next run of this process may use; return when it is to end, in whole seconds.

    ``allowed``: what the run before was given in this way, if it cannot have changed that.
    """
    spent = process_time()
    end = max(int(spent) + 1, round(spent + seconds))
    if end != allowed:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (min(hard, end), hard))
    return end


def set_memory(address_bytes: int) -> None:
    """Set the address space that the next run may use."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (min(hard, address_bytes), hard))


def release_memory() -> None:
    """Open the spare address space."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
