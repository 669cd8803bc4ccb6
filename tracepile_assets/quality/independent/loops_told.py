"""Whether claims about iterations and the ends of loops hold.

Belongs here: which run of a loop an event belongs to, and what is said of it. Does not belong here: values (`claims`).
"""

import ast
import re
from typing import TYPE_CHECKING

from .heap import CannotTell
from .states import Loop
from .wording import Words, same

if TYPE_CHECKING:
    from .claims import Claims

_AFTER = r"(?: after (?P<count>\d+) iterations?)?"


def loop_end(claims: "Claims", words: Words, event: int) -> bool:
    """A loop that ends with an event's statement does so as told, after so many iterations."""
    reason = iterable = None
    if said := words.match(rf"the loop (?:ends|is over|stops){_AFTER}"):
        reason, count = ("exhausted", "condition", "break"), said["count"]
    elif said := words.match(rf"the loop is left by (?P<reason>break|return){_AFTER}"):
        reason, count = (said["reason"],), said["count"]
    elif said := words.match(rf"break leaves the loop(?: in iteration (?P<nth>\d+))?{_AFTER}"):
        reason, count = ("break",), said["nth"] or said["count"]
    elif said := words.match(rf"(?P<iterable>.+?) is exhausted{_AFTER}"):
        reason, count, iterable = ("exhausted",), said["count"], words.last_expression(said["iterable"])
    elif said := words.match(r"there is nothing to go over in (?P<iterable>.+)"):
        reason, count, iterable = ("exhausted",), "0", words.last_expression(said["iterable"])
    elif words.match(r"the loop body never runs"):
        reason, count = ("exhausted", "condition"), "0"
    else:
        raise CannotTell("these words cannot be read")
    ended = [run for run in claims.states.loops if run.last == event]
    if not ended:
        raise CannotTell("no loop ends there")
    return any(
        run.exit in reason
        and (count is None or len(run.iterations) == int(count))
        and (iterable is None or _goes_over(claims, run, iterable))
        for run in ended
    )


def _goes_over(claims: "Claims", run: Loop, told: ast.expr) -> bool:
    node = claims.states.nodes[run.statement]
    return isinstance(node, ast.For) and claims.stands_for(node.iter, told, run.headers[0]) is not False


def iteration_end(claims: "Claims", words: Words, head: str, event: int) -> bool:
    """An iteration ends at the event that is the one told: by its number, or by what its loop binds."""
    ended = _ended(claims, event)
    if said := re.fullmatch(r"after iteration (\d+)(?: of (?:the )?(inner )?(?:loop )?(.+))?", head, re.IGNORECASE):
        return any(
            number == int(said[1]) and (said[3] is None or _reads(claims, run, words.code(said[3])))
            for run, number in ended
        )
    if said := re.fullmatch(r"after the pass with (.+)", head, re.IGNORECASE):
        return _with(claims, words, said[1], event)
    raise CannotTell("these words cannot be read")


def _ended(claims: "Claims", event: int) -> list[tuple[Loop, int]]:
    """Runs of loops of which an iteration ends at an event, with its number."""
    found = [
        (run, number)
        for run in claims.states.loops
        for number, (_, end) in enumerate(run.iterations, 1)
        if end == event
    ]
    if not found:
        raise CannotTell("no iteration ends there")
    return found


def _reads(claims: "Claims", run: Loop, header: str) -> bool:
    node, told = claims.states.nodes[run.statement], ast.parse(f"{header.rstrip(': ')}: pass").body[0]
    if isinstance(node, ast.While) and isinstance(told, ast.While):
        return same(node.test, told.test)
    if isinstance(node, ast.For) and isinstance(told, ast.For):
        return same(node.target, told.target) and same(node.iter, told.iter)
    return False


def _with(claims: "Claims", words: Words, equations: str, event: int) -> bool:
    """The variables of the loop whose iteration ends at an event hold what is told."""
    told = [words.chain(equation) for equation in re.split(r" and (?=[^=]+ = )", equations)]
    return all(claims.is_now(event, words.expression(parts[0]), words.expression(parts[-1])) for parts in told)


def unchanged(claims: "Claims", words: Words, event: int) -> bool:
    """The iteration in which nothing changes is the one that ends at the event."""
    if said := words.match(r"nothing changes in the pass with (?P<equations>.+)"):
        return _with(claims, words, said["equations"], event)
    if said := words.match(r"nothing changes in iteration (?P<number>\d+)(?: of .+)?"):
        return any(number == int(said["number"]) for _, number in _ended(claims, event))
    raise CannotTell("these words cannot be read")


def unchanged_through(claims: "Claims", words: Words, event: int) -> bool:
    """The row of iterations in which nothing changes ends with the one that ends at the event."""
    if said := words.match(r"nothing changes in iterations (?P<first>\d+) to (?P<last>\d+)(?: of .+)?"):
        return any(
            number == int(said["last"]) and 1 <= int(said["first"]) < number and _still(claims, run, said, number)
            for run, number in _ended(claims, event)
        )
    if said := words.match(r"nothing changes in the passes with (?P<first>.+?) to (?P<last>.+)"):
        if not _with(claims, words, said["last"], event):
            return False
        name, value = (words.expression(part) for part in words.chain(said["first"]))
        return any(
            claims.is_now(end, name, value)
            for run, last in _ended(claims, event)
            for _, end in run.iterations[:last]
            if end is not None and _same_from(claims, end, event, run)
        )
    raise CannotTell("these words cannot be read")


def _still(claims: "Claims", run: Loop, said: re.Match[str], last: int) -> bool:
    before = run.iterations[int(said["first"]) - 1][0]
    return _same_from(claims, before, run.iterations[last - 1][1] or before, run)


def _same_from(claims: "Claims", first: int, last: int, run: Loop) -> bool:
    """Whether nothing but what the loop binds differs between two events."""
    target = getattr(claims.states.nodes[run.statement], "target", None)
    own = {part.id for part in ast.walk(target) if isinstance(part, ast.Name)} if target is not None else set()
    one, other = claims.states.texts(first), claims.states.texts(last)
    return all(one.get(name) == other.get(name) for name in {*one, *other} - own)


def nth(claims: "Claims", words: Words, event: int) -> bool:
    """The iteration that begins at the event has this number."""
    said = words.match(r"in iteration (?P<number>\d+)")
    if not said:
        raise CannotTell("these words cannot be read")
    return any(
        number == int(said["number"])
        for run in claims.states.loops
        for number, (start, _) in enumerate(run.iterations, 1)
        if start == event
    )
