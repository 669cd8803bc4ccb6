"""Checks of what one sentence of free prose says.

Belongs here: all claims of a sentence, and the values in it that none of them accounts for. Does not belong here: the
single kinds of claims (``equations``, ``outcomes``, ``counts``), and the decision on a text (``admission``).
"""

import ast
from collections.abc import Iterator

from tracepile_assets.narration.verifier.expressions import parse_statement
from tracepile_assets.narration.verifier.prose import words
from tracepile_assets.narration.verifier.prose.clauses import CLAUSE_ENDS, Found
from tracepile_assets.narration.verifier.prose.counts import Counts
from tracepile_assets.narration.verifier.prose.equations import Equations
from tracepile_assets.narration.verifier.prose.outcomes import Outcomes
from tracepile_assets.narration.verifier.prose.predicates import Predicates
from tracepile_assets.narration.verifier.prose.reading import Prose, Span, binary, closed, value_node
from tracepile_assets.narration.verifier.prose.writing import is_foreign, is_strange
from tracepile_assets.narration.verifier.verdict import UNGROUNDED, VERIFIED


class Sentence(Equations, Outcomes, Counts, Predicates):
    """One sentence about one run, with everything that it claims."""

    def claims(self) -> list[Found]:
        """Everything that is found in the sentence, values that nothing else accounts for included."""
        supposed = self._supposed()
        found = [
            *self._equations(),
            *self._comparisons(),
            *self._calls(),
            *self._outcomes(),
            *self._counts(),
            *self._predicates(),
            *self._spelled(),
            *self._ordinals(),
            *self._unreadable(),
        ]
        every = sorted([*found, *self._values()], key=lambda claim: claim.first)
        return [claim for claim in every if claim.first not in supposed]

    def _supposed(self) -> set[int]:
        """The tokens of the clauses that speak of what did not happen."""
        found: set[int] = set()
        clause: list[int] = []
        for position, token in enumerate(self.tokens):
            clause.append(position)
            ends = token.kind == "sign" and token.text in CLAUSE_ENDS
            if ends or position + 1 == len(self.tokens):
                if any(self.word(at) in words.SUPPOSED for at in clause):
                    found.update(clause)
                clause = []
        return found

    def _unreadable(self) -> Iterator[Found]:
        """Letters, digits and languages that nobody here reads."""
        for position, token in enumerate(self.tokens):
            if is_strange(token) and not self.grounds.occurs_in_text(token.text):
                yield Found("literal", position, position + 1, UNGROUNDED, None, "that is not written in plain letters")
        if is_foreign(Prose(self.tokens, 0, 0), self.facts.names):
            yield Found("unparsed", 0, len(self.tokens), UNGROUNDED, None, "that is not written in English")

    # Values that nothing else accounts for.

    def _values(self) -> Iterator[Found]:
        for span in self.spans:
            if span.first in self.worked or (span.first in self.settled and value_node(span.node)):
                continue
            if span.code and self.grounds.is_quoted(self.tokens[span.first].text):
                yield Found("code", span.first, span.last, VERIFIED)
                continue
            detail = self.ungrounded(span)
            if detail is not None:
                yield Found("literal", span.first, span.last, UNGROUNDED, None, detail)
            elif (
                isinstance(span.node, ast.List | ast.Tuple | ast.Dict | ast.Set)
                or isinstance(getattr(span.node, "value", None), str)
                or closed(span.node)
                or span.code
                or not isinstance(span.node, ast.Name)
            ):
                yield Found("value", span.first, span.last, VERIFIED)
        for position, token in enumerate(self.tokens):
            if token.kind == "code" and not any(span.first <= position < span.last for span in self.spans):
                if self._is_assigned(token.text):
                    yield Found("value", position, position + 1, VERIFIED)
                elif not self.grounds.is_quoted(token.text):
                    yield Found("literal", position, position + 1, UNGROUNDED, None, "that is not in the code")
                else:
                    yield Found("code", position, position + 1, VERIFIED)
            if token.kind == "binary" and binary(token.text) is None and not self.grounds.occurs_in_text(token.text):
                yield Found("literal", position, position + 1, UNGROUNDED, None, "nothing in the run is that")

    def _is_assigned(self, code: str) -> bool:
        """Whether quoted code is an assignment of a value that its target has held."""
        statement = parse_statement(code)
        if not isinstance(statement, ast.Assign) or not closed(statement.value):
            return False
        value = self.grounds.computed(statement.value)
        whole = Span(statement.value, 0, 0)
        held = self.facts.ever(statement.targets[0])
        return value is not None and self.holds(held, value[0], whole) is not None

    def ungrounded(self, span: Span) -> str | None:
        """Why the values of an expression have no ground in the run; None if they have."""
        if isinstance(span.node, ast.List | ast.Tuple | ast.Dict | ast.Set) and value_node(span.node):
            return None if self.grounds.has_container(span.node) else "nothing in the run is that"
        if self.word(span.first - 1) in words.DENIED or self._is_copied(span):
            return None
        for node in _atoms(span.node):
            if isinstance(node, int) and node in self.own_sums:
                continue
            if isinstance(node, str):
                if not self.grounds.occurs_in_text(node):
                    return f"{node!r} is nowhere in the run"
            elif not self._is_placed(span, node) and not self.grounds.has_number(node):
                about = any(word in words.ABOUT for word in self.before(span.first, 3))
                if not (about and self.grounds.is_near(node)):
                    return f"{node!r} is nowhere in the run"
        return None

    def _is_copied(self, span: Span) -> bool:
        """Whether an expression stands in the code as it does here."""
        texts = [token.text for token in self.tokens[span.first : span.last]]
        return len(texts) > 2 and self.grounds.is_quoted(" ".join(texts))

    def _is_placed(self, span: Span, value: int | float) -> bool:
        """Whether a number says which line or position is meant."""
        before = self.before(self._first_of_list(span).first, 6)
        if any(word in words.LINES for word in before):
            return 1 <= value <= self.grounds.lines
        if any(word in words.PLACES for word in before):
            return 0 <= value <= max(self.facts.sizes, default=0)
        return False

    def _first_of_list(self, span: Span) -> Span:
        """The first of the values that are listed with this one."""
        return next((each for each in self.spans if span in self.listed(each)), span)


def _atoms(node: ast.AST) -> Iterator[int | float | str]:
    """Numbers and strings in an expression; a sign belongs to its number."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = getattr(node.operand, "value", None)
        if isinstance(value, int | float):
            yield -value
            return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, int | float | str) and not isinstance(node.value, bool):
            yield node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from _atoms(child)
