"""Layout `humaneval`: the file of HumanEval, inputs from the asserts of its checks.

Fields of a row: `task_id` (`HumanEval/0`), `prompt` (the head of the function with its docstring), `canonical_solution`
(the rest of it), `entry_point`, `test` (source text of `check(candidate)`). The code is the prompt and the solution,
its statement the docstring of the entry point. Of each `assert candidate(args) == expected` in `check` the source text
between the parentheses becomes the arguments; of an assert of another form with one call (`assert not candidate(x)`)
the input is taken and no result. What a loop draws at random is reported as an input problem.

All of it is a benchmark: no row is read unless the source allows benchmark rows; then they are traced and asked about,
and never enter a mixture.

Not here: HumanEval in other languages; tests that are no asserts.
"""

import ast
import inspect
from collections.abc import Iterator

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import RowError
from tracepile_assets.sources.layouts.asserts import read_assert, read_only_call, shown
from tracepile_assets.sources.layouts.benchmarks import require_leave
from tracepile_assets.sources.layouts.columns import Columns, require
from tracepile_assets.sources.layouts.making import Draft, Keys, parse_module, plain_lines
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import Program, ProgramInput

EXAMPLE = {
    "task_id": "HumanEval/23",
    "prompt": 'def strlen(string: str) -> int:\n    """ Return length of given string\n    """\n',
    "canonical_solution": "    return len(string)\n",
    "entry_point": "strlen",
    "test": "def check(candidate):\n    assert candidate('') == 0\n    assert candidate('x') == 1\n",
}

_FIELDS = ("task_id", "prompt", "canonical_solution", "entry_point", "test")


def read(entry: SourceEntry) -> Iterator[Program]:
    """The tasks of the file as programs, in its order.

    Raises:
        SourceError: while iterating: the source does not allow benchmark rows, the file cannot be read, is not of
            this layout, or holds a task twice.
    """
    columns = Columns("humaneval", {name: name for name in _FIELDS}, entry.options)
    require_leave(entry, "HumanEval")
    keys = Keys()

    def key_of(row: Row) -> str:
        require(row, "humaneval", _FIELDS)
        return keys.natural(row, "task_id", row.fields["task_id"])

    yield from read_programs(entry, keys, key_of, lambda row: [_draft(row, columns)])


def _draft(row: Row, columns: Columns) -> Draft:
    prompt, solution, name, test = (plain_lines(columns.text(row, field, needed=True) or "") for field in _FIELDS[1:])
    draft = Draft(row=row, code=prompt + solution, entry_point=name, benchmark=True)
    draft.title = f"{row.fields['task_id']}: {name}"
    draft.statement = _docstring(draft.code, name)
    check = _check(row, test)
    drawn = {node.id for node in ast.walk(check) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for number, statement in enumerate(_asserting(check), start=1):
        _take(draft, number, ast.get_source_segment(test, statement) or "", drawn)
    return draft


def _docstring(code: str, name: str) -> str | None:
    """The first text that stands alone in the function; in one task it stands below an import."""
    tree = parse_module(code)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name] if tree else []
    for node in functions[-1].body if functions else []:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return inspect.cleandoc(node.value.value)
    return None


def _check(row: Row, test: str) -> ast.FunctionDef:
    tree = parse_module(test)
    checks = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "check"] if tree else []
    if not checks:
        raise RowError(f"{row.where}: `test` defines no `check(candidate)`; mend the row, or use another layout")
    return checks[-1]


def _asserting(check: ast.FunctionDef) -> Iterator[ast.stmt]:
    """The statements of `check` that assert something, other than a constant (`assert True`)."""
    for node in check.body:
        asserts = [part for part in ast.walk(node) if isinstance(part, ast.Assert)]
        if any(not isinstance(part.test, ast.Constant) for part in asserts):
            yield node


def _take(draft: Draft, number: int, text: str, drawn: set[str]) -> None:
    """Read one statement of `check` into the draft, as an input or as a problem."""
    own = {"candidate"}
    asserted = read_assert(text, own) or read_only_call(text, own)
    if asserted is None or asserted.arguments is None:
        draft.problems.append(f"check {number} is no assert with one call of the candidate: {shown(text)}")
        return
    arguments, expected = asserted.arguments, asserted.expected
    if _names(f"f({arguments})") & drawn or _names(expected or "0") & drawn:
        draft.problems.append(f"check {number} uses names that `check` itself makes: {shown(text)}")
        return
    draft.inputs.append(ProgramInput(arguments=arguments, expected=expected))


def _names(expression: str) -> set[str]:
    tree = parse_module(expression)
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()
