"""Whether claims about values hold: what is bound, what a variable or container holds.

Belongs here: assignments, readings, contents, observations, ends of iterations. Does not belong here: tests
(`tests_told`), calls and answers (`calls_told`).
"""

import ast
from typing import TYPE_CHECKING

from .heap import CannotTell
from .loops_told import iteration_end as ended
from .wording import Words, same

if TYPE_CHECKING:
    from .claims import Claims

_VERB = (
    r"starts at|starts as|becomes|is set to|(?:goes up|grows|rises|goes down|drops|falls)(?: by (?P<by>.+?))? to"
    r"|(?:stays|remains)(?: at)?"
)


def assignment(claims: "Claims", words: Words, event: int) -> bool:
    """The event's statement binds this target to this value, worked out as told."""
    said = words.match(rf"(?P<target>.+?) (?P<verb>{_VERB}) (?P<chain>.+)")
    if said:
        told, parts = words.last_expression(said["target"]), words.chain(said["chain"])
    else:
        first, *parts = words.chain(words.text)
        told = words.last_expression(first)
    if not parts:
        raise CannotTell("nothing is assigned in these words")
    return _bound(claims, words, event, told, parts)


def _bound(claims: "Claims", words: Words, event: int, told: ast.expr, parts: list[str]) -> bool:
    last = words.expression(parts[-1])
    codes = claims.targets(event, told)
    if not claims.is_now(claims.states.after(event), told, last):
        return False
    if not codes:
        if isinstance(told, ast.Name):
            raise CannotTell("it holds that value, though it is not assigned there")
        return False
    return any(claims.worked_out(parts[:-1], words, code, event, last) for code in codes)


def reading(claims: "Claims", words: Words, event: int) -> bool:
    """Targets hold a value just before the event."""
    both = words.match(r"(?P<one>.+?) and (?P<two>.+?) are (?:both )?(?P<value>.+)")
    if both:
        value = words.expression(both["value"])
        return all(claims.is_now(event, words.last_expression(both[name]), value) for name in ("one", "two"))
    said = words.match(r"(?P<target>.+?) is (?:still |now )?(?P<value>.+)")
    parts = words.chain(words.text)
    if len(parts) == 1 and said:
        parts = [said["target"], said["value"]]
    if len(parts) < 2:
        raise CannotTell("nothing is read in these words")
    last = words.expression(parts[-1])
    told = [words.last_expression(parts[0]), *(words.expression(part) for part in parts[1:-1])]
    return all(claims.is_now(event, each, last) for each in told)


def iteration_end(claims: "Claims", words: Words, event: int) -> bool:
    """An iteration ends, and what holds then."""
    head, rest = _at_colon(words.text)
    return ended(claims, words, head, event) and reading(claims, Words(words.shown(rest)), event)


def _at_colon(text: str) -> tuple[str, str]:
    """What goes before and after the first colon outside brackets."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and text[at : at + 2] == ": ":
            return text[:at], text[at + 2 :]
    raise CannotTell("nothing is read in these words")


def contents(claims: "Claims", words: Words, event: int) -> bool:
    """A statement is done, and what a container holds just before the event."""
    said = words.match(r"(?P<code>.+?) (?:makes|leaves) (?P<chain>.+)")
    if not said:
        raise CannotTell("these words cannot be read")
    # The event is the one whose state is told.
    states = claims.states
    done = max(i for i in states.of_frame[states.frame(event)] if i < event and states.events[i]["kind"] == "line")
    if not _is_done(claims, words.code(said["code"]), done):
        return False
    return reading(claims, Words(words.shown(said["chain"])), event)


def _is_done(claims: "Claims", code: str, event: int) -> bool:
    """Whether code that is told is the event's statement, or what it evaluates, with parts of it worked out."""
    node = claims.states.node(event)
    told = ast.parse(code).body[0]
    if same(node, told):
        return True
    if isinstance(told, ast.Expr):
        own = getattr(node, "value", None)
        return isinstance(own, ast.AST) and claims.stands_for(own, told.value, event) is not False
    mine, yours = list(ast.iter_child_nodes(node)), list(ast.iter_child_nodes(told))
    if type(node) is not type(told) or len(mine) != len(yours):
        return False
    fits = [
        claims.stands_for(one, other, event) if isinstance(one, ast.expr) else ast.dump(one) == ast.dump(other)
        for one, other in zip(mine, yours, strict=True)
    ]
    return False not in fits


def observed(claims: "Claims", words: Words, event: int) -> bool:
    """An expression of the event's statement gives what is bound."""
    said = words.match(r"(?P<code>.+?) gives (?P<chain>.+)")
    if not said:
        raise CannotTell("these words cannot be read")
    target, *parts = words.chain(said["chain"])
    told, last = words.last_expression(target), words.expression(parts[-1])
    if not claims.is_now(claims.states.after(event), told, last):
        return False
    code = words.expression(said["code"])
    values = claims.targets(event, told)
    if not values:
        raise CannotTell("it holds that value, though it is not assigned there")
    return any(value is None or claims.stands_for(value, code, event) is not False for value in values)


def set_to(claims: "Claims", words: Words, event: int) -> bool:
    """The event's statement binds the target to this expression."""
    said = words.match(r"(?P<target>.+?) is set to (?P<code>.+)")
    if not said:
        raise CannotTell("these words cannot be read")
    code, target = words.expression(said["code"]), words.last_expression(said["target"])
    return any(value is not None and same(value, code) for value in claims.targets(event, target))


def step(claims: "Claims", words: Words, event: int) -> bool:
    """The event's statement reads so."""
    said = words.match(r"(?P<code>.+) runs")
    if not said:
        raise CannotTell("these words cannot be read")
    return same(claims.states.node(event), ast.parse(words.code(said["code"])).body[0])


def swap(claims: "Claims", words: Words, event: int) -> bool:
    """Two places are exchanged, and what they hold then."""
    said = words.match(r"(?P<one>.+?) and (?P<two>.+?) swap, becoming (?P<first>.+?) and (?P<second>.+)")
    node = claims.states.node(event)
    if not said or not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
        raise CannotTell("these words cannot be read")
    after = claims.states.after(event)
    places = [words.last_expression(said["one"]), words.last_expression(said["two"])]
    fits = [claims.stands_for(code, told, event) for code, told in zip(node.targets[0].elts, places, strict=True)]
    return False not in fits and all(
        claims.is_now(after, told, words.expression(said[name]))
        for told, name in zip(places, ("first", "second"), strict=True)
    )
