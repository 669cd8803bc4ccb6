"""The one error of this room. No other definitions here."""

from pathlib import Path


class MixtureError(Exception):
    """A mixture cannot be made as it stands; the message names file, line (where one is known) and remedy."""

    def __init__(self, file: str | Path, problem: str, remedy: str, line: int | None = None) -> None:
        """Say what is wrong in which place, and what to do about it."""
        place = str(file) if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {problem}; {remedy}")
