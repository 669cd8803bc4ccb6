"""What a run on an input with one element changed came to.

Belongs here: working out the changed input anew, on its syntax tree or its words, and comparing it with that of the run
that was made for the question. Does not belong here: the other kinds (`kinds`).
"""

import ast

from .document import Document
from .heap import CannotTell
from .moments import Target


def outcome(document: Document, target: Target) -> str:
    """The outcome of the run made for the question, if its input is that of the trace with the stated change."""
    made = document.check
    if made is None:
        raise CannotTell("there is no run of the changed input")
    change = target["change"]
    if made.raw["code"] != document.raw["code"] or made.raw["entry_point"] != document.raw["entry_point"]:
        raise CannotTell("the run made for it is of another program")
    if "line" in change:
        wanted, given = _words(document.raw["stdin"], change), made.raw["stdin"]
    else:
        wanted, given = _arguments(document.raw["call"], change), _written(_call(made.raw["call"]))
    if wanted != given:
        raise CannotTell("the run made for it has another input")
    found = made.raw[{"return": "return_value", "stdout": "stdout"}[target["outcome"]]]
    if found is None or made.raw["exception"]:
        raise CannotTell("the run made for it has no such outcome")
    return str(found)


def _call(text: str) -> ast.Call:
    call = ast.parse(text, mode="eval").body
    if not isinstance(call, ast.Call):
        raise CannotTell("the call is no call")
    for node in ast.walk(call):
        if isinstance(node, ast.Constant):
            node.kind = None
    return call


def _written(call: ast.Call) -> str:
    return ast.unparse(call)


def _arguments(text: str, change: Target) -> str:
    """The call with the change made to it."""
    call = _call(text)
    words = [each.value for each in call.keywords]
    holders: list[ast.expr] = [*call.args, *words]
    holders[change["argument"]] = _changed(holders[change["argument"]], list(change["path"]), change)
    call.args = holders[: len(call.args)]
    for word, value in zip(call.keywords, holders[len(call.args) :], strict=True):
        word.value = value
    return _written(call)


def _changed(node: ast.expr, path: list[int | str], change: Target) -> ast.expr:
    if path and isinstance(node, ast.Constant) and isinstance(node.value, str):
        (at,) = path
        _same(repr(node.value[at]), change["from"])
        return ast.Constant(node.value[:at] + ast.literal_eval(change["to"]) + node.value[at + 1 :])
    if path and isinstance(node, ast.List | ast.Tuple):
        node.elts[path[0]] = _changed(node.elts[path[0]], path[1:], change)
        return node
    if path and isinstance(node, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        at = keys.index(path[0])
        node.values[at] = _changed(node.values[at], path[1:], change)
        return node
    if path:
        raise CannotTell("the path leads nowhere")
    if change["how"] == "set":
        _same(ast.unparse(node), change["from"])
        return ast.parse(change["to"], mode="eval").body
    if not isinstance(node, ast.List):
        raise CannotTell("only a list grows and shrinks")
    if change["how"] == "append":
        node.elts.append(ast.parse(change["to"], mode="eval").body)
    else:
        _same(ast.unparse(node.elts.pop()), change["from"])
    return node


def _same(found: str, stated: str) -> None:
    if ast.unparse(ast.parse(found)) != ast.unparse(ast.parse(stated)):
        raise CannotTell(f"the element is {found}, not {stated}")


def _words(text: str, change: Target) -> str:
    """The stdin with one word changed, blanks between words as they were."""
    lines = text.splitlines(keepends=True)
    line = lines[change["line"] - 1]
    rest, parts = line, []
    for _ in range(change["word"] - 1):
        word = rest.split(None, 1)[0]
        end = rest.index(word) + len(word)
        parts.append(rest[:end])
        rest = rest[end:]
    word = rest.split(None, 1)[0]
    if word != change["from"]:
        raise CannotTell(f"the word is {word}, not {change['from']}")
    at = rest.index(word)
    lines[change["line"] - 1] = "".join([*parts, rest[:at], change["to"], rest[at + len(word) :]])
    return "".join(lines)
