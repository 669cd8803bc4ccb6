"""Which programs are near-duplicates: MinHash signatures of normal forms, and an index that finds the like.

Belongs here: what two programs must have in common to count as near, and finding such pairs without comparing all with
all. Does not belong here: equality up to names (`normal_form`), and what follows from nearness (building/).

How the numbers were chosen is told in docs/decisions/near-duplicates.md.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from .normal_form import normalise

THRESHOLD = 0.7
"""Share of shingles in common from which on two programs are near."""

SHINGLE = 3
"""Tokens in a shingle."""

_PERMUTATIONS = 128
_SEED = 1
_SCHEME = "affine32"
_BANDS, _ROWS = 25, 5
"""Two programs are compared where they agree in all rows of a band: with a likeness of 0.7 that is so in 99 % of
cases."""

_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\n|[^\s\w]")
_MASK = re.compile(r"([av])\d+")
_MERGE = 4_096

SIGNATURE_BYTES = 4 * _PERMUTATIONS


def shingles(normal_form: str) -> list[bytes]:
    """The different runs of three tokens of a normal form, in order of appearance.

    Masks lose their numbers: a variable more at the top would otherwise change every mask below it. All numbers are
    one: programs that differ in a constant are made from one another. Indents are no tokens, line ends are.
    """
    tokens = [_plain(token) for token in _TOKEN.findall(normal_form)]
    runs = (tokens[first : first + SHINGLE] for first in range(max(1, len(tokens) - SHINGLE + 1)))
    return list(dict.fromkeys("\x1f".join(run).encode("utf-8", "surrogatepass") for run in runs))


def _plain(token: str) -> str:
    if token[0].isdigit():
        return "0"
    return _MASK.sub(r"\1", token) if token[0] in "av" else token


def sign(code: str) -> bytes:
    """The signature of a program, `SIGNATURE_BYTES` long: 128 numbers of 32 bits, little-endian.

    Equal shingles give equal signatures, in every process and on every machine.
    """
    made = _empty().copy()
    made.update_batch(shingles(normalise(code)))
    return made.hashvalues.astype("<u4").tobytes()


@cache
def _empty():
    # Loads scipy, which nothing else here needs.
    from datasketch import MinHash

    return MinHash(num_perm=_PERMUTATIONS, seed=_SEED, scheme=_SCHEME)


class NearIndex:
    """Signatures in the order in which they came, and which of them are near to a given one.

    Takes about 900 bytes for each signature.
    """

    def __init__(self, signatures: Sequence[bytes] = ()) -> None:
        self._signatures = np.frombuffer(b"".join(signatures), "<u4").reshape(-1, _PERMUTATIONS).copy()
        self._number = len(self._signatures)
        self._settled = 0
        self._keys = np.empty((_BANDS, 0), np.uint64)
        self._order = np.empty((_BANDS, 0), np.int32)
        self._recent: dict[tuple[int, int], list[int]] = {}
        self._settle()

    def __len__(self) -> int:
        return self._number

    def add(self, signature: bytes) -> int:
        """Put a signature into the index; its number, from 0."""
        number = self._number
        if number == len(self._signatures):
            self._signatures = np.resize(self._signatures, (max(1_024, 2 * number), _PERMUTATIONS))
        self._signatures[number] = np.frombuffer(signature, "<u4")
        for band, key in enumerate(_band_keys(self._signatures[number : number + 1])[:, 0].tolist()):
            self._recent.setdefault((band, key), []).append(number)
        self._number += 1
        if self._number - self._settled >= _MERGE:
            self._settle()
        return number

    def near(self, signature: bytes) -> list[tuple[int, float]]:
        """Numbers of the signatures that are near to this one, in order, each with the likeness estimated."""
        mine = np.frombuffer(signature, "<u4")
        found: set[int] = set()
        for band, key in enumerate(_band_keys(mine[None, :])[:, 0]):
            first = np.searchsorted(self._keys[band], key, "left")
            last = np.searchsorted(self._keys[band], key, "right")
            found.update(self._order[band, first:last].tolist())
            found.update(self._recent.get((band, int(key)), ()))
        numbers = sorted(found)
        if not numbers:
            return []
        likeness = (self._signatures[numbers] == mine).mean(axis=1)
        return [(n, float(share)) for n, share in zip(numbers, likeness, strict=True) if share >= THRESHOLD]

    def _settle(self) -> None:
        """Sort the bands of all signatures into arrays, which take a tenth of the memory of a dictionary."""
        keys = np.empty((_BANDS, self._number), np.uint64)
        order = np.empty((_BANDS, self._number), np.int32)
        for band in range(_BANDS):
            unsorted = _band_keys(self._signatures[: self._number], band, band + 1)[0]
            order[band] = np.argsort(unsorted, kind="stable")
            keys[band] = unsorted[order[band]]
        self._keys, self._order = keys, order
        self._settled = self._number
        self._recent.clear()


def _band_keys(signatures: np.ndarray, first: int = 0, last: int = _BANDS) -> np.ndarray:
    """A number for the contents of each of these bands: an array of bands by signatures."""
    rows = signatures[:, first * _ROWS : last * _ROWS].reshape(len(signatures), last - first, _ROWS).astype(np.uint64)
    keys = np.zeros((last - first, len(signatures)), np.uint64)
    for row in range(_ROWS):
        # The multiplier of Fowler, Noll and Vo for 64 bits.
        keys = (keys ^ rows[:, :, row].T) * np.uint64(1_099_511_628_211)
    return keys
