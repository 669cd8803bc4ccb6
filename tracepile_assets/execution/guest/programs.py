"""A program made ready to be run any number of times.

Belongs here: parsing, compiling and what the syntax tree says. Does not belong here: running (``recorder``), and a
program made ready by another process (``prepared``).
"""

from .scopes import Names
from .statements import Parsed, compile_renumbered, moved, parse


class Program:
    """A program made ready to be run any number of times."""

    def __init__(self, code: str | Parsed, entry_point: str | None, first_line: int = 1):
        """Raise what ``compile`` raises if the code or the entry point does not parse.

        ``first_line`` is the line that the program finds its first statement to have.
        """
        self.entry_point = entry_point
        parsed = parse(code) if isinstance(code, str) else code
        self.lines = parsed.lines
        self.names = Names(parsed, first_line)
        self.code = compile_renumbered(parsed.tree)
        if first_line != 1:
            self.code = moved(self.code, first_line - 1)
        self.infos = self.names.code_infos(self.code)
        self.entry = None if entry_point is None else compile(f"({entry_point})", "<entry point>", "eval", optimize=0)
