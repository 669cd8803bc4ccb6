"""The files 0, 1 and 2 that a run finds: the text that it may read, and nothing to write to.

Belongs here: keeping them out of reach of the runs before it. Does not belong here: ``sys.stdin`` and the like
(``streams``).
"""

import fcntl
import os

from .confine import MOST_FILES

_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


class _Held:
    """An open file that is laid under numbers that programs use."""

    def __init__(self, number: int, under: tuple[int, ...]):
        # How many there are is not to be told by the numbers that are left for the program.
        self.number = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, MOST_FILES)
        os.close(number)
        self._under = under
        self._identity = self._known()

    def lay(self) -> None:
        """Put it in place. Raises ``OSError`` if a run before this one closed or replaced it."""
        if self._known() != self._identity:
            raise OSError("a standard file of this run was replaced")
        for number in self._under:
            os.dup2(self.number, number)

    def _known(self) -> tuple[int, int]:
        found = os.fstat(self.number)
        return found.st_dev, found.st_ino


class Stdin(_Held):
    """A file in memory that nobody can change, as file 0. It is made before files can no longer be written."""

    def __init__(self, text: str):
        number = os.memfd_create("stdin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        data = memoryview(text.encode("utf-8", "surrogatepass"))
        while data:
            data = data[os.write(number, data) :]
        fcntl.fcntl(number, fcntl.F_ADD_SEALS, _SEALS)
        super().__init__(number, (0,))

    def lay(self) -> None:
        """Put it in place, to be read from its beginning. Raises ``OSError`` as above."""
        super().lay()
        os.lseek(self.number, 0, os.SEEK_SET)


class Nothing(_Held):
    """What this process has as its file 1, as files 1 and 2."""

    def __init__(self) -> None:
        super().__init__(os.dup(1), (1, 2))
