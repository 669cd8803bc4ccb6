"""Equations in a sentence: arithmetic, and what a name, slot or expression of the program is said to hold.

Belongs here: which expressions are said to be equal, and whether they are. Does not belong here: comparisons and
verdicts (``outcomes``).
"""

import ast
import math
from collections.abc import Iterator
from typing import Any

from tracepile_assets.narration.verifier.expressions import canonical
from tracepile_assets.narration.verifier.prose import words
from tracepile_assets.narration.verifier.prose.clauses import Clauses, Found, alike
from tracepile_assets.narration.verifier.prose.reading import Span, binary, closed, value_node
from tracepile_assets.narration.verifier.verdict import CONTRADICTED, UNGROUNDED, VERIFIED

_BECOMING = (("->",), ("giving",), ("gives",), ("=",), ("making",))


class Equations(Clauses):
    """Equations in a sentence: arithmetic, and what a name, slot or expression of the program is said to hold."""

    def _equations(self) -> Iterator[Found]:
        for left, right in zip(self.spans, self.spans[1:], strict=False):
            between = self.between(left.last, right.first)
            if isinstance(left.node, ast.Compare) or isinstance(right.node, ast.Compare):
                yield from self._into_comparison(left, right, between)
                continue
            target = self._augmented(left)
            if (
                target is not None
                and between
                and between[-1:] in (("->",), ("giving",), ("gives",), ("=",), ("making",))
            ):
                yield from self._held(target, right, ("=",))
            elif target is not None:
                continue
            elif closed(left.node) and not value_node(left.node) and between in words.EQUALS:
                yield from self._worked_out(left, right)
            elif not closed(left.node) and (between in words.LINKS or between in words.EQUALS):
                yield from self._held(left, right, between)

    def _augmented(self, span: Span) -> Span | None:
        """What an expression is added to, where it stands after `+=` or the like."""
        signs = [self.word(span.first - 2), self.word(span.first - 1)]
        if signs[1] != "=" or signs[0] not in ("+", "-", "*", "/", "//", "%", "|", "&", "^", "<<", ">>", "**"):
            return None
        return next((each for each in self.spans if each.last == span.first - 2), None)

    def _into_comparison(self, left: Span, right: Span, between: tuple[str, ...]) -> Iterator[Found]:
        """`i * i = 4 <= 4`: an equation whose right side is compared further."""
        if between != ("=",):
            return
        if isinstance(right.node, ast.Compare) and not isinstance(left.node, ast.Compare):
            yield from self._related(left, right, right.node.left)
        elif isinstance(left.node, ast.Compare) and not isinstance(right.node, ast.Compare):
            last = Span(left.node.comparators[-1], left.first, left.last)
            yield from self._related(last, right, right.node)

    def _related(self, left: Span, right: Span, value: ast.expr) -> Iterator[Found]:
        part = Span(value, right.first, right.last)
        if closed(left.node):
            yield from self._worked_out(left, part) if not value_node(left.node) else ()
        else:
            yield from self._held(left, part, ("=",))

    def _worked_out(self, left: Span, right: Span) -> Iterator[Found]:
        """Arithmetic without names."""
        if not closed(right.node):
            return
        if isinstance(left.node, ast.UnaryOp) and isinstance(left.node.op, ast.UAdd):
            return
        one, other = self.grounds.computed(left.node), self.grounds.computed(right.node)
        if one is None and other is not None and self.grounds.fails(left.node):
            yield Found("arithmetic", left.first, right.last, CONTRADICTED, None, "that cannot be worked out")
        if one is None or other is None:
            return
        self.settle(right)
        if self.grounds.is_so(left.node, right.node, alike):
            if _is_logic(left.node) and not self.facts.works_out(left.node):
                detail = "the run never works that out"
                yield Found("arithmetic", left.first, right.last, UNGROUNDED, None, detail)
                return
            if self.facts.is_misplaced(left.node, canonical(repr(one[0]))):
                detail = "the run works that out from other numbers"
                yield Found("arithmetic", left.first, right.last, CONTRADICTED, None, detail)
                return
            if self.word(left.first - 1) != "=" and not self.ungrounded(right):
                self.settle(left)
                self.worked.add(left.first)
            yield Found("arithmetic", left.first, right.last, VERIFIED)
        else:
            yield Found("arithmetic", left.first, right.last, CONTRADICTED, None, f"that is {one[0]!r}")

    def _held(self, left: Span, right: Span, between: tuple[str, ...]) -> Iterator[Found]:
        """A name, slot or expression of the program, and the value that it has."""
        if not self._is_told_of(left, between) or not closed(right.node):
            return
        if between in ((":",), ("has",)) and isinstance(left.node, ast.Call):
            return
        after = self.tokens[right.last] if right.last < len(self.tokens) else None
        if after is not None and after.kind in ("number", "string"):
            return
        if self.tokens[left.first - 1].kind == "ordinal" and left.first:
            return
        listed = self.listed(right)
        if len(listed) > 1 and not value_node(left.node):
            yield from self._held_all(left, listed)
            return
        following = self.word(right.last)
        if following in words.NOT_AFTER and not (following == "or" and "=" in between):
            return
        value = self.grounds.computed(right.node)
        if value is None:
            return
        held = self.facts.ever(left.node)
        if not held:
            if "=" in between and (isinstance(left.node, ast.Name) or not self.grounds.is_loose(left.node)):
                detail = f"{ast.unparse(left.node)} has no value that is known in this run"
                yield Found("value", left.first, right.last, UNGROUNDED, None, detail)
            return
        if between == (":",) and not any(
            (known := self.grounds.literal(text)) and type(known[0]) is type(value[0]) for text in held
        ):
            return
        self.settle(right)
        event = self.holds(held, value[0], right)
        if event is None and between in words.HOLDING:
            event = self._holds_inside(held, value[0])
        if event is not None:
            yield Found("value", left.first, right.last, VERIFIED, event)
        elif "=" in between or self.is_certain(left):
            yield Found(
                "value", left.first, right.last, CONTRADICTED, None, f"{ast.unparse(left.node)} never has that value"
            )

    def _held_all(self, left: Span, listed: list[Span]) -> Iterator[Found]:
        """A container that holds everything that is listed, or a name that takes on every value of the list."""
        told = [value for span in listed if (value := self.grounds.computed(span.node)) is not None]
        held = self.facts.ever(left.node)
        if len(told) < len(listed) or not held:
            return
        for span in listed:
            self.settle(span)
        if all(self.holds(held, value[0], listed[0]) is not None for value in told):
            yield Found("value", left.first, listed[-1].last, VERIFIED, min(held.values()))
            return
        for text, event in held.items():
            known = self.grounds.literal(text)
            if known and isinstance(known[0], list | tuple | set | dict | str | range):
                try:
                    if all(value[0] in known[0] for value in told):
                        yield Found("value", left.first, listed[-1].last, VERIFIED, event)
                        return
                except TypeError:
                    continue
        if self.is_certain(left):
            detail = f"{ast.unparse(left.node)} never holds all of these"
            yield Found("value", left.first, listed[-1].last, CONTRADICTED, None, detail)

    def _holds_inside(self, held: dict[str, int], value: Any) -> int | None:
        for text, event in held.items():
            known = self.grounds.literal(text)
            try:
                if known and isinstance(known[0], list | tuple | set | dict | str | range) and value in known[0]:
                    return event
            except TypeError:
                continue
        return None

    def holds(self, held: dict[str, int], value: Any, right: Span) -> int | None:
        """The first event that shows a value among those that were held; None if none does."""
        told = canonical(repr(value))
        if told in held:
            return held[told]
        for text, event in held.items():
            other = self.grounds.literal(text)
            if other is not None and alike(other[0], value):
                return event
        digits = binary(str(value)) if isinstance(value, int) and value > 99 else None
        if digits is not None and str(digits) in held:
            return held[str(digits)]
        about = any(word in words.ABOUT for word in self.before(right.first, 2))
        if about and isinstance(value, int | float):
            for text, event in held.items():
                other = self.grounds.literal(text)
                if other and isinstance(other[0], int | float) and math.isclose(other[0], value, rel_tol=0.02):
                    return event
        return None

    def _is_told_of(self, left: Span, between: tuple[str, ...]) -> bool:
        """Whether a word that is a name of the program is meant as one."""
        if not isinstance(left.node, ast.Name) or left.code or "=" in between or between in ((":",), ("->",)):
            return True
        if left.node.id in ("a", "i", "I", "A") and between not in (("is",), ("becomes",), ("at",), ("stays",)):
            return False
        return left.node.id in self.facts.history

    def is_certain(self, left: Span) -> bool:
        """Whether a name could not be an ordinary word instead."""
        if not isinstance(left.node, ast.Name) or left.code:
            return True
        name = left.node.id
        return name.lower() not in self.grounds.ordinary or self.word(left.first - 1) not in (
            "a",
            "an",
            "each",
            "every",
            "another",
            "whose",
            "first",
            "second",
            "one",
            "running",
            "current",
        )


def _is_logic(node: ast.AST) -> bool:
    """Whether an expression is made of truth values."""
    return any(isinstance(part, ast.BoolOp | ast.Not | ast.Compare) for part in ast.walk(node))
