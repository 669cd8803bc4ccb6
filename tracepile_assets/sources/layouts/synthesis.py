"""Layout `synthesis`: the file that `tracepile sources synthesize` appends to: model-made programs, one task a line.

`id` is the key. Of a task that was kept (`status` is `kept`), `code` defines `entry_point`; `calls` are the source
texts of its arguments, `results` those of what it returns, as many. A task that was dropped becomes a row that was
rejected for its `reason`. Tests that the kept ones outvoted are reported as inputs that were not taken.

Not here: making the file (building/synthesis).
"""

from collections.abc import Iterator

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import RowError
from tracepile_assets.sources.layouts.columns import Columns, require
from tracepile_assets.sources.layouts.making import Draft, Keys
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "id": "5d1f0c",
    "status": "kept",
    "reason": None,
    "concept": "counting with a dictionary",
    "level": "easy",
    "title": "Most frequent letter",
    "statement": "Given a text of lower-case letters, return the letter that occurs most often, of several the first.",
    "entry_point": "most_frequent",
    "code": "def most_frequent(text):\n    return max(sorted(set(text)), key=text.count)\n",
    "calls": ["'abcb'", "'cab'", "'zz'", "'bbaa'"],
    "results": ["'b'", "'a'", "'z'", "'a'"],
    "agreement": {"solutions": 6, "tests": 9, "agreeing_solutions": 4, "agreeing_tests": 4},
    "made_by": {"model": "tiny", "revision": "main", "temperature": 0.8, "top_p": 0.95, "seed": 2, "prompts": {}},
    "left_out": [
        {"unit": "test 3", "reason": "disagrees", "detail": "most_frequent('') == '', which 1 solutions pass"}
    ],
}

_NEEDED = ("id", "status", "calls", "results", "left_out")


def read(entry: SourceEntry) -> Iterator[Program]:
    """The tasks of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the file cannot be read, is not of this layout, or holds a task twice.
    """
    Columns("synthesis", {}, entry.options)
    keys = Keys()

    def key_of(row: Row) -> str:
        require(row, "synthesis", _NEEDED)
        return keys.natural(row, "id", row.fields["id"])

    yield from read_programs(entry, keys, key_of, lambda row: [_draft(row)])


def _draft(row: Row) -> Draft:
    names = ("code", "entry_point", "title", "statement", "reason", "status", "left_out", "calls", "results")
    columns = Columns("synthesis", {name: name for name in names})
    kept = columns.text(row, "status") == "kept"
    draft = Draft(
        row=row,
        code=(columns.text(row, "code") if kept else None) or "",
        # A function all the same: without a name it would be taken for a program that reads standard input.
        entry_point=columns.text(row, "entry_point") or "solve",
        title=columns.text(row, "title") or "",
        statement=columns.text(row, "statement"),
        fault=None if kept else f"was dropped: {columns.text(row, 'reason') or 'no reason is given'}",
    )
    calls = columns.items(row, "calls", row.fields["calls"])
    results = columns.items(row, "results", row.fields["results"])
    texts = [*calls, *results]
    if len(calls) != len(results) or not all(isinstance(text, str) for text in texts):
        raise RowError(f"{row.where}: `calls` and `results` must be lists of as many strings; take the line out")
    draft.inputs = [ProgramInput(arguments=a, expected=e) for a, e in zip(calls, results, strict=True)]
    if kept:
        draft.problems = [
            f"{left['unit']} was left out: {left.get('reason')}: {left.get('detail')}"
            for left in columns.items(row, "left_out", row.fields["left_out"])
            if isinstance(left, dict) and str(left.get("unit")).startswith("test")
        ]
    return draft
