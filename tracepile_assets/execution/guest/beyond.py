"""A digest of what was too long to be recorded, so that two runs are compared on all that they did.

Belongs here: the digest. Does not belong here: the caps (``tape``, ``heap``).
"""

from hashlib import blake2b
from zlib import crc32

from .serialise import Writer

_MOST_CHARS = 20_000_000


class VagueWriter(Writer):
    """Writes a text, bytes or int that is over the limit as a checksum."""

    def text(self, value: object, limit: int) -> str | None:
        """As of ``Writer``."""
        found = super().text(value, limit)
        if found is not None or type(value) not in (str, bytes, int):
            return found
        if type(value) is int:
            return f"~int {hash(value)} {value.bit_length()}"
        octets = value.encode("utf-8", "surrogatepass") if type(value) is str else value
        return f"~{type(value).__name__} {len(octets)} {crc32(octets)}"


class Beyond:
    """Takes in everything that a recording leaves out, in order."""

    def __init__(self) -> None:
        self._digest = None

    def add(self, text: str) -> None:
        """Take in a text."""
        if self._digest is None:
            self._digest = blake2b(digest_size=16)
        self._digest.update(f"{len(text)} {text}".encode("utf-8", "surrogatepass"))

    def add_value(self, writer: Writer, value: object) -> None:
        """Take in the contents of a value as far as can be written."""
        if type(value) is int:
            self.add(hex(value))
        else:
            self.add(writer.deep(value, _MOST_CHARS) or type(value).__name__)

    def text(self) -> str:
        """The digest; empty if nothing was left out."""
        return "" if self._digest is None else self._digest.hexdigest()
