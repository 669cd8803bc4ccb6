"""Comparisons and how they come out, calls with their arguments, and what calls and the run give.

Belongs here: reading verdicts. Does not belong here: equations (``equations``) and counts (``counts``).
"""

import ast
from collections.abc import Iterator
from typing import Any

from tracepile_assets.narration.verifier.expressions import canonical
from tracepile_assets.narration.verifier.prose import words
from tracepile_assets.narration.verifier.prose.clauses import Clauses, Found, alike
from tracepile_assets.narration.verifier.prose.reading import Span, closed, value_node
from tracepile_assets.narration.verifier.verdict import CONTRADICTED, VERIFIED


class Outcomes(Clauses):
    """Comparisons and how they come out, calls with their arguments, and what calls and the run give."""

    def _comparisons(self) -> Iterator[Found]:
        for span in self.spans:
            node = span.node
            if not isinstance(node, ast.Compare):
                continue
            expected = self._verdict(span)
            if closed(node):
                computed = self.grounds.computed(node)
                if computed is None or not isinstance(computed[0], bool):
                    continue
                if expected is not None and computed[0] is not expected:
                    yield Found("comparison", span.first, span.last, CONTRADICTED, None, f"that is {computed[0]}")
                elif expected is not None:
                    yield Found("comparison", span.first, span.last, VERIFIED)
                continue
            outcomes = self.facts.ever(node)
            if not outcomes:
                continue
            if expected is None:
                yield Found("comparison", span.first, span.last, VERIFIED, min(outcomes.values()))
            elif str(expected) in outcomes:
                yield Found("comparison", span.first, span.last, VERIFIED, outcomes[str(expected)])
            else:
                yield Found("comparison", span.first, span.last, CONTRADICTED, None, f"that is never {expected}")

    def _verdict(self, span: Span) -> bool | None:
        """How a comparison is said to come out; None where it is only asked, or both ways are spoken of."""
        after = self.clause(span.last)
        before = self.before(span.first)
        answer = ""
        end = span.last + len(after)
        if self.word(end) in ("?", ",", ":", "->", "-", "\u2014", "\u2013", "("):
            answer = " ".join(self.clause(end + 1)[:2])
        said = [word for word in after if word in words.FALSE or word in words.TRUE or word == "?"]
        if not said and any(word in words.UNCLEAR for word in [*after, *self.clause(end + 1)]):
            return None
        if "?" in after:
            rest = after[after.index("?") + 1 :]
            said = [word for word in rest if word in words.FALSE or word in words.TRUE]
            if not said:
                return None
        if not said and answer:
            first = answer.split()
            said = [word for word in first[:2] if word in words.FALSE or word in words.TRUE]
            if self.word(end) == "?" and not said:
                return None
        if said:
            negative = sum(word in words.FALSE for word in said)
            if negative and any(word in words.FALSE for word in before):
                return None
            return negative % 2 == 0
        if any(word in words.ASKED or word in words.FALSE or word in words.HYPOTHETICAL for word in before):
            return None
        further = any(each.first in (span.last + 1, span.last + 2) for each in self.spans)
        return None if self.word(span.last) in ("or", "and") and further else True

    # Calls.

    def _calls(self) -> Iterator[Found]:
        for span in self.spans:
            for node in ast.walk(span.node):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                made = self.facts.arguments.get(name)
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                if not made or not given or not all(map(value_node, given)):
                    continue
                event = self._made(node, made)
                if event is not None:
                    yield Found("call", span.first, span.last, VERIFIED, event)
                elif any(word in words.HYPOTHETICAL for word in self.before(span.first)):
                    continue
                else:
                    detail = f"{name} is never called with these arguments"
                    yield Found("call", span.first, span.last, CONTRADICTED, None, detail)

    def _made(self, told: ast.Call, made: list[tuple[int, dict[str, str]]]) -> int | None:
        """The call event of a call with these arguments; those that are left out are not asked for."""
        for event, held in made:
            names = [name for name in held if name not in ("self", "cls")]
            pairs = [*zip(names, told.args, strict=False), *((str(each.arg), each.value) for each in told.keywords)]
            if len(told.args) <= len(names) and all(self._is_given(held.get(name), value) for name, value in pairs):
                return event
        return None

    def _is_given(self, text: str | None, told: ast.expr) -> bool:
        if text is None:
            return False
        known, value = self.grounds.literal(text), self.grounds.computed(told)
        return text == canonical(ast.unparse(told)) or bool(known and value and alike(known[0], value[0]))

    # What comes out.

    def _outcomes(self) -> Iterator[Found]:
        for position, token in enumerate(self.tokens):
            if token.kind != "word" or token.text.lower() not in words.RETURNED:
                continue
            span = next((span for span in self.spans if span.first > position), None)
            if span is None or span.first - position > 7 or not closed(span.node):
                continue
            gap = [self.word(at) for at in range(position + 1, span.first)]
            if any(word not in words.RETURN_FILLERS for word in gap):
                continue
            if token.text.lower() in ("return", "result", "output", "gives") and not self._is_statement(position, gap):
                continue
            if any(word in words.HYPOTHETICAL for word in [*self.before(position, 6), *gap]):
                continue
            after = self.clause(span.last)
            if self.word(span.last) in words.NOT_AFTER - {"or", "of"} or any(
                word in words.HYPOTHETICAL for word in after
            ):
                continue
            value = self.grounds.computed(span.node)
            if value is None:
                continue
            self.settle(span)
            if self._comes_out(value[0], token.text.lower()):
                yield Found("outcome", position, span.last, VERIFIED, len(self.facts.trace) - 1)
            else:
                yield Found("outcome", position, span.last, CONTRADICTED, None, "no call of the run gives that")

    def _is_statement(self, position: int, gap: list[str]) -> bool:
        """Whether a word that may also be a thing or a command says what comes out."""
        if self.word(position) == "gives":
            return False
        if self.word(position) == "return":
            return not any(word in ("early", "the", "a", "final") for word in self.before(position, 2))
        return bool({"is", ":", "=", "->", "of"} & set(gap))

    def _comes_out(self, value: Any, verb: str) -> bool:
        given = set(self.facts.returned)
        if verb in ("result", "answer", "output"):
            for name in ("result", "res", "answer", "ans", "output", "out", "total"):
                given |= set(self.facts.history.get(name, ()))
        if canonical(repr(value)) in given:
            return True
        return any((known := self.grounds.literal(text)) is not None and alike(known[0], value) for text in given)
