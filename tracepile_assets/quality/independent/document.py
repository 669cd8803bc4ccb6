"""A trace as JSON, with what the kinds look up in it: statements, frames, states.

Belongs here: reading the document. Does not belong here: what a moment means (`kinds`).
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from .heap import CannotTell, Heap, Unbound

MODULE = "<module>"
Node = ast.stmt | ast.ExceptHandler


def document_of(
    row: Mapping[str, Any], code: str, entry_point: str | None, arguments: str | None, stdin: str | None
) -> dict[str, Any]:
    """A trace as JSON, without full state, from a row of execution_traces.

    Args:
        row: the row.
        code: the code of its variant.
        entry_point: the variant's entry point.
        arguments: the input's arguments.
        stdin: the input's stdin.
    """
    events = [
        {
            "kind": kind,
            "statement": row["event_statement"][index],
            "depth": row["event_depth"][index],
            "function": row["frame_function"][row["event_frame_id"][index]],
            "frame_id": row["event_frame_id"][index],
            "value": row["event_value"][index],
            "changes": [],
        }
        for index, kind in enumerate(row["event_kind"])
    ]
    changes = zip(row["change_event"], row["change_place"], row["change_op"], row["change_value"], strict=True)
    for event, place, op, value in changes:
        events[event]["changes"].append({"place": place, "op": op, "value": value})
    outcome = {name: row[name] for name in ("return_value", "stdout", "exception")}
    call = None if entry_point is None else f"{entry_point}({arguments or ''})"
    return {"code": code, "entry_point": entry_point, "call": call, "stdin": stdin, "events": events, **outcome}


class Document:
    """A trace as JSON, made ready for looking things up."""

    def __init__(self, document: Mapping[str, Any], check: "Document | None" = None) -> None:
        """Take the trace, and that of a run made for the question; raise ``SyntaxError`` if its code does not parse."""
        self.raw = document
        self.check = check
        self.events: Sequence[Mapping[str, Any]] = document["events"]
        self.nodes = list(_statements(ast.parse(document["code"])))
        self._number = {id(node): number for number, node in enumerate(self.nodes)}
        self._heap, self._moved = Heap(), -1

    def block(self, statement: int, name: str) -> set[int]:
        """Numbers of the statements in a block of a statement, those nested deeper included."""
        tops = getattr(self.nodes[statement], name, [])
        return {self._number[id(node)] for top in tops for node in _statements(top)}

    def breaks(self, loop: int) -> set[int]:
        """Numbers of the ``break`` statements that leave a loop."""
        found: set[int] = set()

        def look(nodes: Sequence[ast.AST]) -> None:
            for node in nodes:
                if isinstance(node, ast.Break):
                    found.add(self._number[id(node)])
                elif isinstance(node, ast.For | ast.While | ast.AsyncFor):
                    look(node.orelse)
                elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    look(list(_children(node)))

        look(getattr(self.nodes[loop], "body", []))
        return found

    @cached_property
    def _frames(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for index, event in enumerate(self.events):
            found.setdefault(event["frame_id"], []).append(index)
        return found

    def call(self, function: str, number: int) -> list[int]:
        """Events of the n-th call of a function, in order."""
        calls = [events for events in self._frames.values() if self.events[events[0]]["function"] == function]
        if not 1 <= number <= len(calls):
            raise CannotTell(f"there is no call {number} of {function}")
        return calls[number - 1]

    def steps(self, events: Sequence[int]) -> Iterator[tuple[int, int, int | None]]:
        """Each statement entered in a call: its event, its number, and the event that ends it (None at the end)."""
        ends = [index for index in events if self.events[index]["kind"] in ("line", "raise", "return", "unwind")]
        for index, after in zip(ends, [*ends[1:], None], strict=True):
            if self.events[index]["kind"] == "line":
                yield index, self.events[index]["statement"], after

    def entered(self, event: int | None) -> int | None:
        """Number of the statement that an event enters; None if it enters none."""
        if event is None or self.events[event]["kind"] != "line":
            return None
        return self.events[event]["statement"]

    def failed(self, event: int | None) -> bool:
        """Whether an event says that the statement before it did not complete, as far as one can tell."""
        return event is None or self.events[event]["kind"] in ("raise", "unwind")

    def value(self, event: int, name: str) -> str:
        """Value text of a variable of the event's own frame, just before the event.

        Raises:
            CannotTell: it has none, or none that can be told.
        """
        state = self.events[event].get("state")
        if state is not None:
            if name not in state:
                raise Unbound(f"{name} has no value then")
            return state[name]
        return self.heap(event).variable(self.place(event, name))

    def values(self, events: Sequence[int], name: str) -> list[str]:
        """Value texts of a variable at ascending events of one frame, from the first at which it is bound.

        Raises:
            CannotTell: one of them cannot be told, or it is unbound again.
        """
        found: list[str] = []
        for event in events:
            try:
                found.append(self.value(event, name))
            except Unbound:
                if found:
                    raise
        return found

    def place(self, event: int, name: str) -> str:
        """The place of a variable of the event's own frame."""
        frame = self.events[event]
        return f"g.{name}" if frame["function"] == MODULE else f"f{frame['frame_id']}.{name}"

    def heap(self, event: int) -> Heap:
        """Variables and objects just before an event; to be read before the next is asked for."""
        if self._moved > event:
            self._heap, self._moved = Heap(), -1
        for each in self.events[self._moved + 1 : event + 1]:
            for change in each["changes"]:
                self._heap.apply(change["place"], change["op"], change["value"])
        self._moved = event
        return self._heap

    @cached_property
    def functions(self) -> list[str]:
        """By statement, the qualified name of the code that executes it."""
        found: list[str] = []

        def look(node: ast.AST, function: str, inside_class: bool) -> None:
            for child in _children(node):
                found.append(function)
                if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    middle = "." if inside_class else ".<locals>."
                    name = child.name if function == MODULE else f"{function}{middle}{child.name}"
                    look(child, name, isinstance(child, ast.ClassDef))
                else:
                    look(child, function, inside_class)

        look(ast.parse(self.raw["code"]), MODULE, False)
        return found


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Node):
            yield child
        elif isinstance(child, ast.match_case):
            yield from child.body


def _statements(node: ast.AST) -> Iterator[Node]:
    """A statement and those in it in source order; of a module, those in it."""
    if isinstance(node, Node):
        yield node
    for child in _children(node):
        yield from _statements(child)
