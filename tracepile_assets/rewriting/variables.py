"""Scopes and variables of a program, as values.

Belongs here: what they hold. Does not belong here: finding them (``collecting``, ``scopes``).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst


@dataclass(frozen=True, eq=False)
class Binding:
    """One place that binds a variable.

    Attributes:
        name: the name as it stands there.
        scope: the scope whose code binds it (a function with ``global x`` binds a variable of the module).
        source: the assignment, loop, parameter, import or definition that gives the whole variable its value; None
            where it is one of several names in a target, or bound in another way.
    """

    name: cst.Name
    scope: "Scope"
    source: cst.CSTNode | None


@dataclass(eq=False)
class Variable:
    """A variable: a name that one scope binds.

    Attributes:
        name: the name.
        scope: the scope that binds it.
        bound_as: how it is bound: any of parameter, assigned, function, class, import.
        written: every ``Name`` node that means it, declarations by ``global`` and ``nonlocal`` included.
        users: the scopes in which those nodes stand.
        bindings: the places that bind it, declarations excluded.
        ambiguous: a place may mean this variable or another, which only the run can tell.
    """

    name: str
    scope: "Scope"
    bound_as: set[str] = field(default_factory=set)
    written: list[cst.Name] = field(default_factory=list)
    users: "set[Scope]" = field(default_factory=set)
    bindings: list[Binding] = field(default_factory=list)
    ambiguous: bool = False


@dataclass(eq=False)
class Scope:
    """A module, function, lambda, class or comprehension.

    Attributes:
        kind: module, function, lambda, class, comprehension (list, set, dict: no frame) or generator.
        qualname: as in the code object's ``co_qualname``; that of the scope around for a comprehension.
        node: its node.
        parent: the scope around it.
        variables: those that it binds, by name.
    """

    kind: str
    qualname: str
    node: cst.CSTNode
    parent: "Scope | None"
    variables: dict[str, Variable] = field(default_factory=dict)
    children: "list[Scope]" = field(default_factory=list)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)

    def bind(self, name: str, bound_as: str) -> Variable:
        """Note that the scope binds a name."""
        variable = self.variables.setdefault(name, Variable(name, self))
        variable.bound_as.add(bound_as)
        return variable

    def walk(self) -> "Iterator[Scope]":
        """The scope and all inside it."""
        yield self
        for child in self.children:
            yield from child.walk()


class UnresolvableError(Exception):
    """The program uses a construct whose names cannot be told from its text; the message says which."""


@dataclass
class Scopes:
    """The scopes of a program.

    Attributes:
        module: the outermost.
        by_node: ``id`` of a node that opens a scope -> that scope.
        meaning: ``id`` of a ``Name`` node -> its variable; names that no scope binds (builtins) are not in it.
        unbound: names read that no scope binds.
    """

    module: Scope
    by_node: dict[int, Scope]
    meaning: dict[int, Variable]
    unbound: set[str]

    def variables(self) -> Iterator[Variable]:
        """All variables, outer scopes first, each scope's in the order of their first binding."""
        for scope in self.module.walk():
            yield from scope.variables.values()
