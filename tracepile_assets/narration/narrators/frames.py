"""The order of the telling: statement by statement, loop by loop, call by call, as beats.

Belongs here: walking the frames of a run. Does not belong here: the words for one statement (``phrases``) and sentences
(``prose``).
"""

import ast
from collections.abc import Iterator
from functools import lru_cache

from tracepile_assets.narration.narrators.beats import Beat
from tracepile_assets.narration.narrators.folding import Folding, Level
from tracepile_assets.narration.narrators.moments import Ending
from tracepile_assets.narration.narrators.phrases import Phrases
from tracepile_assets.narration.narrators.scene import Scene, names_in, once
from tracepile_assets.narration.narrators.spelling import spelled
from tracepile_assets.narration.narrators.tally import Tally
from tracepile_assets.narration.narrators.working import LONG, SHORT, Working, is_container
from tracepile_assets.trace_model.flow import LoopRun
from tracepile_assets.trace_model.trace import Frame

_ANSWER_LONG = 4_000
_LEFT_OPEN = 120


@lru_cache(maxsize=4)
def _phrases(scene: Scene, brief: bool) -> Phrases:
    """The words for a run, shared by the tellings of its questions, which come one after the other."""
    return Phrases(scene, brief)


class Frames:
    """Walks a run and gives its beats.

    Args:
        scene: the run.
        level: how much is told.
        end: where the telling stops; what a statement did is told only if it could be seen there.

    Attributes:
        looked: the last event whose place before or after the end has decided anything. Two walks whose ends both lie
            after it have been the same so far, what is counted in them apart.
        tested: what was told last of the test that is asked about, empty if nothing.
        said: the events of which anything was told.
    """

    def __init__(self, scene: Scene, level: Level, end: Ending) -> None:
        """Prepare to walk."""
        self.scene, self.until, self.at, self.tally = scene, end.until, end.at, Tally(scene.trace, end)
        self.inside = end.what in ("value", "drill", "type", "branch", "next", "first")
        self.line_before: tuple[int, int] | None = None
        self.level = level
        self.phrases, self.folding = _phrases(scene, level.brief), Folding(scene)
        self.trace = scene.trace
        self.told = scene.told
        self.looked = -1
        self.steps = 0
        self.opaque = False
        self.stopped = False
        self.tested = ""
        self.said: set[int] = set()
        self.entered: set[int] = set()
        self.left: dict[tuple[int, str], str] = {}

    def _is_before(self, event: int) -> bool:
        """Whether an event lies before the end of the telling."""
        if event > self.looked:
            self.looked = event
        return event < self.until

    def _is_by(self, event: int) -> bool:
        """Whether an event lies before the end of the telling, or is it."""
        if event > self.looked:
            self.looked = event
        return event <= self.until

    def _is_told(self, end: int) -> bool:
        """Whether the end of a call is told. What holds or comes out just before it is asked within the call."""
        return self._is_before(end) if self.inside else self._is_by(end)

    def tell(self, frame: Frame) -> Iterator[Beat]:
        """The beats of one call, from its first statement to its end."""
        self.entered.add(frame.id)
        folded, makes_calls = -1, frame.id in self.scene.callers
        for event in frame.line_events:
            if event < folded:
                self.steps += 1
                continue
            if self.stopped or not self._is_before(event):
                self.stopped = True
                return
            self.steps += 1
            line = self._folded(event, frame) if event in self.scene.runs else None
            if line is not None:
                folded = line.event
                yield line
                continue
            counted = bool(self.tally.visits) and self.tally.counts(event)
            if counted and self.scene.calls_of(event, frame.id):
                counted = False
                yield from self.tally.lead(event)
            if makes_calls:
                yield from self._calls(event, frame)
                if self.stopped:
                    return
            after = self.scene.after(event)
            if after is None or not self._is_by(after):
                ends = frame.end_event is not None and self._is_before(frame.end_event)
                if not ends:
                    self.stopped = True
                    return
            told = self._statement(event, frame)
            yield from self.tally.numbered(told, event) if counted else told
            if after is not None and self.trace.recording.event_kind[after] == "raise":
                yield from self._raised(event, after, frame)
        if frame.end_event is None or not self._is_told(frame.end_event):
            self.stopped = True
            return
        yield from self._end(frame.id)

    def _folded(self, event: int, frame: Frame) -> Beat | None:
        """The line for the iteration that begins at a loop's header, if the loop is folded; its event is where it
        ends."""
        run = self.scene.runs.get(event)
        if run is None or not self.folding.folds(run, self.level):
            return None
        iteration = self.scene.iterations.get(event)
        if iteration is None or iteration.end is None or not self._is_by(iteration.end):
            return None
        if self.at is not None and iteration.start < self.at < iteration.end:
            return None
        first = run.header_events[0]
        labels = self.phrases.labels(first, frame.id)
        goes_on = self.line_before == (first, iteration.number - 1)
        line = self.folding.line(run, iteration, labels[iteration.number - 1], goes_on) if labels else None
        if line is None:
            return None
        self.line_before = (first, iteration.number)
        if not self.folding.is_simple(run.statement):
            self.opaque = True
        return self.tally.carried(line, iteration.start)

    def governs(self, test: int, event: int) -> bool:
        """Whether the statement of an event stands in the block that the test of another event led into."""
        statements = self.trace.recording.event_statement
        block = "body" if self.trace.branch(test) else "orelse"
        return self.trace.syntax.inside(statements[event], statements[test], block)

    # Calls.

    def _calls(self, event: int, frame: Frame) -> Iterator[Beat]:
        node = self.scene.statement(event)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            return
        for call in self.scene.calls_of(event, frame.id):
            if call.call_event is None or not self._is_before(call.call_event):
                self.stopped = True
                return
            told = self.folding.calls.called(call.id)
            if told is None:
                self.opaque = True
                continue
            if self._is_passed_over(call):
                text = self.scene.carried(call.end_event) if call.end_kind == "return" else None
                if text is not None and len(text) <= LONG and self._is_before(call.end_event):
                    self.opaque = True
                    yield Beat("return", f"{told} returns {text}", event, key=("over", call.function))
                    continue
            yield Beat("call", told, event, key=("call", call.function))
            yield from self.tell(call)
            if self.stopped:
                return

    def _is_passed_over(self, call: Frame) -> bool:
        depth = self.level.depth
        return depth is not None and call.depth >= depth and call.end_event is not None and not self._writes(call)

    def _writes(self, call: Frame) -> bool:
        return self.scene.writes((call.call_event or 0) + 1, call.end_event or 0)

    @once
    def _end(self, number: int) -> list[Beat]:
        frame = self.trace.frames[number]
        event = frame.end_event
        assert event is not None
        if frame.end_kind != "return":
            return []
        if frame.function == "<module>":
            return []
        node = self.scene.statement(frame.line_events[-1]) if frame.line_events else None
        text = self.scene.carried(event)
        if not isinstance(node, ast.Return) or node.value is None:
            return [Beat("return", "the call ends without a value", event, key="end")]
        if text is None or len(text) > _ANSWER_LONG:
            return [Beat("return", "the call is over", event, key="end")] if frame.parent is not None else []
        working = Working(self.scene, frame.line_events[-1], frame.id)
        worked = working.value(node.value)
        chain = [text]
        if worked == text:
            steps = [step.shown for step in working.steps(node.value, slots=True)]
            chain = [*(step for step in steps if step != text), text]
        told = f"returns {' = '.join(chain)}"
        return [Beat("return", told, frame.line_events[-1], key=("return", spelled(node)))]

    # Statements.

    def _statement(self, event: int, frame: Frame) -> list[Beat]:
        done = self._done(event, frame.id, self.level.brief)
        if done:
            self.tested = done[-1].text if event == self.at else self.tested
            self.said.update([beat.event for beat in done])
        outputs, ends = self.scene.outputs_of(event, frame.id), self.scene.ends.get(event)
        if not outputs and ends is None:
            return done
        told = done.copy()
        for output in outputs:
            if self._is_before(output):
                beat = self.phrases.printed(output, event)
                if beat is not None:
                    told.append(beat)
        if ends is not None:
            told.append(self._loop_end(event, frame, ends))
        return told

    @once
    def _done(self, event: int, frame: int, _brief: bool) -> list[Beat]:
        """What a statement binds, tests or changes."""
        node = self.scene.statement(event)
        phrases = self.phrases
        if isinstance(node, (ast.If, ast.While)):
            truth = self.trace.branch(event)
            if truth is not None and not isinstance(node.test, ast.Constant):
                return phrases.tested(event, frame, node.test, truth)
        elif isinstance(node, ast.For):
            if self.trace.branch(event):
                told = phrases.passing(event, frame)
                if told:
                    return [Beat("pass", f"for {_together(told)}", event, key=("pass", spelled(node.target)))]
                if event in self.scene.iterations:
                    number = self.scene.iterations[event].number
                    return [Beat("pass", f"in iteration {number}", event, key="nth")]
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            return phrases.bindings.bound(event, frame)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not self.scene.own_calls(node.value):
            return phrases.changed(event, frame, node.value)
        elif isinstance(node, ast.Delete):
            return phrases.deleted(event, frame, node)
        return []

    def _loop_end(self, event: int, frame: Frame, run: LoopRun) -> Beat:
        text = self._ended(event, frame.id)
        left = self._left(event, frame, run) if run.iterations else None
        if left:
            text = f"{text}, leaving {left}"
        return Beat("loop_end", text, event, holds_state=bool(left), key=("loop_end", run.exit))

    @once
    def _ended(self, event: int, frame: int) -> str:
        """How the loop that ends with an event does so."""
        run = self.scene.ends[event]
        count = len(run.iterations)
        node = self.trace.syntax.statements[run.statement].node
        times = f"{count} iteration{'' if count == 1 else 's'}"
        if run.exit == "break":
            return f"break leaves the loop in iteration {count}"
        if run.exit == "condition":
            return f"the loop ends after {times}" if count else "the loop body never runs"
        working = Working(self.scene, run.header_events[0], frame)
        filled = working.settled(node.iter) if isinstance(node.iter, ast.Call) else working.with_slots(node.iter)
        told = filled.shown
        if len(told) > SHORT * 2:
            told = f"`{spelled(node.iter)}`"
        return f"{told} is exhausted after {times}" if count else f"there is nothing to go over in {told}"

    def _left(self, event: int, frame: Frame, run: LoopRun) -> str | None:
        """What the containers hold that the loop changed, where that was not said already."""
        after = self.scene.after(event)
        if after is None or not self._is_by(after):
            return None
        found = []
        for name, became in self._changed(event, after, frame.id):
            if self.left.get((frame.id, name)) != became:
                self.left[frame.id, name] = became
                found.append(f"{name} = {became}")
        return " and ".join(found[:2]) if found and sum(map(len, found[:2])) <= _LEFT_OPEN * 2 else None

    @once
    def _changed(self, event: int, after: int, number: int) -> list[tuple[str, str]]:
        """The containers that the loop that ends with an event changed, with what they hold after it."""
        run, frame = self.scene.ends[event], self.trace.frames[number]
        statement = self.trace.syntax.statements[run.statement]
        if frame.parent is not None and self.scene.own_calls(statement.node):
            return []
        found = []
        mentioned = names_in(statement.node)
        own = None if frame.function == "<module>" else number
        for name in self.trace.state_at(after).locals(own):
            if name not in mentioned:
                continue
            became = self.scene.variable(name, after, number)
            if became is None or became == self.scene.variable(name, run.header_events[0], number):
                continue
            if len(became) <= (LONG if statement.loop is None else SHORT) and is_container(became):
                found.append((name, became))
        return found

    # Exceptions.

    def _raised(self, event: int, raised: int, frame: Frame) -> Iterator[Beat]:
        if not self._is_by(raised):
            return
        entered = any(call.end_kind == "unwind" for call in self.scene.calls_of(event, frame.id))
        node = self.scene.statement(event)
        carried = self.scene.carried(raised)
        if not entered and carried is not None:
            what = f"`{spelled(node)}`" if isinstance(node, ast.Raise) else "this"
            yield Beat("raise", f"{what} raises {carried}", event, key="raise")
        handler = self.scene.handler(raised, frame)
        if handler is not None:
            source = self.trace.syntax.header_source(self.trace.recording.event_statement[handler]).rstrip(": ")
            yield Beat("caught", f"the `{source}` clause catches it", handler, key="caught")
        elif frame.end_kind == "unwind":
            name = frame.function.rpartition(".")[2]
            told = "nothing catches it" if name.startswith("<") else f"nothing in {name} catches it"
            yield Beat("caught", told, frame.end_event or raised, key="escapes")


def _together(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
