"""The parameter that an argument of the entry call is bound to; nothing else."""

import ast
from collections.abc import Sequence

from .arguments import Argument
from .run import Run


def parameter(run: Run, arguments: Sequence[Argument], index: int) -> str | None:
    """Name of the parameter that an argument is bound to, where the definition shows it."""
    if arguments[index].keyword is not None:
        return arguments[index].keyword
    entry = (run.trace.entry_point or "").replace("()", "")
    node = run.functions.get(entry)
    if not isinstance(node, ast.FunctionDef):
        return None
    names = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)]
    static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
    if "." in entry and not static:
        names = names[1:]
    return names[index] if index < len(names) else None
