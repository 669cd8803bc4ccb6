"""Standard streams as programs of contests use them, and what is written as a program ends: all as in a plain run."""

import subprocess
import sys

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.tracing import judge

from .isolations import jails

LIMITS = Limits(events=20_000, wall_s=60.0, cpu_s=20.0)
STDINS = ("3\n1 2 3\n", "", "2\r\n7 8\r\nrest", "1\n\u00e9\u4e2d\n")


@pytest.fixture(scope="module", params=[*jails(), "process"])
def pool(request):
    with Pool(workers=1, limits=LIMITS, isolation=request.param) as made:
        yield made


FAST = """
import os, sys
from io import BytesIO, IOBase

class FastIO(IOBase):
    newlines = 0
    def __init__(self, file):
        self._fd = file.fileno()
        self.buffer = BytesIO()
        self.writable = 'x' in file.mode or 'r' not in file.mode
        self.write = self.buffer.write if self.writable else None
    def read(self):
        while True:
            got = os.read(self._fd, max(os.fstat(self._fd).st_size, 8192))
            if not got:
                break
            at = self.buffer.tell()
            self.buffer.seek(0, 2), self.buffer.write(got), self.buffer.seek(at)
        return self.buffer.read()
    def flush(self):
        if self.writable:
            os.write(self._fd, self.buffer.getvalue())
            self.buffer.truncate(0), self.buffer.seek(0)

class Wrapper(IOBase):
    def __init__(self, file):
        self.buffer = FastIO(file)
        self.flush = self.buffer.flush
        self.writable = self.buffer.writable
        self.write = lambda text: self.buffer.write(text.encode())
        self.read = lambda: self.buffer.read().decode()

sys.stdin, sys.stdout = Wrapper(sys.stdin), Wrapper(sys.stdout)
words = sys.stdin.read().split()
print(len(words))
sys.stdout.write(repr(words))
"""

STREAMS = {
    "the whole file by its number": "import os\nprint(os.read(0, os.fstat(0).st_size))\n",
    "the file opened by its number": "print(repr(open(0, newline='').read()))\n",
    "the file opened below its text": "print(open(0, 'rb').readlines())\n",
    "numbers, names and modes": "import sys\nfor s in sys.stdin, sys.stdout, sys.stderr:\n"
    "    print(s.fileno(), s.name, s.mode, s.isatty(), s.buffer.mode, s.line_buffering)\n",
    "ends of lines": "import sys\nprint(repr(sys.stdin.read()), sys.stdin.newlines)\n",
    "lines": "import sys\nfor line in sys.stdin:\n    print(repr(line))\n",
    "lines by asking": "try:\n    while True:\n        print(repr(input('? ')))\nexcept EOFError:\n    print('end')\n",
    "octets": "import sys\nprint(sys.stdin.buffer.readline(), sys.stdin.buffer.read())\n",
    "asking, then the file below": "import os, sys\nprint(sys.stdin.readline(), os.read(0, 9))\n",
    "closed and asked again": "import sys\nsys.stdin.close()\n"
    "try:\n    input()\nexcept ValueError as e:\n    print(e)\n",
    "fast input and output of contests": FAST,
    "octets beside text": "import sys\nprint('a')\nsys.stdout.flush()\nsys.stdout.buffer.write(b'b\\n')\n"
    "sys.stdout.buffer.flush()\nprint('c')\n",
    "writing by number": "import os, sys\nprint('a', flush=True)\nos.write(1, b'b\\n')\nprint('c', flush=True)\n"
    "print(os.write(sys.stdout.fileno(), bytearray(b'dd')), os.write(2, b'unseen'))\n",
    "writing by number what is no octets": "import os\nfor what in 'a', 3, None:\n    try:\n        os.write(1, what)\n"
    "    except TypeError:\n        print('refused')\n",
}
ENDINGS = {
    "an exit handler": "import atexit\natexit.register(print, 'bye')\nprint('hi')\n",
    "handlers, last first": "import atexit\nfor n in range(3):\n    atexit.register(print, n)\n",
    "output kept back until the end": "import atexit, io, sys\nheld = io.StringIO()\n"
    "plain, sys.stdout = sys.stdout, held\n"
    "@atexit.register\ndef tell():\n    plain.write(held.getvalue())\nprint(sys.stdin.read().upper())\n",
    "a handler that fails": "import atexit\natexit.register(print, 'still')\n"
    "@atexit.register\ndef fail():\n    1 / 0\n",
    "a handler that was taken back": "import atexit\natexit.register(print, 'no')\natexit.unregister(print)\n",
    "a handler after an error": "import atexit\natexit.register(print, 'bye')\nprint('hi')\nopen('/no/such')\n",
    "a handler after leaving": "import atexit, sys\natexit.register(print, 'bye')\nsys.exit(2)\n",
    "another stream that nobody flushed": "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, 'utf-8')\n"
    "print('kept back')\n",
    "a destructor of a global": "class A:\n    def __del__(self):\n        print('gone')\na = A()\nprint('end')\n",
    "a destructor that needs globals": "import math\nword = 'w'\n"
    "class A:\n    def __init__(self, n):\n        self.n = n\n"
    "    def __del__(self):\n        print(word, self.n, math.sqrt(self.n))\n"
    "held = [A(n) for n in range(4)]\nheld.pop()\n",
    "destructors in a circle": "class A:\n    def __del__(self):\n        print('gone')\na, b = A(), A()\na.other = b\n"
    "b.other = a\ndel a, b\nprint('end')\n",
    "a destructor after an error": "class A:\n    def __del__(self):\n        print('gone')\ndef f():\n    a = A()\n"
    "    open('/no/such')\nf()\n",
    "a generator that was left": "def g():\n    try:\n        yield 1\n    finally:\n        print('closed')\nx = g()\n"
    "print(next(x))\n",
    "a finalizer": "import weakref\nclass A:\n    pass\na = A()\nweakref.finalize(a, print, 'final')\nprint('end')\n",
    "finalizers before handlers": "import atexit, weakref\nclass A:\n    pass\na = A()\n"
    "atexit.register(print, 'handler')\n"
    "weakref.finalize(a, print, 'final')\nprint('end')\n",
    "a destructor that fails": "class A:\n    def __del__(self):\n        print('gone')\n        1 / 0\na = A()\n",
}
PROGRAMS = {**STREAMS, **ENDINGS}


def plain(code: str, stdin: str, folder) -> str:
    """What a program prints that is run as anyone would, with a file for its input."""
    given = folder / "stdin"
    given.write_text(stdin, newline="")
    with given.open("rb") as held:
        done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], stdin=held, capture_output=True, timeout=300)
    return done.stdout.decode()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_writes_what_a_plain_run_writes(pool, name, tmp_path):
    code = PROGRAMS[name]
    inputs = tuple(RunInput(str(n), stdin=text) for n, text in enumerate(STDINS))
    (_, first), (_, second) = pool.run([Job("j", code, None, inputs, twin=twin) for twin in (False, True)])
    for text, one, two in zip(STDINS, first, second, strict=True):
        verdict = judge(one, two)
        assert (verdict.deterministic, verdict.recording.status in ("ok", "exception")) == ("full", True), text
        assert verdict.recording.stdout == plain(code, text, tmp_path), text


@pytest.mark.parametrize("name", ENDINGS)
def test_what_is_written_at_the_end_is_in_no_event(pool, name):
    ((_, (outcome,)),) = pool.run([Job("j", ENDINGS[name], None, (RunInput("a", stdin="x"),))])
    recording = outcome.recording
    told = [text for kind, text in zip(recording.event_kind, recording.event_value, strict=True) if kind == "output"]
    assert recording.stdout.startswith("".join(told))
    assert recording.event_kind[-1] in ("return", "unwind")
    assert recording.event_depth[-1] == 0


def test_no_input_sees_what_another_did_to_the_files(pool):
    code = (
        "import os\nn = int(input())\nprint(n, os.fstat(0).st_size, os.fstat(2).st_size)\n"
        "f = open(n % 3, 'r' if n % 3 == 0 else 'w')\nf.close()\n"
    )
    inputs = tuple(RunInput(str(n), stdin=f"{n}\n") for n in range(6))
    ((_, outcomes),) = pool.run([Job("j", code, None, inputs)])
    assert [outcome.recording.stdout for outcome in outcomes] == [f"{n} 2 0\n" for n in range(6)]


def test_what_was_left_unwritten_by_number_still_has_its_own_status(pool):
    code = "import os\nwith open(1, 'w') as held:\n    held.write('x')\n"
    ((_, outcomes),) = pool.run([Job("j", code, None, (RunInput("a"), RunInput("b")))])
    assert [o.recording.exception for o in outcomes] == ["OSError: [Errno 9] Bad file descriptor"] * 2


def test_too_much_output_at_the_end_is_a_status():
    code = "import atexit\natexit.register(print, 'x' * 500)\nprint('y')\n"
    with Pool(workers=1, limits=Limits(output_bytes=100)) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, None, (RunInput("a"),))])
    assert (outcome.recording.status, outcome.recording.stdout[:5]) == ("output_limit", "y\nxxx")


ERRORS = {
    "by print": "print('x' * (1 << 20), file=sys.stderr)",
    "by write": "sys.stderr.write('x' * (1 << 20))",
    "in octets": "sys.stderr.buffer.write(b'x' * (1 << 20))",
    "by number": "os.write(2, b'x' * (1 << 20))",
}


@pytest.mark.parametrize("record", [True, False], ids=["recorded", "not recorded"])
@pytest.mark.parametrize("way", ERRORS)
def test_error_output_takes_no_memory(way, record):
    code = f"import os, sys\nfor n in range(600):\n    {ERRORS[way]}\nprint('done')\n"
    with Pool(workers=1, limits=Limits(memory_mb=256)) as pool:
        ((_, (outcome,)),) = pool.run([Job("j", code, None, (RunInput("a"),), record=record)])
    assert (outcome.recording.status, outcome.recording.stdout) == ("ok", "done\n")


def test_error_output_takes_octets_only_and_says_how_many(pool):
    code = """
import sys
print(sys.stderr.write('\u00e9a'), sys.stderr.buffer.write(memoryview(b'abcd').cast('H')), sys.stderr.buffer.flush())
try:
    sys.stderr.buffer.write('text')
except TypeError as error:
    print(error)
"""
    ((_, (outcome,)),) = pool.run([Job("j", code, None, (RunInput("a"),))])
    assert outcome.recording.stdout == "2 4 None\na bytes-like object is required, not 'str'\n"
