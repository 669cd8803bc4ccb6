"""Checks of claims about where control goes: tests, branches, loops and why they end.

Belongs here: matching a told comparison to the next test of its shape, and counts and reasons of loops. Does not belong
here: single iterations (``iterations``), values (``values``) and calls (``calls``).
"""

import ast

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import (
    MISMATCH,
    as_bool,
    has_shape,
    instance,
    is_value,
    spelled,
)
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
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
        if instance(form, part, cursor.texts_at(event)) == MISMATCH:
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


def emptiness(cursor: Cursor, told: ast.expr, empty: bool, leads: bool) -> Finding:
    """`x is (not) empty`: of something that has a length, at the test that asks, or as things stand if it is not told
    what this ``leads`` to."""
    moment = cursor.now()
    length = None if moment is None else cursor.text(_call("len", told), moment)
    finding = truthiness(cursor, told, not empty)
    if finding.event is not None or leads:
        return finding
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
    node = cursor.node(event)
    expected = arm != "else"
    if way is False:
        expected = not expected
    if arm == "else" and not node.orelse:  # type: ignore[attr-defined]
        return contradicted(event, "there is no else branch")
    if taken is None or taken != expected:
        return contradicted(event, f"the test comes out as {taken}")
    return verified(event)


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
        if isinstance(cursor.node(event), ast.Continue):
            cursor.told(event, "jump")
            return verified(event)
    return ungrounded("no continue is left")


def loop_end(cursor: Cursor, iterable: ast.expr | None, reason: str | None, count: int | None) -> Finding:
    """The next loop of the frame to end does so for this reason, after this many iterations."""
    for ends, run in cursor.ending_loops():
        node = cursor.trace.syntax.statements[run.statement].node
        if iterable is not None and not (
            isinstance(node, ast.For)
            and instance(node.iter, iterable, cursor.texts_at(run.header_events[0])) != MISMATCH
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
