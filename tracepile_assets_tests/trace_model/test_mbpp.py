"""The evaluator against recorded runs of real programs, and the share of expressions on which it abstains."""

import ast
import collections
import json
import os
import pathlib

import pytest

from tracepile_assets.execution.guest.recorder import Caps, record
from tracepile_assets.trace_model.assignments import place_of
from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, agrees, evaluate, evaluate_augmented
from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.trace import Trace
from tracepile_assets.trace_model.value_parser import parse_value

PROGRAMS = 100
VISITS = 20


def _programs():
    """(task, code, function, arguments text) of tasks that may be a source, each with its first assertion."""
    folder = os.environ.get("TRACEPILE_TEST_DATA")
    path = pathlib.Path(folder or "", "data", "mbpp.jsonl")
    if folder is None or not path.is_file():
        pytest.skip("TRACEPILE_TEST_DATA does not name a folder with data/mbpp.jsonl")
    found = []
    for line in path.read_text().splitlines():
        task = json.loads(line)
        if task["task_id"] <= 510:
            continue
        code = task["code"].replace("\r\n", "\n").expandtabs(4)
        names = {n.name for n in ast.parse(code).body if isinstance(n, ast.FunctionDef)}
        calls = [n for n in ast.walk(ast.parse(task["test_list"][0])) if isinstance(n, ast.Call)]
        call = next((c for c in calls if getattr(c.func, "id", None) in names), None)
        if call is not None:
            found.append((task["task_id"], code, call.func.id, ", ".join(map(ast.unparse, call.args))))
    return found[:PROGRAMS]


def _expression(node):
    """What a statement computes, if the recording shows its value: (kind, expression)."""
    if isinstance(node, (ast.If, ast.While)):
        return "test", node.test
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return "assignment", node.value
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return "augmented", node
    if isinstance(node, ast.Return) and node.value is not None:
        return "return", node.value
    return None, None


def _check(trace, i, node, kind, expression, frame):
    """Evaluate at event i and compare with what the recording shows next; True if the evaluator answered."""
    end = trace.end_of_statement(i)
    ended = trace.event(end)
    label = f"event {i}: {ast.unparse(node)}"
    try:
        said = (evaluate_augmented if kind == "augmented" else evaluate)(expression, None, frame, trace, i)
        truth = bool(said) if kind == "test" else None
    except Abstain:
        return False
    except EvaluatedToError:
        assert ended.kind in ("raise", "unwind"), label
        return True
    assert ended.kind not in ("raise", "unwind"), label
    state = trace.state_at(end)
    if kind == "test":
        assert trace.branch(i) is truth, label
    elif kind == "return":
        assert agrees(said, state, parse_value(ended.value)), label
    else:
        target = node.target if kind == "augmented" else node.targets[0]
        assert agrees(said, state, state.value(place_of(trace, frame, target.id))), label
    return True


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_what_it_says_is_what_was_recorded_next(capsys):
    asked, answered = collections.Counter(), collections.Counter()
    for _task, code, function, arguments in _programs():
        row = record(code, function, arguments, caps=Caps(events=2000))
        trace = Trace(code, function, Recording.from_row(row), arguments)
        for statement in trace.syntax.statements:
            kind, expression = _expression(statement.node)
            if kind is None:
                continue
            for i in trace.visits(statement.number)[:VISITS]:
                if trace.end_of_statement(i) is None:
                    continue
                frame = trace.event(i).frame
                asked[kind] += 1
                answered[kind] += _check(trace, i, statement.node, kind, expression, frame)
    total, share = sum(asked.values()), 1 - sum(answered.values()) / sum(asked.values())
    with capsys.disabled():
        parts = ", ".join(f"{kind} {1 - answered[kind] / asked[kind]:.1%} of {asked[kind]}" for kind in sorted(asked))
        print(f"\nabstained on {share:.1%} of {total} expressions ({parts})")
    assert total > 1000
    assert share < 0.12
