"""The call that a backward question leaves open, and the call of the run that is to show an answer.

Belongs here: which argument goes to which parameter, in both. Does not belong here: what a text says of them
(``checking``).
"""

import ast
from collections.abc import Mapping
from typing import Any

from tracepile_assets.trace_model.trace import Trace


class Unreadable(Exception):
    """The question or the run has no call of the form that is expected; the message says why."""


class OpenCall:
    """A call with what is open in it.

    Attributes:
        function: short name of the function.
        open: the parameters that are left open, in the order of the call.
        shown: the other ones, with the source text of their values.
        tried: all parameters with the nodes of the values that the run was given.
        words: the parameters that are given by keyword.
        whole: whether all arguments are asked for.
    """

    def __init__(self, trace: Trace, target: Mapping[str, Any]) -> None:
        """Raises ``Unreadable``."""
        self.function = (trace.entry_point or "").rpartition(".")[2]
        call = _parsed(f"f({trace.arguments or ''})")
        if not isinstance(call, ast.Call):
            raise Unreadable("the arguments of the run cannot be read")
        names = _parameters(trace)
        if len(call.args) > len(names):
            raise Unreadable("there are more arguments than parameters")
        given = [(None, node) for node in call.args] + [(word.arg, word.value) for word in call.keywords]
        bound = [(word or names[place], node) for place, (word, node) in enumerate(given)]
        self.tried = dict(bound)
        self.words = {word for word, _ in given if word}
        self.whole = target.get("masked") == "all"
        if self.whole:
            self.open, self.shown = list(self.tried), {}
            return
        shown = target["arguments"]
        if len(shown) != len(bound) or [word for word, _ in shown] != [word for word, _ in given]:
            raise Unreadable("the run was given other arguments than the question has")
        self.open = [name for (name, _), (_, text) in zip(bound, shown, strict=True) if text is None]
        self.shown = {name: str(text) for (name, _), (_, text) in zip(bound, shown, strict=True) if text is not None}

    def keeps_to_the_question(self) -> bool:
        """Whether the run was given what the question shows."""
        return all(spelled(self.tried[name]) == spelled(_parsed(text)) for name, text in self.shown.items())


def spelled(node: ast.expr | None) -> str:
    """An expression in one spelling."""
    if node is None:
        raise Unreadable("it is no expression")
    return ast.unparse(node)


def parsed(text: str) -> ast.expr | None:
    """A text as an expression; None if it is none."""
    return _parsed(text)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parameters(trace: Trace) -> list[str]:
    """Names of the parameters of the function that is called, without the object that a method is called on."""
    if not trace.frames:
        raise Unreadable("the run shows no call")
    statement = trace.recording.event_statement[trace.frames[0].call_event or 0]
    node = trace.syntax.statements[statement].node
    if not isinstance(node, ast.FunctionDef):
        raise Unreadable("what is called is no function of the program")
    names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    return names[1:] if names[:1] in (["self"], ["cls"]) and "." in (trace.entry_point or "") else names
