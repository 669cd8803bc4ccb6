"""One sentence of free prose, its words and expressions, and the claims found in it.

Belongs here: what every check of a sentence needs. Does not belong here: the checks.
"""

import math
from typing import Any, NamedTuple

from tracepile_assets.narration.verifier.prose import words
from tracepile_assets.narration.verifier.prose.facts import Facts
from tracepile_assets.narration.verifier.prose.grounds import Grounds
from tracepile_assets.narration.verifier.prose.reading import Prose, Span, value_node

CLAUSE_ENDS = {"...", "…", ",", ";", ".", ":", "(", ")", "->", "!", "-", "--", "\u2014", "\u2013"}
"""Signs that end a clause."""


class Found(NamedTuple):
    """One claim in a sentence: its kind, the tokens that it spans, its verdict, its event, why it is not verified."""

    kind: str
    first: int
    last: int
    verdict: str
    event: int | None = None
    detail: str | None = None


class Clauses:
    """One sentence about one run.

    Args:
        prose: the sentence.
        spans: its expressions.
        facts: the run.
        grounds: where single values can come from.
    """

    def __init__(self, prose: Prose, spans: list[Span], facts: Facts, grounds: Grounds) -> None:
        """Keep them."""
        self.tokens = prose.tokens
        self.spans = spans
        self.facts = facts
        self.grounds = grounds
        self.settled: set[int] = set()
        self.worked: set[int] = set()

    def word(self, position: int) -> str:
        """The token at a position in small letters; empty where there is none."""
        return self.tokens[position].text.lower() if 0 <= position < len(self.tokens) else ""

    def between(self, first: int, last: int) -> tuple[str, ...]:
        """The words between two positions, without those that say nothing."""
        found = [self.word(position) for position in range(first, last)]
        return tuple(word for word in found if word not in words.FILLERS)

    def clause(self, position: int) -> list[str]:
        """The words from a position to the end of the clause."""
        found = []
        for at in range(position, min(len(self.tokens), position + 9)):
            if self.tokens[at].kind == "sign" and self.tokens[at].text in CLAUSE_ENDS:
                break
            found.append(self.word(at))
        return found

    def before(self, position: int, count: int = 5) -> list[str]:
        """The words before a position, back to the beginning of the clause."""
        found: list[str] = []
        for at in range(position - 1, max(-1, position - 1 - count), -1):
            if self.tokens[at].kind == "sign" and self.tokens[at].text in CLAUSE_ENDS:
                break
            found.append(self.word(at))
        return found

    def listed(self, first: Span) -> list[Span]:
        """The values of an enumeration that begins with this one: `2, 3 and 5`."""
        found = [first]
        for span in self.spans[self.spans.index(first) + 1 :] if first in self.spans else ():
            between = [self.word(at) for at in range(found[-1].last, span.first)]
            if between not in ([","], ["and"], [",", "and"], ["or"], ["then"], [",", "then"], ["to"]):
                break
            if not value_node(span.node) or not value_node(first.node):
                break
            found.append(span)
        if len(found) > 1 and self.word(found[-1].last) in words.VERBS:
            found.pop()
        return found

    def settle(self, span: Span) -> None:
        """Note that a claim accounts for the values of an expression."""
        self.settled.update(range(span.first, span.last))

    def ungrounded(self, span: Span) -> str | None:
        """Why the values of an expression have no ground in the run; None if they have."""
        raise NotImplementedError


def alike(one: Any, other: Any) -> bool:
    """Whether two values are the same to somebody who tells of them: 6 and 6.0 are, True and 1 are not."""
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9) or one == other
    if isinstance(other, float) and isinstance(one, int):
        return alike(other, one)
    return type(one) is type(other) and one == other
