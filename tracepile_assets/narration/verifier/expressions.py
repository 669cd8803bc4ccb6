"""Expressions as a telling writes them, and whether they are what the code says, worked out as far as the teller likes.

Belongs here: reading an expression from tokens, and ``instance``: told `(0 + 6) // 2` is an instance of the code's
`(lo + hi) // 2` if it has the same shape and every value in it is that of the sub-expression it stands for. Does not
belong here: which statement an expression is about (``cursor``, ``checks``).
"""

import ast
import builtins
import re
from collections.abc import Callable
from functools import lru_cache

_VALUE_NAMES = {"inf", "nan"}
_WRITTEN = {"set", "frozenset", "bytearray", "range", "slice", "complex", "Ellipsis"}
_WORKING = frozenset(
    name
    for name, known in vars(builtins).items()
    if callable(known) and name not in _WRITTEN and not (isinstance(known, type) and issubclass(known, BaseException))
)
"""Builtins of which a call is never the text of a value."""
_QUOTED_NAME = re.compile(r"""(?<=[(,\s])('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")=(?!=)""")

_STRING_LITERAL = re.compile(r"""'(?:[^'\\]|\\.)*'|["](?:[^"\\]|\\.)*["]""", re.DOTALL)

MATCH = "match"
MISMATCH = "mismatch"
UNKNOWN = "unknown"


@lru_cache(maxsize=16_384)
def parse(text: str) -> ast.expr | None:
    """The expression that a text is; None if it is none."""
    found = _parsed(text)
    if found is None and "'=" in text.replace('"', "'"):
        # Attributes whose names are no identifiers stand in quotes, which Python's own grammar does not have.
        found = _parsed(_QUOTED_NAME.sub(lambda match: f"quoted_{match[1].encode().hex()}=", text))
    return found


def _parsed(text: str) -> ast.expr | None:
    try:
        return None if _is_commented(text) else ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _is_commented(text: str) -> bool:
    """Whether a text ends in a comment, which says something that is no code."""
    return "#" in _STRING_LITERAL.sub("", text)


@lru_cache(maxsize=4_096)
def parse_statement(text: str) -> ast.stmt | None:
    """The one statement that a text is; None if it is none."""
    try:
        body = [] if _is_commented(text) else ast.parse(text.strip()).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return body[0] if len(body) == 1 else None


@lru_cache(maxsize=16_384)
def canonical(text: str) -> str:
    """The one spelling of a value text, so that spacing and quotes make no difference."""
    node = parse(text)
    return text if node is None else ast.unparse(node)


@lru_cache(maxsize=4_096)
def variable(name: str) -> ast.Name:
    """The expression that reads a variable; one node for each name, so that what is found out about it is kept."""
    return ast.Name(name, ast.Load())


@lru_cache(maxsize=4_096)
def as_bool(node: ast.expr) -> ast.Call:
    """`bool(x)` for an expression `x`."""
    return ast.Call(func=ast.Name("bool"), args=[node], keywords=[])


@lru_cache(maxsize=65_536)
def spelled(node: ast.AST) -> str:
    """The canonical spelling of an expression, which must not change afterwards."""
    return ast.unparse(node)


def same(one: ast.AST, other: ast.AST) -> bool:
    """Whether two expressions are the same program text, whether read or written."""
    return one is other or (type(one) is type(other) and spelled(one) == spelled(other))


@lru_cache(maxsize=65_536)
def is_closed(node: ast.AST) -> bool:
    """Whether an expression holds nothing but values: no name other than a constructor's."""
    return _is_closed(node)


def _is_closed(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id in _VALUE_NAMES
    if isinstance(node, ast.Call):
        return (
            _is_constructor(node.func)
            and all(map(_is_closed, node.args))
            and all(_is_closed(keyword.value) for keyword in node.keywords)
        )
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr)):
        return False
    return all(_is_closed(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _is_constructor(node: ast.AST) -> bool:
    """Whether it is the name of a class, which value text has in quotes where something builtin has that name."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


@lru_cache(maxsize=65_536)
def is_value(node: ast.AST) -> bool:
    """Whether an expression is the text of a value, with nothing left to compute."""
    return _is_value(node)


def _is_value(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id in _VALUE_NAMES
    if isinstance(node, ast.UnaryOp):
        return (
            isinstance(node.op, ast.USub)
            and isinstance(node.operand, (ast.Constant, ast.Name))
            and _is_value(node.operand)
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        right = node.right
        return isinstance(right, ast.Constant) and isinstance(right.value, complex) and _is_value(node.left)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all(map(_is_value, node.elts))
    if isinstance(node, ast.Dict):
        return all(key is not None and _is_value(key) for key in node.keys) and all(map(_is_value, node.values))
    if isinstance(node, ast.Call):
        return (
            _is_constructor(node.func)
            and not (isinstance(node.func, ast.Name) and node.func.id in _WORKING)
            and all(map(_is_value, node.args))
            and all(_is_value(keyword.value) for keyword in node.keywords)
        )
    return False


def instance(code: ast.AST, told: ast.AST, text_of: Callable[[ast.AST], str | None]) -> str:
    """Whether `told` is the code's expression with any of its parts replaced by their values.

    Args:
        code: an expression of the program.
        told: an expression of the telling.
        text_of: gives the value text of a part of the program's expression; None where it cannot be worked out.

    Returns:
        ``match``, ``mismatch``, or ``unknown`` where only a value that cannot be worked out stands in the way.
    """
    if same(code, told):
        return MATCH
    unknown = False
    if is_value(told) or is_closed(told):
        text = text_of(code)
        if text is None:
            unknown = is_value(told) and not (isinstance(told, ast.Call) and isinstance(code, ast.Call))
        elif canonical(text) == spelled(told):
            return MATCH
    if type(code) is not type(told) or isinstance(code, (ast.Constant, ast.Name)):
        return UNKNOWN if unknown else MISMATCH
    verdicts = _parts(code, told, text_of)
    if verdicts is None or MISMATCH in verdicts:
        return UNKNOWN if unknown else MISMATCH
    return UNKNOWN if UNKNOWN in verdicts else MATCH


_BINDING = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


@lru_cache(maxsize=4_096)
def _own_names(node: ast.AST) -> tuple[str, ...]:
    """Every mention of a name that a comprehension or lambda binds itself: such a name has no one value to be told."""
    walked = list(ast.walk(node))
    bound = {part.id for part in walked if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    bound |= {part.arg for part in walked if isinstance(part, ast.arg)}
    return tuple(sorted(part.id for part in walked if isinstance(part, ast.Name) and part.id in bound))


def _comprehension(code: ast.comprehension, told: ast.AST, text_of: Callable[[ast.AST], str | None]) -> str:
    if same(code, told):
        return MATCH
    if not isinstance(told, ast.comprehension) or not same(code.target, told.target):
        return MISMATCH
    if len(code.ifs) != len(told.ifs) or not all(map(same, code.ifs, told.ifs)):
        return MISMATCH
    return instance(code.iter, told.iter, text_of)


def _parts(code: ast.AST, told: ast.AST, text_of: Callable[[ast.AST], str | None]) -> list[str] | None:
    """Verdicts on the parts of two expressions of one type; None if they differ in shape."""
    if isinstance(code, _BINDING) and _own_names(code) != _own_names(told):
        return None
    found: list[str] = []
    for name in code._fields:
        one, other = getattr(code, name, None), getattr(told, name, None)
        if name == "ctx":
            continue
        if name == "func" and isinstance(one, ast.Name):
            if not same(one, other):
                return None
            continue
        if isinstance(one, list):
            if not isinstance(other, list) or len(one) != len(other):
                return None
            pairs = list(zip(one, other, strict=True))
        else:
            pairs = [(one, other)]
        for mine, yours in pairs:
            if isinstance(mine, (ast.expr, ast.keyword, ast.comprehension)):
                if type(yours) is not type(mine) and not isinstance(yours, ast.expr):
                    return None
                if isinstance(mine, ast.comprehension):
                    found.append(_comprehension(mine, yours, text_of))
                else:
                    found.append(instance(mine, yours, text_of))
            elif isinstance(mine, ast.arguments):
                if not same(mine, yours):
                    return None
            elif isinstance(mine, ast.AST):
                if type(mine) is not type(yours):
                    return None
            elif mine != yours:
                return None
    return found


@lru_cache(maxsize=65_536)
def has_shape(code: ast.AST, told: ast.AST) -> bool:
    """Whether `told` could be an instance of the code's expression, whatever the values are."""
    return instance(code, told, _constant_text) != MISMATCH


def _constant_text(node: ast.AST) -> str | None:
    plain = isinstance(node, (ast.Constant, ast.UnaryOp)) and is_value(node)
    return spelled(node) if plain else None


def called_name(call: ast.Call) -> str | None:
    """Name of the function or method that a call calls."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)


@lru_cache(maxsize=65_536)
def called_in(node: ast.AST, functions: frozenset[str]) -> tuple[ast.Call, ...]:
    """The calls of these functions in an expression, in the order in which they are made."""
    if not functions:
        return ()
    found = [call for child in ast.iter_child_nodes(node) for call in called_in(child, functions)]
    if isinstance(node, ast.Call) and called_name(node) in functions:
        found.append(node)
    return tuple(found)


def substituted(node: ast.AST, outcomes: dict[int, ast.expr]) -> ast.AST:
    """A copy of an expression with the nodes named by identity replaced."""
    if id(node) in outcomes:
        return outcomes[id(node)]
    fields: dict[str, object] = {}
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            fields[name] = substituted(value, outcomes)
        elif isinstance(value, list):
            fields[name] = [substituted(part, outcomes) if isinstance(part, ast.AST) else part for part in value]
        else:
            fields[name] = value
    return type(node)(**fields)
