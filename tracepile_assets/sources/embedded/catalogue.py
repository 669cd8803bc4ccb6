"""The shape of one entry in the catalogue of embedded programs.

Belongs here: what is known about a program besides its text. Does not belong here: the program texts
(`<domain>/programs/<name>.py`), the entries themselves (the modules by area in each domain), and how they become
programs with inputs (the reader of this package).
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Generator = Callable[[Random, float], str]
"""`generate(rng, level)` gives the text of one input: what stands between the parentheses of the call (`[3, 1, 2],
k=2`), or what a stdin program reads. `level` runs from 0 (a handful of steps) to 1 (the longest runs); equal states of
`rng` give equal texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One embedded program.

    `name` is the stem of its file in `<domain>/programs/` and its natural key; `statement` is the problem in words, as
    a person would set it; `entry_point` is the function that is called, None for a program that reads stdin; `generate`
    makes its inputs.
    """

    name: str
    title: str
    statement: str
    entry_point: str | None
    generate: Generator
    domain: str
