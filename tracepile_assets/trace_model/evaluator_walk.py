"""The walk over one expression at a recorded moment.

Belongs here: names, attributes, displays, subscripts, f-strings, comprehensions, lambdas and calls. Does not belong
here: what callers use (``evaluator``), operators (``evaluator_operators``), and the closed lists
(``evaluator_builtins``, ``evaluator_library``).
"""

from __future__ import annotations

import ast
from collections import ChainMap, deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tracepile_assets.trace_model.evaluator_builtins import BUILTINS, METHODS, Applier, guard_format
from tracepile_assets.trace_model.evaluator_calls import Given, RecordedCalls
from tracepile_assets.trace_model.evaluator_classes import attribute
from tracepile_assets.trace_model.evaluator_library import member, origin
from tracepile_assets.trace_model.evaluator_objects import (
    MAPPINGS,
    Abstain,
    Budget,
    Copies,
    ProgramFacts,
    Recorded,
)
from tracepile_assets.trace_model.evaluator_operators import OPERATORS, Env, operate
from tracepile_assets.trace_model.evaluator_types import (
    ERRORS,
    PLAIN,
    TYPES,
    UNORDERED,
    iterate,
    order_free,
    ordered,
    require,
    writable,
)
from tracepile_assets.trace_model.replay import State

if TYPE_CHECKING:
    from tracepile_assets.trace_model.trace import Trace

_ORDER_FREE = frozenset({"sorted", "set", "frozenset", "any", "all", "min", "max", "sum"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)


class Evaluation:
    """One expression being evaluated."""

    def __init__(self, state: State, frame: int | None, trace: Trace | None, event: int | None) -> None:
        self.state = state
        self.frame = frame
        self.trace = trace
        self.facts: ProgramFacts | None = trace.program_facts if trace is not None else None
        self.budget = Budget()
        self.copies = Copies(state, self.facts, self.budget)
        self.apply = Applier(self.budget)
        self.calls = RecordedCalls(trace, event, frame) if trace is not None and event is not None else None
        self.walrus: dict[str, Any] = {}
        self.deferred = 0  # depth of lambdas and generator expressions, whose frames are not this one

    def result(self, expression: ast.expr) -> Any:
        """Value of the whole expression, made of values alone."""
        return self._settled(self.eval(expression, ChainMap(self.walrus)))

    def augmented(self, target: ast.expr, op: ast.operator, value: ast.expr) -> Any:
        """What the target of an augmented assignment, given as the expression that reads it, holds afterwards."""
        env: Env = ChainMap(self.walrus)
        left, right = self.eval(target, env), self.eval(value, env)
        if type(left) in (list, deque) and isinstance(op, ast.Add):
            extended = left.copy()
            extended.extend(self.apply.list_of(right))
            return self._settled(extended)
        return self._settled(operate(self, op, left, right))

    def _settled(self, value: Any, depth: int = 0) -> Any:
        """The value, if it is made of values alone: no iterators, views, functions, types."""
        self.budget.spend()
        if isinstance(value, Recorded):
            return value
        if depth > 200:
            raise Abstain("nested too deeply")
        if type(value) in (list, tuple, set, frozenset, dict):
            for part in [*value.keys(), *value.values()] if type(value) is dict else value:
                if type(part) not in (int, str, bool, float):
                    self._settled(part, depth + 1)
            return value
        return require(value)

    def eval(self, node: ast.expr, env: Env) -> Any:
        """Value of a part of the expression; iterators, views and functions included."""
        self.budget.spend()
        method = _DISPATCH.get(type(node))
        if method is None:
            raise Abstain(f"syntax {type(node).__name__}")
        return method(self, node, env)

    # Names and attributes.

    def _name(self, node: ast.Name, env: Env) -> Any:
        value = self._variable(node, env)
        if isinstance(value, Recorded) and self.state.is_class(value.ref):
            raise Abstain(f"name {node.id} is a class")
        return value

    def _variable(self, node: ast.Name, env: Env) -> Any:
        if node.id in env:
            return env[node.id]
        own = self.state.locals(self.frame)
        if node.id in own:
            return self.copies.of(own[node.id])
        if node.id not in self.state.globals:
            return self._invisible(node.id)
        if self.trace is not None and self.frame is not None and self.trace.is_local(self.frame, node.id):
            raise Abstain(f"{node.id} is a local name that is not bound")
        return self.copies.of(self.state.globals[node.id])

    def _invisible(self, name: str) -> Any:
        """A name that the state does not hold: a builtin, unless the program binds it."""
        if self.facts is not None:
            if name in self.facts.bound or name in self.facts.modules:
                raise Abstain(f"name {name} is not a recorded value")
            source = origin(name, self.facts.imported, self.facts.stars)
            if source is not None:
                return member(*source, self.apply)
            if name in self.facts.imported:
                raise Abstain(f"name {name} is not a recorded value")
        for type_ in TYPES:
            if type_.__name__ == name:
                return type_
        if name in BUILTINS:
            return lambda *args, **keywords: self.apply.builtin(name, list(args), keywords)
        raise Abstain(f"name {name} is not a recorded value")

    def _module_of(self, node: ast.expr) -> str | None:
        """The module that a name stands for, where nothing else in the program binds the name."""
        if not isinstance(node, ast.Name) or self.facts is None or node.id in self.facts.bound:
            return None
        return self.facts.modules.get(node.id)

    def _attribute(self, node: ast.Attribute, env: Env) -> Any:
        module = self._module_of(node.value)
        if module is not None:
            return member(module, node.attr, self.apply)
        owner = self._variable(node.value, env) if isinstance(node.value, ast.Name) else self.eval(node.value, env)
        if isinstance(owner, Recorded):
            return self.copies.of(attribute(owner, self.state, self.facts, node.attr))
        if owner in TYPES if isinstance(owner, type) else False:
            if node.attr in METHODS.get(owner, ()):
                return lambda first, *rest, **keywords: self._unbound(owner, node.attr, first, rest, keywords)
            raise Abstain(f"attribute {node.attr} of a type")
        if type(owner) in METHODS and node.attr in METHODS[type(owner)]:
            return lambda *args, **keywords: self.apply.method(owner, node.attr, list(args), keywords)
        if type(owner) in (int, float, complex) and node.attr in ("real", "imag", "numerator", "denominator"):
            return getattr(owner, node.attr)
        if type(owner) in PLAIN and not hasattr(owner, node.attr):
            return getattr(owner, node.attr)
        raise Abstain(f"attribute {node.attr} of {type(owner).__name__}")

    def _unbound(self, kind: type, name: str, first: Any, rest: tuple, keywords: dict[str, Any]) -> Any:
        if type(first) is not kind:
            raise Abstain(f"{kind.__name__}.{name} of another type")
        return self.apply.method(first, name, list(rest), keywords)

    # Displays, subscripts, f-strings.

    def _named(self, node: ast.NamedExpr, env: Env) -> Any:
        if self.deferred:
            raise Abstain("assignment expression in a scope of its own")
        value = self.walrus[node.target.id] = self.eval(node.value, env)
        return value

    def _elements(self, nodes: list[ast.expr], env: Env) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found.extend(self.apply.list_of(self.eval(node.value, env)))
            else:
                found.append(self.eval(node, env))
        return found

    def _dict_display(self, node: ast.Dict, env: Env) -> dict:
        made: dict = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                made.update(require(self.eval(value, env), (dict,)))
            else:
                made_key = self.eval(key, env)
                made[made_key] = self.eval(value, env)
        return made

    def _subscript(self, node: ast.Subscript, env: Env) -> Any:
        owner = self.eval(node.value, env)
        if isinstance(owner, type):
            raise Abstain("a generic alias")
        index = self.eval(node.slice, env)
        if type(owner) in (dict, *MAPPINGS.values()):
            return owner[index if isinstance(index, Recorded) else require(index)]
        return require(owner)[require(index)]

    def _slice(self, node: ast.Slice, env: Env) -> slice:
        parts = (None if part is None else self.eval(part, env) for part in (node.lower, node.upper, node.step))
        return slice(*map(require, parts))

    def _joined(self, node: ast.JoinedStr, env: Env) -> str:
        return "".join(str(self.eval(part, env)) for part in node.values)

    def _formatted(self, node: ast.FormattedValue, env: Env) -> str:
        value = writable(self.eval(node.value, env))
        if node.conversion in (ord("r"), ord("a"), ord("s")):
            value = {"r": repr, "a": ascii, "s": str}[chr(node.conversion)](value)
        spec = guard_format(self.eval(node.format_spec, env)) if node.format_spec is not None else ""
        return format(value, spec)

    # Comprehensions and functions.

    def _takes_any_order(self, node: ast.Call, env: Env) -> bool:
        """Whether a call is one of a builtin whose result may not depend on the order of its one iterable."""
        if not isinstance(node.func, ast.Name) or node.func.id not in _ORDER_FREE or node.keywords:
            return False
        if len(node.args) != 1 or not isinstance(node.args[0], _COMPREHENSIONS):
            return False
        return node.func.id not in env and node.func.id not in self.state.variables(self.frame)

    def _in_any_order(self, function: str, node: Any, env: Env) -> Any:
        """Values of a comprehension that ``function`` is to take; those over a set only if order does not matter."""
        source = self._source(node.generators[0], env)
        if type(source) not in UNORDERED or len(source) < 2:
            return self._over(node, env, iterate(source))
        inner = env.new_child()
        self.deferred += 1  # calls made for the elements were recorded in an order that is not ours
        try:
            values = [self.eval(node.elt, inner) for _ in self._passes(node.generators, 0, inner, iter(source))]
        except ERRORS as error:
            raise Abstain(f"{type(error).__name__} at some element of a set") from error
        finally:
            self.deferred -= 1
        values = order_free(function, values)
        return set(order_free("set", values)) if isinstance(node, ast.SetComp) else values

    def _comprehension(self, node: Any, env: Env) -> Any:
        if isinstance(node, ast.SetComp):
            return self._in_any_order("set", node, env)
        return self._over(node, env, self._iterable(node.generators[0], env))

    def _over(self, node: Any, env: Env, first: Iterator[Any]) -> Any:
        """A comprehension over what its first iterable gives."""
        inner = env.new_child()
        passes = self._passes(node.generators, 0, inner, first)
        if isinstance(node, ast.DictComp):
            return {self.eval(node.key, inner): self.eval(node.value, inner) for _ in passes}
        if isinstance(node, ast.GeneratorExp):
            return self._lazily(node.elt, inner, passes)
        values = [self.eval(node.elt, inner) for _ in passes]
        return set(values) if isinstance(node, ast.SetComp) else values

    def _source(self, generator: ast.comprehension, env: Env) -> Any:
        if generator.is_async:
            raise Abstain("async comprehension")
        return self.eval(generator.iter, env)

    def _iterable(self, generator: ast.comprehension, env: Env) -> Iterator[Any]:
        return iterate(ordered(self._source(generator, env)))

    def _passes(self, generators: list[ast.comprehension], k: int, env: Env, first: Iterator[Any]) -> Iterator[None]:
        generator = generators[k]
        for item in first:
            self.budget.spend()
            self._bind(generator.target, item, env)
            if all(self.eval(test, env) for test in generator.ifs):
                if k + 1 == len(generators):
                    yield
                else:
                    yield from self._passes(generators, k + 1, env, self._iterable(generators[k + 1], env))

    def _lazily(self, element: ast.expr, env: Env, passes: Iterator[None]) -> Iterator[Any]:
        while True:
            self.deferred += 1
            try:
                if next(passes, _DONE) is _DONE:
                    return
                value = self.eval(element, env)
            finally:
                self.deferred -= 1
            yield value

    def _bind(self, target: ast.expr, value: Any, env: Env) -> None:
        if isinstance(target, ast.Name):
            env[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)) and not any(isinstance(e, ast.Starred) for e in target.elts):
            parts = self.apply.list_of(value)
            if len(parts) != len(target.elts):
                raise ValueError("not the right number of values to unpack")
            for inner, part in zip(target.elts, parts, strict=True):
                self._bind(inner, part, env)
        else:
            raise Abstain("a target that is not a name")

    def _function(self, node: ast.Lambda, env: Env) -> Callable:
        spec = node.args
        if spec.vararg or spec.kwarg or spec.kwonlyargs or spec.posonlyargs:
            raise Abstain("a lambda with special parameters")
        names = [argument.arg for argument in spec.args]
        defaults = self._elements(spec.defaults, env)
        given = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))

        def call(*args: Any) -> Any:
            bound = {**given, **dict(zip(names, args, strict=False))}
            if len(args) > len(names) or len(bound) != len(names):
                raise TypeError("wrong number of arguments")
            self.deferred += 1
            try:
                return self.eval(node.body, env.new_child(bound))
            finally:
                self.deferred -= 1

        return call

    def _call(self, node: ast.Call, env: Env) -> Any:
        program = self._program_function(node.func, env)
        if program is not None:
            return self._recorded_call(program, node, env)
        function = self.eval(node.func, env)
        if self._takes_any_order(node, env):
            args = [self._in_any_order(node.func.id, node.args[0], env)]
        else:
            args = self._elements(node.args, env)
        keywords: dict[str, Any] = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise Abstain("keywords from a mapping")
            keywords[keyword.arg] = self.eval(keyword.value, env)
        if isinstance(function, type):
            return self.apply.builtin(function.__name__, args, keywords)
        if isinstance(function, Recorded) or not callable(function):
            raise Abstain("a call of what is not known")
        return function(*args, **keywords)

    def _program_function(self, node: ast.expr, env: Env) -> str | None:
        """Name of the function of the program that a call calls, or None."""
        if self.facts is None:
            return None
        if isinstance(node, ast.Name):
            visible = node.id in env or node.id in self.state.variables(self.frame)
            return None if visible or node.id not in self.facts.functions else node.id
        if isinstance(node, ast.Attribute) and node.attr in self.facts.methods and node.attr in self.facts.functions:
            if isinstance(node.value, ast.Name) and node.value.id in self.facts.classes:
                return node.attr
            return node.attr if isinstance(self.eval(node.value, env), Recorded) else None
        return None

    def _recorded_call(self, name: str, node: ast.Call, env: Env) -> Any:
        if self.calls is None or self.deferred:
            raise Abstain(f"call of {name}")
        before = dict(self.copies.built)
        args = self._elements(node.args, env)
        keywords = {keyword.arg: self.eval(keyword.value, env) for keyword in node.keywords}
        given = Given(args[: _starred(node)], keywords, {id(made): n for n, made in self.copies.built.items()})
        self.copies.built = before
        bound = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", None) not in self.facts.classes
        value, self.state = self.calls.take(name, given, bound, set(before), self.facts)
        self.copies.state = self.state
        return self.copies.of(value)


def _starred(node: ast.Call) -> int:
    """How many arguments stand before the first starred one."""
    return next((k for k, argument in enumerate(node.args) if isinstance(argument, ast.Starred)), len(node.args))


_DONE = object()

_DISPATCH: dict[type, Callable[[Evaluation, Any, Env], Any]] = {
    **OPERATORS,
    ast.Constant: lambda self, node, env: node.value,
    ast.Name: Evaluation._name,
    ast.Attribute: Evaluation._attribute,
    ast.NamedExpr: Evaluation._named,
    ast.List: lambda self, node, env: self._elements(node.elts, env),
    ast.Tuple: lambda self, node, env: tuple(self._elements(node.elts, env)),
    ast.Set: lambda self, node, env: set(self._elements(node.elts, env)),
    ast.Dict: Evaluation._dict_display,
    ast.Subscript: Evaluation._subscript,
    ast.Slice: Evaluation._slice,
    ast.JoinedStr: Evaluation._joined,
    ast.FormattedValue: Evaluation._formatted,
    ast.ListComp: Evaluation._comprehension,
    ast.SetComp: Evaluation._comprehension,
    ast.DictComp: Evaluation._comprehension,
    ast.GeneratorExp: Evaluation._comprehension,
    ast.Lambda: Evaluation._function,
    ast.Call: Evaluation._call,
}
