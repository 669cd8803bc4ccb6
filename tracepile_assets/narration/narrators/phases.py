"""The style ``phases``: what is asked, what the program does, the run, and what it came to, under a heading each.

Belongs here: what stands around the telling of the run. Does not belong here: that telling (``deterministic``) and the
outline of the code (``plans``).
"""

import ast
from collections import Counter

from tracepile_assets.narration.narrators.moments import Ending
from tracepile_assets.narration.narrators.plans import plan
from tracepile_assets.narration.narrators.scene import Scene

_TESTS = 3
"""Most tests that are looked back on."""

_LONG = 60


def has_outline(scene: Scene, end: Ending) -> bool:
    """Whether the code has an outline in words, as far as it is told."""
    return bool(plan(scene, end.until))


def phases(scene: Scene, end: Ending, opening: str, told: list[str], last: str, said: set[int]) -> str | None:
    """A telling in four phases.

    Args:
        scene: the run.
        end: where the telling stops, and what is asked.
        opening: its first sentence.
        told: the sentences of the run.
        last: the sentence with the answer.
        said: the line events that are told.

    Returns:
        The text; None where the code has no outline in words, or nothing is told of the run.
    """
    outline = plan(scene, end.until)
    if not outline or not told:
        return None
    parts = {
        "Understand": f"{opening} We want {_wanted(end)}.".lstrip(),
        "Plan": " ".join(outline),
        "Execute": " ".join(told),
        "Reflect": " ".join([*_looked_back(scene, end, said), last]),
    }
    return "\n\n".join(f"{heading}:\n{body}" for heading, body in parts.items())


def _wanted(end: Ending) -> str:
    name = f"`{end.part or str(end.variable).rpartition('.')[2]}`"
    return {
        "run": "what it returns",
        "stdout": "what it prints",
        "exception": "the exception that ends it",
        "raised": "the line where the exception starts",
        "value": f"the value of {name} at the moment asked about",
        "drill": f"the value of {name} at the moment asked about",
        "type": f"the type of {name} at the moment asked about",
        "branch": "which way the test goes",
        "iterations": "how often the loop iterates",
        "visits": "how often the statement runs",
        "next": "the line that runs next",
        "first": f"the first iteration after which {name} holds",
        "returned": "what the call returns",
        "calls": f"how often {name} is called",
        "open": f"how deep the calls of {name} nest",
        "unreached": "the lines that never run",
        "changes": f"how often {name} changes",
        "longest": f"the longest value of {name}",
    }[end.what]


def _looked_back(scene: Scene, end: Ending, said: set[int]) -> list[str]:
    """How often tests came out true, of those that are told at every visit."""
    trace, visits = scene.trace, Counter()
    held: Counter[int] = Counter()
    open_: set[int] = set()
    for event, kind in enumerate(trace.recording.event_kind[: end.until]):
        statement = trace.recording.event_statement[event]
        node = trace.syntax.statements[statement].node
        if kind != "line" or not isinstance(node, ast.If):
            continue
        after = trace.end_of_statement(event)
        way = trace.branch(event)
        if event not in said or way is None or after is None or after > end.until:
            open_.add(statement)
        visits[statement] += 1
        held[statement] += bool(way)
    texts = Counter(ast.unparse(s.node.test) for s in trace.syntax.statements if isinstance(s.node, ast.If))
    found = []
    for statement, count in visits.most_common():
        text = ast.unparse(trace.syntax.statements[statement].node.test)
        told = statement not in open_ and count > 1 and texts[text] == 1 and len(text) <= _LONG and "`" not in text
        if told and len(found) < _TESTS:
            found.append(f"`{text}` held in {held[statement]} of {count} tests.")
    return found
