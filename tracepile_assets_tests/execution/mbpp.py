"""MBPP as calls of functions, where the data set lies beside the tests (``$TRACEPILE_TEST_DATA``)."""

import ast
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Task:
    number: int
    code: str
    entry_point: str
    arguments: str
    expected: str | None


def tasks(step=1):
    """Every ``step``-th task that states a call of its own function; the test is skipped where there is no data."""
    root = os.environ.get("TRACEPILE_TEST_DATA")
    path = Path(root or "/nonexistent") / "data" / "mbpp.jsonl"
    if not path.is_file():
        pytest.skip("needs mbpp.jsonl in the folder `data` of the folder that TRACEPILE_TEST_DATA names")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        # Task 123 runs for minutes: it has a test of its own.
        if number % step or row["task_id"] == 123:
            continue
        code = row["code"].replace("\r\n", "\n")
        if row["test_setup_code"]:
            code = row["test_setup_code"] + "\n" + code
        own = {node.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
        test = ast.parse(row["test_list"][0]).body[0].test
        calls = [
            n for n in ast.walk(test) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in own
        ]
        if not calls:
            continue
        call = calls[0]
        arguments = ", ".join(
            [*map(ast.unparse, call.args), *(f"{k.arg}={ast.unparse(k.value)}" for k in call.keywords)]
        )
        states = isinstance(test, ast.Compare) and test.left is call
        yield Task(row["task_id"], code, call.func.id, arguments, ast.unparse(test.comparators[0]) if states else None)
