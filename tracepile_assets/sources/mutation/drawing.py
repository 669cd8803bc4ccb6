"""The mutants of a program: a sequence that depends on nothing but the program, its inputs and a key.

Belongs here: seeds, parents, the way from stored text to values and back, and what is too long. Does not belong here:
what is changed (``arguments``, ``lines``).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from random import Random

from tracepile_assets.sources.mutation import hints
from tracepile_assets.sources.mutation.arguments import Calls
from tracepile_assets.sources.mutation.knowledge import Arguments, learn
from tracepile_assets.sources.mutation.lines import Texts
from tracepile_assets.sources.program import ProgramInput
from tracepile_assets.trace_model.codecs import CodecError, codec
from tracepile_assets.trace_model.values import Unknown

LONGEST_TEXT = 4_000
"""Characters of a mutant; parents that are longer are not mutated."""
_TRIES = 3
"""Tries for each mutant that is asked for: some equal an input that there is."""
_MOST_PARENTS = 30
_MOST_EDGES = 8
"""Mutants at the edges of their types, made of the first input before any is drawn by lot."""


@dataclass(frozen=True, slots=True)
class _Parent:
    """An input to be changed: the text of its standard input, or its arguments with how they are written.

    The first ``positional`` of them are given by place, the others by name.
    """

    text: str = ""
    codec: str = "literal"
    arguments: Arguments = field(default_factory=dict)
    positional: int = 0


class Mutator:
    """Makes new inputs of one program.

    Args:
        code: the program.
        entry_point: what is called; None where standard input is read.
        inputs: the inputs that the types, the values and what they have in common are learnt from. Those that are too
            long, or hold more than plain values, lists of nodes and trees, are left out.
    """

    def __init__(self, code: str, entry_point: str | None, inputs: Sequence[ProgramInput]) -> None:
        self._hints = hints.read(code, entry_point)
        self._calls: Calls | None = None
        self._texts: Texts | None = None
        self._known = {_text(given) for given in inputs}
        self._parents: list[_Parent] = []
        if entry_point is None:
            texts = [given.stdin for given in inputs if given.stdin and len(given.stdin) <= LONGEST_TEXT]
            self._parents = [_Parent(text) for text in texts[:_MOST_PARENTS]]
            self._texts = Texts(texts, self._hints) if texts else None
            return
        for given in inputs:
            parent = self._read(given)
            if parent is not None and len(self._parents) < _MOST_PARENTS:
                self._parents.append(parent)
        if self._parents:
            self._calls = Calls(learn(self._hints, [parent.arguments for parent in self._parents]))

    @property
    def can_mutate(self) -> bool:
        """Whether there is an input to begin with."""
        return bool(self._parents)

    def draw(self, key: str, count: int, grown: Iterable[ProgramInput] = ()) -> list[ProgramInput]:
        """The first new inputs of a sequence, none equal to an input that there is or was drawn before.

        Those at the edges of their types (empty, zero) come first.

        Args:
            key: names the sequence.
            count: how many are asked for; fewer come where no more are found.
            grown: mutants that are parents as well, and twice as likely to be.
        """
        return list(self._draw(key, count, grown)) if self._parents else []

    def _draw(self, key: str, count: int, grown: Iterable[ProgramInput]) -> Iterator[ProgramInput]:
        parents = list(self._parents)
        for given in grown:
            parent = _Parent(given.stdin or "") if self._texts is not None else self._read(given)
            if parent is not None:
                parents += [parent, parent]
        made = 0
        by_lot = (self._mutant(Random(_seed(key, number)), parents) for number in range(count * _TRIES))
        for found in chain(islice(self._edges(key), _MOST_EDGES), by_lot):
            if made == count:
                return
            text = None if found is None else _text(found)
            if text is None or text in self._known or len(text) > LONGEST_TEXT:
                continue
            self._known.add(text)
            made += 1
            yield found

    def _edges(self, key: str) -> Iterator[ProgramInput | None]:
        """Mutants of the first parent at the edges of their types."""
        first = self._parents[0]
        if self._texts is not None:
            yield from (ProgramInput(stdin=text, origin="mutated") for text in self._texts.edges(first.text))
            return
        rng = Random(_seed(key, -1))
        yield from (_written(first, arguments) for arguments in self._calls.edges(rng, first.arguments))

    def _mutant(self, rng: Random, parents: list[_Parent]) -> ProgramInput | None:
        one, two = rng.choice(parents), rng.choice(parents)
        if self._texts is not None:
            return ProgramInput(stdin=self._texts.other(rng, one.text, two.text), origin="mutated")
        second = two if (two.codec, two.positional) == (one.codec, one.positional) else one
        try:
            return _written(one, self._calls.other(rng, one.arguments, second.arguments))
        except (TypeError, ValueError, ArithmeticError):
            # An unhashable element: no input.
            return None

    def _read(self, given: ProgramInput) -> _Parent | None:
        if given.arguments is None or len(given.arguments) > LONGEST_TEXT:
            return None
        try:
            positional, named = codec(given.codec).decode(given.arguments)
        except CodecError:
            return None
        names = self._hints.parameters
        arguments: Arguments = {
            names[number] if number < len(names) else f"*{number}": value for number, value in enumerate(positional)
        }
        if arguments.keys() & named.keys():
            return None
        return _Parent(codec=given.codec, arguments={**arguments, **named}, positional=len(positional))


def _written(parent: _Parent, arguments: Arguments) -> ProgramInput | None:
    """Arguments as an input, written like those of their parent; None for what cannot be written."""
    values = list(arguments.items())
    named = dict(values[parent.positional :])
    try:
        text = codec(parent.codec).encode(tuple(value for _, value in values[: parent.positional]), named)
    except (Unknown, TypeError, ValueError, ArithmeticError):
        # A number too long to be written.
        return None
    return ProgramInput(arguments=text, origin="mutated", codec=parent.codec)


def _text(given: ProgramInput) -> str:
    return (given.stdin or "") if given.arguments is None else f"{given.codec}({given.arguments})"


def _seed(key: str, number: int) -> int:
    return int.from_bytes(hashlib.blake2b(f"{key}/{number}".encode(), digest_size=8).digest(), "big")
