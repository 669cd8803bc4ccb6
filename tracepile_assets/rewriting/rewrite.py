"""What a transform is given and what it gives.

Belongs here: the values that pass between a transform and the room. Does not belong here: any transform.
"""

import ast
import builtins
import keyword
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple, Protocol

import libcst as cst

Place = tuple[str, str]
"""A variable: qualified name of the function (``<module>`` for a global), and its name there."""

_WORD = re.compile(r"[^\W\d]\w*")
_TAKEN = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)


class Rewrite(NamedTuple):
    """A program after a transform, and the variables that have another name or stand in another function now."""

    module: cst.Module
    renames: Mapping[Place, Place] = {}


@dataclass
class Context:
    """What a transform may know beside the tree.

    Attributes:
        entry_point: expression that is called with the arguments; None for a stdin program.
        arguments: the arguments texts of the program's inputs; None if they are not known.
        random: the only source of choice.
        taken: names that a new variable must not have: every word of the program (those in strings and attributes
            too) and of the arguments, keywords, builtins.
    """

    entry_point: str | None
    arguments: tuple[str, ...] | None
    random: Random
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, code: str, entry_point: str | None, arguments: tuple[str, ...] | None, random: Random) -> "Context":
        """The context of a program."""
        taken = set(_TAKEN)
        taken.update(_WORD.findall(code))
        for text in arguments or ():
            taken.update(_WORD.findall(text))
        return cls(entry_point, arguments, random, taken)

    def fresh(self, *wanted: str) -> str:
        """A name that nothing in the program has, the first of the wanted ones if possible, else one with a number."""
        for name in wanted:
            if name not in self.taken:
                self.taken.add(name)
                return name
        number = 2
        while f"{wanted[0]}_{number}" in self.taken:
            number += 1
        return self.fresh(f"{wanted[0]}_{number}")

    def calls(self) -> list[ast.Call]:
        """The calls of the entry point, one per input, as far as their arguments are Python expressions."""
        found = []
        for text in self.arguments or ():
            with suppress(SyntaxError, ValueError):
                found.append(ast.parse(f"f({text}\n)", mode="eval").body)
        return found

    def names_in_arguments(self) -> tuple[set[str], set[str]]:
        """The keywords by which the arguments are passed, and the globals of the program that they mention."""
        nodes = [node for call in self.calls() for node in ast.walk(call)]
        keywords = {node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg}
        return keywords, {node.id for node in nodes if isinstance(node, ast.Name)}


class Transform(Protocol):
    """A rewrite of programs that keeps their meaning: a module of ``transforms``, or anything of the same shape.

    Attributes:
        NAME: its name in ``rewrites``.
    """

    NAME: str

    def apply(self, module: cst.Module, context: Context) -> Rewrite | None:
        """The program rewritten, or None if there is nothing to rewrite or it would not be safe.

        The tree given is as ``tree.parse`` makes it: every statement on a line of its own. It must not be changed.
        """
        ...
