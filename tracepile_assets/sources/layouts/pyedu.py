"""Layout `pyedu`: the file of CodeI/O's PythonEdu-Reasoning, a function with recorded inputs and outputs in a row.

Fields of a row: `refcode` (the code), `funcname` (entry point), `ios` (list of `{"input": {name: value}, "output":
value}`, or the JSON text of it; may be empty), `problem_description` and `io_requirements` (the problem, and what goes
in and comes out; both become the statement), and what is not read: `source`, `category`, `meta`. The values of `input`
are passed by their names; `output` is what the source states of the result. Upstream recorded some inputs after the
program had changed them, so that a part of its outputs does not follow: what the execution gives counts, and the traces
say where the two differ.

Rows are known by content.

Not here: the programs of the same project that bring a generator of inputs (`codeio`).
"""

from collections.abc import Iterator
from typing import Any

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.making import Draft, Keys
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.layouts.signatures import Signature
from tracepile_assets.sources.layouts.values import UnwritableError, arguments_text, source_text
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "problem_description": "How many times does a digit occur in a number?",
    "io_requirements": "Input: `number` (integer), `digit` (string). Return an integer.",
    "refcode": "def main_solution(number, digit):\n    return str(number).count(digit)\n",
    "funcname": "main_solution",
    "ios": [{"input": {"number": 2022, "digit": "2"}, "output": 3}],
    "source": "",
    "category": "string",
    "meta": {},
}

_FIELDS = ("refcode", "funcname", "ios", "problem_description", "io_requirements")


def read(entry: SourceEntry) -> Iterator[Program]:
    """The rows of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the file cannot be read, or is not of this layout.
    """
    columns = Columns("pyedu", {name: name for name in _FIELDS}, entry.options)
    yield from read_programs(entry, Keys(), lambda row: None, lambda row: [_draft(row, columns)])


def _draft(row: Row, columns: Columns) -> Draft:
    name = (columns.text(row, "funcname", needed=True) or "").strip()
    problem, requirements = (columns.text(row, name) or "" for name in ("problem_description", "io_requirements"))
    draft = Draft(
        row=row,
        code=columns.text(row, "refcode", needed=True) or "",
        entry_point=name,
        statement=f"{problem.strip()}\n\n{requirements.strip()}".strip(),
    )
    signature = Signature.of(draft.code, name)
    for number, pair in enumerate(columns.items(row, "ios", columns.need(row, "ios")), start=1):
        _take(draft, signature, number, pair)
    return draft


def _take(draft: Draft, signature: Signature | None, number: int, pair: Any) -> None:
    """Read one pair into the draft, as an input or as a problem."""
    if not isinstance(pair, dict) or not isinstance(pair.get("input"), dict):
        draft.problems.append(f"input {number} is no object with an object `input` of named values")
        return
    try:
        arguments = arguments_text(pair["input"])
        expected = source_text(pair["output"]) if "output" in pair else None
    except UnwritableError as fault:
        draft.problems.append(f"input {number} cannot be read: {fault}")
        return
    misfit = signature.misfit(arguments) if signature is not None else None
    if misfit is not None:
        draft.problems.append(f"input {number} {misfit}")
        return
    draft.inputs.append(ProgramInput(arguments=arguments, expected=expected))
