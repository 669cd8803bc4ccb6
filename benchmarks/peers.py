"""Other recorders of execution, each set to record what ours do: every line, and every variable in full.

Belongs here: how each is set up and called. Does not belong here: what is compared (``slowdown``, ``throughput``).
"""

import builtins
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType, ModuleType
from typing import Any

from benchmarks.workloads import Workload

Call = Callable[[], Any]


class Loaded:
    """A program in a file of its own, as these recorders want it.

    A call executes the module's body anew, as ours do for every input; that is not recorded.
    """

    def __init__(self, work: Workload, given: str, path: Path):
        """Write and compile the program."""
        path.write_text(work.code, encoding="utf-8")
        self.path = path
        self.code: CodeType = compile(work.code, str(path), "exec")
        self._entry_point = compile(work.entry_point, "<entry point>", "eval")
        self._arguments = compile(f"(lambda *a, **k: (a, k))({given})", "<arguments>", "eval")

    def call(self, wrap: Callable[[Callable], Callable] | None = None) -> Any:
        """Call the program's function, the decorator ``wrap`` applied to it, on arguments made anew."""
        module = ModuleType("program")
        sys.modules["program"] = module
        exec(self.code, module.__dict__)
        positional, keyword = eval(self._arguments, module.__dict__)
        function = eval(self._entry_point, module.__dict__)
        if wrap is not None:
            held = getattr(function, "__self__", None)
            function = wrap(getattr(function, "__func__", function))
            positional = positional if held is None else (held, *positional)
        return function(*positional, **keyword)


@contextmanager
def loaded(work: Workload, given: str) -> Iterator[Loaded]:
    """The program in a file that is there as long as the context."""
    with TemporaryDirectory() as folder:
        yield Loaded(work, given, Path(folder) / f"program_{abs(hash(work.name))}.py")


def _pysnooper(program: Loaded) -> Call:
    import pysnooper

    def run() -> None:
        told: list[str] = []
        program.call(pysnooper.snoop(output=told.append, depth=50, color=False, max_variable_length=None))

    return run


class _Sink:
    """A stream that keeps what is written to it."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def write(self, text: str) -> None:
        self.told.append(text)

    def flush(self) -> None:
        pass


def _snoop(program: Loaded) -> Call:
    import snoop

    sink = _Sink()
    snoop.install(out=sink, columns="", color=False, replace_watch_extras=())

    def run() -> None:
        sink.told.clear()
        program.call(snoop.snoop(depth=50))

    return run


def _hunter(program: Loaded) -> Call:
    import hunter

    def run() -> None:
        sink = _Sink()
        actions = [hunter.VarsSnooper(stream=sink, repr_limit=10**9), hunter.CodePrinter(stream=sink)]
        hunter.trace(hunter.Q(filename=str(program.path)), actions=actions)
        try:
            program.call()
        finally:
            hunter.stop()

    return run


def _viztracer(program: Loaded) -> Call:
    from viztracer import VizTracer
    from viztracer.code_monkey import CodeMonkey

    tracer = VizTracer(log_func_args=True, log_func_retval=True, verbose=0, tracer_entries=2_000_000)
    builtins.__viz_tracer__ = tracer  # type: ignore[attr-defined]
    rewriter = CodeMonkey(str(program.path))
    rewriter.add_instrument("log_var", {"varnames": [".*"]})
    source = program.path.read_text(encoding="utf-8")
    program.code = rewriter.compile(source, str(program.path), "exec")

    def run() -> None:
        tracer.start()
        program.call()
        tracer.stop()
        tracer.parse()

    return run


def _settrace(program: Loaded) -> Call:
    """What anybody would write first: ``repr`` of all variables at every line, and what differs is kept."""
    path = str(program.path)

    def run() -> None:
        told: list[tuple] = []
        before: dict[FrameType, dict[str, str]] = {}

        def trace(frame: FrameType, event: str, argument: Any) -> Any:
            if frame.f_code.co_filename != path or frame.f_code.co_name == "<module>":
                return None
            now = {name: repr(value) for name, value in frame.f_locals.items()}
            old = before.get(frame, {})
            changed = {name: text for name, text in now.items() if old.get(name) != text}
            told.append((event, frame.f_lineno, changed, repr(argument) if event == "return" else None))
            before[frame] = now
            if event == "return" and not frame.f_code.co_flags & 0x20:
                del before[frame]
            return trace

        sys.settrace(trace)
        try:
            program.call()
        finally:
            sys.settrace(None)

    return run


PEERS: dict[str, Callable[[Loaded], Call]] = {
    "PySnooper": _pysnooper,
    "snoop": _snoop,
    "hunter": _hunter,
    "VizTracer": _viztracer,
    "naive settrace": _settrace,
}
"""Name to a function that makes one that runs and records a loaded program."""
