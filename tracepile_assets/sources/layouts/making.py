"""Turns what a layout found in a row into a `Program`: line endings, tabs, does it parse, is there something to run it
on, which row is it.

Belongs here: what is the same for every layout. Does not belong here: the columns of any layout, opening files.
"""

import ast
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import RowError, SourceError
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import InputGenerator, Program, ProgramInput
from tracepile_assets.tables.ids import digest


class Keys:
    """The natural keys of one reading of a source, each of which may come once; and numbers among rows of equal
    content.

    Holds 8 bytes for each row seen, not the rows.
    """

    def __init__(self) -> None:
        """Begin a reading: no row seen."""
        self._rows: dict[bytes, int] = {}
        self._equal: Counter[bytes] = Counter()

    def natural(self, row: Row, column: str, value: object) -> str:
        """The natural key of a row, as text.

        Raises:
            RowError: it is no string or whole number, or is empty.
            SourceError: an earlier row has it.
        """
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise RowError(
                f"{row.where}: `{column}` is {value!r}, and a key must be a string or a whole number; mend the row"
            )
        key = str(value)
        first = self._rows.setdefault(_short(key), row.number)
        if first != row.number:
            raise SourceError(
                f"{row.where}: `{column}` is {key!r}, as in {row.unit} {first}; keys must differ: remove one of the "
                "two rows, or rename it"
            )
        return key

    def by_content(self, parts: Iterable[str | None]) -> str:
        """Key of a row that has no natural one: hash of its content, and its number among equals."""
        content = digest(parts)
        short = _short(content)
        self._equal[short] += 1
        return f"{content}-{self._equal[short]}"


def _short(key: str) -> bytes:
    return bytes.fromhex(digest([key]))[:8]


LONGEST_CODE = 500_000
"""Characters of a program. A text of ten million takes gigabytes to be parsed, here, where no limit stands."""


@dataclass(slots=True)
class Draft:
    """What a layout found in a row, before it is checked.

    Attributes:
        row: the row.
        code: source text, with any line endings.
        entry_point: expression to call; None for a stdin program.
        title: short name; empty to have one made.
        statement: the problem in words.
        inputs: the inputs in order.
        problems: one sentence for each input that could not be read.
        fault: why nothing can be made of the row, known before its code is looked at.
        benchmark: the row belongs to a benchmark.
        generator: what draws further inputs.
    """

    row: Row
    code: str
    entry_point: str | None
    title: str = ""
    statement: str | None = None
    inputs: list[ProgramInput] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    benchmark: bool = False
    fault: str | None = None
    generator: InputGenerator | None = None


def finish(draft: Draft, entry: SourceEntry, source_row: str | None, keys: Keys) -> Program:
    """Make the program: ``rejected`` with a reason where it does not parse, has no inputs or lacks its entry point.

    Args:
        draft: what was found.
        entry: the source, for domain and licence.
        source_row: the natural key; None to make one from the content.
        keys: keys of this reading.
    """
    code = plain_lines(draft.code)
    inputs, repeats = _distinct(draft.inputs)
    reason, code = (draft.fault, code) if draft.fault else _parse(code)
    if reason is None and draft.entry_point is not None:
        reason = _without_entry(code, draft.entry_point)
    if reason is None and not inputs and draft.generator is None:
        reason = "has no inputs" + (f": {draft.problems[0]}" if draft.problems else "")
    statement = plain_lines(draft.statement).strip() if draft.statement else None
    if source_row is None:
        texts = [text for given in inputs for text in (given.arguments, given.stdin, given.expected)]
        if draft.generator is not None:
            texts += [draft.generator.call, draft.generator.code]
        source_row = keys.by_content([draft.code, draft.entry_point, draft.title, statement, *texts])
    return Program(
        source_row=source_row,
        domain=entry.domain,
        title=draft.title.strip() or draft.entry_point or source_row,
        statement=statement or None,
        code=code,
        entry_point=draft.entry_point,
        inputs=inputs,
        license=entry.license,
        origin_uri=draft.row.uri,
        status="ok" if reason is None else "rejected",
        reason=reason,
        benchmark=draft.benchmark,
        generator=draft.generator if reason is None else None,
        input_problems=(*draft.problems, *repeats),
    )


def plain_lines(text: str) -> str:
    """The text with each line ended by ``\\n`` and without a byte order mark, as Python itself reads it."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def parse_module(code: str) -> ast.Module | None:
    """The tree of a program, None where it does not parse."""
    return _parsed(code, "exec")


def parse_expression(text: str) -> ast.expr | None:
    """The tree of an expression that can also stand between parentheses (no comment at its end); None for other
    texts."""
    tree = _parsed(text.strip(), "eval")
    return tree.body if tree and _parsed(f"({text.strip()})", "eval") else None


def _parsed(text: str, mode: str) -> ast.AST | None:
    if len(text) > LONGEST_CODE:
        return None
    try:
        # What a program's own text warns of (an unknown escape in a string) is not our user's business.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_arguments(text: str) -> bool:
    """Whether the text can stand between the parentheses of a call, and closes none of them."""
    node = parse_expression(f"f({text})")
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def defined_names(code: str) -> set[str] | None:
    """The names that a program binds anywhere; None where it does not parse, or a star import hides some."""
    tree = parse_module(code)
    if tree is None:
        return None
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            if node.name == "*":
                return None
            names.add((node.asname or node.name).split(".")[0])
    return names


def _distinct(inputs: list[ProgramInput]) -> tuple[tuple[ProgramInput, ...], list[str]]:
    kept: dict[tuple[str, str | None, str | None], ProgramInput] = {}
    problems = []
    for number, given in enumerate(inputs, start=1):
        key = (given.codec, given.arguments, given.stdin)
        if key in kept:
            contradicts = "" if kept[key].expected == given.expected else ", and states another result"
            problems.append(f"input {number} is equal to an earlier one{contradicts}")
        else:
            kept[key] = given
    return tuple(kept.values()), problems


def _parse(code: str) -> tuple[str | None, str]:
    reason = _syntax_fault(code)
    if reason is not None and "inconsistent use of tabs" in reason:
        # Python 2 took a tab as going to the next multiple of eight columns; such programs mean that.
        expanded = "\n".join(_expand_indent(line) for line in code.split("\n"))
        if _syntax_fault(expanded) is None:
            return None, expanded
    return reason, code


def _expand_indent(line: str) -> str:
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)].expandtabs(8) + body


def _syntax_fault(code: str) -> str | None:
    if not code.strip():
        return "does not parse: it is empty"
    if len(code) > LONGEST_CODE:
        return f"is longer than {LONGEST_CODE:,} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code, "<program>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"does not parse: {error.msg}" + (f" (line {error.lineno})" if error.lineno else "")
    except ValueError as error:
        return f"does not parse: {error}"
    except (RecursionError, MemoryError):
        return "does not parse: it is nested too deeply"
    return None


def _without_entry(code: str, entry_point: str) -> str | None:
    node = parse_expression(entry_point)
    if node is None:
        return f"entry point is no expression: {entry_point}"
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    names = defined_names(code)
    if isinstance(node, ast.Name) and names is not None and node.id not in names:
        return f"entry point is not defined: {node.id}"
    if _lacks_method(code, entry_point):
        return f"entry point is not defined: {entry_point}"
    return None


def _lacks_method(code: str, entry_point: str) -> bool:
    """Whether the entry point is a method, as in ``Solution().f``, of a class that surely has none of that name."""
    tree, node = parse_module(code), parse_expression(entry_point)
    match node:
        case ast.Attribute(value=ast.Call(func=ast.Name(id=owner)), attr=name):
            pass
        case _:
            return False
    binders = [each for each in ast.walk(tree) if getattr(each, "name", getattr(each, "id", None)) == owner]
    classes = [each for each in binders if isinstance(each, ast.ClassDef)]
    if len(classes) != 1 or any(isinstance(getattr(each, "ctx", None), ast.Store) for each in binders):
        return False
    (found,) = classes
    if found not in tree.body or found.decorator_list or found.keywords or found.bases:
        return False
    # Whatever names it, anywhere, may bring it: an assignment to the class, `setattr`, a base's `__getattr__`.
    bound = {
        getattr(each, key, None)
        for each in ast.walk(tree)
        for key in ("name", "asname", "id", "attr", "value")
        if isinstance(getattr(each, key, None), str)
    }
    return not bound & {name, "setattr", "__getattr__", "__getattribute__", "__dict__", "exec", "vars", "locals"}
