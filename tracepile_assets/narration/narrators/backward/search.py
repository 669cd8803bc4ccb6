"""Inputs that may lead to an outcome, the ones reasoned from it first.

Belongs here: what is open in a call, which attempts are made, in which order. Does not belong here: inverting single
expressions (``inverting``), and the values that are enumerated (``guesses``).
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from tracepile_assets.narration.narrators.backward.guesses import guesses
from tracepile_assets.narration.narrators.backward.inverting import Need, NotInvertible, literal, needs

MOST = 16
"""Attempts that are made for one question."""

_MIXED = 4
"""Values that are tried for an argument beside the one that is worked out."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An input that may lead to the outcome.

    Attributes:
        answer: what is then answered: one argument, or all of them.
        arguments: all arguments of the call.
        open: names of the parameters that the question leaves open, with the source text of the value tried.
        needs: how it follows from the outcome; empty for one that is merely tried.
    """

    answer: str
    arguments: str
    open: tuple[tuple[str, str], ...]
    needs: tuple[Need, ...]


def attempts(code: str, target: Mapping[str, Any], outcome: str, most: int = MOST) -> list[Attempt]:
    """Attempts in the order in which they are to be made, no two alike.

    Args:
        code: the program.
        target: what the question leaves open, as ``input_prediction`` states it.
        outcome: value text of what the call returns.
        most: how many.
    """
    try:
        value = literal(outcome)
        function = entry_of(code, str(target.get("entry_point")))
    except (NotInvertible, SyntaxError, ValueError, RecursionError):
        return []
    call = _Call.of(function, target) if function is not None else None
    if function is None or call is None:
        return []
    found: dict[str, Attempt] = {}
    for attempt in islice(_all(function, call, value), 8 * most):
        if len(found) == most:
            break
        found.setdefault(attempt.arguments, attempt)
    return list(found.values())


def entry_of(code: str, entry_point: str) -> ast.FunctionDef | None:
    """The definition of the function that is called; None where no single one can be found."""
    path = entry_point.replace("()", "").split(".")
    body: list[ast.stmt] = ast.parse(code).body
    for name in path[:-1]:
        classes = [node for node in body if isinstance(node, ast.ClassDef) and node.name == name]
        if len(classes) != 1:
            return None
        body = classes[0].body
    found = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == path[-1]]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class _Call:
    """The arguments of the call: keyword or None, parameter, and text (None where it is open)."""

    given: tuple[tuple[str | None, str, str | None], ...]
    masked: bool
    """Whether a single argument is asked for."""

    @classmethod
    def of(cls, function: ast.FunctionDef, target: Mapping[str, Any]) -> "_Call | None":
        names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        if names[:1] in (["self"], ["cls"]):
            names = names[1:]
        if target.get("masked") == "all":
            required = names[: len(names) - len(function.args.defaults)]
            if not required or function.args.kwonlyargs or function.args.vararg:
                return None
            return cls(tuple((None, name, None) for name in required), False)
        shown = target.get("arguments") or []
        found = []
        for place, (keyword, text) in enumerate(shown):
            if keyword is None and place >= len(names):
                return None
            found.append((keyword, keyword or names[place], text))
        return cls(tuple(found), True)

    @property
    def open(self) -> list[str]:
        return [name for _, name, text in self.given if text is None]

    @property
    def known(self) -> dict[str, Any]:
        return {name: literal(text) for _, name, text in self.given if text is not None}

    def attempt(self, values: Mapping[str, str], reasons: tuple[Need, ...]) -> Attempt:
        texts = [(keyword, values[name] if text is None else text) for keyword, name, text in self.given]
        arguments = ", ".join(text if keyword is None else f"{keyword}={text}" for keyword, text in texts)
        tried = tuple((name, values[name]) for name in self.open)
        return Attempt(tried[0][1] if self.masked else arguments, arguments, tried, reasons)


def _all(function: ast.FunctionDef, call: _Call, outcome: Any) -> Iterator[Attempt]:
    yield from _reasoned(function, call, outcome)
    pools = [guesses(function, name, outcome) for name in call.open]
    # The first few values of each together before the later ones of any.
    ranked = sorted(product(*(range(min(len(pool), MOST)) for pool in pools)), key=lambda at: (sum(at), at))
    for at in ranked:
        values = {name: repr(pool[place]) for name, pool, place in zip(call.open, pools, at, strict=True)}
        yield call.attempt(values, ())


def _defaults(function: ast.FunctionDef, given: set[str]) -> dict[str, Any]:
    """The values of parameters that the call does not name."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    named = [*zip(arguments[len(arguments) - len(function.args.defaults) :], function.args.defaults, strict=True)]
    named += [pair for pair in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True) if pair[1]]
    return {each.arg: literal(ast.unparse(node)) for each, node in named if node and each.arg not in given}


def _reasoned(function: ast.FunctionDef, call: _Call, outcome: Any) -> Iterator[Attempt]:
    """One open argument worked out from the outcome, the other ones chosen."""
    try:
        known = {**_defaults(function, {name for _, name, _ in call.given}), **call.known}
    except NotInvertible:
        return
    for name in call.open:
        others = [other for other in call.open if other != name]
        pools = [guesses(function, other, outcome)[:_MIXED] for other in others]
        for chosen in product(*pools):
            beside = dict(zip(others, chosen, strict=True))
            try:
                value, reasons = needs(function, name, {**known, **beside}, outcome)
            except NotInvertible:
                continue
            values = {**{other: repr(each) for other, each in beside.items()}, name: repr(value)}
            yield call.attempt(values, reasons)
