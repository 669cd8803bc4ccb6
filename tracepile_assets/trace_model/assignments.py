"""Executions of the statements that bind a name.

Belongs here: which statements bind which names (syntax), and which of their executions did (recording). Does not
belong here: changes inside objects that a name refers to (``Trace.changes``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracepile_assets.execution.guest.statements import own_nodes
from tracepile_assets.trace_model.places import Variable
from tracepile_assets.trace_model.values import Value

if TYPE_CHECKING:
    from tracepile_assets.trace_model.statements import Statement, Syntax
    from tracepile_assets.trace_model.trace import Trace

_SCOPES = (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)


@dataclass(frozen=True, slots=True)
class Assignment:
    """The k-th execution (from 1) of a statement that bound the name.

    ``event``: the line event of that execution; ``seen_at``: the first event whose state shows its outcome; ``value``:
    the value then (possibly ``TRUNCATED``).
    """

    k: int
    event: int
    seen_at: int
    value: Value


@dataclass(frozen=True, slots=True)
class Binding:
    """How a statement binds a name.

    ``how``: ``always`` (whenever it completes), ``body`` (when control enters its body: loop targets, ``with``),
    ``entered`` (on entering: ``except ... as``), ``maybe`` (cannot be told from control flow alone).
    """

    name: str
    how: str


def bindings(statement: Statement) -> list[Binding]:
    """The names that a statement itself binds (not the statements nested in it), in order, each once."""
    found: dict[str, str] = {}
    for name, how in _bindings(statement.node):
        found.setdefault(name, how)
    return [Binding(name, how) for name, how in found.items()]


def bindings_by_name(syntax: Syntax) -> dict[str, dict[int, str]]:
    """Name -> number of each statement that binds it -> how."""
    found: dict[str, dict[int, str]] = {}
    for statement in syntax.statements:
        for bound in bindings(statement):
            found.setdefault(bound.name, {})[statement.number] = bound.how
    return found


def _bindings(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _targets(target, "always")
    elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value is not None):
        yield from _targets(node.target, "always")
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield from _targets(node.target, "body")
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        for item in node.items:
            if item.optional_vars is not None:
                yield from _targets(item.optional_vars, "body")
    elif isinstance(node, ast.ExceptHandler):
        if node.name:
            yield node.name, "entered"
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name, "always"
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.split(".")[0], "always"
    for part in own_nodes(node):
        if isinstance(part, ast.NamedExpr):
            yield part.target.id, "maybe"
        elif isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
            yield part.name, "maybe"
        elif isinstance(part, ast.MatchMapping) and part.rest:
            yield part.rest, "maybe"


def _targets(target: ast.expr, how: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, how


def global_names(syntax: Syntax, function: str) -> frozenset[str]:
    """Names that the code of a function declares ``global``."""
    return frozenset(
        name
        for statement in syntax.statements
        if statement.kind == "Global" and statement.function == function
        for name in statement.node.names
    )


def is_local(trace: Trace, function: str, name: str) -> bool:
    """Whether the code of a function, or of one around it, has a statement that binds ``name`` as its own variable."""
    parts = function.split(".<locals>.")
    scopes = {".<locals>.".join(parts[:n]) for n in range(1, len(parts) + 1)} - {"<module>"}
    binding = {trace.syntax.statements[number].function for number in trace.bindings.get(name, ())}
    return any(name not in global_names(trace.syntax, scope) for scope in scopes & binding)


def place_of(trace: Trace, frame: int | None, name: str) -> Variable:
    """The place of a name that the code of a frame binds: its own variable, or a module global."""
    if frame is None:
        return Variable(None, name)
    function = trace.recording.frame_function[frame]
    if function == "<module>" or name in global_names(trace.syntax, function):
        return Variable(None, name)
    return Variable(frame, name)


def assignments(trace: Trace, frame: int | None, name: str) -> list[Assignment]:
    """Executions of a frame's statements that bound ``name``, in order, equal values included.

    ``frame`` None: the module-body frame. A statement that raised before binding does not count. Where the recording
    cannot tell whether an execution bound the name (a walrus behind a short circuit, a capture that left an equal
    value), the list ends before that execution, so that the k-th is always the k-th. Parameters are bound by the call,
    not by a statement, and are not listed.
    """
    if frame is None:
        frame = next((f for f, function in enumerate(trace.recording.frame_function) if function == "<module>"), None)
        if frame is None:
            return []
    place = place_of(trace, frame, name)
    binding = trace.bindings.get(name)
    found: list[Assignment] = []
    if not binding or not trace.runs_statements(frame):
        return found
    for i in trace.frames[frame].line_events:
        how = binding.get(trace.recording.event_statement[i])
        if how is None:
            continue
        bound = _bound_at(trace, i, how, place)
        if bound is None:
            break
        if bound < 0:
            continue
        value = trace.state_at(bound).locals(place.frame)
        if place.name not in value:
            break
        found.append(Assignment(len(found) + 1, i, bound, value[place.name]))
    return found


def _bound_at(trace: Trace, i: int, how: str, place: Variable) -> int | None:
    """Event whose state first shows what the execution at event i bound; -1 if it bound nothing; None if unknown."""
    made = [c for c in trace.changes_by_cause.get(i, ()) if c.place == place and c.op != "delete"]
    if made:
        # A recording that ended at a limit may hold changes that no event shows any more.
        return made[-1].event if made[-1].event < len(trace) else None
    if how == "entered":
        return trace.after(i)
    end = trace.end_of_statement(i)
    if end is None:
        return None
    kind = trace.recording.event_kind[end]
    if kind in ("raise", "unwind"):
        return -1
    if how == "always":
        return end
    if how == "body":
        statement = trace.recording.event_statement[i]
        inside = kind == "line" and trace.syntax.inside(trace.recording.event_statement[end], statement, "body")
        return end if inside else -1
    return None
