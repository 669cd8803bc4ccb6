"""The attacks and what must come of each: one row per program of `programs/`, and the sources too large to be kept.

Of every attack it is also asserted that nothing was reached, read or left outside, that the machine is unharmed and
that the next program in the same jail is recorded as ever. Not here: running them.
"""

import sys
from dataclasses import dataclass

TRUTH = "42"
"""What every function program returns when it is called with 21: anything else that calls itself `ok` is forged."""


@dataclass(frozen=True)
class Attack:
    """What must come of a program: one of these statuses, and what is said, printed and returned.

    ``entry``: the function that is called with ``arguments``, for a program that does not read standard input.
    ``dies_at``: the line of the program that was being executed when its process died; the trace up to there is kept.
    """

    statuses: tuple[str, ...]
    says: str = ""
    stdout: str | None = None
    entry: str | None = None
    arguments: tuple[str, ...] = ("21",)
    returns: str | None = None
    dies_at: int | None = None


def stopped(*words: str) -> Attack:
    """A program that tries something, prints what came of it and ends well; it printed these words."""
    return Attack(("ok",), stdout=None if not words else "\n".join(words) + "\n")


def ends(*statuses: str, says: str = "", at: int | None = None) -> Attack:
    """A program that ends in one of these ways."""
    return Attack(statuses, says, dies_at=at)


def forges(*others: str) -> Attack:
    """A function that tries to falsify what it returns: the truth is recorded, or that something is wrong."""
    return Attack(("ok", "tampered", "crash", *others), entry="f", returns=TRUTH)


REACH = {
    "files_read": stopped(),
    "files_write": stopped(),
    "files_rearrange": stopped(),
    "files_list": stopped(),
    "own_memory": Attack(("ok",)),
    "mounts": stopped("done"),
    "network_connect": stopped(),
    "network_unix": stopped(),
    "network_urls": stopped("URLError"),
    "process_fork": stopped(*["fork PermissionError"] * 50),
    "process_clone": stopped("done"),
    "process_shell": stopped(),
    # What the pool asks for first, and is refused, is not the same in 3.13.
    "process_pool": ends("exception", says="ImportError" if sys.version_info < (3, 13) else "PermissionError"),
    "process_threads": stopped("none 0"),
    "signal_zygote": stopped(),
    "signal_by_file": stopped(),
    "trace_zygote": stopped("done"),
    "limit_zygote": stopped(),
    "limit_raise": stopped(),
    "alarms": stopped("none"),
    "hostile_methods": stopped("done"),
    "exits_late": Attack(("ok",), stdout="refused\n" * 5),
    "opens_files": stopped("OSError"),
    "loop_reaches_out": stopped("files 0", "done"),
    "loop_floods": stopped("{-1} done"),
}
"""Programs that reach for what is not theirs."""

EXHAUST = {
    "sleeps": ends("timeout", says="wall-clock", at=5),
    "spins": ends("cpu_limit", "timeout", at=10),
    "big_power": ends("cpu_limit", "memory_limit", "timeout", at=2),
    "big_text": Attack(("ok", "cpu_limit", "timeout"), stdout="refused\n"),
    "slow_match": ends("cpu_limit", "timeout", at=3),
    "eats_memory": ends("memory_limit", says="out of memory"),
    "eats_memory_quietly": ends("event_limit", "memory_limit", "cpu_limit", "timeout"),
    "maps_memory": ends("exception", says="Cannot allocate memory"),
    "asks_for_too_much": ends("memory_limit", says="out of memory"),
    "prints_for_ever": ends("output_limit"),
    "prints_below_python": ends("output_limit"),
    "prints_late": ends("output_limit", "cpu_limit", "memory_limit", "timeout"),
    "never_ends": ends("cpu_limit", "timeout", at=3),
    "loops_for_ever": ends("event_limit"),
    "recurses": ends("event_limit", "exception", "crash"),
    "recurses_in_c": ends("event_limit", "exception", "crash"),
    "nests_values": ends("ok", "event_limit", "memory_limit", "cpu_limit", "timeout"),
    "floods_the_recording": ends("event_limit", "cpu_limit"),
    "floods_with_objects": ends("event_limit", "memory_limit", "cpu_limit", "timeout"),
    "floods_with_frames": ends("event_limit"),
}
"""Programs that use up what there is."""

DIE = {
    "leaves": ends("crash", says="exit code 0", at=3),
    "leaves_with_code": ends("crash", says="exit code 70", at=3),
    "aborts": ends("crash", says="SIG", at=3),
    "kills_itself": ends("exception", says="PermissionError"),
    "reads_address_zero": ends("crash", says="SIGSEGV", at=3),
    "faults": ends("ok", "crash"),
    "forges_bytecode": ends("crash", says="SIG", at=6),
    "forbidden_architecture": ends("crash", says="SIGSYS", at=3),
    "raises_stop": ends("exception", says="Stop"),
    "raises_from_destructor": stopped("done"),
    "waits_for_stdin": ends("exception", says="EOFError"),
    "closes_everything": ends("crash"),
    "talks_on_every_file": ends("tampered"),
    "swaps_files": ends("crash", "tampered"),
}
"""Programs that take their process or its files down."""

FORGE = {
    "forge_by_frames": forges(),
    "forge_by_traceback": forges(),
    "forge_by_collector": forges(),
    "forge_by_referrers": forges(),
    "forge_by_modules": forges("event_limit", "cpu_limit", "timeout"),
    "forge_by_hooks": forges(),
    "forge_by_subclasses": forges("event_limit", "cpu_limit", "timeout"),
    "forge_by_builtins": forges(),
    "forge_by_real_builtins": forges(),
    "forge_by_json": forges(),
    "forge_by_library": forges(),
    "forge_by_code": forges(),
    "forge_by_shared_memory": forges(),
    "forge_by_callbacks": forges(),
    "forge_by_audit": forges(),
    "forge_by_new_modules": forges(),
    "forge_by_destructor": forges(),
    "forge_by_equality": forges(),
    "forge_by_signal": forges("cpu_limit", "event_limit", "timeout"),
    "forge_by_names": forges(),
    "forge_own_code": forges(),
    "forge_events": forges(),
    "forge_output": forges(),
    "forge_streams": forges(),
    "untrace": forges("exception"),
    "untrace_in_c": forges(),
    "untrace_lines": forges(),
    "untrace_by_copies": forges(),
    "classes_that_lie": forges(),
}
"""Programs that try to have something recorded that did not happen."""

PROGRAMS = {**REACH, **EXHAUST, **DIE, **FORGE}

SOURCES: dict[str, tuple[str, Attack]] = {
    "a line of 10 MB": ("x = " + "1+" * 5_000_000 + "1\n", ends("rejected", "memory_limit", "cpu_limit", "timeout")),
    "a text of 10 MB": ("x = '" + "a" * 10_000_000 + "'\nprint(len(x))\n", Attack(("ok",), stdout="10000000\n")),
    "2,500,000 statements on a line": ("a=1;" * 2_500_000 + "\n", ends("rejected", "cpu_limit", "timeout")),
    "50,000 functions": (
        "".join(f"def f{n}(x): return x + {n}\n" for n in range(50_000)),
        ends("ok", "cpu_limit", "memory_limit", "timeout"),
    ),
    "200,000 comparisons": ("x = " + "1 < " * 200_000 + "2\n", ends("ok", "rejected", "cpu_limit", "timeout")),
    "20,000 targets": ("a = " * 20_000 + "1\n", ends("ok", "cpu_limit", "timeout")),
    "a null byte": ("x = 1\0\n", ends("rejected", says="null")),
    "a surrogate": ("x = '\ud800'\n", ends("rejected", says="surrogates")),
    "a surrogate that is printed": ("x = chr(0xd800)\nprint(x)\n", ends("exception", says="UnicodeEncodeError")),
    "a surrogate that is returned": ("x = chr(0xd800)\ny = {x: [x]}\n", ends("ok")),
    "another encoding named": ("# coding: latin-1\nx = 'é'\nprint(len(x), x)\n", Attack(("ok",), stdout="1 é\n")),
    "a code that is an encoding": ("# coding: rot13\ncevag(1)\n", ends("exception", says="NameError")),
    "an unknown encoding": ("# coding: klingon\nprint(1)\n", Attack(("ok",), stdout="1\n")),
    "a byte order mark": ("\ufeffx = 1\n", ends("rejected", says="SyntaxError")),
    "another encoding": ("x = 1\n".encode("utf-16").decode("latin-1"), ends("rejected", says="SyntaxError")),
    "parentheses": ("(" * 5000 + ")" * 5000, ends("rejected")),
    "blocks": ("".join(" " * n + "if 1:\n" for n in range(200)) + " " * 200 + "x = 1\n", ends("rejected")),
    "attributes": ("x" + ".a" * 100_000 + "\n", ends("rejected", "crash")),
    "signs": ("x = " + "-" * 200_000 + "1\n", ends("rejected", "crash")),
    "lambdas": ("lambda:" * 50_000 + "1\n", ends("rejected", "crash")),
    "digits": ("x = " + "9" * 100_000 + "\n", ends("rejected")),
    "a constant too large": ("x = 'a' * 10**10\n", ends("memory_limit")),
    "nothing": ("", ends("ok")),
}
"""Sources that are hard to take in, and what must come of them."""
