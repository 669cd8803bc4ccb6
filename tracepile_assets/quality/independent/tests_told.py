"""Whether claims about tests and branches hold.

Belongs here: which test of a statement is told, and how it came out. Does not belong here: loops (`loops_told`).
"""

import ast
import re
from typing import TYPE_CHECKING

from .arithmetic import value_of
from .heap import CannotTell
from .wording import Words

if TYPE_CHECKING:
    from .claims import Claims

_COMPLEMENT = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


_TRUE, _FALSE = "holds|is true", "fails|is false|does not hold"


def test(claims: "Claims", words: Words, event: int) -> bool:
    """A test comes out as told, and its words are those of the code with parts worked out."""
    truth = True
    parts = [words.text]
    if said := words.match(rf"(?P<code>.+?) (?:is|means) (?P<told>.+), which (?P<way>{_TRUE}|{_FALSE})"):
        parts, truth = [said["code"], said["told"]], bool(re.fullmatch(_TRUE, said["way"]))
    elif said := words.match(rf"(?P<told>.+) (?P<way>{_TRUE}|{_FALSE})"):
        parts, truth = [said["told"]], bool(re.fullmatch(_TRUE, said["way"]))
    return all(_comes_out(claims, words.last_expression(part), truth, event) for part in parts)


def membership(claims: "Claims", words: Words, event: int) -> bool:
    """`a is in b` and `a is not in b`."""
    said = words.match(r"(?P<left>.+?) is (?P<no>not )?in (?P<right>.+)")
    if not said:
        raise CannotTell("these words cannot be read")
    op: ast.cmpop = ast.NotIn() if said["no"] else ast.In()
    told = ast.Compare(words.last_expression(said["left"]), [op], [words.expression(said["right"])])
    return _comes_out(claims, told, True, event)


def noneness(claims: "Claims", words: Words, event: int) -> bool:
    """`a is None` and `a is not None`, as a test or as things stand."""
    said = words.match(r"(?P<left>.+?) is (?P<no>not )?None")
    if not said:
        raise CannotTell("these words cannot be read")
    op: ast.cmpop = ast.IsNot() if said["no"] else ast.Is()
    left = words.last_expression(said["left"])
    told = ast.Compare(left, [op], [ast.Constant(None)])
    if not _tested(claims, told, event):
        return claims.is_now(event, left, "None") != bool(said["no"])
    return _comes_out(claims, told, True, event)


def bare(claims: "Claims", words: Words, event: int) -> bool:
    """`a is empty`, `a is zero` and their opposites, as a test or as things stand."""
    said = words.match(r"(?P<told>.+?) is (?P<way>nonzero|zero|not empty|empty)")
    if not said:
        raise CannotTell("these words cannot be read")
    told, truth = words.last_expression(said["told"]), said["way"] in ("nonzero", "not empty")
    if not _tested(claims, told, event):
        return bool(value_of(told, claims.states.texts(event))) == truth
    return _comes_out(claims, told, truth, event)


def _tests(claims: "Claims", event: int) -> list[ast.expr]:
    test = getattr(claims.states.node(event), "test", None)
    return [] if test is None else [part for part in ast.walk(test) if isinstance(part, ast.expr)]


def _tested(claims: "Claims", told: ast.expr, event: int) -> list[tuple[ast.expr, bool]]:
    """The tests of the event's statement that a told one may be, and whether it is told the other way round."""
    found = []
    for code in _tests(claims, event):
        if claims.stands_for(code, told, event) is not False:
            found.append((code, False))
        elif isinstance(code, ast.Compare) and len(code.ops) == 1 and type(code.ops[0]) in _COMPLEMENT:
            other = ast.Compare(code.left, [_COMPLEMENT[type(code.ops[0])]()], code.comparators)
            if claims.stands_for(other, told, event) is not False:
                found.append((code, True))
    return found


def _comes_out(claims: "Claims", told: ast.expr, truth: bool, event: int) -> bool:
    codes = _tested(claims, told, event)
    if not codes:
        return False
    try:
        return bool(value_of(told, claims.states.texts(event))) == truth
    except CannotTell:
        outcome = {_outcome(claims, code, event) != turned for code, turned in codes}
        if len(outcome) != 1:
            raise
        return outcome.pop() == truth


def _outcome(claims: "Claims", code: ast.expr, event: int) -> bool:
    """How a test of the event's statement came out: worked out, or by the way that was taken."""
    try:
        return bool(value_of(code, claims.states.texts(event)))
    except CannotTell:
        test, way = claims.states.node(event).test, True  # type: ignore[attr-defined]
        while test is not code and isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, way = test.operand, not way
        if test is not code:
            raise
        return _taken(claims, event) == way


def _taken(claims: "Claims", event: int) -> bool:
    after = claims.states.after(event)
    document = claims.states.document
    if document.failed(after) and claims.states.events[after]["kind"] != "return":
        raise CannotTell("the test raised")
    return document.entered(after) in document.block(claims.states.events[event]["statement"], "body")


def condition(claims: "Claims", words: Words, event: int) -> bool:
    """How a whole test comes out, by the way that was taken."""
    said = words.match(rf"the whole condition (?P<way>{_TRUE}|{_FALSE})")
    if not said:
        raise CannotTell("these words cannot be read")
    return _taken(claims, event) == bool(re.fullmatch(_TRUE, said["way"]))


def branch(claims: "Claims", words: Words, event: int) -> bool:
    """Which arm is taken."""
    said = words.match(r"(?:the|we take the) (?P<arm>if|elif|else) branch ?(?P<way>is taken|runs|is skipped)?")
    if not said:
        raise CannotTell("these words cannot be read")
    return _taken(claims, event) == ((said["arm"] != "else") == (said["way"] != "is skipped"))
