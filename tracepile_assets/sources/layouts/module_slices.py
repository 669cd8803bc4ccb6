"""Cuts a function out of its module, with just what it needs: imports, constants, other functions and classes.

Belongs here: syntax trees of whole modules, nothing is imported or run. Does not belong here: which functions are
wanted and on what inputs (`package`).
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tracepile_assets.sources.layouts.making import parse_module


@dataclass(slots=True)
class ModuleText:
    """A module that parses.

    Attributes:
        code: its text.
        tree: its syntax tree.
        binders: name → the statements at the top of the module that bind it, in their order.
    """

    code: str
    tree: ast.Module
    binders: dict[str, list[ast.stmt]] = field(default_factory=dict)

    def functions(self) -> Iterator[ast.FunctionDef]:
        """The functions at the top of the module that are bound once."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef) and len(self.binders[node.name]) == 1:
                yield node

    def slice_of(self, function: ast.FunctionDef, told: Callable[[str], str]) -> str:
        """The text of a function and of all at the top of the module that it needs, directly or through others; of its
        imports no more than the names that are used.

        Args:
            function: one of ``functions``.
            told: docstring -> what to put in its place, of every function and class; nothing to leave it out.
        """
        needed = self._needed(function)
        used = set().union(*map(_loaded, needed))
        parts = [self._import(node, used) if _is_import(node) else self._text(node, told) for node in needed]
        separated = [
            (("\n\n\n" if _is_block(before) or _is_block(node) else "\n") if before is not None else "") + part
            for before, node, part in zip([None, *needed], needed, parts, strict=False)
        ]
        return "".join(separated) + "\n"

    def _needed(self, function: ast.FunctionDef) -> list[ast.stmt]:
        chosen: set[int] = {id(function)}
        waiting: list[ast.stmt] = [function]
        while waiting:
            for name in _loaded(waiting.pop()):
                for node in self.binders.get(name, ()):
                    if id(node) not in chosen:
                        chosen.add(id(node))
                        waiting.append(node)
        return [node for node in self.tree.body if id(node) in chosen or _is_future(node)]

    def _import(self, node: ast.Import | ast.ImportFrom, used: set[str]) -> str:
        names = [each for each in node.names if each.name == "*" or (each.asname or each.name).split(".")[0] in used]
        if len(names) == len(node.names) or _is_future(node):
            return "\n".join(self.code.split("\n")[node.lineno - 1 : node.end_lineno])
        made = ast.Import(names) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, names, node.level)
        return ast.unparse(made)

    def _text(self, node: ast.stmt, told: Callable[[str], str]) -> str:
        lines = self.code.split("\n")
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        inside = [part for part in ast.walk(node) if has_docstring(part)]
        # From the end, so that the lines before keep their numbers.
        for part in sorted(inside, key=lambda part: -part.lineno):
            text, docstring = ast.get_docstring(part) or "", part.body[0]
            if (kept := told(text)) != text:
                indent = lines[docstring.lineno - 1][: docstring.col_offset]
                quoted = _quoted(kept, indent, alone=len(part.body) == 1)
                lines[docstring.lineno - 1 : docstring.end_lineno] = quoted
        behind = len(self.code.split("\n")) - node.end_lineno
        return "\n".join(lines[first - 1 : len(lines) - behind])


def read_module(code: str) -> ModuleText | None:
    """The module of a text; None where it does not parse."""
    tree = parse_module(code)
    if tree is None:
        return None
    module = ModuleText(code, tree)
    for node in tree.body:
        for name in _bound(node):
            module.binders.setdefault(name, []).append(node)
    return module


def has_docstring(node: ast.AST) -> bool:
    """Whether a function or class begins with a text on lines of its own."""
    if not _is_block(node) or ast.get_docstring(node, clean=False) is None:
        return False
    after = node.body[1].lineno if len(node.body) > 1 else node.body[0].end_lineno + 1
    return node.lineno < node.body[0].lineno and node.body[0].end_lineno < after


def _quoted(docstring: str | None, indent: str, *, alone: bool) -> list[str]:
    if not docstring:
        return [indent + "pass"] if alone else []
    if "\\" in docstring or '"""' in docstring or docstring.endswith('"'):
        return [indent + repr(docstring)]
    lines = docstring.split("\n")
    body = [lines[0], *(indent + line if line else "" for line in lines[1:])]
    return [f'{indent}"""{body[0]}"""'] if len(body) == 1 else [f'{indent}"""{body[0]}', *body[1:], f'{indent}"""']


def _loaded(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top of a module binds."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.If) and "__name__" in _loaded(statement.test):
        return set()
    names: set[str] = set()
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        else:
            waiting += ast.iter_child_nodes(node)
    # `TABLE[key] = value` and `TABLE.append(value)` make the name what it is when the function is called.
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr | ast.For):
        names |= {part.value.id for part in ast.walk(statement) if _changes(part)}
    return names


def _changes(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _is_block(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
