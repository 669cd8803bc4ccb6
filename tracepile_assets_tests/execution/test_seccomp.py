"""The system-call filter, run by an interpreter of classic BPF that is written here: what it allows, call by call.

Belongs here: every number of a call on both machines. Does not belong here: what a kernel makes of the filter
(``attacks``, ``test_isolation``).
"""

import struct

import pytest

from tracepile_assets.execution.guest import seccomp

ALLOWED, DENIED, KILLED = 0x7FFF0000, 0x00050001, 0x80000000
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
CREATES, WRITES, EXECUTES = 0o100, 0o1, 4


def judged(machine, number, arguments=(), architecture=None):
    """What the filter returns for a call."""
    audit = MACHINES[machine][0] if architecture is None else architecture
    values = (list(arguments) + [0] * 6)[:6]
    data = struct.pack("=IIQ6Q", number, audit, 0, *values)
    code = list(struct.iter_unpack("=HBBI", seccomp.build(machine)))
    at, held = 0, None
    for _ in range(len(code)):
        operation, yes, no, k = code[at]
        at += 1
        if operation == 0x06:
            return k
        if operation == 0x20:
            (held,) = struct.unpack_from("=I", data, k)
        else:
            holds = {0x15: held == k, 0x35: held >= k, 0x45: held & k != 0}[operation]
            at += yes if holds else no
    raise AssertionError("the filter does not end")


def numbers(machine):
    """Of the calls that are allowed whatever their arguments, the numbers."""
    column = MACHINES[machine][1]
    return {found[column] for found in seccomp._PLAIN.values() if found[column] is not None}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_listed_calls_are_allowed_and_no_other(machine):
    guarded = {held[MACHINES[machine][1]] for held in (seccomp._OPEN, seccomp._OPENAT, seccomp._MMAP)}
    guarded |= {held[MACHINES[machine][1]] for held in (seccomp._MPROTECT, seccomp._PRLIMIT, seccomp._FCNTL)}
    worst = [0xFFFFFFFFFFFFFFFF] * 6
    for number in range(700):
        if number not in guarded:
            expected = ALLOWED if number in numbers(machine) else DENIED
            assert judged(machine, number, worst) == expected, number
            assert judged(machine, number) == expected, number
        else:
            assert judged(machine, number, worst) == DENIED, number
    for number in (0x3FFFFFFF, 0x40000000, 0x40000000 + 1, 0xFFFFFFFF):
        refused = KILLED if machine == "x86_64" and number >= 0x40000000 else DENIED
        assert judged(machine, number) == refused, number


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architecture_is_killed(machine):
    for other in (0, 0x40000003, *(audit for name, (audit, _) in MACHINES.items() if name != machine)):
        assert all(judged(machine, number, architecture=other) == KILLED for number in range(450))


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_that_are_allowed_by_their_arguments(machine):
    column = MACHINES[machine][1]
    openat, mmap, fcntl = seccomp._OPENAT[column], seccomp._MMAP[column], seccomp._FCNTL[column]
    assert judged(machine, openat, (0, 0, 0)) == ALLOWED
    assert judged(machine, openat, (0, 0, CREATES)) == judged(machine, openat, (0, 0, WRITES)) == DENIED
    assert judged(machine, mmap, (0, 4096, 3)) == ALLOWED
    assert judged(machine, mmap, (0, 4096, 3 | EXECUTES)) == DENIED
    assert [judged(machine, fcntl, (3, command)) for command in (3, 4, 8, 10)] == [ALLOWED, DENIED, DENIED, DENIED]
    limits = seccomp._PRLIMIT[column]
    assert judged(machine, limits, (0, 7, 0, 1)) == ALLOWED
    assert [judged(machine, limits, (0, which, 4096, 0)) for which in (0, 9, 7)] == [ALLOWED, ALLOWED, DENIED]
    assert judged(machine, limits, (1, 7, 0, 1)) == DENIED
