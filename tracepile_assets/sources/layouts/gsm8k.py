"""Layout `gsm8k`: word problems of GSM8K, made into programs by the calculations in their answers.

Fields of a row: `question` (the statement), `answer` (sentences with calculations, `48/2 = <<48/2=24>>24`, and the
answer in a last line, `#### 72`). Each calculation becomes an assignment, and the last one whose result is the answer
is returned. Numbers of the question become parameters, earlier results variables, all else stays a number. Names are
the problem's words; a comment above an assignment is its sentence without the numbers, since it must hold for other
inputs too, and must not give the result away. Where a sentence rounds, so does the program. Where the annotations do
not lead to the answer, plain equations (`48/2 = 24`) count as well.

A problem whose calculations do not lead to its answer is a rejected row. The test set is a benchmark: a file that is
named so is refused unless the source allows benchmark rows. Rows are known by content.

Not here: reading calculations (`gsm8k_steps`), names and comments (`gsm8k_words`).
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.layouts.benchmarks import require_leave
from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.gsm8k_program import UnmakableError, make_program
from tracepile_assets.sources.layouts.making import Draft, Keys, plain_lines
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "question": "A shelf holds 12 jars of jam, each worth $3. Half of the jars are sold. How much do they bring?",
    "answer": "There are 12/2 = <<12/2=6>>6 jars sold.\nThey bring 6*3 = $<<6*3=18>>18.\n#### 18",
}

_FIELDS = ("question", "answer")


def read(entry: SourceEntry) -> Iterator[Program]:
    """The problems of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the file is the test set and the source does not allow benchmark rows, cannot be
            read, or is not of this layout.
    """
    columns = Columns("gsm8k", {name: name for name in _FIELDS}, entry.options)
    benchmark = "test" in re.split(r"[^a-z]+", PurePosixPath(entry.path).name.lower())
    if benchmark:
        require_leave(entry, "the test set of GSM8K")
    yield from read_programs(entry, Keys(), lambda row: None, lambda row: [_draft(row, columns, benchmark=benchmark)])


def _draft(row: Row, columns: Columns, *, benchmark: bool) -> Draft:
    question, answer = (plain_lines(columns.text(row, name, needed=True) or "").strip() for name in _FIELDS)
    draft = Draft(row=row, code="", entry_point="answer", statement=question, benchmark=benchmark)
    try:
        made = make_program(question, answer)
    except UnmakableError as fault:
        draft.fault = str(fault)
        return draft
    draft.code = made.code
    draft.entry_point = made.function
    draft.title = made.function.replace("_", " ")
    draft.inputs.append(ProgramInput(arguments=made.arguments, expected=made.expected))
    return draft
