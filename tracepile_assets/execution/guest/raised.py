"""The text of an exception that ended a run.

Belongs here: writing it as a traceback does, without running the program's code. Does not belong here: what a run's end
is called (`recorder`).
"""

from .kinds import PLAIN_ATOMS, exception_args, inherited

_PLAIN_TEXTS = tuple(
    k.__dict__["__str__"] for k in (BaseException, OSError, SyntaxError, KeyError, ImportError, UnicodeDecodeError)
)


def exception_text(error: BaseException) -> str:
    """``Type: message``, as a traceback's last line shows it, without running the program's code."""
    name = type.__dict__["__qualname__"].__get__(type(error))
    args = exception_args(error)
    plain = all(id(type(a)) in PLAIN_ATOMS for a in args)
    message = ""
    try:
        if plain and inherited(error, "__str__") in _PLAIN_TEXTS:
            message = str(error)
        elif plain and len(args) == 1:
            message = str(args[0])
    except ValueError:
        message = "an integer too long to be written"
    message = message.encode("utf-8", "backslashreplace").decode("utf-8")
    return f"{name}: {message}" if message else name
