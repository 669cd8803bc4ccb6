"""Layout `codeio`: a program in a row, with a seeded generator of its inputs, as CodeI/O and reasoning-gym have them.

Roles, each of them an option whose value is the column:

- `code` (`code_sample`): Python source text. Needed.
- `generator` (`input_generator`): source text of a function that gives one input, and of what it needs beyond the
  program. It is called `generate_input`, `generate_inputs` or `input_generator`, or is the last function there, and
  takes a `random.Random` or nothing. Where the column is missing or null, the code itself has a function
  `input_generator`: it is cut out, unless the rest of the code names it.
- `entry_point` (`entry_point`): the function that is called; `main_solution` where there is no such column.
- `statement` (`task_description`), `specification` (`input_output_spec`): the problem, and what goes in and comes out;
  both become the statement.
- `title` (`title`), `id` (`id`): as in layout `functions`.

What the generator gives is an object of named values, a tuple of positional ones, or one value. The source's
`inputs_per_program` and `seed` say how many inputs are drawn and which. No result is stated.

Not here: drawing the inputs, which happens in the jail as raw_programs is built (building/).
"""

import ast
from collections.abc import Iterator

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.identity import RowKeys
from tracepile_assets.sources.layouts.making import Draft, parse_module, plain_lines
from tracepile_assets.sources.layouts.programs import read_programs
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import InputGenerator, Program

EXAMPLE = {
    "code_sample": "def main_solution(numbers, k):\n    return sorted(numbers)[-k:]\n",
    "input_generator": "def generate_input(rng: Random) -> dict:\n"
    "    numbers = [rng.randint(0, 99) for _ in range(rng.randint(1, 9))]\n"
    '    return {"numbers": numbers, "k": rng.randint(1, len(numbers))}\n',
    "task_description": "Which are the k largest of some numbers?",
    "input_output_spec": "Input: `numbers` (list of int), `k` (int). Output: list of int, ascending.",
}

ROLES = {
    "code": "code_sample",
    "generator": "input_generator",
    "entry_point": "entry_point",
    "statement": "task_description",
    "specification": "input_output_spec",
    "title": "title",
    "id": "id",
}

_ENTRY_POINT = "main_solution"
_INSIDE = "input_generator"
_CALLS = ("generate_input", "generate_inputs", _INSIDE)
_TITLE_CHARS = 60


def read(entry: SourceEntry) -> Iterator[Program]:
    """The rows of the file as programs without inputs, in its order; their generators draw those.

    Raises:
        SourceError: while iterating: the file cannot be read, is not of this layout, or holds a key twice.
    """
    columns = Columns("codeio", ROLES, entry.options)
    keys = RowKeys(columns)
    yield from read_programs(entry, keys.keys, keys.of, lambda row: [_draft(row, columns, entry)])


def _draft(row: Row, columns: Columns, entry: SourceEntry) -> Draft:
    code = plain_lines(columns.text(row, "code", needed=True) or "")
    generator = columns.text(row, "generator")
    statement = columns.text(row, "statement") or ""
    specification = columns.text(row, "specification") or ""
    draft = Draft(
        row=row,
        code=code,
        entry_point=(columns.text(row, "entry_point") or _ENTRY_POINT).strip(),
        title=columns.text(row, "title") or _title(statement),
        statement=f"{statement.strip()}\n\n{specification.strip()}".strip(),
    )
    if generator is None:
        draft.code, generator = _taken_out(code)
    if generator is None:
        draft.problems.append(f"has no generator of inputs: no `{columns.of['generator']}`, no function `{_INSIDE}`")
        return draft
    draft.generator = _generator(plain_lines(generator), entry)
    if draft.generator is None:
        found = "defines no function" if parse_module(generator) else "does not parse"
        draft.problems.append(f"the generator of inputs {found}")
    return draft


def _generator(code: str, entry: SourceEntry) -> InputGenerator | None:
    tree = parse_module(code)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)} if tree else {}
    if not functions:
        return None
    name = next((name for name in _CALLS if name in functions), list(functions)[-1])
    arguments = functions[name].args
    return InputGenerator(
        code=code,
        call=name,
        takes_rng=bool(arguments.posonlyargs or arguments.args or arguments.vararg),
        seed=entry.seed,
        count=entry.inputs_per_program,
    )


def _taken_out(code: str) -> tuple[str, str | None]:
    """The code without its generator of inputs, and the generator; None where there is none.

    What the rest of the code names stays in it.
    """
    tree = parse_module(code)
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef) and node.name == _INSIDE:
            break
    else:
        return code, None
    lines = code.split("\n")
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
    generator = "\n".join(lines[first : node.end_lineno]) + "\n"
    others = [other for other in tree.body if other is not node]
    named = any(isinstance(each, ast.Name) and each.id == _INSIDE for other in others for each in ast.walk(other))
    alone = all(other.end_lineno - 1 < first or other.lineno > node.end_lineno for other in others)
    if named or not alone:
        return code, generator
    rest = "\n".join(lines[:first]).rstrip("\n"), "\n".join(lines[node.end_lineno :]).strip("\n")
    return "\n\n\n".join(part for part in rest if part) + "\n", generator


def _title(statement: str) -> str:
    """The beginning of the statement, up to the end of a word."""
    words = " ".join(statement.split())
    return words if len(words) <= _TITLE_CHARS else words[:_TITLE_CHARS].rpartition(" ")[0] + " …"
