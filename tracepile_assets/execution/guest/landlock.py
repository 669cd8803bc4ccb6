"""Landlock: has the kernel refuse a process every file, port and signal that it was not granted.

Belongs here: the three system calls and what is asked of them. Does not belong here: the other rights that are taken
away (``confine``, ``seccomp``) and when (``zygote``).

What Landlock does not govern is asking whether a file exists, how large it is, and where a link points.
"""

import ctypes
import os
import struct

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""The same numbers on x86_64 and aarch64."""
_ASK_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_FILE_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))
"""Interface version from which on that many rights to files are known: execute, write, read, ..., refer, truncate,
ioctl on devices."""
_BIND_AND_CONNECT = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """The interface version that this kernel speaks. Raises ``OSError`` where it has none."""
    found = _call(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))
    if found < 1:
        raise OSError(f"the kernel speaks version {found} of Landlock")
    return found


def grant_only(folders: list[str], hidden: frozenset[str] = frozenset()) -> None:
    """Take away from this process, for good, every right to files and ports but that of reading these folders.

    Of a folder the entries whose names are ``hidden`` are not granted; that they exist can be seen. From version 6 on
    no process outside can be signalled either. Raises ``OSError``.
    """
    ruleset = _ruleset(files=True)
    try:
        for folder in folders:
            _grant(ruleset, folder, _READ_FOLDER)
            for entry in os.scandir(folder):
                if entry.name not in hidden and (entry.is_dir() or entry.is_file()):
                    _grant(ruleset, entry.path, _READ_FILE | _READ_FOLDER if entry.is_dir() else _READ_FILE)
        _restrict(ruleset)
    finally:
        os.close(ruleset)


def part_from_parent() -> None:
    """Have this process no longer signal or trace the one that started it. Before version 6: trace only."""
    if version() >= _SCOPES_SINCE:
        ruleset = _ruleset(files=False)
    else:
        ruleset = _ruleset(files=True)
        _grant(ruleset, "/", _READ_FILE | _READ_FOLDER)
    try:
        _restrict(ruleset)
    finally:
        os.close(ruleset)


def _ruleset(files: bool) -> int:
    spoken = version()
    rights = (1 << max(count for since, count in _FILE_RIGHTS if since <= spoken)) - 1 if files else 0
    asked = struct.pack("<Q", rights)
    if spoken >= _NETWORK_SINCE:
        asked += struct.pack("<Q", _BIND_AND_CONNECT)
    if spoken >= _SCOPES_SINCE:
        asked += struct.pack("<Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    return _call(_CREATE_RULESET, asked, ctypes.c_size_t(len(asked)), ctypes.c_uint32(0))


def _grant(ruleset: int, path: str, rights: int) -> None:
    held = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("<Qi", rights, held)
        _call(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint32(0))
    finally:
        os.close(held)


def _restrict(ruleset: int) -> None:
    zero, one = ctypes.c_ulong(0), ctypes.c_ulong(1)
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, one, zero, zero, zero):
        raise OSError(ctypes.get_errno(), "the kernel refuses no_new_privs")
    _call(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))


def _call(number: int, *arguments: object) -> int:
    found = _libc.syscall(ctypes.c_long(number), *arguments)
    if found < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock: {os.strerror(code)}")
    return found
