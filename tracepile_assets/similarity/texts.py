"""How alike two texts are, letter for letter: MinHash signatures of their word triples.

Belongs here: signing texts, and likeness of signatures. Does not belong here: programs (`near`), and finding pairs
among many texts, which the mixtures do in SQL.
"""

import re
from functools import cache

import numpy as np

PERMUTATIONS = 128
SIGNATURE_BYTES = 4 * PERMUTATIONS

BANDS, ROWS = 16, 8
"""Two texts are compared where they agree in all rows of a band: with a likeness of 0.9 that is so in 99.99 % of
cases.
"""

_SEED = 1
_SCHEME = "affine32"
_TOKEN = re.compile(r"\w+|[^\w\s]")


def sign_text(text: str) -> bytes:
    """The signature of a text, `SIGNATURE_BYTES` long: 128 numbers of 32 bits, little-endian.

    It is made of the different runs of three words and marks. Equal texts have equal signatures, in every process and
    on every machine; the share of numbers that two signatures have in common estimates the share of such runs that the
    texts have in common (Jaccard).
    """
    tokens = _TOKEN.findall(text)
    runs = {"\x1f".join(tokens[at : at + 3]) for at in range(max(1, len(tokens) - 2))}
    made = _empty().copy()
    # In any order: a signature is the least of each permutation.
    made.update_batch([run.encode("utf-8", "surrogatepass") for run in runs])
    return made.hashvalues.astype("<u4").tobytes()


@cache
def _empty():
    # Loads scipy, which nothing else here needs.
    from datasketch import MinHash

    return MinHash(num_perm=PERMUTATIONS, seed=_SEED, scheme=_SCHEME)


def likeness(ones: list[bytes], others: list[bytes]) -> np.ndarray:
    """The estimated likeness, 0 to 1, of each pair of signatures at the same place of two lists."""
    left, right = (np.frombuffer(b"".join(each), "<u4").reshape(-1, PERMUTATIONS) for each in (ones, others))
    return (left == right).mean(axis=1)
