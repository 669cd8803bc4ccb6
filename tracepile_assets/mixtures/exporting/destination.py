"""Where an export goes: a folder, or anything fsspec writes to, such as `s3://bucket/prefix`.

A file appears under its name whole or not at all. Faults are told with the place and the remedy. Not here: which files
there are.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import fsspec

from tracepile_assets.mixtures.errors import MixtureError

PART = ".part"
_BLOCK = 1 << 20
_AGAIN = "run the same command again: what has arrived is not sent again"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class Destination:
    """A folder or bucket to export to.

    Args:
        place: path, or URL of anything fsspec writes to.

    Raises:
        MixtureError: there is no such protocol, or what it needs is not installed.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        with self._faults_told("opened"):
            self._files, self._root = fsspec.core.url_to_fs(place, skip_instance_cache=True)
        self.is_local = "file" in self._files.protocol
        if self.is_local:
            self.place = self._root = str(Path(place.removeprefix("file://")).expanduser().absolute())

    def sizes(self) -> dict[str, int]:
        """The size of each file in it, by name; none where it is not there yet."""
        with self._faults_told("read"):
            self._files.invalidate_cache()
            try:
                found = self._files.find(self._root, detail=True)
            except FileNotFoundError:
                return {}
        prefix = self._root.rstrip("/") + "/"
        # A file in the place of the folder is found as itself.
        if found.keys() == {self._root}:
            raise MixtureError(self.place, "is a file", "name a folder")
        return {path.removeprefix(prefix): int(said["size"] or 0) for path, said in found.items() if path != prefix}

    def put(self, path: Path, name: str) -> None:
        """Send a file; it appears under its name when all of it is there."""
        with self._faults_told("written"):
            if self.is_local:
                self._put_locally(path, name)
            else:
                self._files.put_file(os.fspath(path), self._path(name))

    def read(self, name: str) -> bytes | None:
        """What a small file holds; None where there is none."""
        with self._faults_told("read"):
            try:
                return self._files.cat_file(self._path(name))
            except FileNotFoundError:
                return None

    def sha256(self, name: str) -> str | None:
        """SHA-256 of a file in hex; None where there is none."""
        with self._faults_told("read"):
            try:
                with self._files.open(self._path(name), "rb", block_size=_BLOCK) as file:
                    return hashlib.file_digest(file, "sha256").hexdigest()
            except FileNotFoundError:
                return None

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self._faults_told("changed"), suppress(FileNotFoundError):
            self._files.rm_file(self._path(name))
            if self.is_local and "/" in name:
                with suppress(OSError):
                    Path(self._path(name)).parent.rmdir()

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def _put_locally(self, path: Path, name: str) -> None:
        final = Path(self._path(name))
        final.parent.mkdir(parents=True, exist_ok=True)
        part = final.with_name(f".{final.name}{PART}")
        try:
            with path.open("rb") as given, part.open("wb") as file:
                shutil.copyfileobj(given, file, _BLOCK)
                file.flush()
                os.fsync(file.fileno())
            part.replace(final)
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise

    @contextmanager
    def _faults_told(self, done: str) -> Iterator[None]:
        try:
            yield
        except MixtureError:
            raise
        except Exception as error:  # each kind of storage raises errors of its own library
            raise _told(self.place, done, error) from error


def _told(place: str, done: str, error: Exception) -> MixtureError:
    number = getattr(error, "errno", None)
    if number in _FULL:
        return MixtureError(place, f"is full ({_words(error)})", f"free space there, and {_AGAIN}")
    if isinstance(error, PermissionError) or number in _FORBIDDEN:
        return MixtureError(place, f"may not be {done} ({_words(error)})", f"get the right to, and {_AGAIN}")
    if isinstance(error, FileNotFoundError):
        return MixtureError(place, f"is not there ({_words(error)})", "make the bucket, or name another place")
    if isinstance(error, ImportError | ValueError):
        return MixtureError(place, f"cannot be opened ({_words(error)})", "name a folder, or install what it needs")
    return MixtureError(place, f"cannot be {done} ({_words(error)})", f"see that it can be reached, and {_AGAIN}")


def _words(error: Exception) -> str:
    said = " ".join((getattr(error, "strerror", None) or str(error)).split())
    return said or type(error).__name__
