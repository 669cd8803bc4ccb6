"""Layout `stdin`: JSON lines or Parquet, one program in a row that reads standard input and prints, columns mapped by
options.

Roles, each of them an option whose value is the column (default: the role's own name; a dotted path reaches into
objects):

- `code`: Python source text. Needed.
- `stdin`: what the program reads: a string for one input, or a list of strings. Needed.
- `expected`: what it should print: a string beside a string, a list as long as `stdin` beside a list (null where
  nothing is known), or null.
- `statement`, `title`: text, or null.
- `id`: the natural key, a string or whole number. Where it is mapped, or the first row has it, every row must; else
  rows are known by content.

Not here: programs whose function is called (`functions`); comparing output (execution/).
"""

from collections.abc import Iterator

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import RowError
from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.identity import RowKeys
from tracepile_assets.sources.layouts.making import Draft
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "id": 7,
    "code": "n = int(input())\nprint(sum(map(int, input().split())) // n)\n",
    "stdin": ["3\n1 2 6\n", "1\n5\n"],
    "expected": ["3\n", "5\n"],
    "statement": "Print the mean of n numbers, rounded down.",
    "title": "Mean",
}

ROLES = {role: role for role in ("code", "stdin", "expected", "statement", "title", "id")}


def read(entry: SourceEntry) -> Iterator[Program]:
    """The rows of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the file cannot be read, is not of this layout, or holds a key twice.
    """
    columns = Columns("stdin", ROLES, entry.options)
    keys = RowKeys(columns)
    yield from read_programs(entry, keys.keys, keys.of, lambda row: [_draft(row, columns)])


def _draft(row: Row, columns: Columns) -> Draft:
    return Draft(
        row=row,
        code=columns.text(row, "code", needed=True) or "",
        entry_point=None,
        title=columns.text(row, "title") or "",
        statement=columns.text(row, "statement"),
        inputs=_inputs(row, columns),
    )


def _inputs(row: Row, columns: Columns) -> list[ProgramInput]:
    given = columns.need(row, "stdin")
    stated = columns.get(row, "expected")
    if isinstance(given, str):
        given = [given]
        stated = [stated]
    elif stated is None and isinstance(given, list):
        stated = [None] * len(given)
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise columns.wrong(row, "stdin", "a string or a list of strings", given)
    if not isinstance(stated, list) or not all(text is None or isinstance(text, str) for text in stated):
        raise columns.wrong(row, "expected", "a string beside a string, and a list of strings beside a list", stated)
    if len(stated) != len(given):
        raise RowError(
            f"{row.where}: has {len(given)} inputs and {len(stated)} expected outputs; there must be one for each "
            "(null where none is known)"
        )
    return [ProgramInput(stdin=text, expected=result) for text, result in zip(given, stated, strict=True)]
