"""Beats: the smallest things told, in the order in which they happened.

Belongs here: the value itself. Does not belong here: how a run becomes beats (``telling_frames``, ``phrases``) and
how beats
become sentences (``prose``).
"""

from typing import NamedTuple, Protocol


class Words(Protocol):
    """Words that are put together only where they are told."""

    said: str
    """What stands at their end."""

    def words(self) -> str | None:
        """The clause; None where it would say no more than the shorter one."""

    def _replace(self, *, said: str) -> "Words":
        """The same with another end."""


class Beat(NamedTuple):
    """One thing told.

    Attributes:
        kind: ``pass`` (what a loop variable is bound to), ``test``, ``effect``, ``call``, ``return``, ``loop_end``,
        ``output``,
            ``raise``, ``caught`` or ``aside``.
        text: the clause.
        event: the event that it tells of.
        truth: of a test, how it came out.
        bare: of a test that holds, the clause without the words that say so; for use before "so".
        full: of neighbouring iterations in which nothing changes, the form for a row of them.
        first: of a test, the longer form for the first time.
        holds_state: the clause ends in what holds; more may not follow it after a mere comma.
        key: what repeats when the same statement is told again.
    """

    kind: str
    text: str
    event: int
    truth: bool | None = None
    bare: str | None = None
    full: str | None = None
    first: Words | None = None
    holds_state: bool = False
    key: object = None


class Label(NamedTuple):
    """What an iteration is called.

    Attributes:
        one: the iteration by itself, as in `the pass with i = 3`.
        bound: what stands for it in a row of iterations, as in `i = 3`.
        row: how a row of iterations is called, with two places to fill.
    """

    one: str
    bound: str
    row: str
