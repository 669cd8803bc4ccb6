"""The text that a run may read as its file 0.

Belongs here: keeping it out of reach of the runs before it. Does not belong here: ``sys.stdin`` (``surroundings``).
"""

import fcntl
import os

_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


class Stdin:
    """A file in memory that nobody can change. It is made before files can no longer be written."""

    def __init__(self, text: str):
        self._number = os.memfd_create("stdin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        data = memoryview(text.encode("utf-8", "surrogatepass"))
        while data:
            data = data[os.write(self._number, data) :]
        fcntl.fcntl(self._number, fcntl.F_ADD_SEALS, _SEALS)
        self._identity = self._known()

    def lay(self) -> None:
        """Make it file 0, from its beginning. Raises ``OSError`` if a run before this one closed or replaced it."""
        if self._known() != self._identity:
            raise OSError("the standard input of this run was replaced")
        os.lseek(self._number, 0, os.SEEK_SET)
        os.dup2(self._number, 0)

    def _known(self) -> tuple[int, int]:
        found = os.fstat(self._number)
        return found.st_dev, found.st_ino
