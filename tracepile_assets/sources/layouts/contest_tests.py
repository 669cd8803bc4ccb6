"""Reads the tests of a contest problem: pairs of input and output, for programs that read stdin and for functions.

Not here: the solutions (`contest`), comparing what a run gave (execution/).
"""

from dataclasses import dataclass
from typing import Any

from tracepile_assets.sources.errors import RowError
from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.layouts.values import UnwritableError, arguments_text, as_json, source_text
from tracepile_assets.sources.program import ProgramInput

_KINDS = ("public_tests", "private_tests", "generated_tests")


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests of a problem.

    Attributes:
        function: name of the function that they call; None where they are given on stdin.
        pairs: input and output of each, as the row has them.
        wrapped: each output of a function is a list that holds the result.
    """

    function: str | None
    pairs: list[tuple[Any, Any]]
    wrapped: bool = False

    def read(self, pair: tuple[Any, Any]) -> ProgramInput | str:
        """One test as an input, or what is wrong with it."""
        given, stated = pair
        if self.function is None:
            given, stated = _joined(given), _joined(stated)
            if given is None or stated is None:
                return "is not text"
            return ProgramInput(stdin=given, expected=stated)
        arguments = [as_json(line) for line in given.split("\n")] if isinstance(given, str) else given
        if not isinstance(arguments, list):
            return "holds no list of arguments"
        result = as_json(stated) if isinstance(stated, str) and isinstance(given, str) else stated
        try:
            return ProgramInput(
                arguments=arguments_text(arguments), expected=source_text(result[0] if self.wrapped else result)
            )
        except UnwritableError as fault:
            return f"cannot be read: {fault}"


def tests_of_apps(row: Row, columns: Columns, wrapped: bool | None) -> Tests:
    """The tests of a row of APPS or TACO; none where it has none.

    Args:
        row: the row.
        columns: its columns.
        wrapped: whether each output of a function is a list that holds the result; None to go by what they look like.

    Raises:
        RowError: they are of another form.
    """
    value = columns.get(row, "input_output")
    tests = as_json(value) if isinstance(value, str) and value.strip() else value or {"inputs": [], "outputs": []}
    given, stated = (tests.get("inputs"), tests.get("outputs")) if isinstance(tests, dict) else (None, None)
    if not isinstance(given, list) or not isinstance(stated, list):
        raise columns.wrong(row, "input_output", "an object of lists `inputs` and `outputs`", value)
    _check_lengths(row, "input_output", given, stated)
    function = tests.get("fn_name") or None
    if function is not None and not isinstance(function, str):
        raise RowError(
            f"{row.where}: `fn_name` in `input_output` is {str(function)[:80]!r}, and must be a name; mend the row"
        )
    lists = all(isinstance(output, list) and len(output) == 1 for output in stated)
    if function is not None and wrapped and not lists:
        raise RowError(
            f"{row.where}: an output in `input_output` is no list of one item, and option `results` says that all are; "
            "mend the row, or set the option to plain or guessed"
        )
    unwrap = function is not None and (lists if wrapped is None else wrapped)
    return Tests(function, list(zip(given, stated, strict=True)), unwrap)


def tests_of_code_contests(row: Row) -> Tests:
    """The tests of a row of CodeContests: public ones first, then private, then generated ones.

    Raises:
        RowError: they are of another form.
    """
    columns = Columns("contest", {name: name for name in _KINDS})
    pairs: list[tuple[Any, Any]] = []
    for kind in _KINDS:
        tests = columns.get(row, kind) or {"input": [], "output": []}
        given, stated = (tests.get("input"), tests.get("output")) if isinstance(tests, dict) else (None, None)
        if not isinstance(given, list) or not isinstance(stated, list):
            raise columns.wrong(row, kind, "an object of lists `input` and `output`", tests)
        _check_lengths(row, kind, given, stated)
        pairs += zip(given, stated, strict=True)
    return Tests(None, pairs)


def _check_lengths(row: Row, column: str, given: list[Any], stated: list[Any]) -> None:
    if len(given) != len(stated):
        raise RowError(
            f"{row.where}: `{column}` has {len(given)} inputs and {len(stated)} outputs, so that nobody can tell which "
            "belong together; mend the row"
        )


def _joined(text: Any) -> str | None:
    """A text, or a list of its lines."""
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        return "\n".join(text)
    return text if isinstance(text, str) else None
