"""A program's outline in words: what each block does, read off the code.

Belongs here: sentences about code, which are true whatever the input. Does not belong here: anything that a run shows.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from tracepile_assets.narration.narrators.scene import Scene

SENTENCES = 10
"""Most sentences of an outline; what lies deeper is left out."""

_CODE = 80
"""Characters of the longest piece of code that a sentence quotes."""

_SILENT = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef)


class _Untold(Exception):
    """A block holds what no outline is made of."""


def plan(scene: Scene, until: int) -> list[str]:
    """What the functions that are entered before an event do, in the order in which they are, from outside in.

    Returns:
        The sentences; none where the program holds what they have no words for.
    """
    functions = tuple(
        dict.fromkeys(
            frame.function
            for frame in scene.trace.frames
            if scene.trace.runs_statements(frame.id) and (frame.call_event is None or frame.call_event < until)
        )
    )
    key = ("plan", functions)
    if key not in scene.told:
        scene.told[key] = _outline(scene, functions)
    return scene.told[key]


def _outline(scene: Scene, functions: tuple[str, ...]) -> list[str]:
    nodes = {
        (statement.function, statement.node.name): statement.node
        for statement in scene.trace.syntax.statements
        if isinstance(statement.node, ast.FunctionDef)
    }
    shown = Counter(name for _, name in nodes)
    found: list[tuple[str, str]] = []
    try:
        for function in functions:
            short = function.rpartition(".")[2]
            outer = function.rpartition(".")[0].removesuffix(".<locals>") or "<module>"
            if function == "<module>":
                found.extend(_block("The program", "the program", scene.trace.syntax.tree.body))
            elif shown[short] == 1 and (outer, short) in nodes:
                node = nodes[outer, short]
                found.extend(_block(f"`{short}` takes {_parameters(node)}; it", short, node.body))
    except _Untold:
        return []
    subjects, all_over = Counter(subject for subject, _ in found), _subjects(scene.trace.syntax.tree)
    # What stands twice in the program, even where the run does not come, is about either.
    return [text for subject, text in found if subjects[subject] == 1 and all_over[subject] <= 1][:SENTENCES]


@lru_cache(maxsize=4)
def _subjects(tree: ast.Module) -> Counter[str]:
    """How often each loop and each outcome of a test can be meant in a program."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.If):
            test = f"`{ast.unparse(node.test)}`"
            found.update((f"{test} holds", f"{test} fails"))
        elif isinstance(node, (ast.For, ast.While)):
            found[_header(node)] += 1
    return found


def _parameters(node: ast.FunctionDef) -> str:
    given = node.args
    if given.vararg or given.kwarg:
        raise _Untold
    return _listed([each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]) or "nothing"


def _block(begins: str, subject: str, body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    """The sentence of a block, and then those of the blocks in it, each with what it is about."""
    told = [node for node in body if not isinstance(node, _SILENT) and not _is_docstring(node)]
    if told:
        yield subject, f"{begins} {', then '.join(map(_action, told))}."
    for node in told:
        match node:
            case ast.For() | ast.While():
                if node.orelse:
                    raise _Untold
                header = _header(node)
                yield from _block(f"Each pass of {header}", header, node.body)
            case ast.If():
                test = _code(node.test)
                yield from _block(f"Where {test} holds, it", f"{test} holds", node.body)
                yield from _block(f"Where {test} fails, it", f"{test} fails", node.orelse)


def _action(node: ast.stmt) -> str:
    match node:
        case ast.Assign():
            return f"sets {_listed([_target(part) for target in node.targets for part in _parts(target)])}"
        case ast.AnnAssign() if node.value is not None:
            return f"sets {_target(node.target)}"
        case ast.AugAssign():
            return f"updates {_target(node.target)}"
        case ast.Expr(value=ast.Call()):
            return f"calls {_code(node.value)}"
        case ast.If():
            return f"tests {_code(node.test)}"
        case ast.While():
            return f"repeats while {_code(node.test)}"
        case ast.For():
            return f"goes through {_code(node.iter)} as {_code(node.target)}"
        case ast.Return():
            return "returns" if node.value is None else f"returns {_code(node.value)}"
        case ast.Break():
            return "leaves the loop"
        case ast.Continue():
            return "goes on to the next pass"
        case ast.Raise() if node.exc is not None and node.cause is None:
            return f"raises {_code(node.exc)}"
        case ast.Assert() if node.msg is None:
            return f"asserts {_code(node.test)}"
    raise _Untold


def _parts(target: ast.expr) -> list[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        return [part for each in target.elts for part in _parts(each)]
    return [target]


def _target(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else _code(node)


def _header(node: ast.For | ast.While) -> str:
    if isinstance(node, ast.While):
        return f"`while {ast.unparse(node.test)}`"
    return f"`for {ast.unparse(node.target)} in {ast.unparse(node.iter)}`"


def _code(node: ast.expr) -> str:
    text = ast.unparse(node)
    if len(text) > _CODE or "`" in text or "\n" in text:
        raise _Untold
    return f"`{text}`"


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
