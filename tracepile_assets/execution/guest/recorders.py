"""Which recorder records a program: the one in C, or its Python twin.

Belongs here: the choice, made per program. Does not belong here: recording (``tracer``, ``compiled``).

The one in C is there if it could be built as the package was installed. Programs that can tell when an object dies
are left to the one in Python, which then holds on to none.
"""

from .scopes import Names
from .tracer import Tracer

try:
    from . import compiled
except ImportError:
    compiled = None

CHOICES = ("auto", "c", "python")
PYTHON_VERSION = "python-4"


def usual_version(choice: str = "auto") -> str:
    """Version of the recorder that records all but rare programs.

    Raises ``ValueError`` if there is no such choice, and ``RuntimeError`` if the one in C is asked for and not there.
    """
    if choice not in CHOICES:
        raise ValueError(f"a recorder is one of {', '.join(CHOICES)}, not {choice!r}")
    if choice == "c" and compiled is None:
        raise RuntimeError("the recorder in C was not built; it takes a C compiler and the headers of this Python")
    return PYTHON_VERSION if compiled is None or choice == "python" else compiled.VERSION


def chosen(names: Names, choice: str = "auto"):
    """The class of the recorder of a program, and its version. Raises what ``usual_version`` raises."""
    version = usual_version(choice)
    if version == PYTHON_VERSION or names.observes_lifetimes:
        return Tracer, PYTHON_VERSION
    return compiled.CompiledTracer, version
