"""What a sentence says of a value in words: its parity, its type, that it never changes, a number that is spelled out.

Belongs here: predicates and quantifiers, each over what a name has held in the run. Does not belong here: values that
are given as such (``equations``), and counts (``counts``).
"""

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from tracepile_assets.narration.verifier.prose import words
from tracepile_assets.narration.verifier.prose.clauses import Clauses, Found, alike
from tracepile_assets.narration.verifier.prose.reading import (
    NUMBER_WORDS,
    ORDINAL_WORDS,
    Span,
    closed,
    spelled_number,
    value_node,
)
from tracepile_assets.narration.verifier.verdict import CONTRADICTED, UNGROUNDED, VERIFIED


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_IS = {"is", "was", "are", "were", "stays", "remains"}
_RETURNED = words.RETURNED | {"answer", "result"}
_SMALL = 12
"""Up to this numbers are spelled out for things of which no count is kept."""

_TYPES: dict[str, tuple[type, ...]] = {
    "list": (list,),
    "string": (str,),
    "integer": (int,),
    "int": (int,),
    "float": (float,),
    "tuple": (tuple,),
    "set": (set, frozenset),
    "dictionary": (dict,),
    "dict": (dict,),
    "boolean": (bool,),
    "bool": (bool,),
}
_STATES: dict[str, Any] = {
    "positive": lambda value: _is_number(value) and value > 0,
    "negative": lambda value: _is_number(value) and value < 0,
    "zero": lambda value: _is_number(value) and value == 0,
    "nonzero": lambda value: _is_number(value) and value != 0,
    "even": lambda value: type(value) is int and value % 2 == 0,
    "odd": lambda value: type(value) is int and value % 2 == 1,
    "empty": lambda value: hasattr(value, "__len__") and len(value) == 0,
    "sorted": lambda value: _in_order(value),
    "ascending": lambda value: _in_order(value),
    "descending": lambda value: isinstance(value, list | tuple | str) and _in_order(value[::-1]),
}
"""Predicate -> whether it is so of a value."""

_BEFORE_WORDS = _words("a an the each every another whose first second one running current this that its his their no")
"""Words before a noun that is no name of the program."""

_CONSTANT = ({"never", "changes"}, {"never", "change"}, {"never", "moves"}, {"never", "grows"}, {"never", "updated"})


_ONE_OBJECT = [("same", noun) for noun in ("list", "object", "reference", "dictionary", "dict", "set", "array")]
_RUNS = {"runs", "iterates", "executes", "starts", "loops"}


class Predicates(Clauses):
    """What a sentence says of values in words."""

    own_sums: set[int]

    def _predicates(self) -> Iterator[Found]:
        yield from self._never()
        for span in self.spans:
            if closed(span.node):
                yield from self._parity(span)
            elif self._is_meant(span):
                yield from self._said_of(span)

    # Numbers and places in an order that are spelled out.

    def _spelled(self) -> Iterator[Found]:
        position = 0
        while position < len(self.tokens):
            read = spelled_number(self.tokens, position)
            if read is None:
                position += 1
                continue
            value, end = read
            if position not in self.settled and not self._counts_something(end - 1):
                yield from self._number(position, end, value)
            position = end

    def _counts_something(self, position: int) -> bool:
        return any(
            self.word(at) in words.ROUNDS | words.CALLS | words.TIMES | words.ACTIONS | words.THINGS
            for at in range(position + 1, min(position + 4, len(self.tokens)))
        )

    def _number(self, position: int, end: int, value: int) -> Iterator[Found]:
        left = next((span for span in reversed(self.spans) if span.last <= position), None)
        if left is not None and not closed(left.node) and self.between(left.last, position) in words.LINKS:
            held = self._values_of(left) if self._is_meant(left) else None
            ends = end >= len(self.tokens) or self.tokens[end].kind == "sign"
            if held is not None and ends:
                so = any(alike(each, value) for each in held)
                detail = None if so else f"{ast.unparse(left.node)} never has that value"
                yield Found("value", left.first, end, VERIFIED if so else CONTRADICTED, None, detail)
                return
        told = _RETURNED & set(self.before(position, 3))
        if (value > _SMALL or told) and not self.grounds.has_number(value) and value not in self.own_sums:
            yield Found("literal", position, end, UNGROUNDED, None, f"{value} is nowhere in the run")

    def _ordinals(self) -> Iterator[Found]:
        """A round or call that is named by its number: there are as many."""
        for position, token in enumerate(self.tokens):
            nth = int(token.text[:-2]) if token.kind == "ordinal" else ORDINAL_WORDS.get(token.text.lower())
            noun = self.word(position + 1)
            if nth is None or noun not in words.ROUNDS | words.CALLS:
                continue
            most = max(self.facts.rounds if noun in words.ROUNDS else self.facts.calls, default=0)
            if nth > most:
                yield Found("count", position, position + 2, CONTRADICTED, None, f"there are no more than {most}")

    # Predicates of names.

    def _is_meant(self, span: Span) -> bool:
        """Whether a span is certainly about a variable, and no ordinary word."""
        if not isinstance(span.node, ast.Name):
            return False
        if span.code or span.node.id.lower() not in self.grounds.ordinary:
            return span.code or span.node.id not in ("A", "I")
        return span.node.id not in ("a", "i") and self.word(span.first - 1) not in _BEFORE_WORDS

    def _parity(self, span: Span) -> Iterator[Found]:
        said = self.between(span.last, min(span.last + 4, len(self.tokens)))
        value = self.grounds.computed(span.node)
        if value is None or not isinstance(value[0], int) or isinstance(value[0], bool):
            return
        if said[:1] == ("is",) and said[1:2] in (("odd",), ("even",)):
            so = (value[0] % 2 == 1) == (said[1] == "odd")
            verdict = VERIFIED if so else CONTRADICTED
            yield Found("predicate", span.first, span.last + 2, verdict, None, None if so else "it is not")

    def _said_of(self, span: Span) -> Iterator[Found]:
        """Every predicate that follows a name."""
        said = [self.word(at) for at in range(span.last, min(span.last + 5, len(self.tokens)))]
        held = self._values_of(span)
        if held is None or not said:
            return
        if self._is_alias(span):
            detail = "whether two names are one object is not checked"
            yield Found("predicate", span.first, span.last, UNGROUNDED, None, detail)
        if any(pair <= set(said[:3]) for pair in _CONSTANT):
            yield self._judged(span, 2, len(held) <= 1, "it changes")
        if said[0] not in _IS:
            return
        rest = [word for word in said[1:] if word not in ("a", "an", "the", *words.FILLERS)]
        always = rest[:1] == ["always"]
        denied = rest[:1] in (["never"], ["not"]) or said[0] == "isn't"
        never = rest[:1] == ["never"]
        rest = rest[1:] if always or denied else rest
        so = self._predicate(rest, span, numbers=always or denied)
        if so is None:
            return
        ways = [so(value) for value in held]
        right = all(ways) if always else not any(ways) if never else not all(ways) if denied else any(ways)
        yield self._judged(span, len(said) - 1, right, "it is not so of any value that it has held")

    def _is_alias(self, span: Span) -> bool:
        """Whether two names are said to be one object."""
        others = [each for each in self.spans if isinstance(each.node, ast.Name) and each is not span]
        rest = self.clause(span.last)
        one = any(pair in pairwise(rest) for pair in _ONE_OBJECT)
        return bool(others) and (one or bool({"alias", "aliases"} & set(rest)))

    def _never(self) -> Iterator[Found]:
        """That loops never run, or calls never return, where each of them does."""
        rounds = [len(run.iterations) for run in self.facts.trace.loops]
        for position in range(len(self.tokens)):
            said = (self.word(position), self.word(position + 1), self.word(position + 2))
            loops = said[0] == "loop" and said[1] == "never" and said[2] in _RUNS and rounds and min(rounds)
            calls = said[0] in ("function", "call") and said[1:] == ("never", "returns") and self.facts.returned
            if loops or calls:
                yield Found("predicate", position, position + 3, CONTRADICTED, None, "it does")

    def _judged(self, span: Span, length: int, so: bool, detail: str) -> Found:
        last = min(span.last + length, len(self.tokens))
        return Found("predicate", span.first, last, VERIFIED if so else CONTRADICTED, None, None if so else detail)

    def _values_of(self, span: Span) -> list[Any] | None:
        """The values that a name has held; None where one of them cannot be read, or there is none."""
        known = [self.grounds.literal(text) for text in self.facts.ever(span.node)]
        return [value[0] for value in known if value is not None] if known and None not in known else None

    def _predicate(self, rest: list[str], span: Span, *, numbers: bool) -> Any:
        """What the words after "is" ask of a value, ``numbers``: a number too; None for nothing that is known here."""
        if not rest:
            return None
        following = rest[1] if len(rest) > 1 else ""
        ends = following in ("", ".", ",", ";", "and", "but", "so", "here", ")", "which", "while", "in", "order")
        if rest[0] in _TYPES and ends:
            return lambda value: type(value) in _TYPES[rest[0]]
        if rest[0] in _STATES and ends:
            backwards = rest[0] == "sorted" and "descending" in rest
            return _STATES["descending" if backwards else rest[0]]
        if rest[0] in NUMBER_WORDS and rest[0] not in ("once", "twice", "thrice") and ends:
            return lambda value: alike(value, NUMBER_WORDS[rest[0]])
        told = next((each for each in self.spans if numbers and each.first > span.last), None)
        if told is not None and value_node(told.node) and self.word(told.first) == rest[0] and ends:
            number = self.grounds.computed(told.node)
            listed = len(self.listed(told)) > 1
            return None if number is None or listed else lambda value: alike(value, number[0])
        return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in_order(value: Any) -> bool:
    if not isinstance(value, list | tuple | str):
        return False
    try:
        return all(one <= other for one, other in pairwise(value))
    except TypeError:
        return False
