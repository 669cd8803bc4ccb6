"""Calls of the program's own functions inside an expression: their values are taken from the recording.

Belongs here: matching the calls of one statement, in order, to the frames that the recording shows under it. Does not
belong here: everything else about expressions (``evaluator``).
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tracepile_assets.trace_model.evaluator_objects import Abstain, EvaluatedToError, ProgramFacts, Recorded
from tracepile_assets.trace_model.evaluator_types import ATOMS
from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.text_of_objects import text_of
from tracepile_assets.trace_model.value_parser import ValueTextError, parse_value
from tracepile_assets.trace_model.values import Ref, Unknown, Value

if TYPE_CHECKING:
    from tracepile_assets.trace_model.trace import Frame, Trace

_PLAIN_DECORATORS = ("staticmethod", "classmethod")


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of a call, evaluated.

    Attributes:
        positional: those before the first starred one.
        keywords: the others by name; None for one that is unpacked.
        recorded: identity of a copy -> the number of the recorded object that it stands for.
    """

    positional: list[Any]
    keywords: dict[str | None, Any]
    recorded: dict[int, int]


class RecordedCalls:
    """The frames that one statement's execution called, taken one after the other."""

    def __init__(self, trace: Trace, event: int, frame: int | None) -> None:
        """Calls made by the statement entered at line event ``event``."""
        self.trace = trace
        self.event = event
        self.frame = frame
        self.next = 0

    @cached_property
    def waiting(self) -> list[Frame]:
        """The frames, in order."""
        if self.frame is None:
            return []
        trace, end = self.trace, self.trace.end_of_statement(self.event)
        called = trace.children_between(self.frame, self.event, len(trace) if end is None else end)
        return [child for child in called if trace.runs_statements(child.id)]

    def take(self, name: str, given: Given, bound: bool, used: set[int], facts: ProgramFacts) -> tuple[Value, State]:
        """Value of the next call, which must be one of ``name``, and the state when it returned.

        ``bound``: it is called on an object. ``used``: heap objects of which the evaluation holds copies; a call that
        changes one of them makes it abstain.
        Raises ``Abstain`` if the frame is missing or of another function, ``EvaluatedToError`` if the call raised.
        """
        self._require_plain(name, facts)
        if self.next >= len(self.waiting):
            raise Abstain(f"no recorded call of {name}")
        child = self.waiting[self.next]
        self.next += 1
        if child.function.rpartition(".")[2] != name:
            raise Abstain(f"{child.function} was called where {name} is")
        if child.end_event is None or child.call_event is None:
            raise Abstain(f"the call of {name} did not end")
        self._require_arguments(child, given, bound, facts)
        if child.end_kind == "unwind":
            raise self._error(child)
        self._require_untouched(child.call_event, child.end_event, used)
        text = self.trace.recording.event_value[child.end_event]
        if text is None:
            raise Abstain(f"the value of {name} was cut short")
        try:
            return parse_value(text), self.trace.state_at(child.end_event)
        except ValueTextError as error:
            raise Abstain(str(error)) from error

    def _require_arguments(self, child: Frame, given: Given, bound: bool, facts: ProgramFacts) -> None:
        """Abstain if the frame did not get the arguments that were evaluated: another call of the function did."""
        definitions = facts.functions.get(child.function.rpartition(".")[2], ())
        if len(definitions) != 1:
            raise Abstain(f"{child.function} is defined more than once")
        spec = definitions[0].args
        static = any(getattr(decorator, "id", None) == "staticmethod" for decorator in definitions[0].decorator_list)
        parameters = [argument.arg for argument in (*spec.posonlyargs, *spec.args)][bool(bound and not static) :]
        state = self.trace.state_at(child.call_event or 0)
        values = state.locals(child.id)
        named = {name: value for name, value in given.keywords.items() if name is not None and name in values}
        for parameter, argument in [*zip(parameters, given.positional, strict=False), *named.items()]:
            if not _is_given(values.get(parameter), argument, given.recorded, state):
                raise Abstain(f"the call of {child.function} that was recorded had other arguments")

    def _require_plain(self, name: str, facts: ProgramFacts) -> None:
        for definition in facts.functions.get(name, ()):
            decorators = [getattr(decorator, "id", None) for decorator in definition.decorator_list]
            if any(decorator not in _PLAIN_DECORATORS for decorator in decorators):
                raise Abstain(f"{name} is decorated")
            if isinstance(definition, ast.AsyncFunctionDef) or facts.is_generator(definition):
                raise Abstain(f"{name} is a generator or coroutine")

    def _error(self, child: Frame) -> Exception:
        """What a call that unwound raised."""
        recording = self.trace.recording
        for i in reversed(self.trace.frame_events[child.id]):
            value = recording.event_value[i]
            if recording.event_kind[i] == "raise" and value:
                # A raise carries the exception object; its contents name the type.
                text = value
                if value.startswith("#"):
                    contents = self.trace.state_at(i).contents(parse_value(value))
                    text = getattr(contents, "type_name", "")
                type_name = text.partition("(")[0]
                if type_name.isidentifier():
                    return EvaluatedToError(type_name, f"raised in {child.function}")
        return Abstain(f"{child.function} raised")

    def _require_untouched(self, start: int, end: int, used: set[int]) -> None:
        changed = self.trace.changes_of_object
        for n in used:
            events = changed.get(n, ())
            position = bisect_right(events, start)
            if position < len(events) and events[position] <= end:
                raise Abstain("a call changes an object that the expression uses")


def _is_given(value: Value | None, argument: Any, recorded: dict[int, int], state: State) -> bool:
    """Whether a parameter's value is an argument: the same recorded object, or an equal value of the same type.

    What has no value text (functions, iterators) passes: its value is not recorded.
    """
    if isinstance(argument, Recorded):
        return value == argument.ref
    if type(argument) in ATOMS:
        return type(value) is type(argument) and value == argument
    if id(argument) in recorded:
        return value == Ref(recorded[id(argument)])
    try:
        return value is not None and state.text(value) == text_of(argument, lambda other: state.text(other.ref))
    except (Unknown, AttributeError, RecursionError):
        return True
