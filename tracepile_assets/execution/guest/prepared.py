"""A program made ready in one process, handed to another that runs it again.

Belongs here: writing it down and reading it back, for the recorder in C. Does not belong here: making it ready
(``recorder.Program``).

Only for tame programs: no run can have changed what is written down here.
"""

import marshal

from .recorder import Program


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
    """As ``recorder.Program``, for the recorder in C."""

    infos: dict = {}  # noqa: RUF012 - never changed: the tables hold what it would

    def __init__(self, data: bytes, entry_point: str):
        """Raise ``ValueError``, ``EOFError`` or ``TypeError`` for what no program was written as."""
        self.entry_point = entry_point
        self.code, self.entry, *names = marshal.loads(data)
        self.names = _Names(*names)


def written(program: Program | PreparedProgram) -> bytes:
    """A program that has been recorded in C; nothing if it was recorded in Python."""
    names = program.names
    if names.tables is None:
        return b""
    reaches = names.is_open, names.reaches_globals, names.reaches_frames
    return marshal.dumps((program.code, program.entry, names.first_line, names.mentioned, reaches, names.tables))
