"""Layout `cruxeval`: the file of CRUXEval, one call of a short function `f` in a row.

Fields of a row: `id` (`sample_0`), `code` (defines `f`), `input` (source text between the call's parentheses), `output`
(source text of the result).

All of it is a benchmark: no row is read unless the source allows benchmark rows; then they are traced and asked about,
and never enter a mixture.

Not here: functions of other names (`functions`).
"""

from collections.abc import Iterator

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.layouts.benchmarks import require_leave
from tracepile_assets.sources.layouts.columns import Columns, require
from tracepile_assets.sources.layouts.making import Draft, Keys, is_arguments, parse_expression
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "id": "sample_7",
    "code": "def f(words):\n    words.reverse()\n    return ' '.join(words)",
    "input": "['a', 'b']",
    "output": "'b a'",
}

_FIELDS = ("id", "code", "input", "output")


def read(entry: SourceEntry) -> Iterator[Program]:
    """The rows of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the source does not allow benchmark rows, the file cannot be read, is not of
            this layout, or holds an id twice.
    """
    columns = Columns("cruxeval", {name: name for name in _FIELDS}, entry.options)
    require_leave(entry, "CRUXEval")
    keys = Keys()

    def key_of(row: Row) -> str:
        require(row, "cruxeval", _FIELDS)
        return keys.natural(row, "id", row.fields["id"])

    yield from read_programs(entry, keys, key_of, lambda row: [_draft(row, columns)])


def _draft(row: Row, columns: Columns) -> Draft:
    code, arguments, result = (columns.text(row, name, needed=True) or "" for name in _FIELDS[1:])
    draft = Draft(row=row, code=code, entry_point="f", title=f"CRUXEval {row.fields['id']}", benchmark=True)
    if not is_arguments(arguments):
        draft.problems.append(f"the input cannot stand between the parentheses of a call: {arguments[:80]!r}")
        return draft
    stated = result.strip() if parse_expression(result) is not None else None
    if stated is None:
        draft.problems.append(f"the output is no expression, and is not taken as stated: {result[:80]!r}")
    draft.inputs.append(ProgramInput(arguments=arguments.strip(), expected=stated))
    return draft
