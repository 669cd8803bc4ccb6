"""Counting tokens: by a tokenizer of the user's, or by an estimate that needs none.

Belongs here: the byte-level estimate, and reading a `tokenizer.json`. Does not belong here: which mixture counts how,
and finding the file that is named (`named_files`).
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

BYTE_ESTIMATE = "byte_estimate"
"""One token for every four bytes of UTF-8, begun ones counted whole. It needs no file and gives the same number
everywhere; real tokenizers give about 10-30 % more on code and digits."""

MESSAGE_TOKENS = 4
"""What a chat template is taken to add to each message."""

Counter = Callable[[str], int]
"""Gives the number of tokens of a text."""


def estimate(text: str) -> int:
    """The number of tokens of a text by the byte-level estimate."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4)


@lru_cache(maxsize=8)
def counter(file: Path | None, digest: str = "") -> Counter:
    """What counts tokens: the tokenizer in this file, without the special tokens that it would add to a text; the
    estimate if None.

    Args:
        file: a `tokenizer.json`.
        digest: of its contents: a file that has other contents by now is read again.

    Raises:
        ValueError: the file cannot be read as a `tokenizer.json`.
    """
    if file is None:
        return estimate
    # Costs more to import than most commands take.
    from tokenizers import Tokenizer

    try:
        made = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises nothing more exact
        raise ValueError(str(error)) from error
    made.no_truncation()
    made.no_padding()
    return lambda text: len(made.encode(_sound(text), add_special_tokens=False).ids)


def _sound(text: str) -> str:
    """The text without lone surrogates, which a tokenizer of UTF-8 does not take."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
