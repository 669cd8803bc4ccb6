"""Whether one claim of a telling holds on a run: the kind of claim, its words, and the event that it is about.

Belongs here: what each kind of claim says, checked against the states of a document. It shares nothing with the
verifier, and is what planted faults are judged by. Does not belong here: finding claims in a text, and which event a
claim is about: both come with it.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import calls_told, loops_told, problems_told, tests_told, values_told, wholes_told
from .arithmetic import FUNCTIONS, Nonsense, equal, spelled, value_of
from .heap import CannotTell
from .states import States
from .wording import Words, bound, is_value, same

Target = Mapping[str, Any]
ORDER = "order"
"""Kind of the claim that two sentences make by standing one after the other."""


class Claims:
    """Judges claims about one document.

    Args:
        states: the document's states.
        answer: the answer to the question that the telling answers; None for a telling of a whole run.
        target: the question's target.
    """

    def __init__(self, states: States, answer: str | None = None, target: Target | None = None) -> None:
        """Keep them."""
        self.states = states
        self.answer = answer
        self.target = target or {}

    def holds(self, kind: str, event: int | None, text: str) -> bool:
        """Whether a claim of this kind, in these words, is true of this event (None for one about a whole).

        Raises:
            CannotTell: the words cannot be read here, or the document does not determine it.
        """
        if kind in problems_told.KINDS:
            return problems_told.holds(self.states, kind, event, text)
        text = problems_told.plain(kind, text)
        whole, check = _WHOLES.get(kind), _CHECKS.get(kind)
        if check is None and whole is None:
            raise CannotTell(f"claims of kind {kind} are not judged")
        if event is None and whole is None:
            raise CannotTell("the claim is about no event")
        try:
            words = Words(text.strip())
            return whole(self, words) if whole is not None else check(self, words, event)
        except Nonsense:
            return False
        except (ValueError, KeyError, IndexError, AttributeError, RecursionError) as error:
            raise CannotTell(f"{type(error).__name__}: {error}") from error

    def in_order(self, first: Sequence[int], second: Sequence[int]) -> bool:
        """Whether steps that are told first, by their events, went before those that are told second."""
        moments = range(len(self.states.events))
        if not first or not second or not all(event in moments for event in [*first, *second]):
            raise CannotTell("there are no such steps")
        return max(first) <= min(second)

    # Parts of claims.

    def is_now(self, event: int, target: ast.expr, told: str | ast.AST) -> bool:
        """Whether what stands at a target just before an event is what is told, in value text."""
        texts = self.states.texts(event)
        wanted = spelled(told)
        if isinstance(target, ast.Name):
            if target.id not in texts:
                if not self.states.is_bound(event, target.id):
                    return False
                raise CannotTell(f"{target.id} has no value then")
            return spelled(texts[target.id]) == wanted
        names = {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
        if any(name not in texts and not self.states.is_bound(event, name) for name in names - set(FUNCTIONS)):
            return False
        value = value_of(target, texts)
        try:
            return equal(value, value_of(ast.parse(wanted, mode="eval").body, {}))
        except CannotTell:
            return spelled(repr(value)) == wanted

    def stands_for(self, code: ast.AST, told: ast.AST, event: int) -> bool | None:
        """Whether what is told is the code's expression with parts of it worked out; None where that is not known."""
        if same(code, told):
            return True
        texts = self.states.texts(event)
        if is_value(told):
            try:
                worked = value_of(code, texts)
                if equal(worked, value_of(told, {})):
                    return True
                if not isinstance(code, type(told)) or isinstance(told, ast.Constant):
                    return False
            except CannotTell:
                if isinstance(code, ast.Name) and code.id in texts:
                    return spelled(texts[code.id]) == spelled(told)
                if type(code) is not type(told):
                    return None
        if type(code) is not type(told) or isinstance(code, ast.Name | ast.Constant):
            return False
        verdicts: list[bool | None] = []
        for name in code._fields:
            mine, yours = getattr(code, name, None), getattr(told, name, None)
            if name == "ctx":
                continue
            mine, yours = ([each] if not isinstance(each, list) else each for each in (mine, yours))
            if len(mine) != len(yours):
                return False
            for one, other in zip(mine, yours, strict=True):
                if isinstance(one, ast.expr | ast.keyword) and isinstance(other, ast.AST):
                    verdicts.append(self.stands_for(one, other, event))
                elif isinstance(one, ast.AST):
                    verdicts.append(type(one) is type(other) and ast.dump(one) == ast.dump(other))
                else:
                    verdicts.append(one == other)
        return False if False in verdicts else None if None in verdicts else True

    def worked_out(self, parts: list[str], words: Words, code: ast.AST | None, event: int, last: ast.AST) -> bool:
        """Whether each part of a chain is the code's expression worked out, and comes to the last."""
        unknown = False
        for part in parts:
            told = words.expression(part)
            fits = None if code is None else self.stands_for(code, told, event)
            if fits is False:
                return False
            try:
                value = value_of(told, self.states.texts(event))
                if not equal(value, value_of(last, {})):
                    return False
            except CannotTell:
                unknown = unknown or fits is None
        if unknown:
            raise CannotTell("a part of the chain is not known")
        return True

    def targets(self, event: int, told: ast.expr) -> list[ast.expr | None]:
        """The expressions that the event's statement binds to what a text calls by this target."""
        found: list[ast.expr | None] = []
        for target, value in bound(self.states.node(event)):
            if same(target, told):
                found.append(value)
            elif type(target) is type(told) and not isinstance(target, ast.Name):
                moments = [event]
                if any(self.stands_for(target, told, moment) for moment in [*moments, *self._after(event)]):
                    found.append(value)
        return found

    def _after(self, event: int) -> list[int]:
        try:
            return [self.states.after(event)]
        except CannotTell:
            return []


def is_false(
    claims: Claims, kind: str, text: str, events: Sequence[int | None], late: Sequence[int] = ()
) -> bool | None:
    """Whether a text with a planted fault is false; None where that cannot be told.

    Args:
        claims: the judge of the run.
        kind: kind of the claim that was changed; ``order`` for two sentences that changed places.
        text: its words.
        events: the event that it is about; of an exchange, those of the sentence that now stands first.
        late: of an exchange, the events of the other sentence.
    """
    try:
        if kind == ORDER:
            return not claims.in_order(events, late)
        return not claims.holds(kind, events[0] if events else None, text)
    except CannotTell:
        return None


_WHOLES: dict[str, Callable[[Claims, Words], bool]] = {
    "goes_on": wholes_told.goes_on,
    "first": wholes_told.first,
    "calls_total": wholes_told.calls_total,
    "open_total": wholes_told.open_total,
    "changes_total": wholes_told.changes_total,
    "longest": wholes_told.longest,
    "raised_at": wholes_told.raised_at,
}
"""Claims that are about no single event."""

_CHECKS: dict[str, Callable[[Claims, Words, int], bool]] = {
    "assignment": values_told.assignment,
    "iteration": values_told.assignment,
    "reading": values_told.reading,
    "iteration_end": values_told.iteration_end,
    "contents": values_told.contents,
    "observed": values_told.observed,
    "set_to": values_told.set_to,
    "step": values_told.step,
    "swap": values_told.swap,
    "test": tests_told.test,
    "membership": tests_told.membership,
    "noneness": tests_told.noneness,
    "emptiness": tests_told.bare,
    "zero": tests_told.bare,
    "condition": tests_told.condition,
    "branch": tests_told.branch,
    "entry": calls_told.call,
    "call": calls_told.call,
    "return": calls_told.returned,
    "answer": calls_told.answer,
    "output": calls_told.output,
    "exception": calls_told.exception,
    "tally": calls_told.tally,
    "count": calls_told.count,
    "escapes": calls_told.escapes,
    "loop_end": loops_told.loop_end,
    "nth": loops_told.nth,
    "unchanged": loops_told.unchanged,
    "unchanged_through": loops_told.unchanged_through,
}
