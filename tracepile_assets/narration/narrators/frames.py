"""The order of the telling: statement by statement, loop by loop, call by call, as beats.

Belongs here: walking the frames of a run. Does not belong here: the words for one statement (``phrases``) and sentences
(``prose``).
"""

import ast
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from tracepile_assets.narration.narrators.beats import Beat
from tracepile_assets.narration.narrators.folding import Folding, Level
from tracepile_assets.narration.narrators.phrases import Phrases
from tracepile_assets.narration.narrators.scene import Scene
from tracepile_assets.narration.narrators.working import LONG, SHORT, Working, is_literal, literal, shown
from tracepile_assets.trace_model.flow import Iteration, LoopRun
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
        until: the event before which the telling stops; what a statement did is told only if it could be seen there.
    """

    def __init__(self, scene: Scene, level: Level, until: int) -> None:
        """Prepare to walk."""
        self.scene, self.until = scene, until
        self.phrases, self.folding = _phrases(scene, level.brief), Folding(scene, level)
        self.trace = scene.trace
        self.steps = 0
        self.opaque = False
        self.stopped = False
        self.entered: set[int] = set()
        self.left: dict[tuple[int, str], str] = {}
        self.iterations: dict[int, Iteration] = {}
        self.runs: dict[int, LoopRun] = {}
        self.ends: dict[int, LoopRun] = {}
        for run in self.trace.loops:
            for header in run.header_events:
                self.runs[header] = run
            for iteration in run.iterations:
                self.iterations[iteration.start] = iteration
            last = self._last_event(run)
            if last is not None and run.exit in ("exhausted", "condition", "break"):
                self.ends[last] = run

    def _last_event(self, run: LoopRun) -> int | None:
        if run.exit in ("exhausted", "condition"):
            return run.header_events[-1]
        if run.exit_event is None:
            return None
        events = self.trace.frames[run.frame].line_events
        position = bisect_left(events, run.exit_event) - 1
        return events[position] if position >= 0 else None

    def tell(self, frame: Frame) -> Iterator[Beat]:
        """The beats of one call, from its first statement to its end."""
        self.entered.add(frame.id)
        folded = -1
        for event in frame.line_events:
            if event < folded:
                self.steps += 1
                continue
            if self.stopped or event >= self.until:
                self.stopped = True
                return
            self.steps += 1
            line = self._folded(event, frame)
            if line is not None:
                folded = line.event
                yield line
                continue
            yield from self._calls(event, frame)
            if self.stopped:
                return
            after = self.scene.after(event)
            if after is None or after > self.until:
                ends = frame.end_event is not None and frame.end_event < self.until
                if not ends:
                    self.stopped = True
                    return
            yield from self._statement(event, frame)
            if after is not None and self.trace.recording.event_kind[after] == "raise":
                yield from self._raised(event, after, frame)
        if frame.end_event is None or frame.end_event > self.until:
            self.stopped = True
            return
        yield from self._end(frame)

    def _folded(self, event: int, frame: Frame) -> Beat | None:
        """The line for the iteration that begins at a loop's header, if the loop is folded; its event is where it
        ends."""
        run = self.runs.get(event)
        if run is None or not self.folding.folds(run):
            return None
        iteration = self.iterations.get(event)
        if iteration is None or iteration.end is None or iteration.end > self.until:
            return None
        if any(iteration.body <= written < iteration.end for written in self.scene.written):
            return None
        line = self.folding.line(run, iteration, self.phrases.passing(event, frame.id))
        if line is not None and not self.folding.is_simple(run):
            self.opaque = True
        return line

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
            if call.call_event is None or call.call_event >= self.until:
                self.stopped = True
                return
            if self._is_generator(call) or (call.function.endswith("__") and "__init__" not in call.function):
                self.opaque = True
                continue
            told = self.called(call)
            if told is None:
                self.opaque = True
                continue
            if self._is_passed_over(call):
                text = self.scene.carried(call.end_event) if call.end_kind == "return" else None
                if text is not None and len(text) <= LONG and call.end_event < self.until:
                    self.opaque = True
                    yield Beat("return", f"{told} returns {text}", event, key=("over", call.function))
                    continue
            yield Beat("call", told, event, key=("call", call.function))
            yield from self.tell(call)
            if self.stopped:
                return

    def _is_passed_over(self, call: Frame) -> bool:
        depth = self.folding.level.depth
        return depth is not None and call.depth >= depth and call.end_event is not None and not self._writes(call)

    def _writes(self, call: Frame) -> bool:
        return any((call.call_event or 0) < event < (call.end_event or 0) for event in self.scene.written)

    def _is_generator(self, frame: Frame) -> bool:
        recording = self.trace.recording
        return any(recording.event_kind[event] == "yield" for event in self.trace.frame_events[frame.id])

    def called(self, call: Frame) -> str | None:
        """A call with its arguments, as in `fib(3)`; a long container by the name that the caller has for it."""
        event = call.call_event
        assert event is not None
        node = self.scene.statement(event)
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        arguments = node.args
        names = [a.arg for a in [*arguments.posonlyargs, *arguments.args]]
        short = call.function.rpartition(".")[2]
        if short == "__init__" or arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
            return None
        if names and names[0] in ("self", "cls") and "." in call.function:
            names = names[1:]
        source = self._call_node(call)
        parts: list[str] = []
        ticked = False
        for index, name in enumerate(names):
            text = self.scene.text(ast.Name(name, ast.Load()), event, call.id)
            given = source.args[index] if source is not None and index < len(source.args) else None
            if text is not None and len(text) <= SHORT:
                parts.append(text)
            elif isinstance(given, ast.Name) and text is not None:
                parts.append(given.id)
            elif text is None and isinstance(given, (ast.Name, ast.Lambda)):
                parts.append(ast.unparse(given))
                ticked = ticked or isinstance(given, ast.Lambda)
            elif text is not None and len(text) <= LONG:
                parts.append(text)
            else:
                return None
        told = f"{short}({', '.join(parts)})"
        return f"`{told}`" if ticked else told

    def _call_node(self, call: Frame) -> ast.Call | None:
        """The expression that made a call, where its statement makes only one of that function."""
        if call.parent is None or call.call_event is None:
            return None
        lines = self.trace.frames[call.parent].line_events
        position = bisect_left(lines, call.call_event) - 1
        if position < 0:
            return None
        name = call.function.rpartition(".")[2]
        nodes = [
            node
            for node in self.scene.own_calls(self.scene.statement(lines[position]))
            if (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)) == name
        ]
        return nodes[0] if len(nodes) == 1 and not any(isinstance(a, ast.Starred) for a in nodes[0].args) else None

    def _end(self, frame: Frame) -> Iterator[Beat]:
        event = frame.end_event
        assert event is not None
        if frame.end_kind != "return":
            return
        if frame.function == "<module>":
            return
        node = self.scene.statement(frame.line_events[-1]) if frame.line_events else None
        text = self.scene.carried(event)
        if not isinstance(node, ast.Return) or node.value is None:
            yield Beat("return", "the call ends without a value", event, key="end")
            return
        if text is None or len(text) > _ANSWER_LONG:
            if frame.parent is not None:
                yield Beat("return", "the call is over", event, key="end")
            return
        working = Working(self.scene, frame.line_events[-1], frame.id)
        worked = working.value(node.value)
        chain = [text]
        if worked == text:
            steps = [shown(step) for step in working.steps(node.value, slots=True)]
            chain = [*(step for step in steps if step != text), text]
        told = f"returns {' = '.join(chain)}"
        yield Beat("return", told, frame.line_events[-1], key=("return", ast.unparse(node)))

    # Statements.

    def _statement(self, event: int, frame: Frame) -> Iterator[Beat]:
        node = self.scene.statement(event)
        phrases = self.phrases
        if isinstance(node, (ast.If, ast.While)):
            truth = self.trace.branch(event)
            if truth is not None and not isinstance(node.test, ast.Constant):
                yield from phrases.tested(event, frame.id, node.test, truth)
        elif isinstance(node, ast.For):
            if self.trace.branch(event):
                told = phrases.passing(event, frame.id)
                if told:
                    yield Beat("pass", f"for {' and '.join(told)}", event, key=("pass", ast.unparse(node.target)))
                elif event in self.iterations:
                    yield Beat("pass", f"in iteration {self.iterations[event].number}", event, key="nth")
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            yield from phrases.bound(event, frame.id)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not self.scene.own_calls(node.value):
            yield from phrases.changed(event, frame.id, node.value)
        for output in self.scene.outputs_of(event, frame.id):
            if output < self.until:
                beat = phrases.printed(output, event)
                if beat is not None:
                    yield beat
        if event in self.ends:
            yield from self._loop_end(event, frame, self.ends[event])

    def _loop_end(self, event: int, frame: Frame, run: LoopRun) -> Iterator[Beat]:
        count = len(run.iterations)
        node = self.trace.syntax.statements[run.statement].node
        times = f"{count} iteration{'' if count == 1 else 's'}"
        if run.exit == "break":
            text = f"break leaves the loop in iteration {count}"
        elif run.exit == "condition":
            text = f"the loop ends after {times}" if count else "the loop body never runs"
        else:
            working = Working(self.scene, run.header_events[0], frame.id)
            filled = working.settled(node.iter) if isinstance(node.iter, ast.Call) else working.with_slots(node.iter)
            told = shown(filled)
            if len(told) > SHORT * 2:
                told = f"`{ast.unparse(node.iter)}`"
            text = f"{told} is exhausted after {times}" if count else f"there is nothing to go over in {told}"
        left = self._left(event, frame, run) if count else None
        if left:
            text = f"{text}, leaving {left}"
        yield Beat("loop_end", text, event, holds_state=bool(left), key=("loop_end", run.exit))

    def _left(self, event: int, frame: Frame, run: LoopRun) -> str | None:
        """What the containers hold that the loop changed."""
        after = self.scene.after(event)
        statement = self.trace.syntax.statements[run.statement]
        if after is None or after > self.until:
            return None
        found = []
        mentioned = {part.id for part in ast.walk(statement.node) if isinstance(part, ast.Name)}
        own = None if frame.function == "<module>" else frame.id
        for name in self.trace.state_at(after).locals(own):
            if name not in mentioned or (frame.parent is not None and self.scene.own_calls(statement.node)):
                continue
            variable = ast.Name(name, ast.Load())
            became = self.scene.text(variable, after, frame.id)
            if became is None or became == self.scene.text(variable, run.header_events[0], frame.id):
                continue
            value = literal(became)
            limit = LONG if statement.loop is None else SHORT
            if (
                value is None
                or isinstance(value, (ast.Constant, ast.UnaryOp))
                or not is_literal(value)
                or len(became) > limit
            ):
                continue
            if not isinstance(value, ast.Tuple) and self.left.get((frame.id, name)) != became:
                self.left[frame.id, name] = became
                found.append(f"{name} = {became}")
        return " and ".join(found[:2]) if found and sum(map(len, found[:2])) <= _LEFT_OPEN * 2 else None

    # Exceptions.

    def _raised(self, event: int, raised: int, frame: Frame) -> Iterator[Beat]:
        if raised > self.until:
            return
        entered = any(call.end_kind == "unwind" for call in self.scene.calls_of(event, frame.id))
        node = self.scene.statement(event)
        carried = self.scene.carried(raised)
        if not entered and carried is not None:
            what = f"`{ast.unparse(node)}`" if isinstance(node, ast.Raise) else "this"
            yield Beat("raise", f"{what} raises {carried}", event, key="raise")
        handler = self._handler(raised, frame)
        if handler is not None:
            source = self.trace.syntax.header_source(self.trace.recording.event_statement[handler]).rstrip(": ")
            yield Beat("caught", f"the `{source}` clause catches it", handler, key="caught")
        elif frame.end_kind == "unwind":
            name = frame.function.rpartition(".")[2]
            told = "nothing catches it" if name.startswith("<") else f"nothing in {name} catches it"
            yield Beat("caught", told, frame.end_event or raised, key="escapes")

    def _handler(self, raised: int, frame: Frame) -> int | None:
        """The event at the except clause that handles an exception in this frame."""
        recording, syntax = self.trace.recording, self.trace.syntax
        handler = None
        for event in self.trace.frame_events[frame.id]:
            if event <= raised or recording.event_kind[event] == "raise":
                continue
            if recording.event_kind[event] != "line":
                return None
            if handler is not None and syntax.inside(
                recording.event_statement[event], recording.event_statement[handler], "body"
            ):
                return handler
            if not isinstance(self.scene.statement(event), ast.ExceptHandler):
                return None
            handler = event
        return None
