"""The frames of Code World Models: the variables before each executed line, then the line.

The grammar is that of the prompting guide of CWM (Meta FAIR, arXiv 2510.02387)::

    <|call_sep|>LOCALS<|action_sep|>SOURCE<|frame_sep|>
    <|line_sep|>LOCALS<|action_sep|>SOURCE<|frame_sep|>
    <|return_sep|><|action_sep|>SOURCE<|arg_sep|>VALUE<|frame_sep|>
    <|exception_sep|><|action_sep|>SOURCE<|arg_sep|>VALUE<|frame_sep|>

without line breaks between frames. LOCALS is a JSON object of name -> text of the value; ``".."`` stands for a value
that is what it was in the frame's line before. VALUE is a JSON string of the text of the value. The text of a value is
its JSON where it has one (a list of numbers, a string, None as null), else as Python writes it (a tuple, a set, an
object). SOURCE ends with a line break. There are no frames for output, and none for a function left by an exception.
"""

import ast
import json
from collections.abc import Iterator

from tracepile_assets.narration.narrators.notations.steps import Step
from tracepile_assets.trace_model.trace import Trace

_MARK = "<|"


class Untellable(Exception):
    """The run has what this grammar has no place for; the message says what."""


def lines(trace: Trace, told: Iterator[Step]) -> Iterator[str]:
    """The frames. Raises ``Untellable``."""
    if trace.entry_point is None:
        raise Untellable("a program that is not called")
    shown: dict[int, dict[str, str]] = {}
    at: dict[int, int] = {}
    for step in told:
        if step.kind in ("yield", "resume"):
            raise Untellable("a generator")
        if step.kind in ("call", "line"):
            if step.kind == "line":
                at[step.frame] = step.statement
            yield _piece(step.kind, _locals(step, shown), _source(trace, step.statement))
        elif step.kind in ("return", "raise"):
            if step.value is None:
                raise Untellable("a value that is no data")
            name = "return" if step.kind == "return" else "exception"
            yield _piece(name, "", _source(trace, at.get(step.frame, step.statement)), _json_text(step.value))


def _locals(step: Step, shown: dict[int, dict[str, str]]) -> str:
    before = shown.get(step.frame, {})
    shown[step.frame] = step.held
    pairs = {name: ".." if before.get(name) == text else _json_text(text) for name, text in step.held.items()}
    return _json(pairs)


def _piece(kind: str, held: str, source: str, value: str | None = None) -> str:
    argument = "" if value is None else f"<|arg_sep|>{_json(value)}"
    if _MARK in held or _MARK in source or _MARK in argument.removeprefix("<|arg_sep|>"):
        raise Untellable(f"{_MARK} in a value or a line")
    return f"<|{kind}_sep|>{held}<|action_sep|>{source}{argument}<|frame_sep|>"


def _source(trace: Trace, statement: int) -> str:
    """The lines of a statement's header as they stand in the program."""
    syntax = trace.syntax
    first = syntax.statements[statement].line
    count = syntax.header_source(statement).count("\n") + 1
    return "".join(f"{line}\n" for line in syntax.lines[first - 1 : first - 1 + count])


def _json_text(text: str) -> str:
    """JSON of a value given as Python text, where it means the same; else the text."""
    plain = {"None": "null", "True": "true", "False": "false"}
    if text in plain:
        return plain[text]
    try:
        value = ast.literal_eval(text)
        said = _json(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return text
    return said if _is_json(value) else text


def _json(value: object) -> str:
    """JSON in letters of all scripts; lone surrogates, which no text can hold, as their escapes."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")


def _is_json(value: object) -> bool:
    if type(value) is list:
        return all(map(_is_json, value))
    if type(value) is dict:
        return all(type(key) is str for key in value) and all(map(_is_json, value.values()))
    if type(value) is float:
        return value - value == 0
    return value is None or type(value) in (bool, int, str)
