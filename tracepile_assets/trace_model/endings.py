"""How a run ended, as far as inputs are chosen by it.

Belongs here: the class of an outcome, and which exceptions say something of the program. Does not belong here: which
inputs are kept (``building``) and what they prove (``rewriting``).
"""

from tracepile_assets.trace_model.recording import Recording
from tracepile_assets.trace_model.statements import Syntax

_OWN = frozenset(("Raise", "Assert"))
_NATURAL = frozenset(("ZeroDivisionError", "OverflowError", "IndexError", "KeyError", "ValueError", "StopIteration"))
_NATURAL_OF_TEXTS = frozenset(("ZeroDivisionError", "OverflowError"))
_ODD_LENGTH = "values to unpack"


def teaches(syntax: Syntax, recording: Recording, *, reads_text: bool) -> bool:
    """Whether a run ended in a way that says something of the program and not of a misfit between it and its input.

    It does where it came to its end, or raised an exception by a ``raise`` or ``assert`` of its own, or one that values
    of the right types can lead to: division by zero, overflow, an index or key that is not there, a value that does not
    fit, an iterator at its end. It does not where it was ended by a limit, or by another exception (``TypeError``,
    ``AttributeError``, ``EOFError``, ``RecursionError``, ...), nor by values too few or too many to unpack.
    ``reads_text``: of a program that reads standard input only arithmetic errors count besides its own, since the
    others come from texts that it cannot read.
    """
    if recording.status == "ok":
        return True
    if recording.status != "exception":
        return False
    name, _, message = (recording.exception or "").partition(":")
    if name in (_NATURAL_OF_TEXTS if reads_text else _NATURAL) and _ODD_LENGTH not in message:
        return True
    return raised_by_itself(syntax, recording)


def raised_by_itself(syntax: Syntax, recording: Recording) -> bool:
    """Whether the exception that ended a run came from a ``raise`` or ``assert`` statement of the program."""
    if recording.status != "exception":
        return False
    origin = _origin(recording)
    return origin is not None and syntax.statements[origin].kind in _OWN


def outcome(recording: Recording) -> tuple[str | int | None, ...]:
    """The class of a run's outcome.

    Its status; the type of the exception and the statement that it came from; of what was returned the kind: the type,
    ``True``, ``False`` or ``None`` itself, and whether it is empty.
    """
    if recording.status == "exception":
        return ("exception", (recording.exception or "").partition(":")[0], _origin(recording))
    return (recording.status, _kind(recording.return_value), None)


def _origin(recording: Recording) -> int | None:
    """Statement where the exception that left the entry frame started."""
    found = None
    for position in range(recording.n_events - 1, -1, -1):
        kind = recording.event_kind[position]
        if kind == "raise":
            found = recording.event_statement[position]
        elif kind != "unwind":
            break
    return found


def _kind(text: str | None) -> str | None:
    if text is None or text in ("True", "False", "None", "[]", "()", "{}", "set()", "''", "b''", "frozenset()"):
        return text
    first = text[0]
    if text.startswith(("b'", 'b"')):
        return "bytes"
    if first.isdigit() or first == "-" or text in ("inf", "nan"):
        return "int" if text.lstrip("-").isdigit() else "float"
    if first in "[('\"":
        return {"[": "list", "(": "tuple"}.get(first, "str")
    if first == "{":
        return "{"
    return text.partition("(")[0]
