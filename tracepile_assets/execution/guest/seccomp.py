"""Assembles and installs the system-call filter of a child: an allow-list, as classic BPF, on x86_64 and aarch64.

Belongs here: the filter. Does not belong here: limits and namespaces (``confine``, and the jail outside).

A call from another architecture's table kills the process; a call that is not on the list fails with EPERM.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from functools import partial

try:
    from ._recorder import install_filter
except ImportError:
    install_filter = None

_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000
_LOAD, _EQUAL, _GREATER_EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_WRITING = 0o3 | 0o100 | 0o1000 | 0o2000 | 0o20000000
_PROT_EXEC = 4
_RLIMIT_CPU, _RLIMIT_AS = 0, 9

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
# Numbers on x86_64 and aarch64; None where the call does not exist.
_PLAIN = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
    "poll": (7, None), "lseek": (8, 62), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "pread64": (17, 67), "readv": (19, 65),
    "writev": (20, 66), "access": (21, None), "select": (23, None), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "nanosleep": (35, 101),
    "getpid": (39, 172), "exit": (60, 93), "uname": (63, 160), "getcwd": (79, 17),
    "chdir": (80, 49), "readlink": (89, None), "gettimeofday": (96, 169), "getrlimit": (97, 163),
    "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176),
    "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173), "sigaltstack": (131, 132),
    "gettid": (186, 178), "time": (201, None), "futex": (202, 98), "sched_getaffinity": (204, 123),
    "getdents64": (217, 61), "restart_syscall": (219, 128), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "newfstatat": (262, 79), "readlinkat": (267, 78),
    "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73), "set_robust_list": (273, 99),
    "getrandom": (318, 278), "membarrier": (324, 283), "statx": (332, 291), "rseq": (334, 293),
    "faccessat2": (439, 439),
}  # fmt: skip
_OPEN, _OPENAT, _MMAP, _MPROTECT, _PRLIMIT = (2, None), (257, 56), (9, 222), (10, 226), (302, 261)
_FCNTL = (72, 25)
_HARMLESS_FCNTL = (0, 1, 2, 3, 1030, 1034)
"""Duplicate, read and set close-on-exec, read the status, duplicate, read the seals. Others send signals."""


class Filter:
    """A BPF program being assembled: each rule is self-contained and falls through where it does not apply.

    As it is installed, the kernel goes through it once for every call that there is: the fewer steps the better.
    """

    def __init__(self) -> None:
        self._code: list[tuple[int, int, int, int]] = []

    def add(self, code: int, k: int, yes: int = 0, no: int = 0) -> None:
        """Append one instruction; the jumps count instructions to skip."""
        self._code.append((code, yes, no, k))

    def allow_without_bits(self, number: int, argument: int, bits: int) -> None:
        """Allow a call if none of these bits is set in the low half of an argument."""
        self.add(_EQUAL, number, 0, 4)
        self.add(_LOAD, 16 + 8 * argument)
        self.add(_ANY_BIT, bits, 0, 1)
        self.add(_RETURN, _ERRNO)
        self.add(_RETURN, _ALLOW)

    def allow_values(self, number: int, argument: int, values: tuple[int, ...]) -> None:
        """Allow a call if the low half of an argument is one of these."""
        self.add(_EQUAL, number, 0, len(values) + 3)
        self.add(_LOAD, 16 + 8 * argument)
        for left, value in zip(range(len(values), 0, -1), values, strict=True):
            self.add(_EQUAL, value, left, 0)
        self.add(_RETURN, _ERRNO)
        self.add(_RETURN, _ALLOW)

    def allow_limits(self, number: int) -> None:
        """Allow reading the process's own limits, and setting those of CPU time and address space (below the hard)."""
        self.add(_EQUAL, number, 0, 11)
        self.add(_LOAD, 16)
        self.add(_EQUAL, 0, 0, 8)
        self.add(_LOAD, 16 + 8)
        self.add(_EQUAL, _RLIMIT_CPU, 5, 0)
        self.add(_EQUAL, _RLIMIT_AS, 4, 0)
        self.add(_LOAD, 16 + 16)
        self.add(_EQUAL, 0, 0, 3)
        self.add(_LOAD, 16 + 20)
        self.add(_EQUAL, 0, 0, 1)
        self.add(_RETURN, _ALLOW)
        self.add(_RETURN, _ERRNO)

    def allow_only(self, numbers: Iterable[int]) -> None:
        """Allow these calls whatever their arguments, and no other: the last rule."""
        ranges: list[tuple[int, int]] = []
        for number in sorted(numbers):
            if ranges and number == ranges[-1][1]:
                ranges[-1] = ranges[-1][0], number + 1
            else:
                ranges.append((number, number + 1))
        self._code += _search(ranges)

    def assemble(self) -> bytes:
        """The program as the kernel takes it."""
        return b"".join(struct.pack("=HBBI", *instruction) for instruction in self._code)


def _search(ranges: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Instructions that halve a list of ranges (first, behind the last) until one is left, and allow what is in it."""
    if len(ranges) == 1:
        ((first, behind),) = ranges
        last = [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO)]
        return [(_GREATER_EQUAL, 0, 2, first), (_GREATER_EQUAL, 1, 0, behind), *last]
    middle = len(ranges) // 2
    below, above = _search(ranges[:middle]), _search(ranges[middle:])
    return [(_GREATER_EQUAL, len(below), 0, ranges[middle][0]), *below, *above]


def build(machine: str) -> bytes:
    """The filter for a machine (``os.uname().machine``). Raises ``OSError`` where there is none."""
    if machine not in _ARCHITECTURES:
        raise OSError(f"there is no system-call filter for {machine}: x86_64 and aarch64 are supported")
    audit, column = _ARCHITECTURES[machine]
    rules = Filter()
    rules.add(_LOAD, 4)
    rules.add(_EQUAL, audit, 1, 0)
    rules.add(_RETURN, _KILL)
    rules.add(_LOAD, 0)
    if machine == "x86_64":
        # The x32 table shares the architecture number and begins here.
        rules.add(_GREATER_EQUAL, 0x40000000, 0, 1)
        rules.add(_RETURN, _KILL)
    if _OPEN[column] is not None:
        rules.allow_without_bits(_OPEN[column], 1, _WRITING)
    rules.allow_without_bits(_OPENAT[column], 2, _WRITING)
    rules.allow_without_bits(_MMAP[column], 2, _PROT_EXEC)
    rules.allow_without_bits(_MPROTECT[column], 2, _PROT_EXEC)
    rules.allow_values(_FCNTL[column], 1, _HARMLESS_FCNTL)
    rules.allow_limits(_PRLIMIT[column])
    rules.allow_only(numbers[column] for numbers in _PLAIN.values() if numbers[column] is not None)
    return rules.assemble()


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def prepare(libc: ctypes.CDLL):
    """Assemble the filter; return a function that installs it in the calling process, for good."""
    code = build(os.uname().machine)
    if install_filter is not None:
        return partial(install_filter, code)
    held = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
    address = ctypes.addressof(program)

    def install() -> None:
        zero, one = ctypes.c_ulong(0), ctypes.c_ulong(1)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, one, zero, zero, zero):
            raise OSError(ctypes.get_errno(), "the kernel refuses no_new_privs")
        if libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), ctypes.c_ulong(address), zero, zero):
            raise OSError(ctypes.get_errno(), "the kernel refuses the system-call filter")

    install.kept = (held, program)
    return install
