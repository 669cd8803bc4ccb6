"""What a run shows to the outside, and whether two runs show the same.

Belongs here: the comparison that decides whether a rewrite is equivalent. Does not belong here: running (``proving``),
and what happened inside the run (``name_map``).
"""

import re
from dataclasses import asdict, dataclass

from tracepile_assets.trace_model.recording import Recording

_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_OPAQUE = "opaque("
_CLASS = "class "
_LONGEST_SHOWN = 1000


@dataclass(frozen=True)
class Behaviour:
    """What a rewrite must keep: how the run ended, its value text, what it printed, the exception's type (its message
    may name variables) and what it left in its arguments. Value text is exact: 1 is not 1.0, nor 0.0 -0.0, NaN equals
    NaN.
    """

    status: str
    return_value: str | None
    stdout: str
    exception: str | None
    arguments_after: str | None

    @classmethod
    def of(cls, recording: Recording) -> "Behaviour":
        """The behaviour that a recording shows."""
        exception = recording.exception
        return cls(
            status=recording.status,
            return_value=recording.return_value,
            stdout=recording.stdout,
            exception=None if exception is None else exception.partition(":")[0],
            arguments_after=recording.arguments_after,
        )

    def ended(self) -> bool:
        """Whether the run came to an end of its own: returned or raised."""
        return self.status in ("ok", "exception")

    def why_incomparable(self, is_function: bool) -> str | None:
        """Why an equal behaviour would prove nothing; None if it would: the run ended, and what it gave and what it
        left in its arguments are known in full.

        Of an opaque value (a generator, a function) only the type is known, and of a class only its data.
        """
        if not self.ended():
            return f"ended as {self.status}"
        if not is_function:
            return None
        if self.arguments_after is None:
            return "the arguments afterwards are not known in full"
        if self.status == "exception":
            return None
        if self.return_value is None:
            return "the return value is too long"
        return "the return value is opaque" if is_opaque(self.return_value) or _shows_class(self.return_value) else None

    def shown(self) -> dict[str, str | None]:
        """For a person: its fields, long ones cut."""
        return {
            name: value if value is None or len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…"
            for name, value in asdict(self).items()
        }


def is_opaque(value: str) -> bool:
    """Whether a value text says of something only what type it is of."""
    return _OPAQUE in value and _OPAQUE in _STRINGS.sub("", value)


def _shows_class(value: str) -> bool:
    return _CLASS in value and _CLASS in _STRINGS.sub("", value)
