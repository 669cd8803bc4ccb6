"""Checks of claims about values: what is bound, what holds, what a container becomes.

Belongs here: assignments, readings, contents, observations, ends of iterations. Does not belong here: where control
goes
(``control``), calls, output and exceptions (``calls``).
"""

import ast

from tracepile_assets.narration.verifier.cursor import Cursor
from tracepile_assets.narration.verifier.expressions import (
    MATCH,
    MISMATCH,
    UNKNOWN,
    canonical,
    has_shape,
    instance,
    is_closed,
    is_value,
    parse,
    same,
    spelled,
)
from tracepile_assets.narration.verifier.findings import Finding, contradicted, ungrounded, verified
from tracepile_assets.narration.verifier.spoken import is_spoken_of, names_in
from tracepile_assets.narration.verifier.statements import bindings

_UP = {"goes up", "grows", "rises"}
_DOWN = {"goes down", "drops", "falls"}
_STILL = {"stays", "remains"}


def assignment(cursor: Cursor, target: ast.expr, chain: list[ast.expr], *, loop_only: bool = False) -> Finding:
    """`target = e1 = ... = value`: the next statement of the frame that binds the target binds this value, and every
    expression in between is what the code says, worked out as far as the text likes."""
    for event in cursor.lines():
        node = cursor.node(event)
        if loop_only and not isinstance(node, (ast.For, ast.AsyncFor)):
            continue
        if isinstance(node, (ast.For, ast.AsyncFor)) and cursor.trace.branch(event) is not True:
            continue
        found = _binding(cursor, event, node, target)
        if found is None:
            continue
        number, bound, value = found
        if bound is None:
            return contradicted(event, f"{spelled(target)} is not what is assigned here")
        if _is_passed_over(cursor, event, node, target, chain):
            continue
        finding = _bound(cursor, event, bound, target, value, chain)
        cursor.told(event, ("bind", number))
        return finding
    return ungrounded(f"{spelled(target)} is not assigned any more")


def _is_passed_over(cursor: Cursor, event: int, node: ast.AST, target: ast.expr, chain: list[ast.expr]) -> bool:
    """Whether a loop binds `_` here, of which nobody tells, and the claim is about another statement that does."""
    if not isinstance(node, (ast.For, ast.AsyncFor)) or not isinstance(target, ast.Name) or target.id != "_":
        return False
    after = cursor.after(event)
    return after is not None and cursor.text(target, after) != spelled(chain[-1])


def _binding(
    cursor: Cursor, event: int, node: ast.AST, target: ast.expr
) -> tuple[int, ast.expr | None, ast.expr | None] | None:
    """The binding of a statement that the target can be; its number, its code target, and what is bound.

    A binding of the right shape at another slot gives None for the code target: the claim contradicts it.
    """
    if cursor.is_broken_off(event):
        return None
    shaped = None
    for number, (bound, value) in enumerate(bindings(node)):
        if cursor.is_done(event, ("bind", number)) or type(bound) is not type(target):
            continue
        if same(bound, target):
            return number, bound, value
        if isinstance(bound, ast.Name) or not has_shape(bound, target):
            continue
        after = cursor.after(event)
        for moment in (event, after):
            if moment is not None and instance(bound, target, cursor.texts_at(moment)) == MATCH:
                return number, bound, value
        shaped = shaped or (number, None, value)
    return shaped


def _bound(
    cursor: Cursor, event: int, bound: ast.expr, target: ast.expr, value: ast.expr | None, chain: list[ast.expr]
) -> Finding:
    after = cursor.after(event)
    if after is None:
        return contradicted(event, "the statement does not complete")
    became = cursor.text(target, after)
    if became is None:
        return contradicted(event, f"the value of {spelled(target)} is not known here")
    if not is_value(chain[-1]) or spelled(chain[-1]) != became:
        return contradicted(event, f"{spelled(target)} becomes {became}")
    observed = value is None and not is_derivable(cursor, event)
    for told in chain[:-1] if value is None else chain:
        if value is None:
            return contradicted(event, "nothing is worked out for this binding in the code")
        verdict = instance(value, told, cursor.texts_at(event))
        if verdict == MISMATCH:
            return contradicted(event, f"the code says {spelled(value)}, the text says {spelled(told)}")
        if verdict == UNKNOWN and not is_value(told):
            return ungrounded(f"what {spelled(told)} is made of is not known here")
        observed = observed or verdict == UNKNOWN
        if is_closed(told) and cursor.text(told, event) not in (None, became):
            return contradicted(event, f"{spelled(told)} is {cursor.text(told, event)}")
    if value is not None:
        worked = cursor.text(value, event)
        if worked is not None and worked != became:
            return contradicted(event, f"{spelled(value)} gives {worked}")
        observed = observed or worked is None
    return verified(event, observed=observed)


def is_derivable(cursor: Cursor, event: int) -> bool:
    """Whether what a statement takes apart, or goes over, can be worked out: all else is seen in the run alone."""
    node = cursor.node(event)
    if not isinstance(node, (ast.For, ast.AsyncFor)):
        whole = getattr(node, "value", None)
        return whole is None or cursor.text(whole, event) is not None
    if cursor.text(node.iter, event) is not None:
        return True
    # An iterator has no text, but what it gives may have one.
    listed = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
    if isinstance(node.iter, ast.Call) and cursor.text(listed, event) is not None:
        return True
    # What a generator of the program yields was told there.
    after = cursor.after(event)
    return after is not None and cursor.trace.recording.event_kind[after - 1] == "yield"


def swapped(cursor: Cursor, one: ast.expr, two: ast.expr, first: ast.expr, second: ast.expr) -> Finding:
    """`a[0] and a[1] swap, becoming 1 and 3`: the next statement that exchanges two places, and what they hold then."""
    for event in cursor.lines():
        node = cursor.node(event)
        if cursor.is_done(event, "swap") or not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        if cursor.is_broken_off(event):
            continue
        target, value = node.targets[0], node.value
        if not (
            isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts) == 2
        ):
            continue
        if not (same(target.elts[0], value.elts[1]) and same(target.elts[1], value.elts[0])):
            continue
        cursor.told(event, "swap")
        for number, _ in enumerate(bindings(node)):
            # What it binds is told: the next claim about one of the places is about a later statement.
            cursor.told(event, ("bind", number))
        for told, code in ((one, target.elts[0]), (two, target.elts[1])):
            if instance(code, told, cursor.texts_at(event)) != MATCH:
                return contradicted(event, f"{spelled(target)} swap")
        after = cursor.after(event)
        finding = reading(cursor, [one], [first], after)
        finding = reading(cursor, [two], [second], after) if finding.detail is None else finding
        return finding if finding.detail is not None else verified(event)
    return ungrounded("nothing is swapped any more")


def moved(cursor: Cursor, target: ast.expr, chain: list[ast.expr], way: str, amount: ast.expr | None) -> Finding:
    """`x grows by 3 to 2 + 3 = 5`: an assignment that also says how the value moves."""
    finding = assignment(cursor, target, chain)
    if finding.event is None or finding.detail is not None:
        return finding
    before, after = cursor.text(target, finding.event), spelled(chain[-1])
    if way in _STILL:
        return finding if before == after else contradicted(finding.event, f"{spelled(target)} was {before}")
    old, new = _number(before), _number(after)
    if old is None or new is None:
        return contradicted(finding.event, f"{spelled(target)} was {before}")
    if (way in _UP and not new > old) or (way in _DOWN and not new < old):
        return contradicted(finding.event, f"{spelled(target)} goes from {before} to {after}")
    if amount is not None:
        by = _number(cursor.text(amount, finding.event)) if is_value(amount) or is_spoken_of(cursor, amount) else None
        if by is None or abs(new - old) != by:
            return contradicted(finding.event, f"{spelled(target)} goes from {before} to {after}")
    return finding


def begun(cursor: Cursor, target: ast.expr, chain: list[ast.expr]) -> Finding:
    """`x starts at 0`: an assignment that is no step from an earlier value of the target."""
    finding = assignment(cursor, target, chain)
    if finding.event is None or finding.detail is not None:
        return finding
    node = cursor.node(finding.event)
    bound = [value for each, value in bindings(node) if same(each, target) and value is not None]
    loops = [run for run in cursor.loops() if finding.event in run.header_events[1:]]
    if loops or any(names_in(target) <= names_in(value) for value in bound):
        return contradicted(finding.event, f"{spelled(target)} has started before")
    return finding


def lasting(cursor: Cursor, targets: list[ast.expr], value: ast.expr, event: int | None) -> Finding:
    """`x is still 3`: it holds, and did so before the statement told last."""
    finding = reading(cursor, targets, [value], event)
    before = cursor.floors[cursor.frame]
    if finding.detail is not None or before < 0:
        return finding
    changed = [each for each in targets if cursor.text(each, before) != spelled(value)]
    return contradicted(event, f"{spelled(changed[0])} was something else before") if changed else finding


def _number(text: str | None) -> float | int | None:
    node = parse(text) if text is not None else None
    try:
        value = ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError):
        return None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def reading(
    cursor: Cursor,
    targets: list[ast.expr],
    chain: list[ast.expr],
    event: int | None,
    only_seen: bool = False,
    asked: str | None = None,
) -> Finding:
    """The targets hold the value that the chain ends in, and every expression in between equals it, at the event.

    ``only_seen``: nothing that leads there can be worked out. ``asked``: an expression that the question asks for.
    """
    if event is None:
        return ungrounded("the frame has ended")
    if not is_value(chain[-1]):
        return ungrounded(f"{spelled(chain[-1])} is not a value")
    stated = spelled(chain[-1])
    for told in [*targets, *chain[:-1]]:
        if not (asked and spelled(told) == canonical(asked)) and not is_spoken_of(cursor, told):
            return ungrounded(f"{spelled(told)} is nothing that the run works out")
        text = cursor.text(told, event)
        if text is None:
            return ungrounded(f"the value of {spelled(told)} is not known here")
        if text != stated:
            return contradicted(event, f"{spelled(told)} is {text} here")
    return verified(event, observed=only_seen)


def contents(cursor: Cursor, code: ast.AST, chain: list[ast.expr]) -> Finding:
    """`stack.append(5)` leaves stack = [1, 5]: the next such statement, and what holds after it."""
    for event in cursor.lines():
        node = cursor.node(event)
        if cursor.is_done(event, "effect"):
            continue
        if isinstance(code, ast.stmt):
            matches = type(node) is type(code) and _statement_matches(cursor, event, node, code)
            shaped = matches
        else:
            own = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
            shaped = own is not None and has_shape(own, code)
            matches = shaped and instance(own, code, cursor.texts_at(event)) == MATCH
        if not shaped:
            continue
        if not matches and _changes_nothing(cursor, event, node):
            continue
        cursor.told(event, "effect")
        if not matches:
            return contradicted(event, f"the code says {spelled(node)}")
        finding = reading(cursor, chain[:1], chain[1:], cursor.after(event))
        if finding.detail is None and not _has_to_do(cursor, event, node, chain[0]):
            return contradicted(event, f"{spelled(chain[0])} was so before, and {spelled(node)} does not speak of it")
        return finding
    return ungrounded("no such statement is left")


def _has_to_do(cursor: Cursor, event: int, node: ast.AST, place: ast.expr) -> bool:
    """Whether a statement changed what a place holds, or at least names it."""
    if names_in(place) & names_in(node):
        return True
    after = cursor.after(event)
    return after is not None and cursor.text(place, event) != cursor.text(place, after)


def _changes_nothing(cursor: Cursor, event: int, node: ast.AST) -> bool:
    """Whether a call of a method leaves its object as it was, so that there is nothing to tell of it."""
    call = getattr(node, "value", None)
    after = cursor.after(event)
    if not isinstance(node, ast.Expr) or not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    before = cursor.text(call.func.value, event)
    return after is not None and before is not None and before == cursor.text(call.func.value, after)


def _statement_matches(cursor: Cursor, event: int, node: ast.AST, told: ast.AST) -> bool:
    if same(node, told):
        return True
    ours, theirs = list(ast.iter_child_nodes(node)), list(ast.iter_child_nodes(told))
    return len(ours) == len(theirs) and all(
        instance(mine, yours, cursor.texts_at(event)) == MATCH for mine, yours in zip(ours, theirs, strict=True)
    )


def observed(cursor: Cursor, code: ast.expr, chain: list[ast.expr]) -> Finding:
    """`re.sub(...)` gives x = 'abc': the recorded outcome of an expression that is not worked out."""
    target = chain[0]
    for event in cursor.lines():
        found = _binding(cursor, event, cursor.node(event), target)
        if found is None:
            continue
        number, bound, value = found
        cursor.told(event, ("bind", number))
        if bound is None or value is None or instance(value, code, cursor.texts_at(event)) != MATCH:
            return contradicted(event, f"the code says {spelled(cursor.node(event))}")
        finding = reading(cursor, [target], chain[1:], cursor.after(event))
        return Finding(finding.verdict, event, finding.detail, observed=True)
    return ungrounded(f"{spelled(target)} is not assigned any more")


def set_to(cursor: Cursor, target: ast.expr, code: str) -> Finding:
    """`data` is set to `sys.stdin.read()`: the next statement that binds the target binds what this expression gives,
    whatever that is."""
    told = parse(code)
    if told is None:
        return ungrounded(f"{code} is no expression to be worked out")
    for event in cursor.lines():
        found = _binding(cursor, event, cursor.node(event), target)
        if found is None:
            continue
        number, bound, value = found
        cursor.told(event, ("bind", number))
        if cursor.after(event) is None:
            return contradicted(event, "the statement does not complete")
        if bound is None or value is None or not same(value, told):
            return contradicted(event, f"the code says {spelled(cursor.node(event))}")
        return verified(event)
    return ungrounded(f"{spelled(target)} is not assigned any more")


def carried_out(cursor: Cursor, told: ast.stmt) -> Finding:
    """`a[i], a[j] = a[j], a[i]` runs: the next statement of the frame that reads so; what it binds is not told."""
    for event in cursor.lines():
        node = cursor.node(event)
        if not same(node, told) or cursor.is_begun(event):
            continue
        for number in range(len(bindings(node))):
            cursor.told(event, ("bind", number))
        cursor.told(event, "effect")
        done = cursor.after(event) is not None and not cursor.is_broken_off(event)
        return verified(event) if done else contradicted(event, "the statement does not complete")
    return ungrounded("no such statement is left")
