"""Small programs, each with something in it that a recorder can get wrong: (name, code, entry point, arguments)."""

from textwrap import dedent

from .programs_of_classes import CLASSES
from .programs_of_control import CONTROL
from .programs_of_coroutines import COROUTINES
from .programs_of_effects import EFFECTS
from .programs_of_making import MAKING
from .programs_of_names import NAMES
from .programs_of_reach import REACH
from .programs_of_several import SEVERAL
from .programs_of_suspension import SUSPENSION
from .programs_of_values import VALUES

PROGRAMS = [
    (name, dedent(code).strip() + "\n", "f", "3" if name == "class bodies" else "")
    for name, code in {
        **VALUES,
        **CLASSES,
        **CONTROL,
        **EFFECTS,
        **SEVERAL,
        **REACH,
        **SUSPENSION,
        **COROUTINES,
        **NAMES,
        **MAKING,
    }.items()
]
