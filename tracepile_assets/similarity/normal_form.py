"""The normal form of a program's text: what is left when naming and commenting are taken away.

Belongs here: ``normalise`` and the family id made from it. Does not belong here: likeness short of equality.
"""

import ast
import hashlib
import re
import warnings
from collections.abc import Collection, Iterator

LONGEST = 500_000
"""Characters of a text that is parsed: no person wrote a longer one, and parsing it could take gigabytes."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


def normalise(code: str) -> str:
    """The program with docstrings and comments dropped and the names that it binds masked in order of appearance.

    Variables, parameters, functions, classes and imports' ``as`` names become ``v0``, ``v1``, ...; methods, attributes
    that the program itself defines become ``a0``, ``a1``, ... The entry point is masked like any other name. Kept:
    builtins, modules and other names that it does not bind, attribute names of other objects, literals, ``__dunder__``
    names. The result is Python source in one layout (that of ``ast.unparse``): code equal up to names, comments and
    layout gives equal text. Code that does not parse, or is longer than ``LONGEST``, gives its text with each run of
    whitespace made one space.
    """
    if len(code) > LONGEST:
        return re.sub(r"\s+", " ", code).strip()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes in string literals are the program's own affair
            tree = ast.parse(code)
        Masker(tree).mask()
        return ast.unparse(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return re.sub(r"\s+", " ", code).strip()


def family_id(code: str) -> str:
    """``f_`` and 128 bits, in hexadecimal, of the hash of the normal form: depends on this code alone."""
    return "f_" + hashlib.sha256(normalise(code).encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Masker:
    """Replaces the names that a tree binds.

    Args:
        tree: a program, or a part of one.
        also_bound: names that are bound outside of the tree.
        also_members: methods and attributes that are defined outside of the tree.
    """

    def __init__(self, tree: ast.AST, also_bound: Collection[str] = (), also_members: Collection[str] = ()) -> None:
        self.tree = tree
        self.bound: set[str] = set(also_bound)
        self.members: set[str] = set(also_members)
        self.methods: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                self.methods.update(id(s) for s in node.body if isinstance(s, _FUNCTIONS))
                self.members.update(_members(node))
        for node in ast.walk(tree):
            if id(node) not in self.methods:
                self.bound.update(bound_names(node))
        self.masks: dict[tuple[str, str], str] = {}
        self.counts = {"v": 0, "a": 0}

    def mask(self) -> None:
        """Change the tree in place."""
        for node in _in_order(self.tree):
            _drop_docstring(node)
            if isinstance(node, ast.Name):
                node.id = self.variable(node.id)
            elif isinstance(node, ast.arg):
                node.arg = self.variable(node.arg)
            elif isinstance(node, _DEFINITIONS):
                node.name = self.member(node.name) if id(node) in self.methods else self.variable(node.name)
            elif isinstance(node, ast.Attribute):
                node.attr = self.member(node.attr)
            elif isinstance(node, ast.Call):
                self.mask_keywords(node)
            elif isinstance(node, ast.alias):
                node.asname = node.asname and self.variable(node.asname)
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                node.names = [self.variable(name) for name in node.names]
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
                node.name = node.name and self.variable(node.name)
            elif isinstance(node, ast.MatchMapping):
                node.rest = node.rest and self.variable(node.rest)

    def mask_keywords(self, node: ast.Call) -> None:
        """Mask the keywords of a call of the program's own functions: they are names of its parameters."""
        # The callee is not masked yet: a node comes before its parts.
        own = isinstance(node.func, ast.Name) and node.func.id in self.bound
        own |= isinstance(node.func, ast.Attribute) and node.func.attr in self.members
        for keyword in node.keywords if own else ():
            keyword.arg = keyword.arg and self.variable(keyword.arg)

    def variable(self, name: str) -> str:
        """The mask of a variable, function or class that the program binds; other names as they are."""
        return self.masked("v", name) if name in self.bound else name

    def member(self, name: str) -> str:
        """The mask of a method or attribute that the program defines; other names as they are."""
        return self.masked("a", name) if name in self.members else name

    def masked(self, letter: str, name: str) -> str:
        """The mask of a name, given out in order of appearance; ``__dunder__`` names stay."""
        if name.startswith("__") and name.endswith("__"):
            return name
        if (letter, name) not in self.masks:
            self.masks[letter, name] = f"{letter}{self.counts[letter]}"
            self.counts[letter] += 1
        return self.masks[letter, name]


def bound_names(node: ast.AST) -> Iterator[str]:
    """Names that a node binds, as variables."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, _DEFINITIONS) or (
        isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name is not None
    ):
        yield node.name
    elif isinstance(node, ast.alias) and node.asname is not None:
        yield node.asname
    elif isinstance(node, ast.MatchMapping) and node.rest is not None:
        yield node.rest


def _members(definition: ast.ClassDef) -> Iterator[str]:
    """Names of the methods and attributes that a class defines, in its body or by writing to ``self``."""
    for statement in definition.body:
        if isinstance(statement, _FUNCTIONS):
            yield statement.name
            yield from _written_to_first(statement)
        else:
            targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def _written_to_first(function: ast.AST) -> Iterator[str]:
    """Attributes that a method writes on its first parameter."""
    arguments = getattr(function, "args", None)
    if arguments is None or not arguments.args:
        return
    first = arguments.args[0].arg
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            owner = node.value
            if isinstance(owner, ast.Name) and owner.id == first:
                yield node.attr


def _in_order(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes in source order: a node before its parts."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(ast.iter_child_nodes(node))))


def _drop_docstring(node: ast.AST) -> None:
    body = getattr(node, "body", None)
    if not isinstance(node, (ast.Module, *_DEFINITIONS)) or not body:
        return
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        node.body = body[1:] or [ast.Pass()]
