"""How a loop and the code around it use names.

Belongs here: what a transform of loops must know before it moves a loop variable or an expression. Does not belong
here: any rewriting.
"""

from collections.abc import Iterator

import libcst as cst

from tracepile_assets.rewriting.aliasing import Aliases
from tracepile_assets.rewriting.blocks import loop_exits
from tracepile_assets.rewriting.build import is_call_of, is_literal
from tracepile_assets.rewriting.steadiness import frame
from tracepile_assets.rewriting.tree import walk, walk_same_scope
from tracepile_assets.rewriting.variables import Scope, Scopes, Variable


def loops_of(scopes: Scopes) -> Iterator[tuple[Scope, cst.For]]:
    """Every ``for`` statement (not ``async``) with the module or function whose frame runs it; class bodies are left
    out."""
    for scope in scopes.module.walk():
        if scope.kind in ("module", "function"):
            for node in walk_same_scope(scope.node):
                if isinstance(node, cst.For) and node.asynchronous is None:
                    yield scope, node


class LoopUse:
    """One loop in its program.

    Attributes:
        loop: the loop.
        owner: the scope that runs it.
    """

    def __init__(self, loop: cst.For | cst.While, owner: Scope, scopes: Scopes) -> None:
        """Take the loop, the scope that runs it and all scopes."""
        self.loop = loop
        self.owner = owner
        self._scopes = scopes
        self._inside = {id(node) for node in walk(loop)}
        self._waits = any(isinstance(node, (cst.Yield, cst.Await)) for node in walk_same_scope(loop))

    def variable(self, name: cst.Name) -> Variable | None:
        """What a name means; None for a builtin."""
        return self._scopes.meaning.get(id(name))

    def keeps(self, name: cst.Name) -> bool:
        """Whether the loop certainly does not bind the name anew, nor any function that could run meanwhile."""
        variable = self.variable(name)
        return (
            variable is not None
            and not variable.ambiguous
            # While a generator waits, the code around it goes on.
            and (variable.scope is self.owner or not self._waits)
            and all(
                binding.scope in (self.owner, variable.scope) and id(binding.name) not in self._inside
                for binding in variable.bindings
            )
        )

    def is_constant(self, node: cst.BaseExpression) -> bool:
        """Whether an expression is a literal or a name that the loop does not bind."""
        return is_literal(node) or (isinstance(node, cst.Name) and self.keeps(node))

    def keeps_length(self, node: cst.BaseExpression, aliases: Aliases) -> bool:
        """Whether the expression is ``len(name)`` of something that the loop only reads and writes by index, and that
        nothing else makes longer or shorter meanwhile."""
        if not is_call_of(node, "len") or len(node.args) != 1 or self.variable(node.func) is not None:
            return False
        name = node.args[0].value
        if not isinstance(name, cst.Name) or not self.keeps(name):
            return False
        variable = self.variable(name)
        by_index: set[int] = set()
        for part in walk(self.loop.body):
            if isinstance(part, cst.Subscript) and all(isinstance(s.slice, cst.Index) for s in part.slice):
                by_index.add(id(part.value))
            elif is_call_of(part, "len"):
                by_index.update(id(arg.value) for arg in part.args)
            elif isinstance(part, cst.Del):
                return False
        return all(
            id(part) in by_index
            for part in walk(self.loop.body)
            if isinstance(part, cst.Name) and self.variable(part) is variable
        ) and aliases.keeps_length(variable, self.owner, self.loop.body)

    def continues(self) -> bool:
        """Whether a ``continue`` of this loop stands in its body."""
        return any(isinstance(exit_, cst.Continue) for exit_ in loop_exits(self.loop))

    def is_private(self, target: cst.Name) -> bool:
        """Whether a loop variable is bound by the loop alone and nothing sees it once the loop has ended.

        Other loops over the same name may stand elsewhere: they bind it first.
        """
        variable = self.variable(target)
        body = {id(node) for node in walk(self.loop.body)}
        if variable is None or variable.scope is not self.owner or variable.ambiguous:
            return False
        if any(frame(user) is not self.owner for user in variable.users):
            return False
        if any(id(binding.name) in body for binding in variable.bindings):
            return False
        elsewhere = self._in_other_loops(variable)
        return all(node is target or id(node) in body or id(node) in elsewhere for node in variable.written)

    def _in_other_loops(self, variable: Variable) -> set[int]:
        """Nodes in the target or body of a loop beside this one that binds the variable itself."""
        found: set[int] = set()
        for binding in variable.bindings:
            other = binding.source
            if isinstance(other, cst.For) and other is not self.loop:
                nodes = {id(node) for part in (other.target, other.body) for node in walk(part)}
                if id(self.loop) not in nodes:
                    found |= nodes
        return found
