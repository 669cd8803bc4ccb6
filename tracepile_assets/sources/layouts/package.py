"""Layout `package`: the functions of an installed Python package, or of a folder, on the calls in their doctests.

The path is a folder, a `.py` file, or the name of an installed package (`statistics`, `networkx.algorithms`). Nothing
of it is imported or run: modules are read as text. Each function at the top of a module whose docstring holds an
example `>>> f(arguments)` of itself becomes a program: the function, cut out with what it needs of its module. What an
example shows is what the source states, where it is an expression. All docstrings keep their words and lose their
examples, which would give results away.

The key is `module:function`. The licence is that of the source, or, where none is given, that which the installed
package states.

Not here: methods, examples that build on earlier ones (they are reported); packages that the jail lacks (their programs
run, and end as `exception`).
"""

import ast
import builtins
import doctest
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path

from tracepile_assets.home.registry import SourceEntry
from tracepile_assets.sources.errors import SourceError
from tracepile_assets.sources.layouts.asserts import between_parentheses, shown
from tracepile_assets.sources.layouts.columns import Columns
from tracepile_assets.sources.layouts.making import Draft, Keys, finish, parse_expression, parse_module, plain_lines
from tracepile_assets.sources.layouts.module_slices import ModuleText, has_docstring, read_module
from tracepile_assets.sources.layouts.rows import Row
from tracepile_assets.sources.program import Program, ProgramInput

_LARGEST_MODULE = 4 * 2**20
_PARSER = doctest.DocTestParser()
_HEADING = re.compile(
    r"^(?:(?:Simple |Basic )?Examples?|Usage|Doctests?|Tests?)(?: usage)?:{0,2}(?:\s*\n[-=~^]+)?$", re.I | re.M
)
_COMMENT = re.compile(r"(?:^|\n)[ \t]*#[^\n]*$")
_ANNOUNCED = re.compile(r"(?:^|(?<=[.!?])\s+)[^.!?]*:{1,2}$")


def read(entry: SourceEntry) -> Iterator[Program]:
    """The functions with examples as programs, by module and place in it.

    Raises:
        SourceError: while iterating: there is no such folder, file or package, it holds no module, or no function with
            an example of itself.
    """
    Columns("package", {}, entry.options)
    root, files = _modules(entry.path)
    entry = replace(entry, license=_license(entry)) if entry.license == "unknown" else entry
    keys, found = Keys(), False
    for file in files:
        text = _text(file)
        module = read_module(text)
        name = ".".join(file.relative_to(root).with_suffix("").parts)
        if module is None and ">>> " in text:
            yield _unread(file, name, entry, keys)
        for function in module.functions() if module else ():
            draft = _draft(Row(str(file), function.lineno, "line", {}), module, function)
            if draft is not None:
                found = True
                draft.title = f"{name}:{function.name}"
                yield finish(draft, entry, keys.natural(draft.row, "function", draft.title), keys)
    if not found:
        raise SourceError(
            f"{entry.path}: holds no function with an example `>>> f(...)` of itself in its docstring; name another "
            "folder, .py file or package, or choose another layout"
        )


def mark(entry: SourceEntry) -> list[str]:
    """Name, size and time of change of every module.

    Raises:
        SourceError: there is no such folder, file or package, or it holds no module.
    """
    root, files = _modules(entry.path)
    stated = [(file.relative_to(root), file.stat()) for file in files]
    return [f"{name} {info.st_size} {info.st_mtime_ns}" for name, info in stated]


def _modules(path: str) -> tuple[Path, list[Path]]:
    """The folder that module names start from, and the modules in the order of their names."""
    if not path:
        raise SourceError("the source has no path; set `path` to a folder, a .py file or the name of a package")
    place = Path(path)
    if not place.exists():
        place = _installed(path)
    if place.is_file():
        return place.parent, [place]
    files = sorted(file for file in place.rglob("*.py") if file.is_file())
    if not files:
        raise SourceError(f"{path}: holds no .py file; name the folder of a package, or a .py file")
    return place.parent, files


def _installed(path: str) -> Path:
    """The folder or file of an installed package, found without importing it."""
    spec, places = None, None
    if "/" not in path and all(part.isidentifier() for part in path.split(".")):
        for part in path.split("."):
            spec = PathFinder.find_spec(part, places)
            places = list(spec.submodule_search_locations or []) if spec else None
            if not spec:
                break
    if spec is None:
        raise SourceError(f"{path}: there is no such folder, .py file or installed package; correct the path")
    if places:
        return Path(places[0])
    if spec.origin is None or not spec.origin.endswith(".py"):
        raise SourceError(f"{path}: is no package of Python text; name another")
    return Path(spec.origin)


def _license(entry: SourceEntry) -> str:
    if Path(entry.path).exists():
        return entry.license
    names = metadata.packages_distributions().get(entry.path.split(".")[0], [])
    stated = metadata.metadata(names[0]) if names else {}
    return stated.get("License-Expression") or (stated.get("License") or "").split("\n")[0] or entry.license


def _unread(file: Path, name: str, entry: SourceEntry, keys: Keys) -> Program:
    """The row of a module that shows examples and cannot be taken apart."""
    row = Row(str(file), 1, "line", {})
    draft = Draft(row=row, code="", entry_point=name, title=name)
    draft.fault = f"module cannot be used: {file}: does not parse"
    return finish(draft, entry, keys.natural(row, "module", name), keys)


def _text(file: Path) -> str:
    """The text of a file; nothing where it is none, as test data of packages may be."""
    try:
        if file.stat().st_size > _LARGEST_MODULE:
            return ""
        return plain_lines(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise SourceError(f"{file}: cannot be read ({error.strerror}); check the access to it") from error


def _draft(row: Row, module: ModuleText, function: ast.FunctionDef) -> Draft | None:
    """The program of a function; None where no example calls it."""
    docstring = ast.get_docstring(function) or ""
    try:
        parts = _PARSER.parse(docstring)
    except ValueError:
        return None
    examples = [part for part in parts if isinstance(part, doctest.Example)]
    if not has_docstring(function) or not any(_call(example, function.name) for example in examples):
        return None
    code = module.slice_of(function, _without_examples)
    draft = Draft(row=row, code=code, entry_point=function.name, statement=_without_examples(docstring))
    known = (module.binders.keys() & _names(draft.code, bound=True)) | set(dir(builtins))
    for number, example in enumerate(examples, start=1):
        _take(draft, number, example, known)
    return draft


def _without_examples(docstring: str) -> str:
    """The words of a docstring, without its examples and what only leads to them."""
    try:
        parts = _PARSER.parse(docstring)
    except ValueError:
        return ""
    if not any(isinstance(part, doctest.Example) for part in parts):
        return docstring
    words = ""
    for part in parts:
        if isinstance(part, str):
            words += part
        else:
            words = _without_lead(words)
    return re.sub(r"[ \t]*\n(?:[ \t]*\n)+", "\n\n", words).strip()


def _without_lead(words: str) -> str:
    """Words without what at their end announces an example: a heading, a comment, a sentence that ends with a colon."""
    paragraphs = re.split(r"\n[ \t]*\n", words.rstrip())
    while paragraphs:
        last = _HEADING.sub("", _COMMENT.sub("", _ANNOUNCED.sub("", paragraphs[-1].strip()))).strip()
        if last:
            kept = paragraphs[-1] if last == paragraphs[-1].strip() else last
            return "\n\n".join([*paragraphs[:-1], kept]) + "\n\n"
        paragraphs.pop()
    return ""


def _call(example: doctest.Example, name: str) -> ast.Call | None:
    """The call to the function, where the example is nothing else (and perhaps a comment)."""
    tree = parse_module(example.source)
    node = tree.body[0] if tree and len(tree.body) == 1 else None
    call = node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    return call if call and isinstance(call.func, ast.Name) and call.func.id == name else None


def _take(draft: Draft, number: int, example: doctest.Example, known: set[str]) -> None:
    """Read one example into the draft, as an input or as a problem; one that calls something else is passed over."""
    call = _call(example, str(draft.entry_point))
    if call is None:
        return
    source = example.source
    arguments = between_parentheses(source, call)
    if arguments is None or _names(f"f({arguments})") - {"f"} - known:
        draft.problems.append(f"example {number} builds on what stands before it: {shown(source)}")
        return
    draft.inputs.append(ProgramInput(arguments=arguments, expected=_stated(example, known)))


def _stated(example: doctest.Example, known: set[str]) -> str | None:
    """The result that an example shows, where it is written so that it can be read back."""
    want = example.want.strip()
    if example.exc_msg is not None or "..." in want:
        return None
    if not want:
        return "None"
    return want if parse_expression(want) is not None and _names(want) <= known else None


def _names(code: str, *, bound: bool = False) -> set[str]:
    """The names that a text takes from outside; with ``bound`` all that stand in it."""
    names = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)]
    inside = set() if bound else {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return {node.id for node in names} - inside
