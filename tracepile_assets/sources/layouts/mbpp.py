"""Layout `mbpp`: the file of Mostly Basic Python Problems, inputs from its asserts.

Fields of a row: `task_id` (1-974), `text` or `prompt` (the problem), `code`, `test_list` (asserts), `test_setup_code`
(statements that the asserts need). Of an assert `assert f(args) == expected` the source text between the call's
parentheses becomes the arguments, and that of the other side what is expected; `f` is the entry point, wherever in the
code it is defined. An assert of another form is reported as an input problem. `test_setup_code` goes to the end of the
code: it uses the classes defined there, and binds names that the arguments use.

Tasks 11-510 are a benchmark and 1-10 its prompts. They are left out, unless the source allows benchmark rows.

Not here: other ways to write tests (a layout of their own), `challenge_test_list`, which upstream does not count among
a task's tests.
"""

import ast
from collections.abc import Iterator

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import RowError, SourceError
from tracepile_assets.sources.layouts.asserts import read_assert, shown
from tracepile_assets.sources.layouts.columns import Columns, require
from tracepile_assets.sources.layouts.making import (
    Draft,
    Keys,
    defined_names,
    parse_module,
    plain_lines,
)
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "task_id": 602,
    "text": "Write a python function to find the first repeated character in a given string.",
    "code": "def first_repeated_char(s):\n    for i, c in enumerate(s):\n        if c in s[:i]:\n            return c",
    "test_setup_code": "",
    "test_list": ['assert first_repeated_char("abcabc") == "a"'],
}

TASKS = range(1, 975)
BENCHMARK_TASKS = range(1, 511)


def read(entry: SourceEntry) -> Iterator[Program]:
    """The tasks of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the file cannot be read, is not of this layout, holds a task twice, or only
            benchmark tasks that the source does not allow.
    """
    Columns("mbpp", {}, entry.options)
    keys = Keys()

    def key_of(row: Row) -> str:
        require(row, "mbpp", ("task_id", "code", "test_list"))
        return keys.natural(row, "task_id", _task(row))

    def drafts_of(row: Row) -> list[Draft]:
        task = row.fields["task_id"]
        return [_draft(row, task)] if entry.allow_benchmark or task not in BENCHMARK_TASKS else []

    found = False
    for program in read_programs(entry, keys, key_of, drafts_of):
        found = True
        yield program
    if not found:
        raise SourceError(
            f"{entry.path}: holds only tasks 1-510, which are a benchmark; give a file with tasks 511-974, or add the "
            "source with --allow-benchmark (then they are traced and asked about, and never enter a mixture)"
        )


def _task(row: Row) -> int:
    task = row.fields["task_id"]
    if isinstance(task, bool) or not isinstance(task, int) or task not in TASKS:
        raise RowError(
            f"{row.where}: `task_id` is {task!r}, and the tasks of MBPP are numbered 1 to 974; for programs of your "
            "own use layout functions"
        )
    return task


def _draft(row: Row, task: int) -> Draft:
    columns = Columns("mbpp", {name: name for name in ("code", "text", "prompt", "test_setup_code")})
    code = plain_lines(columns.text(row, "code", needed=True) or "")
    setup = plain_lines(columns.text(row, "test_setup_code") or "").strip()
    tests = row.fields["test_list"]
    if not isinstance(tests, list) or not all(isinstance(test, str) for test in tests):
        raise RowError(f"{row.where}: `test_list` must be a list of strings; mend the row")
    draft = Draft(
        row=row,
        code=f"{code.rstrip()}\n\n{setup}\n" if setup else code,
        entry_point=None,
        statement=columns.text(row, "text") or columns.text(row, "prompt"),
        benchmark=task in BENCHMARK_TASKS,
    )
    own = defined_names(draft.code)
    for number, test in enumerate(tests, start=1):
        _take(draft, number, plain_lines(test).strip(), own)
    if draft.entry_point is None:
        # Without a call to a function of the program nothing says what to run; the name keeps it from being taken for
        # a stdin program.
        draft.entry_point = next(iter(_functions(draft.code)), "main")
    draft.title = f"MBPP {task}: {draft.entry_point}"
    return draft


def _take(draft: Draft, number: int, test: str, own: set[str] | None) -> None:
    """Read one assert into the draft, as an input or as a problem."""
    asserted = read_assert(test, own)
    if asserted is None:
        draft.problems.append(f"assert {number} is not of the form `assert f(arguments) == expected`: {shown(test)}")
        return
    if asserted.arguments is None:
        draft.problems.append(f"assert {number} has arguments that cannot be told from its text: {shown(test)}")
        return
    if draft.entry_point is None:
        draft.entry_point = asserted.function
    elif asserted.function != draft.entry_point:
        draft.problems.append(
            f"assert {number} calls {asserted.function}, and the ones before it {draft.entry_point}: {shown(test)}"
        )
        return
    if asserted.expected is None:
        draft.problems.append(
            f"assert {number} states no result of {asserted.function} itself, and counts as an input only: "
            f"{shown(test)}"
        )
    draft.inputs.append(ProgramInput(arguments=asserted.arguments, expected=asserted.expected))


def _functions(code: str) -> Iterator[str]:
    tree = parse_module(code)
    yield from (node.name for node in reversed(tree.body if tree else []) if isinstance(node, ast.FunctionDef))
