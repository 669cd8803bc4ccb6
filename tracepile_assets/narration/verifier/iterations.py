"""Checks of claims about single iterations of loops: which one it is, what it leaves, that nothing changes in it.

Belongs here: finding the iteration that a text names by its number or by what its loop variables are bound to. Does not
belong here: why and when loops end (``control``), and the values that are then read (``values``).
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import parse_statement, same, spelled, variable
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.spoken import is_place
from tracepile_assets.narration.verifier.statements import bindings
from tracepile_assets.trace_model.flow import Iteration, LoopRun


@dataclass(frozen=True, slots=True)
class Named:
    """How a text names an iteration.

    Attributes:
        header: source of the loop's header; None where only loop variables are told, or only the number, of the loop
            of which an iteration was told last.
        inner: the loop is said to stand inside another one that reads the same.
        count: the number of the iteration.
        passing: equations of loop variables, each as target and value.
        plain: each equation gives a variable, and its value without working it out.
    """

    header: str | None = None
    inner: bool = False
    count: int | None = None
    passing: tuple[tuple[ast.expr, ast.expr], ...] = ()
    plain: bool = True


def named(slots: dict[str, Any], number: str, *equations: str) -> Named:
    """What the slots of a clause name: the number and the equations stand in slots of these names."""
    told = [slots[name] for name in equations if name in slots]
    plain = all(len(chain) == 2 and is_place(chain[0]) for chain in told)
    passing = tuple((chain[0], chain[-1]) for chain in told)
    return Named(slots.get("header"), "inner" in slots, slots.get(number), passing, plain)


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


def ended(cursor: Cursor, told: Named) -> Iteration | Finding:
    """The next iteration of a loop to end, to read values there; or a finding, if it is not the one told."""
    found = _next(cursor, told)
    return found if isinstance(found, Finding) else found[1]


def unchanged(cursor: Cursor, told: Named) -> Finding:
    """Through the next iteration of a loop every variable of the frame keeps its value, the loop's own apart."""
    found = _next(cursor, told)
    return found if isinstance(found, Finding) else _unchanged(cursor, found[1])


def _unchanged(cursor: Cursor, found: Iteration) -> Finding:
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


def unchanged_through(cursor: Cursor, first: Named, last: Named) -> Finding:
    """Nothing changes in any iteration from the next one, which is the first told, to the last told."""
    found = _next(cursor, first)
    if isinstance(found, Finding):
        return found
    if not last.plain:
        return ungrounded("the last iteration is not named by its variables")
    run, begun = found
    for iteration in run.iterations[begun.number - 1 :]:
        if iteration.end is None:
            break
        cursor.told(iteration.end)
        finding = _unchanged(cursor, iteration)
        if finding.detail is not None or _fits(cursor, iteration, last):
            return finding
    return ungrounded("the last iteration told is not reached")


def _next(cursor: Cursor, told: Named) -> tuple[LoopRun, Iteration] | Finding:
    """The next iteration to end of a loop that can be meant; a finding, if it is not the one told."""
    waiting = list(_waiting(cursor, told)) if told.plain else []
    if not waiting:
        return ungrounded("no iteration of this loop is left")
    found = next((each for each in waiting if _fits(cursor, each[1], told)), None)
    if found is not None:
        cursor.told(found[1].end or 0)
        cursor.loop = found[0].header_events[0]
        return found
    first = waiting[0][1]
    bound = ", ".join(f"{spelled(name)} = {cursor.text(name, first.body)}" for name, _ in told.passing)
    return contradicted(first.end, f"the next iteration to end is number {first.number}{bound and ', with '}{bound}")


def _waiting(cursor: Cursor, told: Named) -> Iterator[tuple[LoopRun, Iteration]]:
    """Of every loop that can be meant, the first iteration that was not told yet."""
    seen: set[int] = set()
    for run in cursor.loops():
        if run.statement in seen or not _is_meant(cursor, run, told):
            continue
        for iteration in run.iterations:
            begun = iteration.start < cursor.floors[cursor.frame] or cursor.is_begun(iteration.start)
            if iteration.end is not None and not begun:
                seen.add(run.statement)
                yield run, iteration
                break


def _fits(cursor: Cursor, iteration: Iteration, told: Named) -> bool:
    if told.count is not None and told.count != iteration.number:
        return False
    return all(cursor.text(name, iteration.body) == spelled(value) for name, value in told.passing)


def _is_meant(cursor: Cursor, run: LoopRun, told: Named) -> bool:
    node = cursor.trace.syntax.statements[run.statement].node
    if told.header is None:
        bound = [target for target, _ in bindings(node)] if isinstance(node, ast.For) else []
        if not told.passing:
            return run.header_events[0] == cursor.loop
        return all(any(same(each, name) for each in bound) for name, _ in told.passing)
    return _reads(node, told.header) and _is_inner(cursor, run.statement, told.header) == told.inner


def _reads(node: ast.AST, header: str) -> bool:
    told = parse_statement(f"{header.rstrip(':')}: pass")
    if isinstance(node, ast.While) and isinstance(told, ast.While):
        return same(node.test, told.test)
    if isinstance(node, ast.For) and isinstance(told, ast.For):
        return same(node.target, told.target) and same(node.iter, told.iter)
    return False


def _is_inner(cursor: Cursor, loop: int, header: str) -> bool:
    """Whether a loop stands inside another one with this header."""
    statements = cursor.trace.syntax.statements
    outer = statements[loop].loop
    while outer is not None and not _reads(statements[outer].node, header):
        outer = statements[outer].loop
    return outer is not None
