"""What a narrator can see of a run: values of expressions at events, and the events of one statement.

Belongs here: reading the trace for the telling. Does not belong here: words.
"""

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import cached_property, lru_cache, wraps
from typing import Any

from tracepile_assets.execution.guest.statements import children, walked
from tracepile_assets.narration.narrators.spelling import Written
from tracepile_assets.narration.narrators.standpoint import Standpoint, is_tellable
from tracepile_assets.trace_model.flow import Iteration, LoopRun
from tracepile_assets.trace_model.trace import Frame, Trace
from tracepile_assets.trace_model.value_parser import parse_value
from tracepile_assets.trace_model.values import Unknown

_STANDPOINTS = 1_024
"""Moments kept at hand with what holds there."""


class Scene:
    """A run as the narrators see it."""

    def __init__(self, trace: Trace) -> None:
        """Look at a run."""
        self.trace = trace
        self._texts: dict[tuple[int, int], dict[object, str | None]] = {}
        self._standpoints: dict[tuple[int, int], Standpoint] = {}
        self._own: dict[str, bool] = {}
        self.told: dict[tuple[object, ...], Any] = {}
        self.callers = {frame.parent for frame in trace.frames}
        self._written: dict[int, list[int]] = {}
        frames, kinds = trace.recording.event_frame_id, trace.recording.event_kind
        self.written = [i for i, kind in enumerate(kinds) if kind == "output"]
        for i in self.written:
            self._written.setdefault(frames[i], []).append(i)
        self.functions = frozenset(trace.program_facts.functions)
        self._own_call = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(self.functions)))})\(")
        self.generators = {frames[i] for i, kind in enumerate(kinds) if kind == "yield"} if "yield" in kinds else set()
        self.iterations: dict[int, Iteration] = {}
        self.runs: dict[int, LoopRun] = {}
        self.ends: dict[int, LoopRun] = {}
        for run in trace.loops:
            for header in run.header_events:
                self.runs[header] = run
            for iteration in run.iterations:
                self.iterations[iteration.start] = iteration
            last = self._last_event(run)
            if last is not None and run.exit in ("exhausted", "condition", "break"):
                self.ends[last] = run

    @cached_property
    def read(self) -> set[str]:
        """Names that the program reads."""
        nodes = walked(self.trace.syntax.tree)
        return {node.id for node in nodes if type(node) is ast.Name and type(node.ctx) is ast.Load}

    def _last_event(self, run: LoopRun) -> int | None:
        if run.exit in ("exhausted", "condition"):
            return run.header_events[-1]
        if run.exit_event is None:
            return None
        events = self.trace.frames[run.frame].line_events
        position = bisect_left(events, run.exit_event) - 1
        return events[position] if position >= 0 else None

    def at(self, event: int, frame: int) -> "Standpoint":
        """Just before an event, in a frame."""
        found = self._standpoints.get((event, frame))
        if found is None:
            if len(self._standpoints) > _STANDPOINTS:
                self._standpoints.clear()
            texts = self._texts.setdefault((event, frame), {})
            found = self._standpoints[event, frame] = Standpoint(self, event, frame, texts)
        return found

    def text(self, node: ast.expr, event: int, frame: int) -> str | None:
        """Value text of an expression just before an event; None where it cannot be worked out or told."""
        return self.at(event, frame).text(node)

    def text_of(self, told: Written, event: int, frame: int) -> str | None:
        """The same of an expression of which parts may have been worked out."""
        return self.at(event, frame).text_of(told)

    def variable(self, name: str, event: int, frame: int) -> str | None:
        """Value text of a variable just before an event, as `text` gives it."""
        return self.at(event, frame).variable(name)

    def may_call_own(self, told: Written) -> bool:
        """Whether an expression reads as if it held a call of the program's own: it does not, where it does not.

        As text such a call has its name before a bracket, so that few expressions need to be looked through.
        """
        if not self.functions or "(" not in told.text:
            return False
        found = self._own.get(told.text)
        if found is None:
            found = self._own[told.text] = self._own_call.search(told.text) is not None
        return found

    def own_calls(self, node: ast.AST) -> tuple[ast.Call, ...]:
        """Calls of the program's own functions in an expression, in the order in which they are made."""
        return _calls_in(node, self.functions) if self.functions else ()

    def statement_calls(self, event: int) -> list[ast.Call]:
        """The same of a statement without the statements in it."""
        node = self.statement(event)
        return [
            call
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.expr)
            for call in self.own_calls(child)
        ]

    def given_back(self, event: int, frame: int) -> dict[int, str] | None:
        """What each call in a statement gave (by identity of its node); None if nodes and calls cannot be matched."""
        nodes, calls = self.statement_calls(event), self.calls_of(event, frame)
        if len(nodes) != len(calls):
            return None
        found = {}
        for node, call in zip(nodes, calls, strict=True):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            text = self.carried(call.end_event) if call.end_kind == "return" else None
            if call.function.rpartition(".")[2] != name or text is None:
                return None
            found[id(node)] = text
        return found

    def carried(self, event: int) -> str | None:
        """Deep value text of what a return, yield or raise carries; None if it is not known or cannot be told."""
        value = self.trace.recording.event_value[event]
        if value is None:
            return None
        if self.trace.recording.event_kind[event] == "raise":
            return value if "#" not in value and is_tellable(value) else None
        try:
            found = self.trace.state_at(event).text(parse_value(value))
        except (Unknown, ValueError, RecursionError):
            return None
        return found if is_tellable(found) else None

    def statement(self, event: int) -> ast.AST:
        """The statement of an event."""
        return self.trace.syntax.statements[self.trace.recording.event_statement[event]].node

    def is_test(self, event: int) -> bool:
        """Whether the statement of an event is a test that can come out either way."""
        node = self.statement(event)
        return isinstance(node, (ast.If, ast.While)) and not isinstance(node.test, ast.Constant)

    def is_inner(self, loop: int) -> bool:
        """Whether a loop stands inside another whose header reads the same."""
        syntax = self.trace.syntax
        outer = syntax.statements[loop].loop
        while outer is not None and syntax.header_source(outer) != syntax.header_source(loop):
            outer = syntax.statements[outer].loop
        return outer is not None

    def after(self, event: int) -> int | None:
        """The event at which what a statement did can be seen."""
        return self.trace.end_of_statement(event)

    def binds(self, event: int) -> bool:
        """Whether what a statement assigns was bound: not where an exception ended it first."""
        after = self.after(event)
        return after is not None and self.trace.recording.event_kind[after] != "raise"

    def calls_of(self, event: int, frame: int) -> list[Frame]:
        """The calls that the statement entered at a line event makes itself, in order."""
        if frame not in self.callers:
            return []
        until = self._next_line(event, frame)
        return [call for call in self.trace.children_between(frame, event, until) if not is_nameless(call)]

    def _next_line(self, event: int, frame: int) -> int:
        lines = self.trace.frames[frame].line_events
        position = bisect_right(lines, event)
        return lines[position] if position < len(lines) else len(self.trace)

    def handler(self, raised: int, frame: Frame) -> int | None:
        """The event at the except clause that handles an exception in this frame."""
        recording, syntax = self.trace.recording, self.trace.syntax
        handler = None
        for event in self.trace.frame_events[frame.id]:
            if event <= raised or recording.event_kind[event] == "raise":
                continue
            if recording.event_kind[event] != "line":
                return None
            if handler is not None and syntax.inside(
                recording.event_statement[event], recording.event_statement[handler], "body"
            ):
                return handler
            if not isinstance(self.statement(event), ast.ExceptHandler):
                return None
            handler = event
        return None

    def outputs_of(self, event: int, frame: int) -> list[int]:
        """The output events of the statement entered at a line event."""
        written = self._written.get(frame)
        if written is None:
            return []
        return written[bisect_right(written, event) : bisect_left(written, self._next_line(event, frame))]

    def writes(self, start: int, end: int) -> bool:
        """Whether anything is written from one event up to before another."""
        return bisect_left(self.written, start) < bisect_left(self.written, end)


def once(method: Callable) -> Callable:
    """What was found for an event, frame or call serves every telling of the run: it depends on nothing that is asked.

    For methods of what has a table ``told``; their arguments must be able to stand in its keys.
    """

    name = method.__name__

    @wraps(method)
    def kept(self: Any, *about: object) -> Any:
        key = (name, *about)
        told = self.told
        found = told.get(key, told)
        if found is told:
            found = told[key] = method(self, *about)
        return found

    return kept


@lru_cache(maxsize=8_192)
def _calls_in(node: ast.AST, functions: frozenset[str]) -> tuple[ast.Call, ...]:
    if isinstance(node, (ast.Name, ast.Constant)):
        return ()
    found = [call for child in children(node) for call in _calls_in(child, functions)]
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
        if name in functions:
            found.append(node)
    return tuple(found)


@lru_cache(maxsize=1_024)
def names_in(node: ast.AST) -> frozenset[str]:
    """The names that stand in a part of the code."""
    return frozenset(part.id for part in walked(node) if type(part) is ast.Name)


def is_nameless(frame: Frame) -> bool:
    """Whether a frame is that of a lambda or a generator expression, which is told as part of its statement."""
    return frame.function.rpartition(".")[2].startswith("<") and frame.parent is not None
