"""Runs one program on one input and records it.

Belongs here: the fresh namespace, standard input and output, how a run ended. Does not belong here: making a program
ready (``programs``), events and state (``tracer``) and the jail (``zygote``).
"""

import gc
import keyword
import operator
import sys
from dataclasses import dataclass
from functools import partial
from time import monotonic
from types import CodeType, ModuleType

from . import bare, expectation, given
from .beyond import Beyond
from .codecs import LITERAL, Nodes, known
from .hiding import opaque
from .memory import turn_memory
from .patching import CodeWatch
from .programs import Program
from .raised import exception_text
from .recorders import chosen, usual_version
from .serialise import Shapes, Writer
from .streams import Output
from .surroundings import Standing, Surroundings, is_plain
from .tape import Stop, begin, blank, recorded
from .tape_columns import columns
from .tape_layout import Layout, layout

try:
    from ._recorder import read_literals
except ImportError:
    read_literals = None

_RESERVED = frozenset(keyword.kwlist)
_ENDED_ITSELF = ("ok", "exception")
_REASON_CHARS = 2_000
_NAME_CHARS = 200
PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Caps:
    """What a recording may hold. Counts of events, bytes of output, characters of value text, items of a container."""

    events: int = 500_000
    output_bytes: int = 1 << 20
    value_chars: int = 4_000
    contents_items: int = 4_000
    contents_chars: int = 32_000
    total_chars: int = 32_000_000
    result_chars: int = 200_000


def record(
    code: str,
    entry_point: str | None = None,
    arguments: str | None = None,
    stdin: str | None = None,
    expected: str | None = None,
    caps: Caps = Caps(),
    recorder: str = "auto",
    codec: str = LITERAL,
) -> dict:
    """Run a program on one input in this process and return the columns of its recording.

    ``arguments`` is the source text between the parentheses of the call, and ``codec`` says what it may call;
    ``recorder`` is one of ``recorders.CHOICES``.
    For development and tests: nothing here confines the program.
    """
    try:
        program = Program(code, entry_point)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        row = rejected(f"{type(error).__name__}: {error}", usual_version(recorder))
        del row["beyond"], row["beyond_result"]
        return {**row, **columns(b"", caps, 0, [])}
    run = Run(program, caps, recorder=recorder)
    row = run.record(arguments, stdin, expected, codec)
    del row["beyond"], row["beyond_result"]
    return {**row, **columns(run.buffer, caps, row["n_events"], program.lines)}


def rejected(reason: str, version: str) -> dict:
    """The result row of an input that never ran."""
    return {**empty(version), "status": "rejected", "reason": reason[:_REASON_CHARS]}


class Run:
    """One run of a program.

    ``leave(row)`` is called with what was recorded when a limit is reached and must not return; without it an
    exception of ours leaves the program, which is enough where programs are trusted. ``ended(row)`` is called once the
    run has ended in another way, before what its source states is evaluated, which may end the process or never end.
    ``wall_s`` counts from the start of the run. ``buffer`` holds the tape, at ``place``; ``number`` is the input's;
    ``recorder`` is one of ``recorders.CHOICES``. ``standing`` are surroundings that other runs have used and will use.
    ``stdin_is_laid`` says that the text for standard input can be read as file 0.
    """

    def __init__(
        self,
        program: Program,
        caps: Caps,
        traced: bool = True,
        wall_s: float = 3600.0,
        buffer=None,
        number: int = 0,
        recorder: str = "auto",
        place: Layout | None = None,
        standing: Standing | None = None,
        stdin_is_laid: bool = False,
    ):
        self.buffer = blank(caps) if buffer is None else buffer
        self.place = layout(caps) if place is None else place
        self._recorder, version = chosen(program.names, recorder)
        begin(self.buffer, self.place, number, version)
        self._program = program
        self._caps = caps
        self._traced = traced
        self._deadline = monotonic() + wall_s
        self._standing = standing
        self._stdin_is_laid = stdin_is_laid
        self._output = Output(caps.output_bytes) if standing is None else standing.output
        self._tracer = None
        self._beyond = Beyond()
        self._beyond_result = Beyond()
        self._ended: tuple[str, str | None] = ("ok", None)
        self._row = empty(version)
        self._codec: tuple[dict, Nodes] = ({}, ())
        self._is_given_unknown = False
        self._held: list = []
        self._left: list[ModuleType] = []
        self._watch = CodeWatch(program.code)
        self._surroundings: Standing | Surroundings | None = None
        self.leave = None
        self.ended = None
        self.asks_more = False
        """Whether the texts of the input ask for more than the program's own and harmless builtins."""

    def record(self, arguments: str | None, stdin: str | None, expected: str | None, codec: str = LITERAL) -> dict:
        """Run and return the result row, which says how it ended."""
        module = ModuleType("__main__" if self._program.entry is None else "program")
        with self._around(module, stdin) as surroundings:
            self._surroundings = surroundings
            self._watch.begin()
            if self._program.entry is None:
                self._module_run(module.__dict__, surroundings)
            else:
                self._call_run(module.__dict__, arguments, codec, surroundings)
            row = self._finish()
            result = row.pop("_result", None)
            left = self._left = [module]
            del module
            if self._program.entry is None and row["status"] in _ENDED_ITSELF:
                self._end(surroundings, left)
            if self.ended is not None:
                self.ended(row)
            if expected is not None and row["status"] == "ok":
                namespace = left[0].__dict__ if left else {}
                row["expected_agrees"] = self._agrees(result, row["stdout"], expected, namespace)
        self._held += [surroundings, result]
        return row

    def _around(self, module: ModuleType, stdin: str | None) -> Standing | Surroundings:
        if self._standing is not None:
            return self._standing.of(module)
        text = None if self._stdin_is_laid else stdin or ""
        names = self._program.names
        return Surroundings(module, self._output, text, names.writes_by_number)

    def _end(self, surroundings: Surroundings, left: list) -> None:
        """End a program whose module body was run; empty ``left`` if it may watch that."""
        may_watch = self._program.names.observes_lifetimes
        if may_watch:
            left.append(self._tracer)
            self._tracer = None
        row = self._row
        try:
            surroundings.end(left, may_watch)
            is_too_much = self._output.tell() > self._caps.output_bytes
            row["stdout"] = self._output.read_from(0)
        except (MemoryError, ValueError):
            # A stream that there is no room for loses what it held: what was written before the end is still known.
            row.update(status="memory_limit", reason="out of memory", exception=None)
            return
        if is_too_much:
            row.update(status="output_limit", reason=self._output.excess(), exception=None)

    def _agrees(self, result: list | None, stdout: str, expected: str, namespace: dict) -> bool | None:
        is_stdin = self._program.entry is None
        if not is_stdin and not result:
            return False
        stated: str | CodeType | None = expected if is_stdin else expectation.compiled(expected)
        if stated is None or (self._standing is not None and not self._standing.bears(stated)):
            return None
        self.asks_more |= not is_stdin and not is_plain(stated) and not given.is_known(stated, namespace, frozenset())
        # The program's own methods decide what is equal.
        return bare.call(partial(expectation.agrees, is_stdin, result, stdout, stated, namespace, self._codec))

    def release(self) -> None:
        """Let go of everything that the program made: its destructors may run, and find nothing of ours."""
        may_watch = self._program.names.observes_lifetimes
        left = self._left
        held = [self.__dict__.copy()]
        self.__dict__.clear()
        bare.drop(held)
        if may_watch:
            left.clear()
            bare.call(gc.collect)
        for module in left:
            # Functions and their globals hold each other, and with them all that is large.
            bare.drop(module.__dict__)

    def _stop(self, status: str, reason: str) -> None:
        """End the run at a limit."""
        self._ended = (status, reason)
        if self.leave is not None:
            if self._tracer is not None:
                self._tracer.end()
            self.leave(self._finish())
        raise Stop

    def _module_run(self, namespace: dict, surroundings: Surroundings) -> None:
        tracer = self._new_tracer(namespace, surroundings)
        turn_memory()
        self._guarded(tracer, partial(exec, self._program.code, namespace))

    def _call_run(self, namespace: dict, arguments: str | None, codec: str, surroundings: Surroundings) -> None:
        row = self._row
        built: list = []

        if self._guarded(None, partial(exec, self._program.code, namespace)):
            built = self._guarded(None, partial(eval, self._program.entry, namespace))
        if not built:
            if row["status"] == "ok":
                row["status"], row["exception"] = "exception", "SystemExit"
            return
        if codec != LITERAL:
            try:
                self._codec = known(codec, namespace)
            except NameError as error:
                row.update(status="rejected", reason=f"the arguments do not evaluate: {error}")
                return
        taken: list = self._literal(arguments) if codec == LITERAL else []
        take = opaque(lambda *args, **kwargs: taken.append((args, kwargs)))
        call = []
        if not taken:
            call = self._guarded(None, partial(compile, f"__call__({arguments or ''})", "<arguments>", "eval"))
        if call and (self._standing is None or self._standing.bears(call[0])):
            others = frozenset((*self._codec[0], "__call__"))
            self._is_given_unknown = not given.is_known(call[0], namespace, others)
            self.asks_more |= self._is_given_unknown
            self._guarded(None, partial(eval, call[0], {**namespace, **self._codec[0], "__call__": take}))
        if not taken:
            error = row["exception"] or row["reason"] or "the program ended"
            row.update(status="rejected", reason=f"the arguments do not evaluate: {error}", exception=None)
            return
        args, kwargs = taken.pop()
        tracer = self._new_tracer(namespace, surroundings)
        turn_memory()
        entry = (built[0],) if callable(built[0]) else (operator.call, built[0])
        result = self._guarded(tracer, partial(*entry, *args, **kwargs))
        write = Writer(Shapes(namespace["__name__"]), None) if tracer is None else tracer.writer
        if row["status"] == "ok" and self._ended[0] == "ok" and result:
            row["return_value"] = self._deep(write, result[0])
            row["_result"] = result
        row["arguments_after"] = self._deep(write, (*args, *kwargs.values()))
        dying = [built, entry, args, kwargs]
        del built, entry, args, kwargs
        bare.drop(dying)

    def _literal(self, arguments: str | None) -> list[tuple[tuple, dict]]:
        """Arguments and named arguments, if they are plain literals that need not be compiled."""
        if self._standing is None or read_literals is None:
            return []
        read = read_literals(arguments or "", _RESERVED)
        return [] if read is None else [read]

    def _deep(self, write: Writer, value: object) -> str | None:
        text = write.deep(value, self._caps.result_chars)
        if text is None:
            self._row["truncated"] = True
            self._beyond_result.add_value(write, value)
        return text

    def _new_tracer(self, namespace: dict, surroundings: Surroundings):
        if self._traced:
            program = self._program
            self._tracer = self._recorder(
                program.names,
                program.infos,
                namespace,
                self._caps,
                self._output,
                self._stop,
                self._beyond,
                self.buffer,
                self.place,
                self._deadline,
                self._is_given_unknown,
            )
            surroundings.depth = self._tracer.recursion
            for copy, own in self._watch.copies:
                self._tracer.take_in(copy, own)
            self._watch.told = self._tracer.take_in
        return self._tracer

    def _guarded(self, tracer, action) -> list:
        """Run an action of the program, a callable in C; note how it ended; return its result in a list."""
        row = self._row
        raised: list = []
        try:
            if tracer is not None:
                tracer.start()
            try:
                return [bare.call(action)]
            finally:
                if tracer is not None:
                    tracer.end()
                self._output.cut()
        except Stop:
            pass
        except SystemExit as error:
            raised.append(error)
            code = error.code
            if not (code is None or (type(code) is int and code == 0)):
                row["status"], row["exception"] = "exception", self._exception(error)
        except MemoryError as error:
            raised.append(error)
            row["status"], row["reason"] = "memory_limit", "out of memory"
            row["exception"] = self._exception(error)
        except BaseException as error:
            raised.append(error)
            row["status"], row["exception"] = "exception", self._exception(error)
        bare.drop(raised)
        return []

    def _exception(self, error: BaseException) -> str:
        text = exception_text(error)
        if len(text) <= self._caps.result_chars:
            return text
        self._row["truncated"] = True
        self._beyond_result.add(text)
        return text.partition(":")[0][:_NAME_CHARS]

    def _finish(self) -> dict:
        row = self._row
        self._watch.end()
        row["stdout"], spent = self._output.whole()
        if self._ended[0] == "ok" and spent is not None:
            self._ended = spent
        if self._ended[0] == "ok" and self._tracer is not None and self._tracer.switched_off:
            # A trace function that cannot be called for want of stack is dropped; what follows must not be lost in
            # silence.
            self._ended = ("crash", "the interpreter stopped the recorder: the program exhausted the stack below it")
        status, reason = self._ended
        if status != "ok":
            row["status"], row["reason"], row["exception"] = status, reason, None
        tracer = self._tracer
        if tracer is not None:
            row["truncated"] |= tracer.truncated
            row["n_events"] = recorded(self.buffer, self.place)
        row["beyond"], row["beyond_result"] = self._beyond.text(), self._beyond_result.text()
        meddled = self._watch.reason or (self._surroundings and self._surroundings.refused)
        if meddled:
            self._held.append(row)
            row = self._row = {**empty(row["recorder_version"]), "status": "tampered", "reason": meddled}
        return row


def empty(version: str) -> dict:
    """The result row of a run that gave nothing."""
    row: dict = {"status": "ok", "reason": None, "return_value": None, "stdout": "", "exception": None}
    row.update(arguments_after=None, expected_agrees=None, truncated=False)
    row.update(python_version=PYTHON_VERSION, recorder_version=version)
    row.update(n_events=0, beyond="", beyond_result="")
    return row
