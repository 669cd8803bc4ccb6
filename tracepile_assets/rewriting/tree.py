"""Reading and rebuilding LibCST trees: parsing once, walking, and editing many nodes in one pass.

Belongs here: what works on any tree. Does not belong here: building new Python (``build``), which name means what
(``scopes``), and any single rewrite (``transforms``).
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any

import libcst as cst

Edit = Callable[[Any], "cst.CSTNode | Sequence[cst.CSTNode]"]
"""Given a node whose children are rebuilt already, what stands in its place; a sequence only where a sequence stood."""

# Fields that hold punctuation, spaces and comments, never names, expressions or statements.
_LAYOUT = frozenset(
    {
        *("asynchronous", "bracket", "colon", "comma", "dot", "equal", "first_colon", "footer", "header", "indent"),
        *(
            "lbrace",
            "lbracket",
            "leading_lines",
            "lines_after_decorators",
            "lpar",
            "newline",
            "operator",
            "posonly_ind",
        ),
        *("rbrace", "rbracket", "rpar", "second_colon", "semicolon", "separator", "trailing_comma"),
        *("trailing_whitespace", "separators", "default_newline", "default_indent", "encoding"),
    }
)


@cache
def _parts(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """Names of the fields of a kind of node that may hold other nodes worth walking to."""
    return tuple(f.name for f in fields(kind) if f.name not in _LAYOUT and "whitespace" not in f.name)


@cache
def _is_node(kind: type) -> bool:
    return issubclass(kind, cst.CSTNode)


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes directly below a node, without layout, in the order of its fields."""
    found = []
    for name in _parts(type(node)):
        value = getattr(node, name)
        kind = type(value)
        if kind is tuple or kind is list:
            found += [part for part in value if _is_node(type(part))]
        elif _is_node(kind):
            found.append(value)
    return found


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all below it, without layout, parents before children."""
    return iter(_all_of_module(node)) if type(node) is cst.Module else _walk(node)


@lru_cache(maxsize=2)
def _all_of_module(module: cst.Module) -> tuple[cst.CSTNode, ...]:
    # Every transform walks the same module.
    return tuple(_walk(module))


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        below = children(current)
        below.reverse()
        waiting += below


def walk_same_scope(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """As ``walk``, not entering functions, lambdas, classes and comprehensions below the node (they are still
    given)."""
    waiting = children(node)[::-1]
    while waiting:
        current = waiting.pop()
        yield current
        if type(current) not in SCOPES:
            waiting += children(current)[::-1]


SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


def edit(node: cst.CSTNode, edits: Mapping[int, Edit]) -> Any:
    """Rebuild a tree with some nodes replaced, children before parents; what is not changed is shared with the old
    tree.

    Args:
        node: root of the tree.
        edits: ``id`` of a node -> its edit.

    Raises:
        libcst.CSTValidationError: the result is no valid Python tree.
    """
    if not edits:
        return node
    changed: dict[str, Any] = {}
    for name in _parts(type(node)):
        value = getattr(node, name)
        kind = type(value)
        if _is_node(kind):
            new = edit(value, edits)
            if new is not value:
                changed[name] = new
        elif (kind is tuple or kind is list) and value:
            items = [edit(part, edits) if _is_node(type(part)) else part for part in value]
            if any(new is not old for new, old in zip(items, value, strict=True)):
                changed[name] = [one for new in items for one in (new if isinstance(new, (list, tuple)) else (new,))]
    if changed:
        node_id, node = id(node), _with_changes(node, changed)
    else:
        node_id = id(node)
    apply = edits.get(node_id)
    return node if apply is None else apply(node)


def _with_changes(node: cst.CSTNode, changed: dict[str, Any]) -> cst.CSTNode:
    try:
        return node.with_changes(**changed)
    except cst.CSTValidationError:
        # `if(a)<b` is valid and `ifb>(a)` is not: give the node the spaces that it could do without until now.
        spaces: dict[str, Any] = _missing_spaces(node)
        operator = getattr(node, "operator", None)
        if isinstance(operator, cst.CSTNode):
            spaces["operator"] = operator.with_changes(**_missing_spaces(operator))
        return node.with_changes(**{**spaces, **changed})


def _missing_spaces(node: cst.CSTNode) -> dict[str, cst.SimpleWhitespace]:
    return {
        f.name: cst.SimpleWhitespace(" ")
        for f in fields(node)
        if "whitespace" in f.name
        and f.name != "whitespace_before_colon"
        and isinstance(space := getattr(node, f.name), cst.SimpleWhitespace)
        and not space.value
    }


def replaced(node: cst.CSTNode, new: Mapping[int, cst.CSTNode | Sequence[cst.CSTNode]]) -> Any:
    """As ``edit``, with the replacements given; what lies below a replaced node is not looked at."""
    return edit(node, {key: (lambda _, value=value: value) for key, value in new.items()})


def parse(code: str) -> cst.Module:
    """Parse a program, and give every statement a line of its own.

    ``if x: return 1`` becomes two lines, ``a = 1; b = 2`` too, so that a transform finds a block wherever statements
    may stand. Nothing else is changed, except that a program whose layout LibCST cannot follow (a comment that is
    indented like nothing else) is laid out anew, without its comments.

    Raises:
        SyntaxError: the code is no Python.
        libcst.ParserSyntaxError: it is no Python that LibCST knows.
    """
    try:
        module = cst.parse_module(code)
    except cst.ParserSyntaxError:
        module = cst.parse_module(ast.unparse(ast.parse(code)))
    edits: dict[int, Edit] = {}
    for node in walk(module):
        if isinstance(node, cst.SimpleStatementSuite):
            edits[id(node)] = _as_block
        elif isinstance(node, cst.SimpleStatementLine) and len(node.body) > 1:
            edits[id(node)] = _one_by_one
    return edit(module, edits)


def _as_block(suite: cst.SimpleStatementSuite) -> cst.IndentedBlock:
    lines = [cst.SimpleStatementLine([_alone(statement)]) for statement in suite.body]
    return cst.IndentedBlock(lines, header=suite.trailing_whitespace)


def _one_by_one(line: cst.SimpleStatementLine) -> list[cst.SimpleStatementLine]:
    lines = [cst.SimpleStatementLine([_alone(statement)]) for statement in line.body]
    lines[0] = lines[0].with_changes(leading_lines=line.leading_lines)
    lines[-1] = lines[-1].with_changes(trailing_whitespace=line.trailing_whitespace)
    return lines


def _alone(statement: cst.BaseSmallStatement) -> cst.BaseSmallStatement:
    return statement.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
