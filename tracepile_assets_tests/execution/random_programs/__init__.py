"""Random programs: short, quickly over, and with something of everything that a recorder can get wrong.

``grammar`` has expressions and simple statements, ``blocks`` compound statements, ``definitions`` functions, classes
and whole programs. A program is a function of its seed alone.
"""

from .definitions import Program, make

__all__ = ["Program", "make"]
