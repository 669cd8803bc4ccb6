"""A program made ready in one process, handed to others that run it.

Belongs here: writing it down and reading it back, for the recorder in C. Does not belong here: making it ready
(``programs``).

Only for tame programs, whose text nothing is to be told of where they run.
"""

import marshal

from . import recorders
from .programs import Program
from .statements import Parsed


class _Names:
    """Of ``scopes.Names`` what the recorder in C asks for."""

    observes_lifetimes = False

    def __init__(
        self, first_line: int, mentioned: frozenset[str], reaches: tuple[bool, bool, bool], tables: tuple[tuple, tuple]
    ):
        self.first_line = first_line
        self.mentioned = mentioned
        self.is_open, self.reaches_globals, self.reaches_frames = reaches
        self.tables = tables
        self.idle: object = None


class PreparedProgram:
    """As ``programs.Program``, for the recorder in C."""

    infos: dict = {}  # noqa: RUF012 - never changed: the tables hold what it would

    def __init__(self, data: bytes, entry_point: str):
        """Raise ``ValueError``, ``EOFError`` or ``TypeError`` for what no program was written as."""
        self.entry_point = entry_point
        self.code, self.entry, *names = marshal.loads(data)
        self.names = _Names(*names)


def written(code: str | Parsed, entry_point: str, recorder: str = "auto") -> bytes:
    """A program, for ``PreparedProgram``; nothing if it is to be recorded in Python.

    ``recorder`` is one of ``recorders.CHOICES``. Raises what ``Program`` raises.
    """
    program = Program(code, entry_point)
    names = program.names
    _, version = recorders.chosen(names, recorder)
    if version == recorders.PYTHON_VERSION:
        return b""
    reaches = names.is_open, names.reaches_globals, names.reaches_frames
    tables = recorders.compiled.tables(names, program.infos)
    return marshal.dumps((program.code, program.entry, names.first_line, frozenset(names.mentioned), reaches, tables))
