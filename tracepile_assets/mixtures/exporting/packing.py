"""Packing for pre-training: as many whole samples into a row of a context length as fit. No sample is ever cut.

Belongs here: tokens of the rendered text, and which samples share a row. Does not belong here: files.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from tracepile_assets.mixtures.errors import MixtureError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

OPEN_ROWS = 512
"""Rows that are being filled at once: more fill them better, fewer keep the order of the samples closer."""

_BATCH = 500

SCHEMA = pa.schema(
    [
        pa.field("input_ids", pa.list_(pa.int32())),
        pa.field("seq_lengths", pa.list_(pa.int32())),
        pa.field("sample_ids", pa.list_(pa.string())),
    ]
)
"""A row: the tokens of its samples one after the other, how many are of each, and which samples they are."""


@dataclass
class Pack:
    """Samples that share a row: the tokens of each, and their ids."""

    pieces: list[list[int]] = field(default_factory=list)
    sample_ids: list[str] = field(default_factory=list)
    length: int = 0

    def row(self) -> dict[str, Any]:
        """The row, with the columns of `SCHEMA`."""
        return {
            "input_ids": [token for piece in self.pieces for token in piece],
            "seq_lengths": [len(piece) for piece in self.pieces],
            "sample_ids": self.sample_ids,
        }


class Packer:
    """Packs texts to a context length with a tokenizer.

    Each text is ended by the end-of-text token. A sample goes into the open row that it fills most; if it fits into
    none, a row is opened, and where too many are open the fullest is closed. A sample longer than the context is left
    out and counted.

    Attributes:
        too_long: samples left out, so far.
    """

    def __init__(self, tokenizer: "Tokenizer", end: int, context: int) -> None:
        self.too_long = 0
        self._tokenizer = tokenizer
        self._end = end
        self._context = context

    def pack(self, samples: Iterable[tuple[str, str]]) -> Iterator[Pack]:
        """Pack samples, given as id and text; every one that is not too long is in one pack, whole."""
        # Open rows by length, the longest last; the number of each keeps rows of one length in their order.
        waiting: list[tuple[int, int, Pack]] = []
        for number, (sample_id, piece) in enumerate(self._tokenized(samples)):
            if len(piece) > self._context:
                self.too_long += 1
                continue
            place = bisect_right(waiting, self._context - len(piece), key=itemgetter(0)) - 1
            if place >= 0:
                _, opened, pack = waiting.pop(place)
            else:
                if len(waiting) == OPEN_ROWS:
                    yield waiting.pop()[2]
                opened, pack = number, Pack()
            pack.pieces.append(piece)
            pack.sample_ids.append(sample_id)
            pack.length += len(piece)
            insort(waiting, (pack.length, opened, pack), key=itemgetter(0, 1))
        yield from (pack for _, _, pack in sorted(waiting, key=itemgetter(1)))

    def _tokenized(self, samples: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[int]]]:
        batch: list[tuple[str, str]] = []
        for sample in samples:
            batch.append(sample)
            if len(batch) == _BATCH:
                yield from self._encoded(batch)
                batch = []
        yield from self._encoded(batch)

    def _encoded(self, batch: list[tuple[str, str]]) -> Iterator[tuple[str, list[int]]]:
        encodings = self._tokenizer.encode_batch([text for _, text in batch], add_special_tokens=False)
        for (sample_id, _), encoding in zip(batch, encodings, strict=True):
            yield sample_id, [*encoding.ids, self._end]


def open_packer(tokenizer: str, context: int, end: str | None = None) -> Packer:
    """A packer with the tokenizer of a file.

    Args:
        tokenizer: path of a tokenizer.json.
        context: tokens of a row.
        end: text of the token that ends a sample; the one that the tokenizer seems to have for it if None.

    Raises:
        MixtureError: the file cannot be read as a tokenizer, or it is not known which token ends a text.
    """
    from tokenizers import Tokenizer

    path = Path(tokenizer).expanduser()
    try:
        made = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises nothing more exact
        remedy = "give --tokenizer the path of a tokenizer.json"
        raise MixtureError(path, f"cannot be read as a tokenizer ({error})", remedy) from None
    made.no_truncation()
    made.no_padding()
    names = [end] if end is not None else _ENDS
    found = next((number for name in names if (number := made.token_to_id(name)) is not None), None)
    if found is None:
        problem = f"has no token {end!r}" if end is not None else "has none of the usual tokens that end a text"
        raise MixtureError(path, problem, "name the token that ends a text with --end-token")
    return Packer(made, found, context)


_ENDS = ("<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "<|im_end|>", "<|eot_id|>", "[SEP]")
