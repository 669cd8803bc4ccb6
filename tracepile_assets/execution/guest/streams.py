"""The standard streams of a run: what they are made of, and what was written to them.

Belongs here: the streams, and writing to their files by number. Does not belong here: when they are put in place
(``surroundings``) and where the text comes from that can be read as file 0 (``stdin``).

Text is passed on to the stream of octets at once, as ``python -u`` does: the recorder looks at it after each statement.
"""

import contextlib
import io
import os
from collections.abc import Callable
from types import FunctionType

plain_write = os.write
"""The real one: a program may find another under this name."""
_seek, _truncate = io.BytesIO.seek, io.BytesIO.truncate
_WRITE = compile(
    "def write(fd, data, /):\n    held = found(fd)\n    return plain(fd, data) if held is None else held(data)\n",
    "<os>",
    "exec",
).co_consts[0]


def _stream_type(base: type, number: int, name: str, **others: Callable) -> type:
    # What is written outlives the stream that a program may close. No function of ours is reached through it.
    held = {"name": name, "mode": "wb", "fileno": number.__int__, "close": [].clear, **others}
    return type(base.__name__, (base,), {"__slots__": (), "__module__": "_io", **held})


_Stdout, _Stderr = _stream_type(io.BytesIO, 1, "<stdout>"), _stream_type(io.BufferedWriter, 2, "<stderr>")
_Nowhere = _stream_type(io.RawIOBase, 2, "<stderr>", writable=(1).__bool__, write=len)
"""The file below error output: it takes all octets, and keeps none."""


class Output:
    """Standard output of a run, kept in memory. Of what was written only the first ``limit`` bytes are read.

    ``stream`` is the ``io.BytesIO`` that the program writes to, ``tell()`` the number of bytes written.
    """

    def __init__(self, limit: int = 0):
        self.stream = _Stdout()
        self.tell = self.stream.tell
        self._buffer = self.stream.getbuffer
        self.limit = limit

    def read_from(self, start: int, stop: int | None = None) -> str:
        """Text written from a byte on, up to another one."""
        with self._buffer() as held:
            stop = self.limit if stop is None else min(stop, self.limit)
            return bytes(held[start:stop]).decode("utf-8", "replace")

    def whole(self) -> tuple[str, tuple[str, str] | None]:
        """All of the text, and status and reason of a run that wrote more than it may, or than there was room for."""
        if self.stream.closed:
            # A stream that there is no room for loses what it held.
            return "", ("memory_limit", "out of memory")
        return self.read_from(0), ("output_limit", self.excess()) if self.tell() > self.limit else None

    def excess(self) -> str:
        """Why a run with more output than that ended."""
        return f"wrote more than {self.limit:,} bytes"

    def cut(self) -> None:
        """Forget what is far beyond the limit, which may have taken all the memory that there is."""
        if not self.stream.closed and self.tell() > self.limit:
            # What a program looks at through `getbuffer` cannot be cut.
            with contextlib.suppress(BufferError):
                _seek(self.stream, self.limit + 1)
                _truncate(self.stream)

    def renew(self) -> None:
        """Forget what was written."""
        self.stream.seek(0)
        self.stream.truncate()


def streams(output: Output, stdin: str | None) -> tuple[io.TextIOWrapper, io.TextIOWrapper, io.TextIOWrapper]:
    """Standard input, output and error output of a run. Without a text for ``stdin`` the first reads file 0."""
    if stdin is None:
        source = io.FileIO(0, closefd=False)
        source.name = "<stdin>"
        held = io.BufferedReader(source)
    else:
        held = io.BytesIO(stdin.encode("utf-8", "surrogatepass"))
    # As Python opens them on Linux: the ends of lines stay as they are.
    given = io.TextIOWrapper(held, "utf-8", newline="\n")
    out = io.TextIOWrapper(output.stream, "utf-8", newline="\n", write_through=True)
    errors = io.TextIOWrapper(_Stderr(_Nowhere()), "utf-8", newline="\n", write_through=True)
    given.mode, out.mode, errors.mode = "r", "w", "w"
    return given, out, errors


def writer_by_number(out: io.TextIOWrapper, errors: io.TextIOWrapper) -> Callable[[int, bytes], int]:
    """What stands for ``os.write``: files 1 and 2 are these streams, which no file lies below."""
    found = {1: out.buffer.write, 2: errors.buffer.write}.get
    return FunctionType(_WRITE, {"__builtins__": {}, "found": found, "plain": plain_write}, "write")
