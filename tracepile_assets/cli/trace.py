"""`tracepile trace`: one program on one input, traced in the sandbox and printed as text or JSON.

Not here: running (execution/), reading a recording (trace_model/). The JSON is documented in docs/trace.md.
"""

import sys
from collections.abc import Iterator
from enum import StrEnum
from importlib.util import decode_source
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import console

if TYPE_CHECKING:
    from tracepile_assets.trace_model.trace import Event, Trace

SHOWN = 300
"""Characters of a change that the text format shows; JSON has all."""

FIRST, LAST = 400, 50
"""Events that the text format shows of a long run."""

OUTPUT = 4_000
"""Characters of the whole output that the text format shows."""


class Format(StrEnum):
    """How a trace is printed."""

    TEXT = "text"
    JSON = "json"


def trace(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The program.", show_default=False)],
    call: Annotated[
        str | None, typer.Option("--call", metavar="CALL", help='What to call: "f(3, [1, 2])".', show_default=False)
    ] = None,
    stdin: Annotated[
        str | None,
        typer.Option("--stdin", metavar="FILE", help="What a program that reads stdin is given; - for our own stdin."),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="For a person, or for another program.")] = Format.TEXT,
    full_state: Annotated[
        bool, typer.Option("--full-state", help="Give each event the whole visible state, name → value text.")
    ] = False,
) -> None:
    """Trace one program: what it executed, what changed, how it ended. It runs in the sandbox, as everything does.

    A program that fails is traced as any other, and that is no failure of ours; one that cannot be run (it does not
    parse, its arguments do not evaluate) ends with exit code 1.

    Example: `tracepile trace gcd.py --call "gcd(12, 18)" --format json`
    """
    if (call is None) == (stdin is None):
        raise typer.BadParameter("give either --call or --stdin")
    code = _source(file)
    entry_point, arguments = (None, None) if call is None else _parse_call(call)
    given = None if stdin is None else (sys.stdin.read() if stdin == "-" else _read(Path(stdin), "--stdin"))
    found = _run(code, entry_point, arguments, given)
    if format_ is Format.JSON:
        for part in _as_json(found, call, full_state):
            sys.stdout.write(part)
        sys.stdout.write("\n")
    else:
        _print(found, full_state)
    if found.recording.status == "rejected":
        raise typer.Exit(1)


def _source(path: Path) -> str:
    """The text of a program, in the encoding that it declares, as Python reads it."""
    try:
        return decode_source(path.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint="FILE") from error
    except (SyntaxError, UnicodeDecodeError) as error:
        raise typer.BadParameter(
            f"{path}: is not text in the encoding that it declares, or UTF-8 ({error})", param_hint="FILE"
        ) from error


def _read(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}", param_hint=what) from error
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{path}: is not UTF-8 text", param_hint=what) from error


def _parse_call(text: str) -> tuple[str, str]:
    """Entry point and the text between the call's parentheses."""
    from tracepile_assets.trace_model.document import split_call

    try:
        return split_call(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--call") from error


def _run(code: str, entry_point: str | None, arguments: str | None, stdin: str | None) -> "Trace":
    from tracepile_assets.building.execution import open_pool
    from tracepile_assets.execution import Job, RunInput
    from tracepile_assets.resources import named_home
    from tracepile_assets.trace_model.trace import Trace

    settings = named_home().settings()
    one_worker = settings.model_copy(update={"compute": settings.compute.model_copy(update={"workers": 1})})
    run_input = RunInput("trace", arguments=arguments, stdin=stdin)
    with open_pool(one_worker) as pool:
        _, [outcome] = next(iter(pool.run([Job("trace", code, entry_point, (run_input,))])))
    return Trace(code, entry_point, outcome.recording, arguments=arguments, stdin=stdin)


def _as_json(trace: "Trace", call: str | None, full_state: bool) -> Iterator[str]:
    """The parts of the JSON text; event by event, since a run may have half a million."""
    from tracepile_assets.trace_model.document import SCHEMA

    recording = trace.recording
    head = {
        "schema": SCHEMA,
        "code": trace.code,
        "call": call,
        "stdin": trace.stdin,
        "entry_point": trace.entry_point,
        "status": recording.status,
        "reason": recording.reason,
        "return_value": recording.return_value,
        "stdout": recording.stdout,
        "exception": recording.exception,
        "truncated": recording.truncated,
        "python_version": recording.python_version,
        "recorder_version": recording.recorder_version,
    }
    if call is None:
        del head["call"]
    else:
        del head["stdin"]
    yield _dumps(head)[:-1] + ',"events":['
    for event, state in _events(trace, full_state):
        item = {
            "kind": event.kind,
            "line": event.line,
            "statement": event.statement,
            "depth": event.depth,
            "function": event.function,
            "frame_id": event.frame,
            "value": event.value,
            "changes": [{"cause": c.cause, "place": str(c.place), "op": c.op, "value": c.value} for c in event.changes],
        }
        if state is not None:
            item["state"] = state
        yield ("," if event.index else "") + "\n" + _dumps(item)
    yield "]}"


def _events(trace: "Trace", full_state: bool) -> "Iterator[tuple[Event, dict[str, str] | None]]":
    if not full_state:
        for event in trace.events():
            yield event, None
        return
    from tracepile_assets.trace_model.document import CUT

    for i, state in trace.replay():
        event = trace.event(i)
        visible = state.variables(event.frame)
        yield event, {name: state.text(value, CUT) for name, value in visible.items()}


def _dumps(value: object) -> str:
    import json

    # Not orjson: programs may hold lone surrogates, which only escapes can carry.
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _print(trace: "Trace", full_state: bool) -> None:
    from tracepile_assets.trace_model.document import CUT

    out = console()
    lines = trace.code.split("\n")
    hidden = range(FIRST, len(trace) - LAST)
    for event, state in _events(trace, full_state):
        if event.index in hidden:
            if event.index == FIRST:
                out.print(f"       … {len(hidden):,} events left out; --format json has all", style="yellow")
            continue
        indent = "  " * event.depth
        source = lines[event.line - 1].strip() if event.kind in ("line", "call") and event.line <= len(lines) else ""
        value = "" if event.value is None else f" {event.value!r}" if event.kind == "output" else f" {event.value}"
        for change in event.changes:
            became = {"delete": "gone"}.get(change.op, CUT if change.value is None else change.value)
            out.print(
                _short(f"       {indent}  {change.place} = {became}"), markup=False, style="green", soft_wrap=True
            )
        out.print(
            f"{event.line:>5}  {indent}{event.kind:<6} {event.function}{_short(value)}  {source}",
            markup=False,
            soft_wrap=True,
        )
        for name, text in (state or {}).items():
            out.print(_short(f"       {indent}    {name}: {text}"), markup=False, style="dim", soft_wrap=True)
    recording = trace.recording
    out.print(f"\nstatus  {recording.status}" + (f": {recording.reason}" if recording.reason else ""), markup=False)
    for name in ("return_value", "exception"):
        if (text := getattr(recording, name)) is not None:
            out.print(f"{name.split('_')[0]:<7} {text}", markup=False, soft_wrap=True)
    if recording.stdout:
        out.print(f"stdout\n{recording.stdout[:OUTPUT]}", markup=False, soft_wrap=True)
        if len(recording.stdout) > OUTPUT:
            out.print(
                f"… {len(recording.stdout) - OUTPUT:,} characters left out; --format json has all", style="yellow"
            )
    if recording.truncated:
        out.print("some values were cut short", style="yellow")


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + " …"
