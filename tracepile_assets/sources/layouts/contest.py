"""Layout `contest`: problems of programming contests with their solutions and tests, as APPS, TACO and CodeContests
have them.

Fields of a row of APPS or TACO: `question` (the statement), `solutions` (list of programs, or the JSON text of it),
`input_output` (object `{"inputs": [...], "outputs": [...]}`, or the JSON text of it; with `fn_name` the solutions are
functions and an input is the list of their arguments, else they read stdin), `problem_id` (the key, if the rows have
it), `name`. Of CodeContests: `name` (the key), `description`, `solutions` (`{"language": [...], "solution": [...]}`; 3
and `PYTHON3` are Python), `public_tests`, `private_tests`, `generated_tests` (`{"input": [...], "output": [...]}`).

Options: `solutions` (1), how many of a problem's solutions become programs, the first ones that are Python 3 and
differ; `tests` (10), how many of its tests become inputs, the first ones; `results`, for functions, as upstream's
checkers take a result and a list of it alone for the same: `wrapped` (each output is a list that holds the result),
`plain` (it is the result), or `guessed` (the default: wrapped where all outputs of a problem are lists of one item).

Not here: checkers for problems with several right outputs; a run that prints another one is said to disagree.
"""

from collections.abc import Iterator, Mapping

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import SourceError
from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.contest_tests import Tests, tests_of_apps, tests_of_code_contests
from tracepile_assets.sources.layouts.making import Draft, Keys, defined_names, parse_module, plain_lines
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.layouts.values import as_json
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "problem_id": 12,
    "question": "Read n numbers and print the largest one.",
    "solutions": '["n = int(input())\\nprint(max(map(int, input().split())))\\n"]',
    "input_output": '{"inputs": ["3\\n4 9 2\\n"], "outputs": ["9\\n"]}',
}

_ROLES = ("solutions", "input_output", "question", "problem_id", "name", "description")
_NUMBERS = {"solutions": 1, "tests": 10}
_RESULTS = {"wrapped": True, "plain": False, "guessed": None}
_PYTHON_3 = (3, "PYTHON3")


def read(entry: SourceEntry) -> Iterator[Program]:
    """The solutions of the file's problems as programs, in its order.

    Raises:
        SourceError: while iterating: an option is unknown or no number, the file cannot be read, is not of this
            layout, or holds a key twice.
    """
    most, wrapped = _numbers(entry.options), _wrapped(entry.options)
    columns = Columns("contest", {name: name for name in _ROLES})
    keys = Keys()
    yield from read_programs(
        entry, keys, lambda row: _key(row, keys), lambda row: _drafts(row, columns, most, wrapped), several=True
    )


def _numbers(options: Mapping[str, str]) -> dict[str, int]:
    numbers = {name: value for name, value in options.items() if name != "results"}
    for name, value in numbers.items():
        if name not in _NUMBERS:
            raise SourceError(
                f"layout contest has no option {name!r} (there are: {', '.join(_NUMBERS)}, results); correct the "
                "options of the source"
            )
        if not value.isdecimal() or int(value) < 1:
            raise SourceError(f"option `{name}` of layout contest is {value!r}; give a whole number from 1")
    return _NUMBERS | {name: int(value) for name, value in numbers.items()}


def _wrapped(options: Mapping[str, str]) -> bool | None:
    value = options.get("results", "guessed")
    if value not in _RESULTS:
        raise SourceError(f"option `results` of layout contest is {value!r}; give one of: {', '.join(_RESULTS)}")
    return _RESULTS[value]


def _key(row: Row, keys: Keys) -> str | None:
    column = "name" if "public_tests" in row.fields else "problem_id"
    value = row.fields.get(column)
    return None if value is None else keys.natural(row, column, value)


def _drafts(row: Row, columns: Columns, most: Mapping[str, int], wrapped: bool | None) -> Iterator[Draft]:
    """The programs of a problem; one without code where it has no solution in Python 3."""
    if "public_tests" in row.fields:
        tests, codes = tests_of_code_contests(row), _python_3(row, columns)
        statement = columns.text(row, "description")
    else:
        for column in ("solutions", "input_output"):
            columns.has(row, column)
        tests, codes = tests_of_apps(row, columns, wrapped), _listed(row, columns)
        statement = columns.text(row, "question")
    chosen = _chosen(codes, most["solutions"])
    title = str(row.fields.get("name") or row.fields.get("problem_id") or "").strip()
    for code in chosen or [""]:
        draft = Draft(row=row, code=code, entry_point=_entry_point(code, tests), title=title, statement=statement)
        if not chosen:
            draft.fault = "has no solution in Python 3" if codes else "has no solution"
        _take(draft, tests, most["tests"])
        yield draft


def _listed(row: Row, columns: Columns) -> list[str]:
    value = columns.get(row, "solutions")
    codes = as_json(value) if isinstance(value, str) and value.strip() else value or []
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise columns.wrong(row, "solutions", "a list of strings, or the JSON text of one", value)
    return codes


def _python_3(row: Row, columns: Columns) -> list[str]:
    value = columns.need(row, "solutions")
    languages, codes = (value.get("language"), value.get("solution")) if isinstance(value, dict) else (None, None)
    if not isinstance(languages, list) or not isinstance(codes, list) or len(languages) != len(codes):
        raise columns.wrong(row, "solutions", "an object of lists `language` and `solution` of one length", value)
    chosen = [code for language, code in zip(languages, codes, strict=True) if language in _PYTHON_3]
    if not all(isinstance(code, str) for code in chosen):
        raise columns.wrong(row, "solutions", "an object whose list `solution` holds strings", value)
    return chosen


def _chosen(codes: list[str], most: int) -> list[str]:
    """The first ones that parse as Python 3 and differ."""
    chosen: list[str] = []
    for code in codes:
        text = plain_lines(code)
        if len(chosen) < most and text not in chosen and text.strip() and parse_module(text) is not None:
            chosen.append(text)
    return chosen


def _entry_point(code: str, tests: Tests) -> str | None:
    if tests.function is None:
        return None
    return f"Solution().{tests.function}" if "Solution" in (defined_names(code) or ()) else tests.function


def _take(draft: Draft, tests: Tests, most: int) -> None:
    """Read the first tests into the draft, as inputs or as problems, and say how many are left out."""
    for number, test in enumerate(tests.pairs[:most], start=1):
        found = tests.read(test)
        if isinstance(found, ProgramInput):
            draft.inputs.append(found)
        else:
            draft.problems.append(f"test {number} {found}")
    if len(tests.pairs) > most:
        draft.problems.append(f"{len(tests.pairs) - most} tests beyond the first {most} are left out (option tests)")
