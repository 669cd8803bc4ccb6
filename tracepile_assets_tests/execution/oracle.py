"""A naive recorder: at every event it copies the whole visible state. Slow, simple, and it shares nothing with the
recorders but the numbering of statements.

Belongs here: events, and which variables are looked at. Does not belong here: copying values (``snapshots``).

The program must not be able to tell when an object dies: every object met is kept alive.
"""

import ast
import gc
import io
import sys
import weakref
from dataclasses import dataclass, field
from types import AsyncGeneratorType, CoroutineType, GeneratorType, ModuleType

from tracepile_assets.execution.guest.statements import compile_renumbered, numbered, renumber

from .snapshots import Heap, is_hidden
from .standing import ends_ordinarily, operation, yields

_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>")
_INLINE = ("<lambda>", "<genexpr>")
_GENERATORS = {GeneratorType: "gi_frame", CoroutineType: "cr_frame", AsyncGeneratorType: "ag_frame"}
_CLOSES_UNSEEN = sys.version_info >= (3, 13)
_GOES_ON_UNSEEN = sys.version_info < (3, 12)


@dataclass
class Moment:
    """One event with the state at it: variables (place to value) and objects (token to contents), and the numbers of
    the frames that are open then, suspended generators among them.

    ``cause`` is the event by which the code executed that ran since the event before. ``value`` is the copied value of
    a return or yield, the deep text of what a raise carries, the text that was written.
    """

    kind: str
    statement: int
    depth: int
    frame: int
    function: str
    value: object
    cause: int
    variables: dict
    objects: dict
    frames: frozenset


@dataclass
class Observed:
    """What a run gave. ``complete`` is false if there were more events than were asked for."""

    moments: list[Moment]
    status: str
    return_value: str | None
    stdout: str
    exception: str | None
    arguments_after: str | None
    complete: bool


@dataclass(eq=False)
class _Frame:
    number: int
    frame: object
    depth: int
    statement: int
    current: int = -1
    entered: int = -1
    raised: bool = False
    # Copies of the state at which a generator was resumed, until it does something.
    resumed: tuple | None = None
    closing: BaseException | None = None
    again: BaseException | None = None
    generator: weakref.ref | None = None
    at_rest: dict = field(default_factory=dict)


class Oracle:
    """One run of a program; ``most`` events are observed."""

    def __init__(self, code, entry_point, arguments=None, stdin=None, most=2_000):
        self._entry_point, self._arguments, self._stdin, self._most = entry_point, arguments, stdin, most
        tree = ast.parse(code)
        renumber(tree)
        nodes = numbered(tree)
        self._bare_raises = {n for n, node in enumerate(nodes) if isinstance(node, ast.Raise) and node.exc is None}
        # A variable of a comprehension is no state: while one may run, what had its name before stays.
        self._passing = [_comprehension_variables(node) for node in nodes]
        self._mentioned = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        named = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
        self._mentioned |= {n.name for n in ast.walk(tree) if isinstance(n, named)}
        self._mentioned |= {n.rest for n in ast.walk(tree) if isinstance(n, ast.MatchMapping)}
        self._code = compile_renumbered(tree)
        self._own = {}
        waiting = [self._code]
        while waiting:
            code_object = waiting.pop()
            if code_object.co_name not in _COMPREHENSIONS:
                self._own[id(code_object)] = code_object
            waiting.extend(c for c in code_object.co_consts if hasattr(c, "co_code"))
        self._module = ModuleType("__main__" if entry_point is None else "program")
        self._heap = Heap(self._module.__name__)
        self._moments = []
        self._frames = 0
        self._stack = []
        self._suspended = {}
        self._ended = False
        self._output = io.StringIO()
        self._written = 0

    # -- running

    def run(self, traced=True):
        """Run the program and give what was observed. Untraced, there are no moments."""
        self._ended = not traced
        held = sys.stdin, sys.stdout, sys.modules.get(self._module.__name__)
        sys.stdin, sys.stdout = io.StringIO(self._stdin or ""), self._output
        sys.modules[self._module.__name__] = self._module
        namespace = self._module.__dict__
        result, error, arguments = None, None, None
        try:
            if self._entry_point is None:
                error = self._guarded(lambda: exec(self._code, namespace))[1]
            else:
                exec(self._code, namespace)
                function = eval(self._entry_point, namespace)
                call = eval("lambda *a, **k: (a, k)", {})
                arguments = eval(f"__call__({self._arguments or ''})", {**namespace, "__call__": call})
                result, error = self._guarded(lambda: function(*arguments[0], **arguments[1]))
        finally:
            sys.stdin, sys.stdout = held[:2]
            if held[2] is not None:
                sys.modules[self._module.__name__] = held[2]
            else:
                del sys.modules[self._module.__name__]
        after = None if arguments is None else self._heap.deep((*arguments[0], *arguments[1].values()))
        returns = error is None and self._entry_point is not None
        return Observed(
            self._moments[: self._most],
            "ok" if error is None else "exception",
            self._heap.deep(result) if returns else None,
            self._output.getvalue(),
            type(error).__qualname__ if error is not None else None,
            after,
            len(self._moments) <= self._most,
        )

    def _guarded(self, action):
        self._written = len(self._output.getvalue())
        if not self._ended:
            if _CLOSES_UNSEEN:
                # What is there already need not be gone through to find who holds a frame.
                gc.collect()
                gc.freeze()
            sys.settrace(self._trace)
        try:
            return action(), None
        except Exception as error:
            return None, error
        finally:
            sys.settrace(None)
            gc.unfreeze()

    # -- events

    def _trace(self, frame, event, argument):
        if id(frame.f_code) not in self._own or self._ended or len(self._moments) > self._most:
            return None
        if operation(frame) in ("RETURN_GENERATOR", "POP_TOP"):
            # Closed, or thrown into, before it began.
            return None
        if self._stack:
            self._tell_resumed(self._stack[-1])
        if frame in self._suspended:
            self._wake(frame)
            return self._local
        frame.f_trace_opcodes = _GOES_ON_UNSEEN
        self._tell_output()
        opened = _Frame(self._frames, frame, len(self._stack), frame.f_code.co_firstlineno - 1)
        self._frames += 1
        cause = self._cause()
        self._stack.append(opened)
        opened.current = self._tell("call", opened, None, cause=cause)
        return self._local

    def _local(self, frame, event, argument):
        if self._ended or len(self._moments) > self._most:
            return None
        if frame in self._suspended:
            # Where what it waited for returns on having been thrown into, 3.11 reports no call.
            self._wake(frame)
        top = self._stack[-1]
        assert top.frame is frame
        if event == "line":
            self._line(top, frame)
        elif event == "exception":
            self._exception(top, frame, argument[1])
        elif event == "return":
            self._leave(top, frame, argument)
        return self._local

    def _wake(self, frame):
        known = self._suspended[frame]
        known.resumed = (*self._copy(), self._open()), self._cause(), len(self._output.getvalue())
        del self._suspended[frame]
        known.raised = False
        known.depth = len(self._stack)
        self._stack.append(known)

    def _line(self, top, frame):
        statement = frame.f_lineno - 1
        inside = frame.f_code.co_name in (*_INLINE, "<module>")
        if statement == top.entered or (not inside and statement == frame.f_code.co_firstlineno - 1):
            return
        self._tell_resumed(top)
        self._tell_raised_again(top)
        self._tell_output()
        top.at_rest = self._seen(frame)
        cause = top.current
        top.statement = top.entered = statement
        top.raised = False
        top.current = self._tell("line", top, None, cause=cause)
        if statement in self._bare_raises:
            top.again = sys.exc_info()[1]

    def _exception(self, top, frame, error):
        if ends_ordinarily(frame, error):
            return
        if top.resumed is not None and type(error) is GeneratorExit and top.closing is None:
            top.closing = error
            return
        self._tell_resumed(top)
        top.again = None
        self._tell_output()
        self._tell("raise", top, self._heap.deep(error))
        top.raised = True

    def _leave(self, top, frame, value):
        if top.closing is not None:
            # Abandoned: no event at all.
            self._stack.pop()
            return
        self._tell_resumed(top)
        self._tell_raised_again(top)
        self._tell_output()
        last = operation(frame)
        if top.raised or not (yields(frame) or last in ("RETURN_VALUE", "RETURN_CONST")):
            self._tell("unwind", top, None)
        elif yields(frame):
            self._tell("yield", top, _unwrapped(value))
            self._suspended[frame] = top
            if _CLOSES_UNSEEN and top.generator is None:
                top.generator = weakref.ref(_generator_of(frame))
        else:
            self._tell("return", top, value)
        self._stack.pop()
        self._ended = not self._stack

    def _tell_resumed(self, top):
        if top.resumed is None:
            return
        state, cause, written = top.resumed
        top.resumed = None
        caller = self._stack[-2] if len(self._stack) > 1 else top
        text = self._new_output(written)
        if text:
            self._append("output", caller, text, cause, *state)
        top.current = self._append("resume", top, None, cause, *state)
        if top.closing is not None:
            self._append("raise", top, self._heap.deep(top.closing), top.current, *state)
            top.closing = None
            top.raised = True

    def _tell_raised_again(self, top):
        if top.again is not None:
            self._tell_output()
            self._tell("raise", top, self._heap.deep(top.again))
            top.again = None
            top.raised = True

    def _new_output(self, stop=None):
        text = self._output.getvalue()[self._written : stop]
        self._written += len(text)
        return text

    def _tell_output(self):
        text = self._new_output()
        if text:
            self._tell("output", self._stack[-1], text)

    def _cause(self):
        return self._stack[-1].current if self._stack else -1

    def _tell(self, kind, top, value, cause=None):
        carried = {"value": value} if kind in ("return", "yield") else {}
        variables, objects = self._copy(carried, resting=top if kind == "line" else None)
        value = variables.pop("value") if carried else value
        cause = top.current if cause is None else cause
        return self._append(kind, top, value, cause, variables, objects, self._open())

    def _append(self, kind, top, value, cause, *state):
        function = top.frame.f_code.co_qualname
        for name in _COMPREHENSIONS:
            function = function.replace(f"{name}.<locals>.", "").replace(f"{name}.", "")
        self._moments.append(Moment(kind, top.statement, top.depth, top.number, function, value, cause, *state))
        return len(self._moments) - 1

    # -- state

    def _opened(self):
        """Frames that are open. One whose generator was closed unseen is not, and reading it could crash."""
        opened = [*self._stack, *self._suspended.values()]
        return [known for known in opened if known.generator is None or not _ended(known.generator())]

    def _open(self):
        return frozenset(opened.number for opened in self._opened())

    def _copy(self, carried=None, resting=None):
        """The whole visible state. ``resting``: the frame that is between two statements."""
        roots = dict(carried or {})
        for name, value in self._module.__dict__.items():
            if name in self._mentioned and _is_state(name, value):
                roots[f"g.{name}"] = value
        for opened in self._opened():
            code = opened.frame.f_code
            if code.co_name == "<module>":
                continue
            stays = opened is not resting and opened.entered >= 0 and code.co_name not in _INLINE
            passing = self._passing[opened.entered] if stays else ()
            seen = self._seen(opened.frame, passing)
            seen.update((name, opened.at_rest[name]) for name in passing if name in opened.at_rest)
            roots.update({f"f{opened.number}.{name}": value for name, value in seen.items()})
        return self._heap.copy(roots, carried or ())

    @staticmethod
    def _seen(frame, passing=()):
        code, held = frame.f_code, frame.f_locals
        names = code.co_varnames + code.co_cellvars + code.co_freevars if code.co_flags & 1 else list(held)
        values = [(name, held[name]) for name in names if name not in passing and name in held]
        return {name: value for name, value in values if _is_state(name, value)}


def _unwrapped(value):
    """What is yielded; an asynchronous generator's is inside another object."""
    return gc.get_referents(value)[0] if type(value).__name__ == "async_generator_wrapped_value" else value


def _generator_of(frame):
    return next(held for held in gc.get_referrers(frame) if type(held) in _GENERATORS)


def _ended(generator):
    return generator is None or getattr(generator, _GENERATORS[type(generator)]) is None


def _comprehension_variables(statement):
    """Variables of the list, set and dict comprehensions of a statement, but for those in scopes of their own."""
    found = set()
    waiting = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp)):
            for clause in node.generators:
                found |= {name.id for name in ast.walk(clause.target) if isinstance(name, ast.Name)}
        if isinstance(node, ast.GeneratorExp):
            # Its first iterable is evaluated outside of it.
            waiting.append(node.generators[0].iter)
        elif not isinstance(node, ast.Lambda):
            waiting += [n for n in ast.iter_child_nodes(node) if not isinstance(n, (ast.stmt, ast.ExceptHandler))]
    return found


def _is_state(name, value):
    dunder = name.startswith("__") and name.endswith("__")
    return not (name.startswith(".") or dunder or is_hidden(value))
