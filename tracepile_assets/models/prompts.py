"""Prompts that lie in text files beside the code that uses them.

Belongs here: reading, filling in, and the version of a prompt. Does not belong here: any prompt.

A file has the parts ``[system]`` (may be left out) and ``[user]``, each begun by such a line; ``$name`` stands for a
value. A value is never looked into: what stands in it as ``$name`` stays.
"""

import hashlib
import re
from functools import cached_property
from importlib.resources import files
from string import Template

from .chat import Message

_PART = re.compile(r"^\[(system|user)\]\n", re.MULTILINE)


class Prompt:
    """A prompt file of a package."""

    def __init__(self, package: str, name: str) -> None:
        """Name a file ``<name>.txt`` in a package; it is read when it is first used."""
        self._file = files(package).joinpath(f"{name}.txt")

    @cached_property
    def text(self) -> str:
        """The file."""
        return self._file.read_text(encoding="utf-8")

    @property
    def version(self) -> str:
        """Digest of the text: equal versions ask in the same words."""
        return hashlib.blake2b(self.text.encode(), digest_size=8).hexdigest()

    def fill(self, **values: object) -> tuple[Message, ...]:
        """The messages, with the values in their places.

        Raises:
            KeyError: a value is missing.
        """
        # Lone surrogates, which no server takes, are sent as their escapes.
        writable = {name: str(value).encode("utf-8", "backslashreplace").decode() for name, value in values.items()}
        pieces = _PART.split(self.text)[1:]
        return tuple(
            Message(role, Template(text.strip()).substitute(writable))
            for role, text in zip(pieces[::2], pieces[1::2], strict=True)
        )
