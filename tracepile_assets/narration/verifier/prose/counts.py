"""Counts in a sentence: how often something went round, was called, was done, and how many things there are.

Belongs here: what a number counts, and the counts that the run has. Does not belong here: numbers that are values.
"""

from collections.abc import Iterator
from functools import cached_property

from tracepile_assets.narration.verifier.prose import words
from tracepile_assets.narration.verifier.prose.clauses import Clauses, Found
from tracepile_assets.narration.verifier.prose.reading import closed, number, value_node
from tracepile_assets.narration.verifier.verdict import CONTRADICTED, VERIFIED


class Counts(Clauses):
    """Counts in a sentence: how often something went round, was called, was done, and how many things there are."""

    def _counts(self) -> Iterator[Found]:
        for position, token in enumerate(self.tokens):
            count = number(token)
            if count is None or position in self.settled or self.word(position - 1) in words.LINES | words.PLACES:
                continue
            noun, at = self._noun(position)
            allowed = self._allowed(noun, position)
            if allowed is None:
                continue
            self.settled.add(position)
            partial = any(word in words.PARTIAL for word in self.before(position, 3))
            if count in allowed or count in self.own_sums or (partial and count <= max(allowed, default=0)):
                yield Found("count", position, at + 1, VERIFIED)
            else:
                yield Found("count", position, at + 1, CONTRADICTED, None, f"no count of {noun} in this run is {count}")

    @cached_property
    def own_sums(self) -> set[int]:
        """What the arithmetic of the sentence comes to, and the sums of the numbers that it lists."""
        found = set()
        for span in self.spans:
            value = self.grounds.computed(span.node) if closed(span.node) else None
            if value and isinstance(value[0], int) and not value_node(span.node):
                found.add(value[0])
            if value and isinstance(value[0], list | tuple) and all(type(each) is int for each in value[0]):
                found.add(sum(value[0]))
            listed = [self.grounds.computed(each.node) for each in self.listed(span)] if closed(span.node) else []
            numbers = [each[0] for each in listed if each and isinstance(each[0], int)]
            if len(numbers) > 2:
                found.add(sum(numbers))
        return found

    def _noun(self, position: int) -> tuple[str, int]:
        """What a number counts, and where that stands; a word or two may go between."""
        if self.word(position) in ("once", "twice", "thrice"):
            return "times", position
        for at in range(position + 1, min(position + 4, len(self.tokens))):
            word = self.word(at)
            if self.tokens[at].kind != "word":
                break
            if at > position + 1 and word in ("once", "twice", "thrice"):
                break
            if word in words.ROUNDS | words.CALLS | words.TIMES | words.ACTIONS | words.THINGS:
                return word, at
            if word in words.NOT_AFTER or word in ("and", "in", "on", "at", "to", "is", "for", "as", "from", "by"):
                break
        return "", position

    def _allowed(self, noun: str, position: int) -> set[int] | None:
        if noun in words.ROUNDS:
            return self.facts.rounds
        if noun in words.CALLS:
            return self.facts.calls
        if noun in words.TIMES:
            before, after = self.before(position, 2), self.word(position + 2)
            number_follows = any(span.first in (position + 1, position + 2) for span in self.spans)
            if number_follows or "by" in before or after in ("as", "the") or self.word(position) != "once":
                return self.facts.executions | self.facts.sizes | self.grounds.whole_numbers
            return None
        if noun in words.ACTIONS:
            return self.facts.executions | self.facts.sizes
        if noun in words.THINGS:
            return self.facts.executions | self.facts.sizes | self.grounds.whole_numbers
        return None
