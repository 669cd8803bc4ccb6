"""What assignments bind, worked out with the values of the moment.

Belongs here: clauses for assignments of every kind. Does not belong here: those for other statements (``phrases``).
"""

import ast
from functools import lru_cache

from tracepile_assets.narration.narrators.beats import Beat
from tracepile_assets.narration.narrators.scene import Scene
from tracepile_assets.narration.narrators.spelling import Written, spelled, written
from tracepile_assets.narration.narrators.working import LONG, Working

_CODE_SHORT = 100
_BY_CODE = "by code"

Pairs = tuple[tuple[ast.expr, ast.expr | None], ...]
"""Targets, each with what is bound to it where that is one expression."""


class Bindings:
    """Tells the assignments of a run."""

    def __init__(self, scene: Scene, brief: bool = False) -> None:
        """Of this run; ``brief`` leaves out what can be read off the values."""
        self.scene, self.brief = scene, brief

    def bound(self, event: int, frame: int) -> list[Beat]:
        """What an assignment binds, worked out."""
        node, after = self.scene.statement(event), self.scene.after(event)
        if after is None or not self.scene.binds(event):
            return []
        pairs, working = pairs_of(node), Working(self.scene, event, frame)
        at_once = type(node) is ast.Assign and type(node.targets[0]) is ast.Tuple
        if at_once and len(pairs) == 2:
            swap = self._swap(event, frame, pairs)
            if swap is not None:
                return swap
        beats: list[Beat] = []
        for target, value in pairs:
            beats += self._bound_one(working, after, target, value, at_once)
        if at_once and any(beat.key == _BY_CODE for beat in beats):
            source = self._source(event)
            if source is not None:
                # Told one by one, targets that are bound at once would be read as bound one after the other.
                return [Beat("effect", f"`{source}` runs", event, key=_BY_CODE)]
        left = self._left_behind(event, after, frame, node) if type(getattr(node, "value", None)) is ast.Call else None
        if beats and left:
            beats[-1] = beats[-1]._replace(text=f"{beats[-1].text}, leaving {left}", holds_state=True)
        return beats

    def _source(self, event: int) -> str | None:
        """The code of a statement; None if it does not fit between backticks."""
        source = self.scene.trace.syntax.header_source(self.scene.trace.recording.event_statement[event])
        return source if len(source) <= _CODE_SHORT and "`" not in source and "\n" not in source else None

    def _left_behind(self, event: int, after: int, frame: int, node: ast.AST) -> str | None:
        """What a container holds from which the call in an assignment took something, as `pop` does."""
        value = node.value  # type: ignore[attr-defined]
        if self.scene.own_calls(value):
            return None
        places = [*([value.func.value] if isinstance(value.func, ast.Attribute) else []), *value.args]
        for place in places:
            if isinstance(place, ast.Name):
                before, became = self.scene.text(place, event, frame), self.scene.text(place, after, frame)
                bound = (
                    any(isinstance(part, ast.Name) and part.id == place.id for part in ast.walk(node.targets[0]))
                    if (isinstance(node, ast.Assign))
                    else True
                )
                if became is not None and before is not None and before != became and len(became) <= LONG and not bound:
                    return f"{place.id} = {became}"
        return None

    def _swap(self, event: int, frame: int, pairs: Pairs) -> list[Beat] | None:
        """Two places that exchange what they hold; no beat for a place exchanged with itself, None if it is no
        exchange."""
        (one, first), (two, second) = pairs
        after = self.scene.after(event)
        if after is None or first is None or second is None:
            return None
        if spelled(one) != spelled(second) or spelled(two) != spelled(first):
            return None
        places = [Working(self.scene, event, frame).with_slots(target) for target in (one, two)]
        texts = [self.scene.text_of(place, after, frame) for place in places]
        before = [self.scene.text_of(place, event, frame) for place in places]
        if None in texts or texts != before[::-1] or sum(len(text or "") for text in texts) > LONG:
            return None
        told = f"{places[0].shown} and {places[1].shown} swap, becoming {texts[0]} and {texts[1]}"
        if places[0].text == places[1].text:
            return []
        return [Beat("effect", told, event, key="swap", holds_state=True)]

    def _bound_one(
        self, working: Working, after: int, target: ast.expr, value: ast.expr | None, at_once: bool
    ) -> list[Beat]:
        event, frame = working.event, working.frame
        became = self.scene.at(after, frame).text(target)
        place = written(target) if type(target) is ast.Name else self._place(working, after, target, became)
        if type(target) is ast.Subscript and type(target.slice) is ast.Slice and not at_once:
            return self._spliced(event, after, frame, target) or self._set_to(event, working, target, value)
        if place is None or became is None or len(became) > LONG:
            return self._set_to(event, working, target, value)
        key = ("bind", spelled(target))
        if value is None:
            return [Beat("effect", f"{place.shown} = {became}", event, key=key)]
        worked = working.value(value)
        if worked != became:
            if worked is not None:
                return self._set_to(event, working, target, value)
            code = working.with_slots(value).text
            if len(code) > LONG or not _calls(value):
                return [Beat("effect", f"{place.shown} = {became}", event, key=key)]
            told = f"`{code}` gives {place.shown} = {became}"
            return [Beat("effect", told, event, holds_state=True, key=key)]
        steps = working.steps(value, slots=not at_once and not self.brief)
        if at_once or self.brief:
            # Beside targets bound at once a name or slot would be read as its new value.
            steps = [step for step in steps if step.is_worked]
        chain = " = ".join([place.shown, *(step.shown for step in steps if step.shown != became), became])
        return [Beat("effect", chain, event, key=key)]

    def _spliced(self, event: int, after: int, frame: int, target: ast.Subscript) -> list[Beat]:
        """What a list holds of which a slice was replaced: the same slice afterwards may be another part of it."""
        source, whole = self._source(event), self.scene.text(target.value, after, frame)
        if source is None or whole is None or len(whole) > LONG:
            return []
        told = f"`{source}` leaves {Working(self.scene, event, frame).with_slots(target.value).shown} = {whole}"
        return [Beat("effect", told, event, holds_state=True, key=("bind", spelled(target)))]

    def _set_to(self, event: int, working: Working, target: ast.expr, value: ast.expr | None) -> list[Beat]:
        """What is bound, by the code alone: its value is too long to be told, or has no text."""
        if value is None:
            return []
        place, code = working.with_slots(target), spelled(value)
        if len(code) > _CODE_SHORT or "`" in code:
            return []
        return [Beat("effect", f"{place.shown} is set to `{code}`", event, key=_BY_CODE)]

    def _place(self, working: Working, after: int, target: ast.expr, became: str | None) -> Written | None:
        """The target with its indices worked out; None where it cannot be named after the statement, when it holds
        what it ``became``."""
        there = self.scene.at(after, working.frame)
        for moment in (working, None):
            told = (moment or Working(self.scene, after, working.frame)).with_slots(target)
            if became is not None and there.text_of(told) == became:
                return told
        return None


@lru_cache(maxsize=1_024)
def _calls(node: ast.AST) -> bool:
    """Whether a call stands in an expression."""
    return any(isinstance(part, ast.Call) for part in ast.walk(node))


@lru_cache(maxsize=4_096)
def pairs_of(node: ast.AST) -> Pairs:
    """The targets of a statement one by one, each with what is bound to it where that is one expression."""
    pairs: list[tuple[ast.expr, ast.expr | None]] = []
    if isinstance(node, ast.Assign):
        for target in node.targets:
            _spread(target, node.value, pairs)
    elif isinstance(node, ast.AugAssign):
        pairs.append((node.target, ast.BinOp(left=node.target, op=node.op, right=node.value)))
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        pairs.append((node.target, node.value))
    elif isinstance(node, ast.For):
        _spread(node.target, None, pairs)
    return tuple(pairs)


def _spread(target: ast.expr, value: ast.expr | None, pairs: list[tuple[ast.expr, ast.expr | None]]) -> None:
    """Targets one by one, each with what is bound to it where that is one expression."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        pairs.append((target, value))
        return
    parts = [part.value if isinstance(part, ast.Starred) else part for part in target.elts]
    starred = len(parts) and any(isinstance(part, ast.Starred) for part in target.elts)
    matching = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(parts) and not starred
    for index, part in enumerate(parts):
        _spread(part, value.elts[index] if matching else None, pairs)  # type: ignore[union-attr]
