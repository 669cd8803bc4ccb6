"""Checks sentences about code: what a block does, in the order in which it stands there.

Belongs here: reading such sentences, and comparing each with every block that it may be about. Does not belong here:
what a run shows.

A sentence names its block (a function, a pass of a loop, where a test holds or fails) and says one thing of each
statement in it, joined by ", then". Imports, definitions, docstrings, declarations and ``pass`` go unmentioned.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from tracepile_assets.narration.verifier.expressions import parse
from tracepile_assets.trace_model.trace import Trace

_CODE = r"`[^`\n]+`"
_FUNCTION = re.compile(r"(?:`(?P<name>\w+)` takes (?P<given>[\w, ]+); it|The program) (?P<does>.+)")
_PASS = re.compile(r"Each pass of `(?P<header>(?:for|while) [^`\n]+)` (?P<does>.+)")
_WHERE = re.compile(rf"Where (?P<test>{_CODE}) (?P<way>holds|fails), it (?P<does>.+)")
_SENTENCE = re.compile(rf"(?:{_CODE}|[^`.])+\.")
_ACTION = re.compile(
    rf"(?P<verb>sets|updates|calls|tests|repeats while|goes through|returns|leaves the loop|goes on to the next pass"
    rf"|raises|asserts)(?: (?P<rest>(?:{_CODE}|[^`])+))?"
)
_UNMENTIONED = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef)

Block = list[ast.stmt]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of an outline begins and ends; a full stop in backticks ends none."""
    at = 0
    while at < len(text):
        found = _SENTENCE.match(text, at)
        end = len(text) if found is None else found.end()
        yield at, end
        at = end + len(text[end:]) - len(text[end:].lstrip())


def fault(trace: Trace, sentence: str) -> str | None:
    """What is wrong with a sentence about the code; None if it is true of every block that it may be about."""
    known = _known(trace)
    if sentence not in known:
        known[sentence] = _fault(trace, sentence)
    return known[sentence]


@lru_cache(maxsize=2)
def _known(trace: Trace) -> dict[str, str | None]:
    """The sentences about a program that were judged: its tellings share them."""
    return {}


def _fault(trace: Trace, sentence: str) -> str | None:
    says = sentence.removesuffix(".")
    for pattern, find in ((_FUNCTION, _functions), (_PASS, _passes), (_WHERE, _arms)):
        read = pattern.fullmatch(says)
        if read is not None and sentence.endswith("."):
            blocks = list(find(trace, read))
            if not blocks:
                return "there is no such block"
            return next((problem for block in blocks if (problem := _differs(block, read["does"]))), None)
    return "the sentence could not be read"


def _functions(trace: Trace, read: re.Match[str]) -> Iterator[Block]:
    if read["name"] is None:
        yield trace.syntax.tree.body
        return
    for node in ast.walk(trace.syntax.tree):
        if isinstance(node, ast.FunctionDef) and node.name == read["name"]:
            given = node.args
            names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            told = [] if read["given"] == "nothing" and not names else re.split(r", | and ", read["given"])
            # A parameter list that differs makes the sentence false, as a wrong action would.
            yield node.body if told == names and not (given.vararg or given.kwarg) else []


def _passes(trace: Trace, read: re.Match[str]) -> Iterator[Block]:
    try:
        said = ast.parse(f"{read['header']}:\n    pass").body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(trace.syntax.tree):
        match node, said:
            case ast.While(), ast.While() if _same(node.test, said.test):
                yield node.body
            case ast.For(), ast.For() if _same(node.target, said.target) and _same(node.iter, said.iter):
                yield node.body


def _arms(trace: Trace, read: re.Match[str]) -> Iterator[Block]:
    test = parse(read["test"].strip("`"))
    for node in ast.walk(trace.syntax.tree):
        if test is not None and isinstance(node, ast.If) and _same(node.test, test):
            yield node.body if read["way"] == "holds" else node.orelse


def _differs(block: Block, does: str) -> str | None:
    """What a block does otherwise than said; None if nothing."""
    nodes = [node for node in block if not isinstance(node, _UNMENTIONED) and not _is_constant(node)]
    told = re.split(r", then (?=(?:[^`]*`[^`]*`)*[^`]*$)", does)
    if len(told) != len(nodes):
        return f"the block has {len(nodes)} steps"
    for said, node in zip(told, nodes, strict=True):
        read = _ACTION.fullmatch(said)
        if read is None or not _does(node, read["verb"], read["rest"] or ""):
            return f"the block has {ast.unparse(node).splitlines()[0]!r} there"
    return None


def _does(node: ast.stmt, verb: str, rest: str) -> bool:
    match verb, node:
        case "sets", ast.Assign():
            return _names(rest, [part for target in node.targets for part in _flat(target)])
        case "sets", ast.AnnAssign():
            return node.value is not None and _names(rest, [node.target])
        case "updates", ast.AugAssign():
            return _names(rest, [node.target])
        case "calls", ast.Expr(value=ast.Call()):
            return _quotes(rest, node.value)
        case ("tests", ast.If()) | ("repeats while", ast.While()):
            return _quotes(rest, node.test)
        case "asserts", ast.Assert():
            return node.msg is None and _quotes(rest, node.test)
        case "goes through", ast.For():
            over, _, target = rest.rpartition(" as ")
            return _quotes(over, node.iter) and _quotes(target, node.target)
        case "returns", ast.Return():
            return not rest if node.value is None else _quotes(rest, node.value)
        case "raises", ast.Raise():
            return node.exc is not None and node.cause is None and _quotes(rest, node.exc)
        case ("leaves the loop", ast.Break()) | ("goes on to the next pass", ast.Continue()):
            return not rest
    return False


def _names(said: str, targets: list[ast.expr]) -> bool:
    """Whether a list in words names these targets: bare names, other targets in backticks."""
    told = re.split(r"(?:, | and )(?=(?:[^`]*`[^`]*`)*[^`]*$)", said)
    if len(told) != len(targets):
        return False
    return all(
        each == target.id if isinstance(target, ast.Name) else _quotes(each, target)
        for each, target in zip(told, targets, strict=True)
    )


def _quotes(said: str, node: ast.expr) -> bool:
    """Whether a text in backticks is the code of an expression."""
    if len(said) < 3 or said[0] != "`" or said[-1] != "`":
        return False
    found = parse(said[1:-1])
    return found is not None and _same(found, node)


def _same(one: ast.expr, other: ast.expr) -> bool:
    return ast.unparse(one) == ast.unparse(other)


def _flat(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        return [part for each in target.elts for part in _flat(each)]
    return [target]


def _is_constant(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
