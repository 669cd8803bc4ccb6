"""Checks of claims about where control goes: tests, branches, loops and why they end.

Belongs here: matching a told comparison to the next test of its shape, and counts and reasons of loops. Does not belong
here: single iterations (``iterations``), values (``values``) and calls (``calls``).
"""

import ast

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import (
    MATCH,
    MISMATCH,
    UNKNOWN,
    as_bool,
    has_shape,
    instance,
    is_value,
    spelled,
)
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.spoken import is_spoken_of
from tracepile_assets.narration.verifier.statements import complement, tests


def test(cursor: Cursor, told: list[ast.expr], truth: bool) -> Finding:
    """The expressions are the next test of their shape in the frame, worked out, and it comes out as `truth`."""
    for event in cursor.lines():
        for number, code in enumerate(_tests(cursor, event)):
            if cursor.is_done(event, ("test", number)):
                continue
            for form, expected in ((code, truth), (complement(code), not truth)):
                if form is not None and all(has_shape(form, part) for part in told):
                    cursor.told(event, ("test", number))
                    return _tested(cursor, event, code, form, told, expected)
    return ungrounded(f"no test like {spelled(told[-1])} is left")


def _tests(cursor: Cursor, event: int) -> list[ast.expr]:
    return tests(cursor.node(event), lambda operand: truth_of(cursor, event, operand)[0])


def _tested(
    cursor: Cursor, event: int, code: ast.expr, form: ast.expr, told: list[ast.expr], expected: bool
) -> Finding:
    for part in told:
        verdict = instance(form, part, cursor.texts_at(event))
        if verdict == UNKNOWN:
            return ungrounded(f"what {spelled(part)} is made of is not known here")
        if verdict == MISMATCH:
            return contradicted(event, f"the code says {spelled(code)}, the text says {spelled(part)}")
    outcome, observed = truth_of(cursor, event, code)
    if outcome is None:
        return ungrounded(f"how {spelled(code)} came out is not known")
    if outcome != expected:
        return contradicted(event, f"{spelled(code)} is {outcome} here")
    return Finding("verified", event, None, observed)


def truth_of(cursor: Cursor, event: int, code: ast.expr) -> tuple[bool | None, bool]:
    """How a test came out, and whether that is only observed: worked out, or else taken from the branch that was
    taken."""
    node = cursor.node(event)
    way = True
    text = cursor.text(as_bool(code), event)
    if text in ("True", "False"):
        return text == "True", False
    if not isinstance(node, (ast.If, ast.While)):
        return None, True
    test = node.test
    while test is not code and isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, way = test.operand, not way
    taken = cursor.trace.branch(event)
    return (None if test is not code or taken is None else taken == way), True


def truthiness(cursor: Cursor, told: ast.expr, truth: bool) -> Finding:
    """A test of a bare value: `stack is not empty`, `n is zero`. Without such a test it may still be read."""
    for event in cursor.lines():
        for number, code in enumerate(_tests(cursor, event)):
            if cursor.is_done(event, ("test", number)):
                continue
            if has_shape(code, told) and not isinstance(code, (ast.Compare, ast.BoolOp)) and not is_value(told):
                cursor.told(event, ("test", number))
                return _tested(cursor, event, code, code, [told], truth)
    return ungrounded(f"{spelled(told)} is not tested any more")


def zero(cursor: Cursor, told: ast.expr, nonzero: bool) -> Finding:
    """`n is (non)zero`: a test of a bare number."""
    finding = truthiness(cursor, told, nonzero)
    if finding.detail is not None or finding.event is None:
        return finding
    number = cursor.text(_call("abs", told), finding.event) is not None
    return finding if number else contradicted(finding.event, f"{spelled(told)} is no number here")


def emptiness(cursor: Cursor, told: ast.expr, empty: bool, leads: bool) -> Finding:
    """`x is (not) empty`: of something that has a length, at the test that asks, or as things stand if it is not told
    what this ``leads`` to."""
    moment = cursor.now()
    length = None if moment is None else cursor.text(_call("len", told), moment)
    finding = truthiness(cursor, told, not empty)
    if finding.event is not None and finding.detail is None:
        known = cursor.text(told, finding.event) is not None
        if known and cursor.text(_call("len", told), finding.event) is None:
            return contradicted(finding.event, f"{spelled(told)} has no length here")
    if finding.event is not None or leads:
        return finding
    if not is_spoken_of(cursor, told):
        return ungrounded(f"{spelled(told)} is nothing that the run works out")
    if length is None:
        return ungrounded(f"the length of {spelled(told)} is not known here")
    if (length == "0") != empty:
        return contradicted(moment, f"{spelled(told)} has length {length}")
    return verified(moment)


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(func=ast.Name(name), args=list(arguments), keywords=[])


def branch(cursor: Cursor, arm: str, way: bool | None) -> Finding:
    """The arm named is (or is not) the one taken at the test told last."""
    event = cursor.floors[cursor.frame]
    if event < 0 or cursor.trace.recording.event_kind[event] != "line" or not isinstance(cursor.node(event), ast.If):
        return ungrounded("no test was told that could branch")
    taken = cursor.trace.branch(event)
    expected = arm != "else"
    if way is False:
        expected = not expected
    if arm == "else" and not _has_else(cursor, event):
        return contradicted(event, "there is no else branch")
    if arm != "else" and (arm == "elif") != _is_elif(cursor, cursor.trace.recording.event_statement[event]):
        return contradicted(event, f"the test told last is of no {arm}")
    if taken is None or taken != expected:
        return contradicted(event, f"the test comes out as {taken}")
    return verified(event)


def _has_else(cursor: Cursor, event: int) -> bool:
    syntax, number = cursor.trace.syntax, cursor.trace.recording.event_statement[event]
    inside = [each for each in syntax.statements if each.parent == number and each.block == "orelse"]
    return bool(inside) and not _is_elif(cursor, inside[0].number)


def _is_elif(cursor: Cursor, number: int) -> bool:
    statement = cursor.trace.syntax.statements[number]
    source = cursor.trace.syntax.lines[statement.line - 1].encode()
    return source[statement.node.col_offset :].startswith(b"elif")


def condition(cursor: Cursor, truth: bool) -> Finding:
    """The whole test of the next statement that branches, or of the one told last, comes out as this."""
    for event in cursor.lines():
        taken = cursor.trace.branch(event)
        if isinstance(cursor.node(event), (ast.If, ast.While)) and taken is not None:
            cursor.told(event, "condition")
            observed = not cursor.is_done(event, ("test", 0))
            return (
                Finding("verified", event, None, observed) if taken == truth else contradicted(event, f"it is {taken}")
            )
    return ungrounded("no test is left")


def jump(cursor: Cursor) -> Finding:
    """`continue` is the next statement of its kind."""
    for event in cursor.lines():
        if isinstance(cursor.node(event), ast.Continue) and not cursor.is_done(event, "jump"):
            cursor.told(event, "jump")
            return verified(event)
    return ungrounded("no continue is left")


def loop_end(cursor: Cursor, iterable: ast.expr | None, reason: str | None, count: int | None) -> Finding:
    """The next loop of the frame to end does so for this reason, after this many iterations."""
    for ends, run in cursor.ending_loops():
        node = cursor.trace.syntax.statements[run.statement].node
        if iterable is not None and not (
            isinstance(node, ast.For) and instance(node.iter, iterable, cursor.texts_at(run.header_events[0])) == MATCH
        ):
            return contradicted(ends, f"it is the loop over {spelled(getattr(node, 'iter', node))} that ends")
        cursor.told(ends, "loop_end")
        cursor.done.add((run.header_events[0], "loop"))
        if reason is not None and run.exit != reason:
            return contradicted(ends, f"the loop ends by {run.exit}")
        if reason is None and run.exit not in ("exhausted", "condition", "break"):
            return contradicted(ends, f"the loop ends by {run.exit}")
        if count is not None and count != len(run.iterations):
            return contradicted(ends, f"the loop made {len(run.iterations)} iterations")
        return verified(ends)
    return ungrounded("no loop is left that ends here")
