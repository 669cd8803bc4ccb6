"""Runs one program on one input and records it.

Belongs here: parsing, the fresh namespace, standard input and output, how a run ended. Does not belong here: events and
state (``tracer``) and the jail (``zygote``).
"""

import ast
import io
import sys
from dataclasses import dataclass
from types import ModuleType

from . import expectation
from .scopes import Names
from .statements import FILENAME, compile_renumbered, renumber
from .tracer import Stop, Tracer

RECORDER_VERSION = "python-1"
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


class Program:
    """A program made ready to be run any number of times."""

    def __init__(self, code: str, entry_point: str | None):
        """Raise what ``compile`` raises if the code or the entry point does not parse."""
        self.entry_point = entry_point
        tree = ast.parse(code, FILENAME)
        self.lines = renumber(tree)
        self.names = Names(tree)
        self.code = compile_renumbered(tree)
        self.infos = self.names.code_infos(self.code)
        self.entry = None if entry_point is None else compile(f"({entry_point})", "<entry point>", "eval")


def record(
    code: str,
    entry_point: str | None = None,
    arguments: str | None = None,
    stdin: str | None = None,
    expected: str | None = None,
    caps: Caps = Caps(),  # noqa: B008 - frozen
) -> dict:
    """Run a program on one input in this process and return the columns of its recording.

    ``arguments`` is the source text between the parentheses of the call. For development and tests: nothing here confines the
    program.
    """
    try:
        program = Program(code, entry_point)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return rejected(f"{type(error).__name__}: {error}")
    return Run(program, caps).record(arguments, stdin, expected)


def rejected(reason: str) -> dict:
    """The columns of an input that never ran."""
    return {**_empty(), "status": "rejected", "reason": reason}


class Output(io.BytesIO):
    """Standard output of a run, kept in memory."""

    def close(self) -> None:
        """Nothing: what was written outlives the stream that a program may close."""

    def read_from(self, start: int) -> str:
        """Text written from a byte on."""
        with self.getbuffer() as held:
            return bytes(held[start:]).decode("utf-8", "replace")


class Run:
    """One run of a program. ``stop`` is what ends a run at a limit; by default an exception of ours leaves the program."""

    def __init__(self, program: Program, caps: Caps):
        self._program = program
        self._caps = caps
        self._output = Output()
        self._tracer: Tracer | None = None
        self._ended: tuple[str, str | None] = ("ok", None)

    def stop(self, status: str, reason: str) -> None:
        """End the run at a limit."""
        self._ended = (status, reason)
        raise Stop

    def record(self, arguments: str | None, stdin: str | None, expected: str | None) -> dict:
        """Run and return the columns."""
        streams = sys.stdin, sys.stdout, sys.stderr
        modules = dict(sys.modules)
        limit = sys.getrecursionlimit()
        module = ModuleType("__main__" if self._program.entry is None else "program")
        module.__dict__.pop("__annotations__", None)
        module.__builtins__ = __builtins__
        sys.modules[module.__name__] = module
        sys.stdin = io.TextIOWrapper(io.BytesIO((stdin or "").encode("utf-8", "surrogatepass")), "utf-8")
        sys.stdout = io.TextIOWrapper(self._output, "utf-8", newline="\n", write_through=True)
        sys.stderr = io.StringIO()
        row = _empty()
        try:
            if self._program.entry is None:
                self._module_run(module.__dict__, row)
            else:
                self._call_run(module.__dict__, arguments, row)
        finally:
            sys.settrace(None)
            sys.stdin, sys.stdout, sys.stderr = streams
            sys.modules.clear()
            sys.modules.update(modules)
            sys.setrecursionlimit(limit)
        return self._finish(row, expected, module.__dict__)

    def _trace(self, namespace: dict) -> Tracer:
        program = self._program
        self._tracer = Tracer(
            program.names, program.infos, program.lines, namespace, self._caps, self._output, self.stop
        )
        return self._tracer

    def _module_run(self, namespace: dict, row: dict) -> None:
        tracer = self._trace(namespace)
        self._guarded(tracer, lambda: exec(self._program.code, namespace), row)

    def _call_run(self, namespace: dict, arguments: str | None, row: dict) -> None:
        built: dict = {}

        def prepare() -> None:
            exec(self._program.code, namespace)
            built["entry"] = eval(self._program.entry, namespace)

        self._guarded(None, prepare, row)
        if "entry" not in built:
            return
        try:
            call = compile(f"__call__({arguments or ''})", "<arguments>", "eval")
            args, kwargs = eval(call, {**namespace, "__call__": lambda *a, **k: (a, k)})
        except BaseException as error:
            row["status"], row["reason"] = "rejected", f"the arguments do not evaluate: {_exception_text(error)}"
            return
        entry = built["entry"]
        tracer = self._trace(namespace)
        result = self._guarded(tracer, lambda: entry(*args, **kwargs), row)
        deep = tracer.heap.writer.deep
        if row["status"] == "ok" and self._ended[0] == "ok":
            row["return_value"] = deep(result[0], self._caps.result_chars) if result else None
            row["_result"] = result
        everything = (*args, *kwargs.values())
        row["arguments_after"] = deep(everything, self._caps.result_chars)

    def _guarded(self, tracer: Tracer | None, action, row: dict) -> list:
        """Run an action of the program; note in the row how it ended; return its result in a list."""
        try:
            if tracer is not None:
                tracer.start()
            try:
                return [action()]
            finally:
                sys.settrace(None)
        except Stop:
            pass
        except SystemExit as error:
            code = error.code
            if not (code is None or (type(code) is int and code == 0)):
                row["status"], row["exception"] = "exception", _exception_text(error)
        except MemoryError as error:
            row["status"], row["reason"] = "memory_limit", "out of memory"
            row["exception"] = _exception_text(error)
        except BaseException as error:
            row["status"], row["exception"] = "exception", _exception_text(error)
        return []

    def _finish(self, row: dict, expected: str | None, namespace: dict) -> dict:
        row["stdout"] = self._output.read_from(0)
        status, reason = self._ended
        if status != "ok":
            row["status"], row["reason"] = status, reason
        result = row.pop("_result", None)
        if expected is not None and row["status"] == "ok":
            row["expected_agrees"] = expectation.agrees(
                self._program.entry is None, result, row["stdout"], expected, namespace
            )
        tracer = self._tracer
        if tracer is not None:
            lines = self._program.lines
            row.update(
                truncated=tracer.truncated or tracer.heap.truncated,
                event_kind=tracer.kind,
                event_statement=tracer.statement,
                event_line=[lines[s] if s < len(lines) else 1 for s in tracer.statement],
                event_depth=tracer.depth,
                event_frame_id=tracer.frame_id,
                event_value=tracer.value,
                change_event=tracer.change_event,
                change_cause=tracer.change_cause,
                change_place=tracer.change_place,
                change_op=tracer.change_op,
                change_value=tracer.change_value,
                frame_function=tracer.functions,
                n_events=len(tracer.kind),
            )
        return row


def _exception_text(error: BaseException) -> str:
    """``Type: message``, as a traceback's last line shows it, without running the program's code."""
    name = type.__dict__["__qualname__"].__get__(type(error))
    args = BaseException.__dict__["args"].__get__(error)
    plain = (str, int, float, bool, bytes, type(None))
    if len(args) == 1 and type(args[0]) in plain:
        message = repr(args[0]) if isinstance(error, KeyError) else str(args[0])
    elif type(error).__str__ in (BaseException.__str__, OSError.__str__, SyntaxError.__str__):
        message = str(error) if all(type(a) in plain for a in args) else ""
    else:
        message = ""
    return f"{name}: {message}" if message else name


def _empty() -> dict:
    row: dict = {"status": "ok", "reason": None, "return_value": None, "stdout": "", "exception": None}
    row.update(arguments_after=None, expected_agrees=None, truncated=False)
    row.update(python_version=PYTHON_VERSION, recorder_version=RECORDER_VERSION)
    for name in ("kind", "statement", "line", "depth", "frame_id", "value"):
        row[f"event_{name}"] = []
    for name in ("event", "cause", "place", "op", "value"):
        row[f"change_{name}"] = []
    row["frame_function"] = []
    row["n_events"] = 0
    return row
