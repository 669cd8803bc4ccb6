"""The answer of each kind of question, from the document and the target alone.

Belongs here: one function per kind. It takes the target as the question's row holds it, and gives the answer text.
"""

import ast
from collections.abc import Callable, Iterator

from . import altered, calls, courses, parts
from .document import Document
from .heap import CannotTell
from .moments import Target, visit


def recompute(document: Document, kind: str, target: Target) -> str:
    """The answer to a question.

    Args:
        document: the trace.
        kind: kind of question.
        target: its canonical moment or thing asked about.

    Raises:
        CannotTell: the trace does not determine it, or there is no such kind.
    """
    if kind not in EVALUATORS:
        raise CannotTell(f"no kind {kind} is known here")
    return EVALUATORS[kind](document, target)


def _outcome(document: Document, target: Target) -> str:
    which = {"return": "return_value", "stdout": "stdout"}[target["outcome"]]
    if document.raw[which] is None:
        raise CannotTell(f"the trace has no {which}")
    return document.raw[which]


def _exception(document: Document, target: Target) -> str:
    said = document.raw["exception"]
    if not said:
        raise CannotTell("no exception ended the run")
    return said.split(":")[0].split(".")[-1].strip()


def _input(document: Document, target: Target) -> str:
    if target["masked"] == "stdin":
        return document.raw["stdin"]
    call = document.raw["call"]
    tree = ast.parse(call, mode="eval").body
    if not isinstance(tree, ast.Call):
        raise CannotTell("the call is no call")
    arguments = [("", node) for node in tree.args] + [(f"{word.arg}=", word.value) for word in tree.keywords]
    texts = [(name, ast.get_source_segment(call, node)) for name, node in arguments]
    if target["masked"] == "all":
        return ", ".join(f"{name}{text}" for name, text in texts)
    return str(texts[target["masked"]][1])


def _after_assignment(document: Document, target: Target) -> str:
    seen = 0
    for _, statement, after in document.steps(document.call(target["function"], target["call"])):
        node = document.nodes[statement]
        if target["variable"] not in _bound(node) or document.failed(after):
            continue
        if isinstance(node, ast.For) and document.entered(after) not in document.block(statement, "body"):
            continue
        seen += 1
        if seen == target["assignment"]:
            assert after is not None
            return document.value(after, target["variable"])
    raise CannotTell("there is no such assignment")


def _bound(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.For) or (isinstance(node, ast.AnnAssign) and node.value is not None):
        targets = [node.target]
    else:
        return set()
    stored = (part for top in targets for part in ast.walk(top) if isinstance(part, ast.Name))
    return {part.id for part in stored if isinstance(part.ctx, ast.Store)}


def _at_visit(document: Document, target: Target) -> str:
    event, _ = visit(document, target)
    return document.value(event, target["variable"])


def _runs(document: Document, target: Target) -> Iterator[list[int]]:
    """Of each run of a loop in a call: the event at which each iteration ends, -1 for one that is left early."""
    loop = target["loop"]
    body, breaks = document.block(loop, "body"), document.breaks(loop)
    ends: list[int] | None = None
    inside = left = False
    for at, statement, after in document.steps(document.call(target["function"], target["call"])):
        if statement == loop:
            if ends is not None and inside and not left:
                ends[-1] = at
            else:
                if ends is not None:
                    yield ends
                ends = []
            left = False
            inside = document.entered(after) in body
            if inside:
                ends.append(-1)
        elif statement in body:
            left = left or statement in breaks
        else:
            inside = False
    if ends is not None:
        yield ends


def _run(document: Document, target: Target) -> list[int]:
    for number, ends in enumerate(_runs(document, target), 1):
        if number == target["run"]:
            return ends
    raise CannotTell("the loop is not entered so often")


def _at_iteration_end(document: Document, target: Target) -> str:
    ends = _run(document, target)
    if not 1 <= target["iteration"] <= len(ends) or ends[target["iteration"] - 1] < 0:
        raise CannotTell("there is no such iteration, or it is left early")
    return document.value(ends[target["iteration"] - 1], target["variable"])


def _iterations(document: Document, target: Target) -> str:
    return str(len(_run(document, target)))


def _executions(document: Document, target: Target) -> str:
    events = document.call(target["function"], target["call"])
    return str(sum(statement == target["statement"] for _, statement, _ in document.steps(events)))


def _branch(document: Document, target: Target) -> str:
    _, after = visit(document, target)
    if document.failed(after):
        raise CannotTell("the test raised")
    return str(document.entered(after) in document.block(target["statement"], "body"))


def _next(document: Document, target: Target) -> str:
    _, after = visit(document, target)
    following = document.entered(after)
    if following is None:
        raise CannotTell("no statement follows")
    return str(document.nodes[following].lineno)


def _first_moment(document: Document, target: Target) -> str:
    ends = _run(document, target)
    whole = ends[: ends.index(-1)] if -1 in ends else ends
    for number, text in enumerate(document.values(whole, target["variable"]), 1):
        if courses.holds(target["condition"], target["variable"], text):
            return str(number)
    raise CannotTell("the condition never holds")


EVALUATORS: dict[str, Callable[[Document, Target], str]] = {
    "output_prediction": _outcome,
    "stdout_prediction": _outcome,
    "statement_prediction": _outcome,
    "input_prediction": _input,
    "what_if": altered.outcome,
    "exception_prediction": _exception,
    "variable_after_assignment": _after_assignment,
    "variable_at_visit": _at_visit,
    "variable_at_iteration_end": _at_iteration_end,
    "loop_iterations": _iterations,
    "statement_count": _executions,
    "branch_taken": _branch,
    "next_statement": _next,
    "first_moment": _first_moment,
    "exception_statement": calls.exception_line,
    "function_calls": calls.calls_of,
    "recursion_depth": calls.depth,
    "call_argument": calls.argument,
    "call_return": calls.returned,
    "unreached_statements": calls.unreached,
    "container_slot": parts.slot,
    "string_state": parts.drill,
    "value_type": parts.type_name,
    "alias": parts.same_object,
    "variable_changes": courses.changes,
    "longest_value": courses.longest,
}
"""Every kind that can be recomputed, by name."""
