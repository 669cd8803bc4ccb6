"""How the calls of a run read, and which of them are told step by step.

Belongs here: one call, by its frame. Does not belong here: the order in which calls are told (``frames``).
"""

import ast
from bisect import bisect_left

from tracepile_assets.narration.narrators.scene import Scene, once
from tracepile_assets.narration.narrators.spelling import spelled
from tracepile_assets.narration.narrators.working import LONG, SHORT
from tracepile_assets.trace_model.trace import Frame


class Calls:
    """Names the calls of a run."""

    def __init__(self, scene: Scene) -> None:
        """Of this run."""
        self.scene, self.trace, self.told = scene, scene.trace, scene.told

    @once
    def called(self, frame: int) -> str | None:
        """A call with its arguments, as in `fib(3)`; a long container by the name that the caller has for it. None for
        one that is not told step by step."""
        call = self.trace.frames[frame]
        event = call.call_event
        if event is None or frame in self.scene.generators:
            return None
        if call.function.endswith("__") and "__init__" not in call.function:
            return None
        node = self.scene.statement(event)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        arguments = node.args
        names = [a.arg for a in [*arguments.posonlyargs, *arguments.args]]
        short = call.function.rpartition(".")[2]
        if short == "__init__" or arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
            return None
        if names and names[0] in ("self", "cls") and "." in call.function:
            names = names[1:]
        source = self._call_node(call)
        parts: list[str] = []
        ticked = False
        for index, name in enumerate(names):
            text = self.scene.variable(name, event, call.id)
            given = source.args[index] if source is not None and index < len(source.args) else None
            if text is not None and len(text) <= SHORT:
                parts.append(text)
            elif isinstance(given, ast.Name) and text is not None:
                parts.append(given.id)
            elif text is None and isinstance(given, (ast.Name, ast.Lambda)):
                parts.append(spelled(given))
                ticked = ticked or isinstance(given, ast.Lambda)
            elif text is not None and len(text) <= LONG:
                parts.append(text)
            else:
                return None
        told = f"{short}({', '.join(parts)})"
        return f"`{told}`" if ticked else told

    def _call_node(self, call: Frame) -> ast.Call | None:
        """The expression that made a call, where its statement makes only one of that function."""
        if call.parent is None or call.call_event is None:
            return None
        lines = self.trace.frames[call.parent].line_events
        position = bisect_left(lines, call.call_event) - 1
        if position < 0:
            return None
        name = call.function.rpartition(".")[2]
        nodes = [
            node
            for node in self.scene.own_calls(self.scene.statement(lines[position]))
            if (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)) == name
        ]
        return nodes[0] if len(nodes) == 1 and not any(isinstance(a, ast.Starred) for a in nodes[0].args) else None
