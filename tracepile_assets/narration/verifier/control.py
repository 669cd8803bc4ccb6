"""Checks of claims about where control goes: tests, branches, loops and why they end.

Belongs here: matching a told comparison to the next test of its shape, and counts and reasons of loops. Does not belong
here: values (``values``) and calls (``calls``).
"""

import ast

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import (
    MISMATCH,
    as_bool,
    has_shape,
    instance,
    is_value,
    parse,
    parse_statement,
    same,
    spelled,
    variable,
)
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.statements import bindings, complement, tests
from tracepile_assets.trace_model.flow import Iteration


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


def emptiness(cursor: Cursor, told: ast.expr, empty: bool) -> Finding:
    """`x is (not) empty`: of something that has a length, at the test that asks or as things stand."""
    moment = cursor.now()
    length = None if moment is None else cursor.text(_call("len", told), moment)
    finding = truthiness(cursor, told, not empty)
    if finding.event is not None:
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


def iteration_end(
    cursor: Cursor, header: str | None, count: int | None, passing: list[ast.expr] | None
) -> int | Finding:
    """The event at which the next iteration of a loop ends, to read values there; or a finding, if it is not the one
    told.

    The loop is told by its header and the iteration by its number, or both by what the loop variable is bound to.
    """
    found = _next_iteration(cursor, header, count, passing)
    return found if isinstance(found, Finding) else found.end or 0


def unchanged_through(
    cursor: Cursor,
    header: str | None,
    counts: tuple[int, int] | None,
    passing: tuple[list[ast.expr], list[ast.expr]] | None,
) -> Finding:
    """Nothing changes in any iteration from the next one, which is the first told, to the last told."""
    finding = unchanged(cursor, header, counts[0] if counts else None, passing[0] if passing else None)
    for run in cursor.loops():
        for iteration in run.iterations:
            if finding.detail is not None or iteration.start != finding.event:
                continue
            if counts is not None:
                finding = unchanged(cursor, header, iteration.number, None)
                if iteration.number == counts[1]:
                    return finding
            elif passing is not None:
                bound = cursor.text(passing[1][0], iteration.body)
                told = parse(bound) if bound is not None else None
                finding = unchanged(cursor, header, None, [passing[1][0], told or passing[1][-1]])
                if bound == spelled(passing[1][-1]):
                    return finding
    return finding if finding.detail is not None else ungrounded("the last iteration told is not reached")


def unchanged(cursor: Cursor, header: str | None, count: int | None, passing: list[ast.expr] | None) -> Finding:
    """Through the next iteration of a loop every variable of the frame keeps its value, the loop's own apart."""
    found = _next_iteration(cursor, header, count, passing)
    if isinstance(found, Finding):
        return found
    end, trace = found.end or 0, cursor.trace
    node = cursor.node(found.start)
    own = (
        {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
        if isinstance(node, ast.For)
        else set()
    )
    before, after = trace.state_at(found.body), trace.state_at(end)
    for name in {**before.variables(cursor.frame), **after.variables(cursor.frame)}:
        if name in own:
            continue
        old, new = cursor.text(variable(name), found.body), cursor.text(variable(name), end)
        if old != new:
            return contradicted(end, f"{name} goes from {old} to {new}")
    return verified(end)


def nth(cursor: Cursor, count: int) -> Finding:
    """The next iteration of a ``for`` loop to begin in the frame is that number of its loop."""
    beginning = [
        iteration
        for run in cursor.loops()
        if isinstance(cursor.node(run.header_events[0]), ast.For)
        for iteration in run.iterations
        if iteration.start >= cursor.floors[cursor.frame] and not cursor.is_begun(iteration.start)
    ]
    if not beginning:
        return ungrounded("no iteration begins any more")
    first = min(beginning, key=lambda iteration: iteration.start)
    cursor.told(first.start, "nth")
    return verified(first.start) if first.number == count else contradicted(first.start, f"it is number {first.number}")


def _next_iteration(
    cursor: Cursor, header: str | None, count: int | None, passing: list[ast.expr] | None
) -> Iteration | Finding:
    for run in cursor.loops():
        node = cursor.trace.syntax.statements[run.statement].node
        if not _is_loop(node, header, passing):
            continue
        for iteration in run.iterations:
            if (
                iteration.end is None
                or iteration.start < cursor.floors[cursor.frame]
                or cursor.is_begun(iteration.start)
            ):
                continue
            cursor.told(iteration.end)
            if count is not None and iteration.number != count:
                return contradicted(iteration.end, f"the next iteration to end is number {iteration.number}")
            bound = cursor.text(passing[0], iteration.body) if passing is not None else None
            if passing is not None and bound != spelled(passing[-1]):
                return contradicted(iteration.end, f"the next iteration has {spelled(passing[0])} = {bound}")
            return iteration
    return ungrounded("no iteration of this loop is left")


def _is_loop(node: ast.AST, header: str | None, passing: list[ast.expr] | None) -> bool:
    if header is not None:
        told = parse_statement(f"{header.rstrip(':')}: pass")
        if isinstance(node, ast.While) and isinstance(told, ast.While):
            return same(node.test, told.test)
        if isinstance(node, ast.For) and isinstance(told, ast.For):
            return same(node.target, told.target) and same(node.iter, told.iter)
        return False
    return (
        isinstance(node, ast.For)
        and passing is not None
        and any(same(bound, passing[0]) for bound, _ in bindings(node))
    )
