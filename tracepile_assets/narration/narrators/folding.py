"""Folding: an iteration told as one line of what it leaves behind.

Belongs here: which loops and calls are folded at which level, and the line of carried state. Does not belong here:
telling in
full (``frames``, ``phrases``).
"""

import ast
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from tracepile_assets.narration.narrators.beats import Beat, Label
from tracepile_assets.narration.narrators.calls import Calls
from tracepile_assets.narration.narrators.scene import Scene, is_nameless, names_in, once
from tracepile_assets.narration.narrators.spelling import Written, is_surely_plain, literal, written
from tracepile_assets.narration.narrators.working import SHORT, is_literal
from tracepile_assets.trace_model.flow import Iteration, LoopRun
from tracepile_assets.trace_model.places import Item
from tracepile_assets.trace_model.trace import Frame
from tracepile_assets.trace_model.values import Ref

_CARRIED = 6
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Level:
    """How much is told.

    Attributes:
        brief: steps that can be read off the values are left out.
        inner: iterations of loops that hold neither loop nor call are folded.
        loops: iterations of every loop are folded.
        depth: calls from this depth on are told by what they return; None for no such limit.
    """

    brief: bool = False
    inner: bool = False
    loops: bool = False
    depth: int | None = None


LEVELS = (
    Level(),
    Level(brief=True),
    Level(brief=True, inner=True),
    Level(brief=True, inner=True, loops=True),
    Level(brief=True, inner=True, depth=2),
    Level(brief=True, inner=True, loops=True, depth=2),
    Level(brief=True, inner=True, loops=True, depth=1),
)
"""From telling everything to telling least; the first that keeps to the budget is used."""


class Folding:
    """Folds the iterations of a run."""

    def __init__(self, scene: Scene) -> None:
        """Fold this run."""
        self.scene = scene
        self.trace = scene.trace
        self.told = scene.told
        self.calls = Calls(scene)

    def folds(self, run: LoopRun, level: Level) -> bool:
        """Whether the iterations of a loop are folded at a level."""
        if len(run.iterations) < _FEWEST or not level.inner:
            return False
        return level.loops or self.is_simple(run.statement)

    @once
    def is_simple(self, statement: int) -> bool:
        """Whether one line can be worked out from the line before: no loop and no call of the program's own inside."""
        node = self.trace.syntax.statements[statement].node
        inside = [part for child in node.body for part in ast.walk(child)]  # type: ignore[union-attr]
        if any(isinstance(part, (ast.For, ast.While, ast.AsyncFor)) for part in inside):
            return False
        return not any(self.scene.own_calls(part) for part in node.body)  # type: ignore[union-attr]

    def steps(self, level: Level, until: int, enough: int) -> list[int]:
        """The steps that are told up to an event at a level, roughly and rather too few, and not many more than
        `enough`: statements, but for those of calls that are passed over, and folded iterations that leave anything
        behind."""
        if not level.inner:
            return [event for event, kind in enumerate(self.trace.recording.event_kind[:until]) if kind == "line"]
        folded, lines = bytearray(until), []
        for run in self.trace.loops:
            if run.header_events[0] >= until:
                break
            if not self.folds(run, level):
                continue
            for iteration in run.iterations:
                start, end = iteration.start, iteration.end
                if end is not None and end <= until and not folded[start]:
                    folded[start:end] = b"\1" * (end - start)
                    if self._leaves(run, iteration):
                        lines.append((start, run.frame))
        entered: set[int | None] = set()
        found: list[int] = []
        for frame in self.trace.frames:
            if frame.id and (frame.parent not in entered or not self._enters(frame, level, folded)):
                continue
            entered.add(frame.id)
            events = frame.line_events
            found += [event for event in events[: bisect_left(events, until)] if not folded[event]]
            if len(found) > enough:
                break
        found += [start for start, frame in lines if frame in entered]
        return sorted(found)

    def _enters(self, call: Frame, level: Level, folded: bytearray) -> bool:
        """Whether a call of one that is told is told step by step."""
        event = call.call_event
        if event is None or event >= len(folded) or folded[event] or is_nameless(call):
            return False
        return (level.depth is None or call.depth < level.depth) and self.calls.called(call.id) is not None

    def _leaves(self, run: LoopRun, iteration: Iteration) -> bool:
        """Whether an iteration changed anything but what its target is bound to and what the calls in it name."""
        recording, own = self.trace.recording, f"f{run.frame}."
        first, last = (bisect_right(recording.change_event, i) for i in (iteration.body, iteration.end or 0))
        places = recording.change_place[first:last]
        return any(not place.startswith("f") or place.startswith(own) for place in places)

    def line(self, run: LoopRun, iteration: Iteration, label: Label, goes_on: bool) -> Beat | None:
        """What an iteration leaves behind, in short words where it ``goes_on`` from the one before; None where that
        cannot be said."""
        key = ("line", iteration.start, goes_on)
        if key not in self.told:
            self.told[key] = self._line(run, iteration, label, goes_on)
        return self.told[key]

    def _line(self, run: LoopRun, iteration: Iteration, label: Label, goes_on: bool) -> Beat | None:
        if iteration.end not in run.header_events or self.scene.writes(iteration.body, iteration.end):
            return None
        carried = self._carried(run, iteration)
        if carried is None:
            return None
        if not carried:
            alone, row = f"nothing changes in {label.one}", f"nothing changes in {label.row}"
            return Beat(
                "fold", alone, iteration.end or 0, bare=label.bound, full=row, key=("same", run.header_events[0])
            )
        told = ", ".join(carried[:-1]) + (" and " if len(carried) > 1 else "") + carried[-1]
        named = label.one.partition(" of the ")[0] if goes_on and label.one.startswith("iteration") else label.one
        return Beat("fold", f"after {named}: {told}", iteration.end or 0, key="fold")

    def _carried(self, run: LoopRun, iteration: Iteration) -> list[str] | None:
        assert iteration.end is not None
        node = self.trace.syntax.statements[run.statement].node
        own = names_in(node.target) if isinstance(node, ast.For) else frozenset()
        before, after = self.trace.state_at(iteration.body), self.trace.state_at(iteration.end)
        found: list[str] = []
        earlier, later = before.variables(run.frame), after.variables(run.frame)
        for name, value in later.items():
            if name in own or (name in earlier and after.is_same(value, before, earlier[name])):
                continue
            old = self.scene.variable(name, iteration.body, run.frame)
            new = self.scene.variable(name, iteration.end, run.frame)
            if old == new:
                continue
            if new is None:
                return None
            if _is_whole(new):
                found.append(f"{name} = {new}")
                continue
            slots = self._slots(name, run.frame, iteration)
            if slots is None:
                return None
            found += slots
        gone = earlier.keys() - later.keys()
        return found if len(found) <= _CARRIED and not gone else None

    def _slots(self, name: str, frame: int, iteration: Iteration) -> list[str] | None:
        """The slots of a long container that an iteration wrote, with what they hold at its end."""
        assert iteration.end is not None
        after = self.trace.state_at(iteration.end)
        value = after.variables(frame)[name]
        if not isinstance(value, Ref):
            return None
        paths = {value.n: name}
        contents = after.contents(value)
        if getattr(contents, "kind", "") == "list":
            paths |= {part.n: f"{name}[{index}]" for index, part in enumerate(contents.items) if isinstance(part, Ref)}
        found: dict[str, str] = {}
        for event in range(iteration.body + 1, iteration.end + 1):
            for change in self.trace.changes(event):
                owner = getattr(change.place, "n", None)
                if owner not in paths:
                    continue
                if not isinstance(change.place, Item) or change.op != "delta":
                    return None
                place = _slot(f"{paths[owner]}[{change.place.key!r}]")
                text = self.scene.text_of(place, iteration.end, frame)
                if text is None or len(text) > SHORT:
                    return None
                found[place.text] = text
        return [f"{place} = {text}" for place, text in found.items()] if found else None


@lru_cache(maxsize=8_192)
def _slot(code: str) -> Written:
    return written(ast.parse(code, mode="eval").body)


def _is_whole(text: str) -> bool:
    """Whether a value is told whole: one that is short or no plain container, if it reads as an expression. All do but
    objects that have attributes with names in quotes."""
    if len(text) <= SHORT and "=" not in text:
        return True
    if len(text) > SHORT and is_surely_plain(text):
        return False
    node = literal(text)
    return node is not None and (len(text) <= SHORT or not is_literal(node))
