"""Benchmark items hidden in programs, each in a disguise; and a matcher that shares nothing with the one under test.

Belongs here: planting, and what counts as clean. Does not belong here: the benchmarks (their files are read by
mixtures/), and counting.
"""

import ast
import builtins
import dis
import random
import re
import textwrap
import warnings
from collections.abc import Callable, Iterable
from types import CodeType

from tracepile_assets.similarity.overlap import Item

HOST = (
    "def gather_crumbs(shelf, least):\n    jar = []\n    for spoon in shelf:\n        if spoon > least:\n"
    "            jar.append(spoon)\n    return jar\n",
    "def count_lamps(street):\n    lit = 0\n    while street:\n        lit += street.pop() != 'dark'\n    return lit\n",
)
"""Functions that a hidden program stands among."""

ASIDES = ("step on", "as said", "see above", "keep going", "not yet", "almost there", "now this", "and so on")
PROSE = "Some people asked about this on the way home, and it went as follows."
AFTER = "That was all there was to it, they told us later with a smile."


def without_texts(code: str) -> str:
    """A program without docstrings and comments: what could be known by its words."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            node.body = body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def verbatim(item: Item, rng: random.Random) -> tuple[str, str]:
    """A program that holds the item as it is: in its code, or else in its statement."""
    return (_among(item.code, rng), "") if item.code else ("".join(HOST), item.problem)


def renamed(item: Item, rng: random.Random) -> tuple[str, str]:
    """The item's program with other names of its variables, parameters and functions, and without its texts."""
    return _among(_renamed(without_texts(item.code), rng), rng), ""


def reformatted(item: Item, rng: random.Random) -> tuple[str, str]:
    """Another layout: other indents, blank lines and quotes; a text as comment lines of few words, in capitals."""
    if not item.code:
        lines = textwrap.wrap(re.sub(r"\s+", " ", item.problem).upper(), 30)
        return "".join(f"#   {line}\n" for line in lines) + _among("", rng), ""
    lines = without_texts(item.code).splitlines()
    laid = []
    for line in lines:
        depth = (len(line) - len(line.lstrip())) // 4
        laid.append("  " * depth + line.lstrip().replace(" = ", "="))
        if rng.random() < 0.3:
            laid.append("")
    return _among("\n".join(laid) + "\n", rng), ""


def commented(item: Item, rng: random.Random) -> tuple[str, str]:
    """The item's program with a comment behind every line, and without its own texts."""
    lines = without_texts(item.code).splitlines()
    return _among("\n".join(f"{line}  # {rng.choice(ASIDES)}" for line in lines) + "\n", rng), ""


def wrapped(item: Item, rng: random.Random) -> tuple[str, str]:
    """Prose round it: a text in the middle of a docstring, a program fenced in a statement."""
    if item.code:
        return "".join(HOST), f"{PROSE}\n\n```python\n{_renamed(without_texts(item.code), rng)}\n```\n\n{AFTER}"
    said = item.problem.replace("\\", "\\\\").replace('"""', "'''")
    return f'def shelf(n):\n    """{PROSE} {said} {AFTER}\n    """\n    return n\n', ""


def reordered(item: Item, rng: random.Random) -> tuple[str, str]:
    """The functions of the item's program in another order, others between them, without its texts."""
    tree = ast.parse(without_texts(item.code))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    rest = [ast.unparse(node) + "\n" for node in tree.body if node not in functions]
    mixed = [HOST[0]]
    for number, node in enumerate(reversed(functions)):
        mixed += [ast.unparse(node) + "\n", HOST[1].replace("count_lamps", f"count_lamps_{number}")]
    return "\n\n".join([*rest, *mixed]), ""


DISGUISES: dict[str, Callable[[Item, random.Random], tuple[str, str]]] = {
    "verbatim": verbatim,
    "renamed": renamed,
    "reformatted": reformatted,
    "comments added": commented,
    "prose round it": wrapped,
    "functions reordered": reordered,
}
OF_TEXTS = ("verbatim", "reformatted", "prose round it")
"""The disguises that a text can have."""


def plant(item: Item, seed: str) -> Iterable[tuple[str, str, str]]:
    """The item in each disguise that applies to it: the disguise, a program, its statement."""
    for name, disguise in DISGUISES.items():
        if item.code or name in OF_TEXTS:
            yield name, *disguise(item, random.Random(f"{seed} {name}"))


def _among(code: str, rng: random.Random) -> str:
    place = rng.choice((0, 1, 2))
    return "\n\n".join([*HOST[:place], code, *HOST[place:]])


def _renamed(code: str, rng: random.Random) -> str:
    return renamed_names(code, rng)[0]


def renamed_names(code: str, rng: random.Random) -> tuple[str, dict[str, str]]:
    """The program with another name for each that it assigns, defines or takes, and which is which; what it imports,
    and attributes, stay.
    """
    tree = ast.parse(code)
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    bound |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node not in _methods(tree)}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    letters = rng.sample(range(1000), len(bound))
    names = {name: f"thing_{n}" for name, n in zip(sorted(bound - imported - keywords), letters, strict=False)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
        elif isinstance(node, ast.FunctionDef) and node not in _methods(tree):
            node.name = names.get(node.name, node.name)
    return ast.unparse(tree), names


def _methods(tree: ast.Module) -> list[ast.AST]:
    return [each for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for each in node.body]


def word_runs(text: str) -> set[tuple[str, ...]]:
    """The runs of 13 words of a text, in small letters."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + 13]) for start in range(len(words) - 12)}


def function_shapes(code: str) -> set[object]:
    """The functions of a program as CPython compiles them, without the names of what is local or its own."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Optimised twice: docstrings are gone.
            top = compile(code, "program", "exec", dont_inherit=True, optimize=2)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    own = {each.argval for each in dis.get_instructions(top) if each.opname.startswith("STORE_")}
    found: set[object] = set()
    for inner in _codes(top):
        _shape(inner, own, found)
    return found


def _codes(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _shape(code: CodeType, own: set[str], found: set[object]) -> object:
    steps: list[object] = []
    for each in dis.get_instructions(code):
        value = each.argval
        if isinstance(value, CodeType):
            value = _shape(value, own, found)
        elif re.search("FAST|DEREF|CLOSURE|CELL|FREE", each.opname):
            value = each.arg
        elif each.opname.endswith(("_GLOBAL", "_NAME")) and value in own and not hasattr(builtins, str(value)):
            value = "own"
        elif isinstance(value, str) and "<locals>" in value:
            value = "inner"
        steps.append((each.opname, repr(value)))
    made = (code.co_argcount, code.co_kwonlyargcount, tuple(steps))
    found.add(made)
    return made
