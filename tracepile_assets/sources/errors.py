"""The errors that sources raise for a user to mend: a source that cannot be read, a row that cannot be used, and a file
that cannot be opened."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class SourceError(Exception):
    """A source cannot be read; the message names the file, the row where there is one, and the remedy."""


class RowError(SourceError):
    """A row of a file cannot be used, and the rows after it can be read.

    Attributes:
        text: the text of the row, where none of its fields can be trusted; it tells it from other such rows.
        fields: what it holds, where its key may still be read.
    """

    text: str = ""
    fields: Mapping[str, Any] = MappingProxyType({})


def not_opened(path: str, error: Exception) -> SourceError:
    """What is said of a file that cannot be opened, for the reason that its storage gives.

    Each storage has errors of its own; that of HTTP calls a file missing whatever goes wrong, and hides why.
    """
    why = error if isinstance(error, ImportError) else error.__cause__ or error
    if isinstance(error, FileNotFoundError) and (why is error or "404" in str(why)):
        return SourceError(f"{path}: there is no such file; correct the path of the source, or remove it")
    return SourceError(f"{path}: cannot be opened ({type(why).__name__}: {why}); check the path and the access to it")
