"""One planted fault: a telling with a single place changed.

Belongs here: choosing places over a whole telling, and the steps that change places with each other. Does not belong
here: what is put at a place (``places``).
"""

import ast
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from tracepile_assets.narration.planting.places import Claim, Place, can_hold, places

SWAP = "step"
FAULTS = ("value", "operator", "branch", SWAP, "count", "name", "reason", "answer")
"""Kinds of faults."""

_STEPS = {
    "assignment",
    "iteration",
    "test",
    "membership",
    "zero",
    "contents",
    "observed",
    "swap",
    "return",
    "call",
    "loop_end",
    "output",
    "set_to",
    "step",
}


@dataclass(frozen=True, slots=True)
class Planted:
    """A telling with one fault.

    Attributes:
        text: the telling, changed at one place.
        fault: kind of fault, one of ``FAULTS``.
        start: first character of the changed claim, or of the first of two exchanged sentences.
        end: character after its last.
        kind: kind of the claim that was changed; ``order`` for an exchange.
        event: the event that the claim is about; None for an exchange.
        says: the changed claim's words.
        moved: of an exchange, the events of the steps of the sentence that went first, and of the other.
    """

    text: str
    fault: str
    start: int
    end: int
    kind: str
    event: int | None
    says: str
    moved: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


def plant(text: str, claims: Sequence[Any], code: str, seed: object, most: int = 3) -> list[Planted]:
    """Plant single faults in a true telling.

    Args:
        text: the telling.
        claims: its claims: anything with ``start``, ``end``, ``kind``, ``says``, ``event``.
        code: the program.
        seed: decides where and what; anything with a stable text.
        most: at most so many of each kind.

    Returns:
        The changed tellings, each with one fault, in the order of ``FAULTS``.
    """
    rng = random.Random(f"fault {seed}")
    names = _names(code)
    found: dict[str, list[tuple[Any, Place]]] = {fault: [] for fault in FAULTS}
    for claim in claims:
        for place in places(Claim(claim.kind, claim.says), names, rng):
            found[place.fault].append((claim, place))
    planted = []
    for fault in FAULTS:
        if fault == SWAP:
            swaps = list(_swaps(text, claims))
            planted += rng.sample(swaps, min(most, len(swaps)))
            continue
        drawn = rng.sample(found[fault], min(most, len(found[fault])))
        planted += [_put(text, claim, place) for claim, place in drawn]
    return planted


def plant_each(text: str, claims: Sequence[Any], code: str, seed: object) -> Iterator[Planted]:
    """Plant one fault of each kind that has a place in a true telling, the kinds in a drawn order.

    Each is made only when it is asked for, so that the first is cheap in a long telling.

    Args:
        text: the telling.
        claims: its claims, as for ``plant``.
        code: the program.
        seed: decides the order, where and what.
    """
    rng = random.Random(f"twin {seed}")
    names = _names(code)
    for fault in rng.sample(FAULTS, len(FAULTS)):
        if fault == SWAP:
            swaps = list(_swaps(text, claims))
            yield from rng.sample(swaps, min(1, len(swaps)))
            continue
        able = [claim for claim in claims if can_hold(claim.kind, fault)]
        for claim in rng.sample(able, len(able)):
            found = [each for each in places(Claim(claim.kind, claim.says), names, rng) if each.fault == fault]
            if found:
                yield _put(text, claim, rng.choice(found))
                break


@lru_cache(maxsize=64)
def _names(code: str) -> list[str]:
    """Variables of a program."""
    tree = ast.parse(code)
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return sorted(stored | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)})


def _put(text: str, claim: Any, place: Place) -> Planted:
    says = claim.says[: place.start] + place.put + claim.says[place.end :]
    return Planted(
        text=text[: claim.start] + says + text[claim.end :],
        fault=place.fault,
        start=claim.start,
        end=claim.start + len(says),
        kind=claim.kind,
        event=claim.event,
        says=says,
    )


def _swaps(text: str, claims: Sequence[Any]) -> Iterator[Planted]:
    """Two sentences, one after the other, that tell different steps, exchanged."""
    for (begin, middle, first), (start, end, second) in pairwise(_sentences(text, claims)):
        if first and second and min(second) > max(first):
            one, between, other = text[begin:middle], text[middle:start], text[start:end]
            if one.startswith(other[:-1]) or other.startswith(one[:-1]):
                # One says the same and more of its own step, so that nothing is false when they change places.
                continue
            yield Planted(
                text=text[:begin] + other + between + one + text[end:],
                fault=SWAP,
                start=begin,
                end=begin + len(other),
                kind="order",
                event=None,
                says=other,
                moved=(tuple(second), tuple(first)),
            )


def _sentences(text: str, claims: Sequence[Any]) -> Iterator[tuple[int, int, list[int]]]:
    """Spans of sentences of claims only, with the events of their steps; of one with an answer, none."""
    current: list[Any] = []
    for claim, following in zip(claims, [*claims[1:], None], strict=True):
        current.append(claim)
        closed = re.match(r"\.(?=\s|$)", text[claim.end : claim.end + 2])
        if closed or following is None:
            steps = [c.event for c in current if c.kind in _STEPS and c.event is not None]
            if closed:
                own = [] if any(c.kind in ("answer", "entry") for c in current) else steps
                yield _begin(text, current[0].start), claim.end + 1, own
            current = []


def _begin(text: str, at: int) -> int:
    """Where the sentence begins that a claim stands first in: words such as `so` may go before it."""
    while at > 0 and not (text[at - 1].isspace() and (at < 2 or text[at - 2] == ".")):
        at -= 1
    return at
