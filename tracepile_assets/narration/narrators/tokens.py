"""How long a text is, in tokens.

Belongs here: the estimate, and counting with a tokenizer from a file. Does not belong here: what is done where a text
is too long.
"""

from collections.abc import Callable
from functools import lru_cache

Count = Callable[[str], int]

_BYTES = 4
"""Bytes of a token, by the estimate."""
_MOST_CHARACTERS = 16
"""Characters that a token of a tokenizer has at most, over a whole text."""


def estimated_tokens(text: str) -> int:
    """Tokens of a text, estimated as a quarter of its bytes."""
    return (len(text.encode("utf-8", "surrogatepass")) + _BYTES - 1) // _BYTES


def most_characters(budget: int, count: Count) -> int:
    """Characters from which on a text is certainly over a budget, so that it need not be counted."""
    return budget * (_BYTES if count is estimated_tokens else _MOST_CHARACTERS)


@lru_cache(maxsize=4)
def counter(tokenizer: str) -> Count:
    """What counts tokens: with the tokenizer of a ``tokenizer.json``, without special tokens; empty: the estimate.

    Raises what ``tokenizers`` raises if the file cannot be read.
    """
    if not tokenizer:
        return estimated_tokens
    # Costs more to import than most commands take.
    from tokenizers import Tokenizer

    encode = Tokenizer.from_file(tokenizer).encode
    return lambda text: len(encode(text, add_special_tokens=False))
