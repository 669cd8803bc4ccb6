"""The programs that are measured: ten of ours, the embedded sources, and MBPP and LeetCode where they lie at hand.

Belongs here: reading them into one shape. Does not belong here: running them.
"""

import ast
import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracepile_assets.sources import embedded

_TEN = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Workload:
    """A program, the expression that is called, and the text between the parentheses of each of its calls."""

    name: str
    code: str
    entry_point: str
    inputs: tuple[str, ...]


def ten() -> list[Workload]:
    """The ten programs of this folder, with one call each."""
    return [Workload(p.stem, p.read_text(encoding="utf-8"), "main", ("",)) for p in sorted(_TEN.glob("*.py"))]


def named(name: str, inputs: int) -> list[Workload]:
    """All programs of a source: ``embedded``, ``mbpp`` or ``leetcode``, with at most so many inputs each.

    Raises ``FileNotFoundError`` if the data is not there.
    """
    return list({"embedded": _embedded, "mbpp": _mbpp, "leetcode": _leetcode}[name](inputs))


def _embedded(inputs: int) -> Iterator[Workload]:
    for source in ("algorithms", "mathematics"):
        for program in embedded.read(source, inputs, 0):
            given = tuple(x.arguments for x in program.inputs if x.arguments is not None)
            yield Workload(program.source_row, program.code, program.entry_point or "", given)


def _data(name: str) -> Path:
    folder = os.environ.get("TRACEPILE_TEST_DATA")
    path = Path(folder or "TRACEPILE_TEST_DATA is not set") / "data" / name
    if not path.is_file():
        raise FileNotFoundError(
            f"needs {name} in the folder `data` of the folder that TRACEPILE_TEST_DATA names: {path}"
        )
    return path


def _mbpp(inputs: int) -> Iterator[Workload]:
    for line in _data("mbpp.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        code = "\n".join([row["test_setup_code"], row["code"]]).replace("\r\n", "\n")
        own = {node.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
        calls = []
        for test in row["test_list"]:
            found = [n for n in ast.walk(ast.parse(test)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
            calls += [call for call in found if call.func.id in own][:1]
        # Task 123 runs for minutes.
        if calls and row["task_id"] != 123:
            texts = dict.fromkeys(ast.unparse(call).partition("(")[2][:-1] for call in calls)
            yield Workload(f"mbpp {row['task_id']}", code, calls[0].func.id, tuple(texts)[:inputs])


def _leetcode(inputs: int) -> Iterator[Workload]:
    with gzip.open(_data("LeetCodeDataset-v0.2.0-train.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            given = tuple(pair["input"] for pair in row["input_output"])[:inputs]
            # Linked lists and trees need helpers that the data leaves to its users.
            if not any(word in row["completion"] for word in ("ListNode", "TreeNode", "sortedcontainers")):
                yield Workload(row["task_id"], row["prompt"] + "\n" + row["completion"], row["entry_point"], given)
