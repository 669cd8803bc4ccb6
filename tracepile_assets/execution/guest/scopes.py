"""Which variables of which code object are part of the state, and in what order they are listed.

Belongs here: what the syntax tree says about the names of a scope. Does not belong here: their values (``serialise``,
``heap``) and what a statement may change (``effects``).

CPython 3.12 keeps the variables of a comprehension in the frame around it, 3.11 does not. They are no state on
either, so the tree decides which names of a code object count.
"""

import ast
import opcode
from types import CodeType

from . import ordinary_ends
from .effects import effects
from .statements import Parsed, children, in_class_bodies
from .vocabulary import REFLECTION
from .world import World

_GLOBAL_STORES = frozenset({opcode.opmap["STORE_GLOBAL"], opcode.opmap["DELETE_GLOBAL"]})
_YIELD = opcode.opmap["YIELD_VALUE"]
_REFLECTION = frozenset(
    {"globals", "exec", "eval", "vars", "setattr", "delattr", "__dict__", "modules", "import_module"}
)
_LIFETIMES = frozenset(
    (
        *("__del__", "weakref", "gc", "finalize", "getrefcount", "WeakSet", "WeakValueDictionary", "WeakKeyDictionary"),
        *("WeakMethod", "_weakref", "TemporaryDirectory"),
        # What shares another object's memory keeps it from growing; what has a file open counts against a limit.
        *("memoryview", "getbuffer", "frombuffer", "from_buffer", "iter_unpack", "PickleBuffer", "mmap"),
        *("fdopen", "scandir"),
        # Called as an asynchronous generator dies.
        "set_asyncgen_hooks",
    )
)
_SHARE_MEMORY = (
    *(("bytearray", "finditer"), ("bytearray", "scanner"), ("bytearray", "numpy")),
    *(("import array", "finditer"), ("import array", "scanner"), ("import array", "numpy")),
    # Where an array is to grow, NumPy looks at how many references there are.
    *(("resize", "numpy"), ("refcheck", "numpy")),
    # Of a coroutine that dies without having been awaited there is a warning.
    ("warnings", "async def"),
)
"""Words that together say the same: mostly what is made of the one by the other holds its memory."""
_TELLING = ("open", "id", "hash")
"""Builtins that say the same: what has died leaves its number to another object."""
_BINDING = frozenset(
    {
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.arg, ast.alias),
        *(ast.MatchAs, ast.MatchStar, ast.MatchMapping),
    }
)
_SHARING = frozenset({ast.Global, ast.Nonlocal})
_SCOPING = frozenset(
    {
        *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
        *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    }
)
_YIELDING = frozenset({ast.Yield, ast.YieldFrom, ast.Await})
_GUARDING = frozenset({ast.Try, ast.TryStar, ast.With, ast.AsyncWith})
_INLINED = ("<listcomp>", "<setcomp>", "<dictcomp>")


class CodeInfo:
    """What the recorder needs to know about one code object of the program."""

    __slots__ = (
        "cells",
        "code",
        "function",
        "is_class",
        "is_module",
        "is_plain",
        "loop_ends",
        "may_yield",
        "names",
        "operations",
        "own_statement",
        "passing",
        "slots",
        "start",
        "statement",
        "unlisted",
        "variables",
        "wait_ends",
        "writes_globals",
    )

    def __init__(self, code: CodeType, scope: "Scope | None", statement: int):
        name = code.co_name
        self.code = code
        self.statement = statement
        # Where a frame stands as it is called; one that is resumed stands behind it.
        self.operations = code.co_code
        self.start = 2 * self.operations[::2].index(opcode.opmap["RESUME"])
        self.loop_ends, self.wait_ends = ordinary_ends.ends(code, self.operations)
        self.is_module = name == "<module>"
        self.may_yield = _YIELD in self.operations[::2]
        self.is_class = not code.co_flags & 0x1 and not self.is_module
        # Lines of a def or class statement itself are no part of its body; a lambda lies inside its own statement.
        self.own_statement = -1 if self.is_module or name in ("<lambda>", "<genexpr>") else self.statement
        self.function = _stable_name(code.co_qualname)
        # Per statement: variables of comprehensions, which stand in for others while one runs.
        self.passing: dict[int, set[str]] = scope.passing if scope else {}
        self.writes_globals = any(not _GLOBAL_STORES.isdisjoint(part.co_code[::2]) for part in _with_inlined(code))
        names = dict.fromkeys(code.co_varnames + code.co_cellvars + code.co_freevars)
        hidden = scope.hidden() if scope else frozenset()
        order = scope.order() if scope else {}
        visible = [n for n in names if n not in hidden and not is_hidden_name(n)]
        position = {n: i for i, n in enumerate(code.co_varnames[: _n_parameters(code)])}
        far = len(names) + len(order)
        visible.sort(key=lambda n: (0, position[n], "") if n in position else (1, order.get(n, far), n))
        self.variables = tuple(visible)
        shared = set(code.co_cellvars) | set(code.co_freevars)
        self.cells = tuple(n for n in visible if n in shared)
        self.unlisted = frozenset(names).difference(visible)
        # A cell of a comprehension is not there all the time.
        is_cell_inside = any(not shared.isdisjoint(passing) for passing in self.passing.values())
        self.is_plain = not (self.is_module or self.is_class or is_cell_inside)
        self.names = tuple(names)
        # Where they lie: looked up once the recorder in Python asks for it.
        self.slots: object = None


class Scope:
    """Names that a scope binds, outside comprehensions and as comprehension variables."""

    def __init__(self) -> None:
        self._bound: dict[str, int] = {}
        self._comprehension: set[str] = set()
        self.passing: dict[int, set[str]] = {}
        """Variables of the comprehensions in each statement, by its number."""

    def bind(self, name: str, number: int | None) -> None:
        """Note that the scope binds a name; ``number``: in a comprehension of this statement."""
        if number is not None:
            self._comprehension.add(name)
            self.passing.setdefault(number, set()).add(name)
        else:
            self._bound.setdefault(name, len(self._bound))

    def hidden(self) -> set[str]:
        """Names that only comprehensions bind."""
        return {name for name in self._comprehension if name not in self._bound}

    def order(self) -> dict[str, int]:
        """Place of each bound name in source order."""
        return self._bound


def _with_inlined(code: CodeType) -> list[CodeType]:
    """A code object with those of its comprehensions, which are no frames of their own in the trace."""
    found = [code]
    for part in found:
        found += [held for held in part.co_consts if type(held) is CodeType and held.co_name in _INLINED]
    return found


def _n_parameters(code: CodeType) -> int:
    return code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)


def _stable_name(qualname: str) -> str:
    for name in _INLINED:
        qualname = qualname.replace(f"{name}.<locals>.", "").replace(f"{name}.", "")
    return qualname


def is_hidden_name(name: str) -> bool:
    """Whether a variable of this name is never part of the state (`__dunder__`, the compiler's own)."""
    return name[:1] == "." or (name[:2] == "__" and name[-2:] == "__")


class Names:
    """The scopes of a program."""

    def __init__(self, parsed: Parsed, first_line: int = 1):
        self._scopes: dict[tuple[int, str], Scope] = {}
        self.first_line = first_line
        """The line that the first statement has in the code."""
        self.mentioned: set[str] | frozenset[str] = set()
        """Every name that the code mentions: the globals among them are state."""
        tree, statements, nodes = parsed.tree, parsed.statements, parsed.nodes
        self._visit_block(tree, self._scope(1, "<module>"), "")
        words = self.mentioned | _other_words(nodes)
        world = World(nodes)
        self.reaches_globals = not (world.is_closed and _REFLECTION.isdisjoint(words))
        """Whether functions may write globals by other means than a ``global`` statement."""
        self.reaches_frames = not (world.is_closed or REFLECTION.isdisjoint(words)) or any(
            isinstance(statement, ast.Nonlocal) for statement in in_class_bodies(statements)
        )
        """Whether functions may write variables of other frames that they share no cell with."""
        self.shared = {n for node in nodes if type(node) in _SHARING for n in node.names}
        """Names that other frames may rebind."""
        self.observes_lifetimes = (
            not _LIFETIMES.isdisjoint(words)
            or _shares_memory(words, nodes)
            or any(n in self.mentioned and not self._binds(n) for n in _TELLING)
            or _cleans_up_in_generator(tree, nodes)
        )
        """Whether the program can tell when an object dies."""
        self.writes_by_number = "write" in words and not words.isdisjoint(("os", "posix"))
        """Whether the program may write to a file by its number."""
        self.bare_raises = {n for n, node in enumerate(statements) if isinstance(node, ast.Raise) and node.exc is None}
        """Statements that raise the handled exception again."""
        self.is_open = not world.is_closed
        """Whether anything may change at any time."""
        self.effects = effects(parsed, world)
        """What each statement can change in place, if not anything may."""
        self.tables: tuple[tuple, tuple] | None = None
        """The same for the recorder in C, once it has been asked for."""
        self.plans: list | None = None
        """What the recorder in Python looks at after each statement, once it has been asked for."""
        self.idle: object = None
        """A recorder in C that has ended, and has read these tables."""

    def _binds(self, name: str) -> bool:
        return any(name in scope.order() for scope in self._scopes.values())

    def _scope(self, line: int, name: str) -> Scope:
        return self._scopes.setdefault((line, name), Scope())

    def code_infos(self, code: CodeType) -> dict[int, CodeInfo]:
        """Info by ``id`` of every code object of the program that makes a frame of its own in the trace.

        The code of list, set and dict comprehensions (a frame on 3.11 only) is left out.
        """
        infos: dict[int, CodeInfo] = {}
        stack = [code]
        while stack:
            current = stack.pop()
            if current.co_name not in _INLINED and not current.co_name.startswith("<generic"):
                statement = max(current.co_firstlineno - self.first_line, 0)
                scope = self._scopes.get((statement + 1, current.co_name))
                infos[id(current)] = CodeInfo(current, scope, statement)
            stack.extend(c for c in current.co_consts if type(c) is CodeType)
        return infos

    def _visit_block(self, node: ast.AST, scope: Scope, class_name: str) -> None:
        # Depth first in source order, without recursion: expressions of generated code can nest deeply.
        stack = [(child, scope, class_name, False) for child in reversed(children(node))]
        while stack:
            node, scope, class_name, inside = stack.pop()
            kind = type(node)
            if kind is ast.Constant:
                continue
            if kind is ast.Name:
                self.mentioned.add(node.id)
                if type(node.ctx) is not ast.Load:
                    self._bind(node, node.id, scope, class_name, inside)
                continue
            if kind in _BINDING:
                self._bind(node, _bound_name(node), scope, class_name, inside)
            elif kind in _SHARING:
                self.mentioned.update(node.names)
            if kind in _SCOPING:
                stack += reversed(self._children(node, scope, class_name, inside))
            else:
                inside = inside and kind is not ast.NamedExpr
                stack += [(child, scope, class_name, inside) for child in reversed(children(node))]

    def _bind(self, node: ast.AST, name: str | None, scope: Scope, class_name: str, inside: bool) -> None:
        if name:
            self.mentioned.add(name)
            scope.bind(_mangle(name, class_name), node.lineno - 1 if inside else None)

    def _children(self, node: ast.AST, scope: Scope, class_name: str, inside: bool) -> list[tuple]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            own = self._scope(node.lineno, getattr(node, "name", "<lambda>"))
            arguments = node.args
            outer = [*getattr(node, "decorator_list", ()), *arguments.defaults, *arguments.kw_defaults]
            parameters = [
                *arguments.posonlyargs,
                *arguments.args,
                *arguments.kwonlyargs,
                arguments.vararg,
                arguments.kwarg,
            ]
            body = node.body if isinstance(node.body, list) else [node.body]
            found = [(n, scope, class_name, inside) for n in outer if n]
            found += [(p, own, class_name, False) for p in parameters if p]
            return found + [(n, own, class_name, False) for n in body]
        if isinstance(node, ast.ClassDef):
            own = self._scope(node.lineno, node.name)
            outer = [*node.decorator_list, *node.bases, *node.keywords]
            return [(n, scope, class_name, inside) for n in outer] + [(n, own, node.name, False) for n in node.body]
        elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        generator = isinstance(node, ast.GeneratorExp)
        own = self._scope(node.lineno, "<genexpr>") if generator else scope
        found = [(node.generators[0].iter, scope, class_name, inside)]
        for number, part in enumerate(node.generators):
            found.append((part.target, own, class_name, not generator))
            rest = [*part.ifs] if number == 0 else [part.iter, *part.ifs]
            found += [(n, own, class_name, inside and not generator) for n in rest]
        return found + [(n, own, class_name, inside and not generator) for n in elements]


def _bound_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.alias):
        return node.asname or node.name.partition(".")[0]
    if isinstance(node, ast.MatchMapping):
        return node.rest
    return node.arg if isinstance(node, ast.arg) else node.name


def _other_words(nodes: list[ast.AST]) -> set[str]:
    """Attributes and imported modules that a program mentions."""
    words = {node.attr for node in nodes if type(node) is ast.Attribute}
    words.update(alias.name.partition(".")[0] for node in nodes if type(node) is ast.Import for alias in node.names)
    return words | {node.module or "" for node in nodes if type(node) is ast.ImportFrom}


def _shares_memory(words: set[str], nodes: list[ast.AST]) -> bool:
    """Whether what is made of one object may hold another one's memory, or the like."""
    words = words | _imported(nodes)
    return any(words.issuperset(pair) for pair in _SHARE_MEMORY)


def _imported(nodes: list[ast.AST]) -> set[str]:
    """Words for what names alone do not tell: a module and not something called like it, and a kind of statement."""
    names = [alias.name for node in nodes if type(node) is ast.Import for alias in node.names]
    names += [node.module for node in nodes if type(node) is ast.ImportFrom and node.module]
    found = {f"import {name}" for name in names}
    return found | {"async def" for node in nodes if type(node) is ast.AsyncFunctionDef}


def _cleans_up_in_generator(tree: ast.Module, nodes: list[ast.AST]) -> bool:
    """Whether a generator may run code of its own when it is dropped: it yields inside ``try`` or ``with``."""
    kinds = set(map(type, nodes))
    if _YIELDING.isdisjoint(kinds) or _GUARDING.isdisjoint(kinds):
        return False
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    while stack:
        node, guarded = stack.pop()
        if type(node) in _YIELDING and guarded:
            return True
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            guarded = False
        guarded = guarded or type(node) in _GUARDING
        stack += [(child, guarded) for child in children(node)]
    return False


def _mangle(name: str, class_name: str) -> str:
    stripped = class_name.lstrip("_")
    if not stripped or not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    return f"_{stripped}{name}"
