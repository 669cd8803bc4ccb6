"""The grammar engine: a sentence is a row of clauses, each of one form, with connectives between them.

Belongs here: matching forms against tokens, with slots for expressions, and splitting a sentence into clauses. Does not
belong here: which forms there are (``forms``) and whether a clause is true (``checking``).
"""

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from tracepile_assets.narration.verifier.expressions import parse, parse_statement
from tracepile_assets.narration.verifier.text import Sentence

_BINARY = {"+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "|", "&", "^", "<", "<=", ">", ">=", "==", "!="}
_UNARY = {"-", "+", "~"}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NOT_OPERANDS = {"and", "or", "not", "in", "is", "if", "else", "for", "lambda", "await", "yield"}
_EXCEPTIONS = {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}
_ALWAYS_NAMES = {"True", "False", "None", "Ellipsis", "inf", "nan", *_EXCEPTIONS}
_CONNECTIVES = {",", ";", ":", "and", "so", "but", "then", "which", "while"}
_FILLERS = {"now", "next", "here", "also", "then", "so", "and", "but", "therefore"}
_BETWEEN = _CONNECTIVES | _FILLERS


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say one kind of thing: ``{slot:type}`` for what it speaks of, ``(a|b)`` for either word, ``[a]`` for a
    word that may be missing."""

    kind: str
    template: str
    sets: dict[str, object] = field(default_factory=dict, hash=False)


class Clause(NamedTuple):
    """A clause that was read: its form's kind, the contents of its slots, and its span within the sentence. ``link`` is
    the connective before it."""

    kind: str
    slots: dict[str, object]
    start: int
    end: int
    link: str


class Reader:
    """Reads sentences with a table of forms.

    Args:
        forms: the forms, the more specific before the more general.
        names: every name that the program mentions; no other word can stand in an expression.
    """

    def __init__(self, forms: tuple[Form, ...], names: set[str]) -> None:
        """Keep the forms and names."""
        self.forms = [(form, _compile(form.template)) for form in forms]
        self.needed = [_needed(elements) for _, elements in self.forms]
        self.vocabulary = frozenset(word for needed in self.needed for words in needed for word in words)
        self._forms_with: dict[frozenset[str], frozenset[int]] = {}
        self.names = names | _ALWAYS_NAMES
        self.heads: dict[str, list[int]] = {}
        self.open_headed: list[int] = []
        for number, (_, elements) in enumerate(self.forms):
            heads = _heads(elements)
            if heads is None:
                self.open_headed.append(number)
            else:
                for head in heads:
                    self.heads.setdefault(head, []).append(number)

    def read(self, sentence: Sentence) -> list[Clause] | None:
        """The clauses of a sentence; None if it cannot be read to its end."""
        self._tokens = sentence.tokens
        self._start = sentence.start
        self._possible = self._with_words(self.vocabulary.intersection([t.text.lower() for t in sentence.tokens]))
        self._dead: set[int] = set()
        self._expressions: dict[int, tuple[ast.expr, int] | None] = {}
        return self._clauses(*self._connective(0))

    def _with_words(self, words: frozenset[str]) -> frozenset[int]:
        """Numbers of the forms that may be found in a sentence that holds these of the words that forms need."""
        if words not in self._forms_with:
            self._forms_with[words] = frozenset(
                number for number, needed in enumerate(self.needed) if not any(map(words.isdisjoint, needed))
            )
        return self._forms_with[words]

    def _clauses(self, position: int, link: str) -> list[Clause] | None:
        tokens = self._tokens
        if position in self._dead or position >= len(tokens):
            return None
        head = tokens[position].text.lower() if tokens[position].kind == "word" else ""
        for number in sorted(self._possible.intersection((*self.heads.get(head, ()), *self.open_headed))):
            form, elements = self.forms[number]
            for end, slots in self._match(elements, 0, position, {}):
                first, last = tokens[position].start - self._start, tokens[end - 1].end - self._start
                clause = Clause(form.kind, {**form.sets, **slots}, first, last, link)
                if end == len(tokens):
                    return [clause]
                following, said = self._connective(end)
                if following > end or (tokens[end].text == "(" and tokens[end].spaced):
                    rest = self._clauses(following, said)
                    if rest is not None:
                        return [clause, *rest]
        self._dead.add(position)
        return None

    def _connective(self, position: int) -> tuple[int, str]:
        """Step over connectives and empty adverbs; what was stepped over, in words."""
        start = position
        tokens = self._tokens
        while position < len(tokens):
            text = tokens[position].text.lower()
            known = text in (_FILLERS if position == 0 else _BETWEEN)
            if not known or tokens[position].kind not in ("word", "sign") or self._is_operand(position):
                break
            position += 1
        return position, " ".join(token.text.lower() for token in tokens[start:position])

    def _is_operand(self, position: int) -> bool:
        """Whether a connective's word is in truth a name of the program that something is said about."""
        tokens = self._tokens
        if tokens[position].text not in self.names or tokens[position].text in _NOT_OPERANDS:
            return False
        return position + 1 < len(tokens) and tokens[position + 1].text in {"=", "is", "[", "(", ".", *_BINARY}

    def _match(
        self, elements: tuple, index: int, position: int, slots: dict[str, object]
    ) -> Iterator[tuple[int, dict[str, object]]]:
        if index == len(elements):
            yield position, slots
            return
        kind, value = elements[index]
        tokens = self._tokens
        if kind == "optional":
            for end, inner in self._match(value, 0, position, slots):
                yield from self._match(elements, index + 1, end, inner)
            yield from self._match(elements, index + 1, position, slots)
        elif kind == "either":
            name, options = value
            for option in options:
                for end, inner in self._match(option, 0, position, slots):
                    said = " ".join(token.text.lower() for token in tokens[position:end])
                    chosen = {**inner, name: said} if name else inner
                    yield from self._match(elements, index + 1, end, chosen)
        elif kind == "word":
            if position < len(tokens) and tokens[position].text.lower() == value:
                yield from self._match(elements, index + 1, position + 1, slots)
        else:
            name, type_ = value
            found = getattr(self, f"_slot_{type_}")(position)
            if found is not None:
                yield from self._match(elements, index + 1, found[1], {**slots, name: found[0]})

    # Slots: each gives what it read and where it ended, or None.

    def _slot_expr(self, position: int) -> tuple[ast.expr, int] | None:
        if position not in self._expressions:
            self._expressions[position] = self._expression(position)
        return self._expressions[position]

    def _slot_chain(self, position: int) -> tuple[list[ast.expr], int] | None:
        """`a = b = c`: at least one expression, with `=` between."""
        tokens, found = self._tokens, []
        while True:
            part = self._slot_expr(position)
            if part is None:
                return None
            found.append(part[0])
            position = part[1]
            if position >= len(tokens) or tokens[position].text != "=" or tokens[position].kind != "sign":
                return found, position
            position += 1

    def _slot_equation(self, position: int) -> tuple[list[ast.expr], int] | None:
        found = self._slot_chain(position)
        return found if found is not None and len(found[0]) > 1 else None

    def _slot_statement(self, position: int) -> tuple[ast.stmt, int] | None:
        if position < len(self._tokens) and self._tokens[position].kind == "code":
            node = parse_statement(self._tokens[position].text)
            return None if node is None else (node, position + 1)
        return None

    def _slot_code(self, position: int) -> tuple[str, int] | None:
        if position < len(self._tokens) and self._tokens[position].kind == "code":
            return self._tokens[position].text, position + 1
        return None

    def _slot_int(self, position: int) -> tuple[int, int] | None:
        if position < len(self._tokens) and self._tokens[position].kind == "number":
            text = self._tokens[position].text
            return (int(text), position + 1) if text.isdigit() else None
        return None

    def _slot_name(self, position: int) -> tuple[str, int] | None:
        if position < len(self._tokens) and self._tokens[position].kind == "word":
            text = self._tokens[position].text
            return (text, position + 1) if text in self.names else None
        return None

    def _slot_word(self, position: int) -> tuple[str, int] | None:
        if position < len(self._tokens) and self._tokens[position].kind == "word":
            return self._tokens[position].text, position + 1
        return None

    def _slot_ordinal(self, position: int) -> tuple[int, int] | None:
        if position < len(self._tokens) and self._tokens[position].kind == "ordinal":
            return int(self._tokens[position].text[:-2]), position + 1
        return None

    def _slot_execution(self, position: int) -> tuple[int, int] | None:
        """`(3rd time)`."""
        found = self._slot_ordinal(position + 1)
        closed = found is not None and self._words(position, 1) == ["("] and self._words(found[1], 2) == ["time", ")"]
        return (found[0], found[1] + 2) if closed else None  # type: ignore[index]

    def _slot_executions(self, position: int) -> tuple[int, int] | None:
        """`(3 times so far)`."""
        found = self._slot_int(position + 1)
        if found is None or self._words(position, 1) != ["("]:
            return None
        times = "time" if found[0] == 1 else "times"
        return (found[0], found[1] + 4) if self._words(found[1], 4) == [times, "so", "far", ")"] else None

    def _words(self, position: int, count: int) -> list[str]:
        return [token.text for token in self._tokens[position : position + count]]

    def _expression(self, position: int) -> tuple[ast.expr, int] | None:
        """The longest bare expression from here: operands and signs in turn, without keyword operators or commas
        outside
        brackets; or what stands in backticks."""
        tokens = self._tokens
        if position < len(tokens) and tokens[position].kind == "code":
            node = parse(tokens[position].text)
            return None if node is None else (node, position + 1)
        end = self._operand(position)
        if end is None:
            return None
        while end < len(tokens) and tokens[end].kind == "sign" and tokens[end].text in _BINARY:
            following = self._operand(end + 1)
            if following is None:
                break
            end = following
        node = parse(self._source(position, end))
        return None if node is None else (node, end)

    def _source(self, start: int, end: int) -> str:
        parts = []
        for token in self._tokens[start:end]:
            parts.append((" " if token.spaced and parts else "") + token.text)
        return "".join(parts)

    def _operand(self, position: int) -> int | None:
        """The position after one operand with its trailers; None if there is none."""
        tokens = self._tokens
        while position < len(tokens) and tokens[position].kind == "sign" and tokens[position].text in _UNARY:
            position += 1
        if position >= len(tokens):
            return None
        token = tokens[position]
        if token.kind in ("number", "string"):
            end = position + 1
        elif token.kind == "word":
            calls = position + 1 < len(tokens) and tokens[position + 1].text == "(" and not tokens[position + 1].spaced
            if token.text in _NOT_OPERANDS or not (token.text in self.names or calls):
                return None
            end = position + 1
        elif token.text in _CLOSING:
            end = self._bracket(position)
            if end is None:
                return None
        else:
            return None
        while end < len(tokens) and not tokens[end].spaced and tokens[end].kind == "sign":
            if tokens[end].text in ("(", "["):
                closed = self._bracket(end)
                if closed is None:
                    return None
                end = closed
            elif (
                tokens[end].text == "."
                and end + 1 < len(tokens)
                and tokens[end + 1].kind == "word"
                and not tokens[end + 1].spaced
            ):
                end += 2
            else:
                break
        return end

    def _bracket(self, position: int) -> int | None:
        waiting = []
        for index in range(position, len(self._tokens)):
            token = self._tokens[index]
            if token.kind != "sign":
                continue
            if token.text in _CLOSING:
                waiting.append(_CLOSING[token.text])
            elif waiting and token.text == waiting[-1]:
                waiting.pop()
                if not waiting:
                    return index + 1
            elif token.text in _CLOSING.values():
                return None
        return None


def _heads(elements: tuple) -> set[str] | None:
    """The words that a form can begin with; None if it can begin with a slot."""
    kind, value = elements[0]
    if kind == "word":
        return {value}
    if kind == "either":
        found: set[str] = set()
        for option in value[1]:
            heads = _heads(option)
            if heads is None:
                return None
            found |= heads
        return found
    if kind == "optional":
        inner, rest = _heads(value), _heads(elements[1:])
        return None if inner is None or rest is None else inner | rest
    return None


def _needed(elements: tuple) -> list[frozenset[str]]:
    """Sets of words of each of which a sentence must hold one for a form to be found in it."""
    found: list[frozenset[str]] = []
    for kind, value in elements:
        if kind == "word":
            found.append(frozenset({value}))
        elif kind == "either":
            options = [_needed(option) for option in value[1]]
            if all(options):
                found.append(frozenset().union(*(option[0] for option in options)))
        elif kind == "slot" and value[1] == "equation":
            found.append(frozenset({"="}))
    return found


_PIECE = re.compile(r"\{(\w+):(\w+)\}|\{(\w+)=|([\w'=`-]+)|([()\[\]|}])|([,;:])")


@lru_cache(maxsize=1_024)
def _compile(template: str) -> tuple:
    pieces = [match.groups() for match in _PIECE.finditer(template)]
    elements, rest = _sequence(pieces, 0, stop="")
    if rest != len(pieces):
        raise ValueError(f"form does not parse: {template}")
    return elements


def _sequence(pieces: list, index: int, stop: str) -> tuple[tuple, int]:
    found: list = []
    while index < len(pieces):
        slot, type_, named, word, bracket, comma = pieces[index]
        if bracket and bracket in stop:
            break
        if slot:
            found.append(("slot", (slot, type_)))
            index += 1
        elif named:
            options, index = _options(pieces, index + 1, "}")
            found.append(("either", (named, options)))
        elif bracket == "(":
            options, index = _options(pieces, index + 1, ")")
            found.append(("either", ("", options)))
        elif bracket == "[":
            options, index = _options(pieces, index + 1, "]")
            found.append(("optional", (("either", ("", options)),)))
        else:
            found.append(("word", (word or comma).lower()))
            index += 1
    return tuple(found), index


def _options(pieces: list, index: int, close: str) -> tuple[tuple, int]:
    options = []
    while True:
        option, index = _sequence(pieces, index, stop="|" + close)
        options.append(option)
        bracket = pieces[index][4]
        index += 1
        if bracket == close:
            return tuple(options), index
