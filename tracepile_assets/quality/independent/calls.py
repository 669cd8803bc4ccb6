"""Answers about calls: how many, how deep, with which arguments and results, what they leave out, how they fail.

Not here: values at single moments (`parts`) and over many (`courses`).
"""

import ast

from .document import Document
from .heap import CannotTell
from .moments import Target

_NEVER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)
_OPENING = (ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match, ast.ExceptHandler, ast.AsyncFor)


def calls_of(document: Document, target: Target) -> str:
    """The number of calls of a function."""
    return str(len({event["frame_id"] for event in document.events if event["function"] == target["function"]}))


def depth(document: Document, target: Target) -> str:
    """The most calls of a function that are open at once."""
    stack: list[int] = []
    most = 0
    for event in document.events:
        ours = event["function"] == target["function"]
        if ours and event["kind"] in ("call", "resume"):
            stack.append(event["frame_id"])
        elif ours and event["kind"] in ("return", "unwind", "yield"):
            stack.remove(event["frame_id"])
        most = max(most, len(stack))
    return str(most)


def argument(document: Document, target: Target) -> str:
    """The value of a parameter as a call begins."""
    first = document.call(target["function"], target["call"])[0]
    if document.events[first]["kind"] != "call":
        raise CannotTell("the call is not recorded from its beginning")
    return document.value(first, target["variable"])


def returned(document: Document, target: Target) -> str:
    """What a call returns."""
    last = document.call(target["function"], target["call"])[-1]
    if document.events[last]["kind"] != "return" or document.events[last]["value"] is None:
        raise CannotTell("the call does not return, or its value was cut short")
    return document.heap(last).full(document.events[last]["value"])


def unreached(document: Document, target: Target) -> str:
    """The lines of the statements of a function that a call does not execute."""
    events = document.call(target["function"], target["call"])
    reached = {statement for _, statement, _ in document.steps(events)}
    lines = [
        node.lineno
        for number, node in enumerate(document.nodes)
        if document.functions[number] == target["function"] and number not in reached and not _silent(node)
    ]
    return str(sorted(lines))


def _silent(node: ast.AST) -> bool:
    """Whether a statement does nothing that counts as executing it."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.If | ast.While):
        return isinstance(node.test, ast.Constant)
    return isinstance(node, _NEVER + _OPENING) or (isinstance(node, ast.AnnAssign) and node.value is None)


def exception_line(document: Document, target: Target) -> str:
    """The line at which the exception starts that leaves the first call."""
    last = document.events[-1]
    if last["kind"] != "unwind" or last["frame_id"] != document.events[0]["frame_id"]:
        raise CannotTell("no exception ends the run")
    frame, at = last["frame_id"], len(document.events) - 1
    while True:
        raised = [
            i for i in range(at) if document.events[i]["kind"] == "raise" and document.events[i]["frame_id"] == frame
        ]
        if not raised:
            raise CannotTell("the exception starts nowhere")
        at = raised[-1]
        if document.events[at - 1]["kind"] != "unwind":
            return str(document.nodes[document.events[at]["statement"]].lineno)
        at -= 1
        frame = document.events[at]["frame_id"]
