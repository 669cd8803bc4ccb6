"""Layout `functions`: JSON lines or Parquet, one function program in a row, columns mapped by the options of the
source.

Roles, each of them an option whose value is the column (default: the role's own name; a dotted path reaches into
objects):

- `code`: Python source text. Needed.
- `entry_point`: the expression that is called, `solve` or `Solution().twoSum`. Needed.
- `inputs`: a list with one item for each input. Needed. A string item is the source text between the call's
  parentheses: `[1, 2], k=3`. A list item holds values of positional arguments: `[[1, 2], 3]` calls `solve([1, 2], 3)`.
  An object item holds values of keyword arguments: `{"values": [1, 2], "k": 3}` calls `solve(values=[1, 2], k=3)`.
  Values are those of JSON; `null` is None. A string in place of the list is the JSON text of it.
- `expected`: a list as long as `inputs`, or null. Beside a string item it is the source text of an expression (`'abc'`
  with its quotes) or null for nothing stated; beside a list or object item it is a value (`"abc"`, and `null` is
  None).
- `statement`, `title`: text, or null.
- `id`: the natural key, a string or whole number. Where it is mapped, or the first row has it, every row must; else
  rows are known by content.

Not here: programs that read stdin (`stdin`), tests written as code (`mbpp`).
"""

from collections.abc import Iterator
from typing import Any

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import RowError
from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.identity import RowKeys
from tracepile_assets.sources.layouts.making import Draft, parse_expression
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.layouts.values import UnwritableError, arguments_text, source_text
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "id": "clamp",
    "code": "def clamp(value, low, high):\n    return max(low, min(value, high))\n",
    "entry_point": "clamp",
    "inputs": ["7, 0, 5", [-3, 0, 5], {"value": 2, "low": 0, "high": 5}],
    "expected": ["5", 0, 2],
    "statement": "Bring a value into the range from low to high.",
    "title": "Clamp",
}

ROLES = {role: role for role in ("code", "entry_point", "inputs", "expected", "statement", "title", "id")}


def read(entry: SourceEntry) -> Iterator[Program]:
    """The rows of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the file cannot be read, is not of this layout, or holds a key twice.
    """
    columns = Columns("functions", ROLES, entry.options)
    keys = RowKeys(columns)
    yield from read_programs(entry, keys.keys, keys.of, lambda row: [_draft(row, columns)])


def _draft(row: Row, columns: Columns) -> Draft:
    draft = Draft(
        row=row,
        code=columns.text(row, "code", needed=True) or "",
        entry_point=(columns.text(row, "entry_point", needed=True) or "").strip(),
        title=columns.text(row, "title") or "",
        statement=columns.text(row, "statement"),
    )
    items = columns.items(row, "inputs", columns.need(row, "inputs"))
    stated = columns.get(row, "expected")
    results = [None] * len(items) if stated is None else columns.items(row, "expected", stated)
    if len(results) != len(items):
        raise RowError(
            f"{row.where}: has {len(items)} inputs and {len(results)} expected results; there must be one for each "
            "(null where none is known)"
        )
    for number, (item, result) in enumerate(zip(items, results, strict=True), start=1):
        _take(draft, number, item, result, has_expected=stated is not None)
    return draft


def _take(draft: Draft, number: int, item: Any, result: Any, *, has_expected: bool) -> None:
    try:
        arguments = arguments_text(item)
    except UnwritableError as fault:
        draft.problems.append(f"input {number} cannot be read: {fault}")
        return
    expected = None
    try:
        if isinstance(item, str):
            expected = _expression(result)
        elif has_expected:
            expected = source_text(result)
    except UnwritableError as fault:
        draft.problems.append(f"the expected result of input {number} cannot be read: {fault}")
    draft.inputs.append(ProgramInput(arguments=arguments, expected=expected))


def _expression(result: Any) -> str | None:
    if result is None:
        return None
    if not isinstance(result, str):
        return source_text(result)
    if parse_expression(result) is None:
        raise UnwritableError(f"{result[:80]!r} is no expression")
    return result.strip()
