"""Whether claims about a call, a loop or a run as a whole hold: counts, the longest value, where it goes on or fails.

Belongs here: reading such a claim, and comparing it with what is worked out for the question that it answers. Does not
belong here: claims about single events (the other modules that end in ``told``).
"""

from typing import TYPE_CHECKING

from . import calls, courses, kinds
from .arithmetic import spelled
from .document import Document
from .heap import CannotTell
from .wording import Words

if TYPE_CHECKING:
    from .claims import Claims


def goes_on(claims: "Claims", words: Words) -> bool:
    """The statement that is executed next stands at this line."""
    return _number(words, r"the run goes on at line (?P<number>\d+)") == _worked(claims, "next_statement")


def first(claims: "Claims", words: Words) -> bool:
    """A condition holds for the first time at the end of this iteration of the loop asked about."""
    pattern = r"(?P<code>.+) holds for the first time after iteration (?P<number>\d+)"
    said = words.match(pattern)
    if not said:
        raise CannotTell("these words cannot be read")
    condition = spelled(words.expression(said["code"]))
    return _number(words, pattern) == _worked(claims, "first_moment", condition=condition)


def calls_total(claims: "Claims", words: Words) -> bool:
    """A function was called so often."""
    pattern = r"(?P<name>\w+) was called (?P<number>\d+) times?"
    return _is_of(claims, words, pattern) and _number(words, pattern) == calls.calls_of(
        _document(claims), claims.target
    )


def open_total(claims: "Claims", words: Words) -> bool:
    """At most so many calls of a function were open at once."""
    pattern = r"at most (?P<number>\d+) calls of (?P<name>\w+) were open at once"
    return _is_of(claims, words, pattern) and _number(words, pattern) == calls.depth(_document(claims), claims.target)


def changes_total(claims: "Claims", words: Words) -> bool:
    """A variable changed so often in the call asked about."""
    said = words.match(r"(?P<name>\w+) changed (?P<number>\d+) times?")
    if not said:
        raise CannotTell("these words cannot be read")
    return courses.changes(_document(claims), {**_target(claims), "variable": said["name"]}) == said["number"]


def longest(claims: "Claims", words: Words) -> bool:
    """A variable was at its longest with this value, in the call asked about."""
    said = words.match(r"(?P<name>\w+) is longest as (?P<value>.+)")
    if not said:
        raise CannotTell("these words cannot be read")
    found = courses.longest(_document(claims), {**_target(claims), "variable": said["name"]})
    return spelled(found) == spelled(words.expression(said["value"]))


def raised_at(claims: "Claims", words: Words) -> bool:
    """The exception that ends the run starts at this line."""
    number = _number(words, r"the exception starts at line (?P<number>\d+)")
    return number == calls.exception_line(_document(claims), claims.target)


def _number(words: Words, pattern: str) -> str:
    said = words.match(pattern)
    if not said:
        raise CannotTell("these words cannot be read")
    return said["number"]


def _is_of(claims: "Claims", words: Words, pattern: str) -> bool:
    said = words.match(pattern)
    if not said:
        raise CannotTell("these words cannot be read")
    return said["name"] == str(_target(claims)["function"]).rpartition(".")[2]


def _worked(claims: "Claims", kind: str, **changed: object) -> str:
    return kinds.recompute(_document(claims), kind, {**_target(claims), **changed})


def _target(claims: "Claims") -> dict:
    if not claims.target:
        raise CannotTell("no question is answered")
    return dict(claims.target)


def _document(claims: "Claims") -> Document:
    return claims.states.document
