"""Finding what a mixture names beside its query: a tokenizer, or a benchmark, as a file of the user's or by its name on
the Hugging Face hub.

Belongs here: from a name to files on this machine, and their digest. Does not belong here: what is in them (`tokens`,
`benchmarks`).

What has a name on the hub is fetched once, into the home's folder `hub/`, and stays as it is until a person deletes it
there: a mixture does not change because somebody else changed a repository.
"""

import hashlib
import re
import shutil
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_DATA = (".jsonl", ".jsonl.gz", ".json", ".parquet")
_CONVERTED = "refs/convert/parquet"
"""The branch on which the hub keeps each data set as Parquet, whatever files it was given as."""


class NamedFileError(Exception):
    """What a mixture names is not to be had; says what, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """The files that a name stands for.

    Attributes:
        label: the name without folder and endings: letters, digits, `_` and `-`.
        paths: the files, in order.
        digest: 16 hex digits of the hash of their contents.
    """

    label: str
    paths: tuple[Path, ...]
    digest: str


def tokenizer_files(name: str, home: Path) -> NamedFiles:
    """The `tokenizer.json` that is meant by a path (absolute, or below the home) or by a name on the hub.

    Raises:
        NamedFileError: there is no such file, and no such name can be reached.
    """
    path = _path(name, home)
    if path is None:
        path = _fetched(name, home, "models", lambda api, folder: [_fetch_tokenizer(api, name, folder)])[0]
    return _found(name, [path])


def benchmark_files(name: str, home: Path) -> NamedFiles:
    """The files of a benchmark that is meant by a path (absolute, or below the home) or by a name on the hub.

    Of a data set on the hub the test split is taken, or all of it where it has none.

    Raises:
        NamedFileError: there is no such file, and no such name can be reached.
    """
    path = _path(name, home)
    paths = [path] if path is not None else _fetched(name, home, "datasets", lambda a, f: _fetch_data(a, name, f))
    return _found(name, paths)


def _path(name: str, home: Path) -> Path | None:
    """The file; None for what can only be a name on the hub."""
    path = home / Path(name).expanduser()
    if path.is_file():
        return path
    if _HUB_NAME.fullmatch(name) and not name.endswith(_DATA) and not path.parent.exists():
        return None
    if path.is_dir():
        raise NamedFileError(f"{path} is a folder", "name the file in it")
    remedy = f"give a path, absolute or below {home}, or a name on the hub such as openai/gsm8k"
    raise NamedFileError(f"there is no file {path}", remedy)


def _found(name: str, paths: list[Path]) -> NamedFiles:
    label = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(name).name.split(".")[0]).strip("-") or "unnamed"
    digests = [_digest(path, *_stamp(path)) for path in paths]
    return NamedFiles(
        label.lower(), tuple(paths), hashlib.blake2b("".join(digests).encode(), digest_size=8).hexdigest()
    )


def _stamp(path: Path) -> tuple[int, int]:
    said = path.stat()
    return said.st_mtime_ns, said.st_size


@lru_cache(maxsize=256)
def _digest(path: Path, changed: int, size: int) -> str:
    """Hash of a file's contents; plans ask for it again and again."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError as error:
        raise NamedFileError(f"{path} cannot be read ({error.strerror})", "change the rights of the file") from error


def _fetched(name: str, home: Path, kind: str, fetch) -> list[Path]:
    """The files of a name on the hub: those fetched before, or fetched now, whole or not at all."""
    folder = home / "hub" / kind / name.replace("/", "--")
    if not folder.is_dir():
        # Only what names something on the hub needs its library.
        from huggingface_hub import HfApi

        part = folder.with_name(f".{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        try:
            fetch(HfApi(), part)
            part.rename(folder)
        except NamedFileError:
            raise
        except Exception as error:  # of the network, of the hub, of the disk: the library has an error for each
            said = " ".join(str(error).split())[:300] or type(error).__name__
            problem = f"there is no file {home / name}, and the hub does not give {name} ({said})"
            raise NamedFileError(problem, "correct the name, or fetch the file yourself and give its path") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name.endswith((*_DATA, "tokenizer.json"))
    )


def _fetch_tokenizer(api, name: str, folder: Path) -> None:
    (folder / "tokenizer.json").parent.mkdir(parents=True)
    shutil.copyfile(api.hf_hub_download(name, "tokenizer.json", cache_dir=folder / ".cache"), folder / "tokenizer.json")
    shutil.rmtree(folder / ".cache")


def _fetch_data(api, name: str, folder: Path) -> None:
    listed = sorted(
        file
        for file in api.list_repo_files(name, repo_type="dataset", revision=_CONVERTED)
        if file.endswith(".parquet")
    )
    chosen = [file for file in listed if "test" in Path(file).parts[-2:-1]] or listed
    if not chosen:
        raise NamedFileError(f"{name} has no data on the hub", "fetch the file yourself and give its path")
    folder.mkdir(parents=True)
    for number, file in enumerate(chosen):
        cached = api.hf_hub_download(name, file, repo_type="dataset", revision=_CONVERTED, cache_dir=folder / ".cache")
        shutil.copyfile(cached, folder / f"{number:05d}.parquet")
    shutil.rmtree(folder / ".cache")
