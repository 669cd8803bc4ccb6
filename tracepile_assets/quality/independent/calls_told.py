"""Whether claims about calls, returns, output, exceptions, counts and the answer hold.

Belongs here: arguments against parameters, what a return or raise carries, what was written, how often something ran.
Does not belong here: values inside a frame (`values_told`).
"""

import ast
from typing import TYPE_CHECKING

from .arithmetic import spelled, value_of
from .heap import CannotTell
from .wording import Words, is_value, same

if TYPE_CHECKING:
    from .claims import Claims


def call(claims: "Claims", words: Words, event: int) -> bool:
    """A frame begins at the event with this call."""
    said = words.match(r"(?:we call|the call is|the run starts with|(?:this|it|that) (?:calls|needs)) (?P<call>.+)")
    said = said or words.match(r"(?P<call>.+) is called")
    if not said:
        raise CannotTell("these words cannot be read")
    named = words.match(r".*? (?:call|calls) (?P<name>\w+) with (?P<chain>.+)")
    if named:
        name, value = words.chain(named["chain"])[0], words.chain(named["chain"])[-1]
        return claims.states.events[event]["function"].endswith(named["name"]) and claims.is_now(
            event, words.expression(name), words.expression(value)
        )
    return _made(claims, words.expression(said["call"]), event)


def _made(claims: "Claims", told: ast.expr, event: int) -> bool:
    """Whether the call that a frame began with at an event is the one told."""
    states = claims.states
    if not isinstance(told, ast.Call):
        raise CannotTell("that is no call")
    name = told.func.attr if isinstance(told.func, ast.Attribute) else getattr(told.func, "id", None)
    parts = states.events[event]["function"].split(".")
    if parts[-1] != name and parts[-2:] != [name, "__init__"]:
        return False
    arguments = getattr(states.node(event), "args", None)
    if not isinstance(arguments, ast.arguments) or arguments.vararg or arguments.kwarg:
        raise CannotTell("the parameters cannot be told")
    names = [each.arg for each in [*arguments.posonlyargs, *arguments.args]]
    if "." in states.events[event]["function"] and names and names[0] in ("self", "cls"):
        names = names[1:]
    if len(told.args) > len(names):
        return False
    given = [*zip(names, told.args, strict=False), *((str(each.arg), each.value) for each in told.keywords)]
    depth = states.events[event]["depth"] - 1
    caller = [i for i in range(event) if states.events[i]["depth"] == depth]
    for name, value in given:
        if is_value(value):
            if not claims.is_now(event, ast.Name(name), value):
                return False
        elif not caller:
            raise CannotTell("nothing goes before the call")
        elif not claims.is_now(event, ast.Name(name), repr(value_of(value, states.texts(caller[-1])))):
            return False
    return True


def returned(claims: "Claims", words: Words, event: int) -> bool:
    """The event is a return of this value, worked out as told."""
    states = claims.states
    said = words.match(r"(?P<call>.+?) (?:returns (?P<chain>.+)|ends without a value)")
    if not said:
        raise CannotTell("these words cannot be read")
    carried = states.carried(event)
    begun = states.of_frame[states.frame(event)][0]
    if said["call"].lower() not in ("the call", "it", "which", "this", "the function", "that") and not _made(
        claims, words.last_expression(said["call"]), begun
    ):
        return False
    if said["chain"] is None:
        return carried == "None"
    *parts, last = words.chain(said["chain"])
    end = words.expression(last)
    if spelled(carried) != spelled(end):
        return False
    node = states.node(event)
    return claims.worked_out(parts, words, getattr(node, "value", None), event, end)


def answer(claims: "Claims", words: Words, event: int) -> bool:
    """The answer to the question, or of a whole run what it returns."""
    said = words.match(r"(?:that makes )?the answer (?:is )?(?P<value>.+)")
    if not said:
        raise CannotTell("these words cannot be read")
    told = words.shown(said["value"])
    answer = claims.states.document.raw["return_value"] if claims.answer is None else claims.answer
    if told == answer:
        return True
    node = words.expression(said["value"])
    held = node.value if isinstance(node, ast.Constant) else None
    if isinstance(held, str) and held.rstrip("\n") == answer.rstrip("\n"):
        return True
    try:
        return spelled(node) == spelled(answer)
    except CannotTell:
        return False


def output(claims: "Claims", words: Words, event: int) -> bool:
    """The event writes this text."""
    said = words.match(r"(?:.+? )?(?:prints?|writes?) (?P<text>.+)")
    if not said:
        raise CannotTell("these words cannot be read")
    written = str(claims.states.events[event]["value"]).removesuffix("\n")
    if said["text"].lower() == "an empty line":
        return written == ""
    node = words.expression(said["text"])
    return written == (node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else spelled(node))


def exception(claims: "Claims", words: Words, event: int) -> bool:
    """The event raises this, at this code."""
    said = words.match(r"(?P<code>.+?) raises (?P<exception>.+)")
    if not said:
        raise CannotTell("these words cannot be read")
    if spelled(claims.states.carried(event)) != spelled(words.expression(said["exception"])):
        return False
    code = words.code(said["code"])
    if code.lower() in ("this", "it", "that", "which"):
        return True
    line = max(i for i in claims.states.of_frame[claims.states.frame(event)] if i < event)
    node, told = claims.states.node(event), ast.parse(code).body[0]
    if isinstance(told, ast.Expr):
        return any(
            claims.stands_for(part, told.value, line) is not False
            for part in ast.walk(node)
            if isinstance(part, ast.expr)
        )
    return same(node, told)


def tally(claims: "Claims", words: Words, event: int) -> bool:
    """Which execution of its statement the event is, or how many went before it."""
    states, frame = claims.states, claims.states.frame(event)
    if said := words.match(r"(?:(?P<code>.+) runs for the |\()(?P<number>\d+)(?:st|nd|rd|th) time\)?"):
        visits = states.visits(states.events[event]["statement"], frame)
        return visits.index(event) + 1 == int(said["number"])
    if said := words.match(r"\((?P<number>\d+) times? so far\)"):
        return sum(i < event for i in states.visits(claims.target["statement"], frame)) == int(said["number"])
    raise CannotTell("these words cannot be read")


def count(claims: "Claims", words: Words, event: int) -> bool:
    """How often the statement that is asked about ran in its call."""
    said = words.match(r"(?P<code>.+) ran (?P<number>\d+) times?")
    if not said:
        raise CannotTell("these words cannot be read")
    states = claims.states
    frame = states.document.call(claims.target["function"], claims.target["call"])[0]
    return len(states.visits(claims.target["statement"], states.frame(frame))) == int(said["number"])


def escapes(claims: "Claims", words: Words, event: int) -> bool:
    """The event ends a frame by an exception."""
    said = words.match(r"nothing(?: in (?P<name>\w+))? catches it")
    if not said:
        raise CannotTell("these words cannot be read")
    ended = claims.states.events[event]
    return ended["kind"] == "unwind" and (said["name"] is None or ended["function"].split(".")[-1] == said["name"])
