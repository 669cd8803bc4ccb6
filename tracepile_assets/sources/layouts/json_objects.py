"""Takes the objects of a JSON text one at a time: JSON lines, or one array of objects, however it is laid out.

Belongs here: decoding in bounded memory, and what is said of a text that is cut, damaged or of another form. Does not
belong here: opening the file (`rows`), what an object's fields mean (the layouts).
"""

import codecs
import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from tracepile_assets.sources.errors import RowError, SourceError

_LONGEST_OBJECT = 64 * 2**20
_CHUNK = 2**16
_EACH_LINE = "each line must be one program"
_EACH_ITEM = "each item of the array must be one program"
_UTF8_BOM = b"\xef\xbb\xbf"
_COMPRESSED = {
    "gzip": (b"\x1f\x8b", ".gz"),
    "bzip2": (b"BZh", ".bz2"),
    "xz": (b"\xfd7zXZ\0", ".xz"),
    "zstd": (b"\x28\xb5\x2f\xfd", None),
    "zip": (b"PK\3\4", None),
}
"""Compression to the bytes that such a file begins with, and the ending by which it would be read."""
_BLANKS = " \t\r\n"
_PART_OF_A_SIGN = re.compile(r"[\w.+\\-]{0,12}")
"""What may stand at the end of a text that is cut in a number, a name or an escape."""
_DEEPEST = 500
"""Levels of objects and lists in a row, less than the standard library reads at any place it may be called from."""
_TOO_DEEP = f"is nested deeper than {_DEEPEST} levels"
_TOO_LONG_A_NUMBER = "holds a number with more digits than Python reads"
_BRACKET_OR_STRING = re.compile(r'[][{}]|"[^"\\]*+(?:\\.[^"\\]*+)*+("|\\?\Z)', re.DOTALL)
"""The group holds what ends a string: its quote, or the end of the text at hand."""


def json_objects(path: str, stream: BinaryIO) -> Iterator[tuple[str, int, dict[str, Any] | RowError]]:
    """The objects of a stream: what their numbers count (``line`` or ``item``), number from 1, and the object, or why
    it cannot be used.

    A text whose first character is ``[`` is an array of objects, any other is JSON lines; blank lines are passed over.
    No more is held than one object and a chunk of the text.

    Raises:
        SourceError: while iterating: the text is cut short, not UTF-8, not JSON, or holds other things than objects.
    """
    blank = 0
    while start := _read(path, stream.readline, _CHUNK, f"beyond line {blank}"):
        text = start.removeprefix(_UTF8_BOM) if blank == 0 else start
        if text.strip():
            break
        blank += 1
    else:
        return
    for kind, (sign, suffix) in _COMPRESSED.items():
        if text.startswith(sign):
            raise SourceError(
                f"{path}: is compressed ({kind}), and its name does not say so; "
                + (f"give it a name that ends in {suffix}" if suffix else "decompress it, or compress it with gzip")
            )
    if text.lstrip().startswith(b"["):
        rest = iter(lambda: _read(path, stream.read, _CHUNK, "to the end of its array"), b"")
        yield from (("item", number, found) for number, found in enumerate(_Array(path, chain([text], rest)), start=1))
        return
    for number, line in enumerate(_lines(path, stream, text, blank), start=blank + 1):
        if line.strip():
            yield "line", number, _object_of_line(path, number, line)


def _lines(path: str, stream: BinaryIO, start: bytes, before: int) -> Iterator[bytes]:
    """The lines of a stream of which so many lines, and the start of the next one, have been read."""
    number = before
    while True:
        whole = start.endswith(b"\n")
        line = start if whole else start + _read(path, stream.readline, _LONGEST_OBJECT, f"beyond line {number}")
        if not line:
            return
        number += 1
        if len(line) >= _LONGEST_OBJECT:
            raise SourceError(
                f"{path}: line {number} is longer than {_LONGEST_OBJECT // 2**20} MiB; JSON lines have one program on "
                "each line"
            )
        yield line
        start = b""


def _read(path: str, read, most: int, reached: str) -> bytes:
    try:
        return read(most)
    except Exception as error:
        # Compression and each storage backend have errors of their own.
        raise SourceError(
            f"{path}: cannot be read {reached} ({str(error) or type(error).__name__}): it is cut short, not "
            "compressed as its name says, or the way to it broke; get the file again, or name it by what it is (.gz, "
            ".bz2, .xz, or none of them)"
        ) from error


def _object_of_line(path: str, number: int, line: bytes) -> dict[str, Any] | RowError:
    where = f"{path}: line {number}"
    try:
        text = line.decode("utf-8")
        keys = _Keys()
        value = json.loads(text, object_pairs_hook=keys.unique)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{where}: is not UTF-8 (byte {error.start + 1} of the line); convert the file to UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        if not line.endswith(b"\n") and text.lstrip().startswith("{"):
            raise _cut_row(where) from error
        raise SourceError(
            f"{where}: is not JSON ({error.msg} at column {error.colno}); each line must be one JSON object: mend or "
            "remove it"
        ) from error
    except (RecursionError, ValueError) as error:
        text = text.strip()
        end = _end_of_item(text, 0)
        if end == len(text) or not text.startswith("{"):
            return _unreadable(where, text, error, _EACH_LINE)
        if end is None and not line.endswith(b"\n"):
            raise _cut_row(where) from error
        raise SourceError(
            f"{where}: is not JSON (it {_why(error)}, and is not one object); each line must be one JSON object: mend "
            "or remove it"
        ) from error
    return _checked(where, value, text.strip(), keys, _EACH_LINE)


def _cut_row(where: str) -> SourceError:
    return SourceError(f"{where}: the file ends in the middle of this row; get the file again, or remove the row")


class _Keys:
    """Makes the objects of one JSON text, and notes the first key that one of them has twice.

    Attributes:
        twice: that key; None as long as there is none.
    """

    def __init__(self) -> None:
        self.twice: str | None = None

    def unique(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs) and self.twice is None:
            keys = [key for key, _ in pairs]
            self.twice = next(key for number, key in enumerate(keys) if key in keys[:number])
        return found


def _checked(where: str, value: Any, text: str, keys: _Keys, rule: str) -> dict[str, Any] | RowError:
    """The value, if it is an object; or an error, where its texts cannot be stored, or a key has two values."""
    if not isinstance(value, dict):
        raise SourceError(f"{where}: holds {text[:40]!r}, where a JSON object is expected; {rule}")
    if text.count("{") + text.count("[") > _DEEPEST and _depth(text) > _DEEPEST:
        return _unusable(f"{where}: {_TOO_DEEP}", text)
    if keys.twice is not None:
        return _unusable(f"{where}: has the key {keys.twice[:80]!r} twice in one object", text)
    if "\\u" in text and not _encodable(value):
        fault = _unusable(f"{where}: holds half of a surrogate pair, which no text can", text)
        fault.fields = {key: held for key, held in value.items() if _encodable([key, held])}
        return fault
    return value


def _encodable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unusable(fault: str, text: str) -> RowError:
    error = RowError(f"{fault}; mend or remove that row")
    error.text = text
    return error


def _unreadable(where: str, text: str, error: Exception, rule: str) -> RowError:
    """What is said of an item that the standard library takes for JSON and does not read."""
    if not text.startswith("{"):
        raise SourceError(f"{where}: holds {text[:40]!r}, where a JSON object is expected; {rule}") from error
    return _unusable(f"{where}: {_why(error)}", text)


def _why(error: Exception) -> str:
    return _TOO_DEEP if isinstance(error, RecursionError) else _TOO_LONG_A_NUMBER


def _brackets(text: str, start: int) -> Iterator[tuple[int, int]]:
    """How many brackets are open after each one of a text, and where it ends, up to that which closes the first one.

    Nothing is read but brackets and strings; where the text ends in a string, so does this.
    """
    depth = 0
    for found in _BRACKET_OR_STRING.finditer(text, start):
        if found[1] == '"':
            continue
        if found[1] is not None:
            return
        depth += 1 if found[0] in "[{" else -1
        yield depth, found.end()
        if depth <= 0:
            return


def _depth(text: str) -> int:
    return max((depth for depth, _ in _brackets(text, 0)), default=0)


def _end_of_item(text: str, start: int) -> int | None:
    """Where the object or list that starts there ends; None where the text ends before."""
    return next((end for depth, end in _brackets(text, start) if depth <= 0), None)


class _Array:
    """The objects of one JSON array, decoded as its text comes in.

    An object that does not end in the text at hand is tried again when twice as much is there, so that the time taken
    is in proportion to the text.
    """

    def __init__(self, path: str, chunks: Iterator[bytes]) -> None:
        self._path = path
        self._chunks = chunks
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0
        self._ended = False

    def __iter__(self) -> Iterator[dict[str, Any] | RowError]:
        self._skip(1)
        number = 0
        while (sign := self._sign()) != "]":
            if number:
                if sign != ",":
                    raise self._fault(number, f"is followed by {sign!r}, where a comma or the array's end is expected")
                self._skip(1)
                self._sign()
            number += 1
            yield self._next(number)
        self._skip(1)
        if (sign := self._sign(needed=False)) is not None:
            raise SourceError(
                f"{self._path}: holds {sign!r} after the end of its array; a file is one array, or JSON lines"
            )

    def _next(self, number: int) -> dict[str, Any] | RowError:
        where = f"{self._path}: item {number}"
        wanted = _CHUNK
        while True:
            try:
                keys = _Keys()
                value, end = json.JSONDecoder(object_pairs_hook=keys.unique).raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._may_go_on(error):
                    raise self._fault(number, f"is not JSON ({error.msg})") from error
                if self._ended:
                    raise self._cut(number) from error
                if wanted > _LONGEST_OBJECT:
                    raise self._fault(number, f"is longer than {_LONGEST_OBJECT // 2**20} MiB") from error
                self._fill(wanted)
                wanted *= 2
            except (RecursionError, ValueError) as error:
                return self._passed_over(number, error)
            else:
                text = self._text[self._at : end]
                self._skip(end - self._at)
                return _checked(where, value, text, keys, _EACH_ITEM)

    def _passed_over(self, number: int, error: Exception) -> RowError:
        """What is said of an item that is not read, and go on behind it."""
        where = f"{self._path}: item {number}"
        wanted = _CHUNK
        while True:
            start = self._text[self._at : self._at + 40]
            if not start.startswith("{"):
                return _unreadable(where, start, error, _EACH_ITEM)
            end = _end_of_item(self._text, self._at)
            if end is not None:
                text = self._text[self._at : end]
                self._skip(end - self._at)
                return _unreadable(where, text, error, _EACH_ITEM)
            if self._ended:
                raise self._cut(number) from error
            if wanted > _LONGEST_OBJECT:
                raise self._fault(number, f"is longer than {_LONGEST_OBJECT // 2**20} MiB") from error
            self._fill(wanted)
            wanted *= 2

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        """Whether the text that is still to come can mend the fault: it lies at the end of the text at hand."""
        rest = self._text[error.pos :].rstrip(_BLANKS)
        return error.msg.startswith("Unterminated string") or _PART_OF_A_SIGN.fullmatch(rest) is not None

    def _sign(self, *, needed: bool = True) -> str | None:
        """The next character that is not blank; None at the end of the file, if that is allowed."""
        while True:
            text = self._text
            while self._at < len(text) and text[self._at] in _BLANKS:
                self._at += 1
            if self._at < len(text):
                return text[self._at]
            if self._ended:
                if needed:
                    raise self._cut(None)
                return None
            self._fill(1)

    def _skip(self, count: int) -> None:
        if not self._text:
            self._sign()
        self._at += count

    def _fill(self, wanted: int) -> None:
        """Have at least so many more characters at hand, or the end of the file."""
        parts = [self._text[self._at :]]
        self._at = 0
        while wanted > 0 and not self._ended:
            chunk = next(self._chunks, b"")
            try:
                parts.append(self._decoder.decode(chunk, final=not chunk))
            except UnicodeDecodeError as error:
                raise SourceError(f"{self._path}: is not UTF-8; convert the file to UTF-8") from error
            self._ended = not chunk
            wanted -= len(parts[-1])
        self._text = "".join(parts)

    def _cut(self, number: int | None) -> SourceError:
        inside = "its array" if number is None else f"item {number} of its array"
        return SourceError(f"{self._path}: the file ends in the middle of {inside}; get the file again, or mend it")

    def _fault(self, number: int, fault: str) -> SourceError:
        return SourceError(f"{self._path}: item {number}: {fault}; mend or remove it")
