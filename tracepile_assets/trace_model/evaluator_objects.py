"""What the pure evaluator computes with: copies of recorded values as Python objects.

Belongs here: rebuilding values for the evaluator, ``Recorded`` for objects of which only identity and attributes are
known, and the evaluator's ways of giving up. Does not belong here: any operation on them (``evaluator``,
``evaluator_builtins``).
"""

from __future__ import annotations

import ast
from collections import Counter, OrderedDict, deque
from typing import Any, NoReturn

from tracepile_assets.execution.guest.statements import walked
from tracepile_assets.trace_model.replay import ReplayError, State
from tracepile_assets.trace_model.values import NAN, TRUNCATED, Ref, Value


class Abstain(Exception):
    """The evaluator does not say what the expression gives; the message says why."""


class EvaluatedToError(Exception):
    """The expression itself raises. ``type_name``: name of the exception's type; ``message``: its text."""

    def __init__(self, type_name: str, message: str) -> None:
        """Keep what the expression raises."""
        super().__init__(f"{type_name}: {message}")
        self.type_name = type_name
        self.message = message


class Budget:
    """Bounds on what one evaluation may cost."""

    STEPS = 200_000
    SIZE = 1_000_000
    BITS = 100_000

    def __init__(self) -> None:
        """Start with all steps left."""
        self.left = self.STEPS

    def spend(self, steps: int = 1) -> None:
        """Take steps; raises ``Abstain`` when none are left."""
        self.left -= steps
        if self.left < 0:
            raise Abstain("the expression takes too many steps")

    def size(self, length: int) -> None:
        """Refuse a result of more than ``SIZE`` elements or characters."""
        if length > self.SIZE:
            raise Abstain("the result would be too large")

    def bits(self, bits: float) -> None:
        """Refuse an integer of more than ``BITS`` bits."""
        if bits > self.BITS:
            raise Abstain("the number would be too large")


_NOTED = frozenset({ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.arg, ast.Name, ast.Attribute, ast.Call})
_NOTED |= {ast.Import, ast.ImportFrom, ast.ExceptHandler, ast.MatchAs, ast.MatchStar}
"""Kinds of nodes that tell of names and classes: few of a program's nodes."""


class ProgramFacts:
    """What the evaluator must know of a program beside the state: its classes and the names that it binds."""

    def __init__(self, tree: ast.Module) -> None:
        """Collect from the syntax tree of the whole program."""
        self.classes: dict[str, list[ast.ClassDef]] = {}
        self.functions: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        self.modules: dict[str, str] = {}
        self.imported: dict[str, tuple[str, str]] = {}
        self.top_level = frozenset(node for node in tree.body if isinstance(node, ast.ClassDef))
        self.rebound: set[str] = set()
        self.makes_classes = False
        self.bodies: dict[ast.ClassDef, frozenset[str]] = {}
        self.methods: set[str] = set()
        self.stars: set[str] = set()
        self.tampers = False
        self._generators: dict[ast.AST, bool] = {}
        for node in walked(tree):
            if type(node) in _NOTED:
                self._note(node)
        self.bound = self.rebound | self.classes.keys()

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.ClassDef):
            self.classes.setdefault(node.name, []).append(node)
            self.methods.update(name for name in map(_bound_name, node.body) if name)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions.setdefault(node.name, []).append(node)
            self.rebound.add(node.name)
            self.tampers |= node.name in ("__getattribute__", "__getattr__", "__setattr__", "__get__", "__set__")
        elif isinstance(node, ast.arg):
            self.rebound.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            self.rebound.add(node.id)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            self.tampers |= node.attr.startswith("__")
        elif isinstance(node, ast.Call):
            self.makes_classes |= isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 3
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                if self.modules.setdefault(name, alias.name if alias.asname else name) not in (name, alias.name):
                    self.rebound.add(name)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    self.stars.add(node.module or "")
                else:
                    self._import(alias.asname or alias.name, (node.module or "", alias.name))
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            self.rebound.add(node.name)

    def _import(self, name: str, source: tuple[str, str]) -> None:
        if self.imported.setdefault(name, source) != source:
            self.rebound.add(name)  # imported twice under one name: which one holds cannot be told

    def is_generator(self, definition: ast.AST) -> bool:
        """Whether a function definition has a ``yield`` of its own."""
        if definition not in self._generators:
            self._generators[definition] = self._yields(definition)
        return self._generators[definition]

    def _yields(self, definition: ast.AST) -> bool:
        waiting = list(ast.iter_child_nodes(definition))
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.Yield, ast.YieldFrom)):
                return True
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
                waiting.extend(ast.iter_child_nodes(node))
        return False

    def defines(self, type_name: str, *names: str) -> bool | None:
        """Whether a class of the program, or one it inherits from, defines one of the names; None if unknown."""
        definitions = self.classes.get(type_name, [])
        if len(definitions) != 1 or self.tampers:
            return None
        definition = definitions[0]
        if definition.keywords or (definition.decorator_list and {"__eq__", "__hash__"} & set(names)):
            return None
        if {_bound_name(node) for node in ast.walk(definition)} & set(names):
            return True
        for base in definition.bases:
            name = base.id if isinstance(base, ast.Name) else None
            if name == "object":
                continue
            inherited = self.defines(name, *names) if name and name != type_name else None
            if inherited is not False:
                return inherited
        return False


def _bound_name(node: ast.AST) -> str | None:
    """Name that a definition or the first target of an assignment in a class body binds."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return getattr(node, "name", None) if isinstance(node, ast.stmt) else None


class Recorded:
    """An object of the run of which only identity and attributes may be used; all else makes the evaluator abstain."""

    __slots__ = ("facts", "ref", "state")

    def __init__(self, ref: Ref, state: State, facts: ProgramFacts | None) -> None:
        """``ref`` at the moment of ``state``."""
        self.ref = ref
        self.state = state
        self.facts = facts

    @property
    def contents(self) -> Any:
        """Its ``HeapObject``. Raises ``Abstain`` if it was cut short or is not recorded."""
        try:
            contents = self.state.contents(self.ref)
        except ReplayError as error:
            raise Abstain(str(error)) from error
        if contents is TRUNCATED:
            raise Abstain(f"{self.ref} was cut short")
        return contents

    def _inherits_default(self, *names: str) -> bool:
        contents = self.contents
        return (
            contents.kind == "object"
            and not contents.items
            and self.facts is not None
            and self.facts.defines(contents.type_name, *names) is False
        )

    def __hash__(self) -> int:
        if self._inherits_default("__eq__", "__hash__"):
            return self.ref.n
        raise Abstain(f"hash of {self.ref}")

    def __bool__(self) -> bool:
        if self._inherits_default("__bool__", "__len__"):
            return True
        raise Abstain(f"truth of {self.ref}")

    def __eq__(self, other: object) -> bool:
        if self is other or (isinstance(other, Recorded) and other.ref == self.ref):
            return True
        if self._inherits_default("__eq__") and (
            other is None or not isinstance(other, Recorded) or other._inherits_default("__eq__")
        ):
            return False
        raise Abstain(f"comparison of {self.ref}")

    def __repr__(self) -> str:
        return f"<recorded {self.ref}>"

    def _refuse(self, *_: Any) -> NoReturn:
        raise Abstain(f"operation on {self.ref}, an object of the program or of an opaque type")

    __lt__ = __le__ = __gt__ = __ge__ = __len__ = __iter__ = __contains__ = __getitem__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = __rmod__ = __truediv__ = _refuse
    __rtruediv__ = __floordiv__ = __rfloordiv__ = __pow__ = __rpow__ = __and__ = __rand__ = __or__ = __ror__ = _refuse
    __xor__ = __rxor__ = __neg__ = __pos__ = __abs__ = __int__ = __float__ = __index__ = __str__ = __format__ = _refuse
    __call__ = __reversed__ = __round__ = __divmod__ = __rdivmod__ = _refuse


class _DefaultDict(dict):
    """Stands for a ``defaultdict``: reading a missing key would insert, which an evaluation must not."""

    def __missing__(self, key: Any) -> NoReturn:
        raise Abstain("reading a missing key of a defaultdict inserts it")


MAPPINGS = {"Counter": Counter, "OrderedDict": OrderedDict, "defaultdict": _DefaultDict}
"""Mappings of the standard library that are read like a dict."""


class Copies:
    """Python copies of recorded values at one moment, one per heap object, so that identity means what it meant."""

    def __init__(self, state: State, facts: ProgramFacts | None, budget: Budget) -> None:
        """Copies of values as they are in ``state``."""
        self.state = state
        self.facts = facts
        self.budget = budget
        self.built: dict[int, Any] = {}

    def of(self, value: Value) -> Any:
        """The Python object for a value. Raises ``Abstain`` if the value itself was cut short."""
        kind = type(value)
        if kind is Ref:
            return self._reference(value)
        if kind is tuple:
            return tuple(map(self.of, value))
        if kind is frozenset:
            return frozenset(map(self.of, value))
        if value is TRUNCATED:
            raise Abstain("the value was cut short")
        if value is NAN:
            raise Abstain("NaN, of which the recording does not tell one from another")
        return value

    def _reference(self, ref: Ref) -> Any:
        if ref.n in self.built:
            return self.built[ref.n]
        try:
            contents = self.state.contents(ref)
        except ReplayError as error:
            raise Abstain(str(error)) from error
        made: Any = None
        if contents is not TRUNCATED and contents.kind != "opaque":
            self.budget.spend(1 + len(contents.items))
            made = self._build(ref, contents)
        if made is None:
            made = self.built[ref.n] = Recorded(ref, self.state, self.facts)
        return made

    def _build(self, ref: Ref, contents: Any) -> Any:
        kind, items, built = contents.kind, contents.items, self.built
        if not contents.is_plain:
            own = self.facts is not None and contents.type_name in self.facts.classes
            if kind != "dict" or contents.type_name not in MAPPINGS or contents.attributes or own:
                return None
            made = built[ref.n] = MAPPINGS[contents.type_name]()
        elif kind == "bytearray":
            made = built[ref.n] = bytearray(items)
            return made
        else:
            made = built[ref.n] = deque(maxlen=contents.maxlen) if kind == "deque" else _EMPTY[kind]()
        if kind == "dict":
            for key, value in items.items():
                made[self.of(key)] = self.of(value)
        elif kind == "set":
            made.update(map(self.of, items))
        else:
            made.extend(map(self.of, items))
        return made


_EMPTY: dict[str, Any] = {"list": list, "dict": dict, "set": set}
