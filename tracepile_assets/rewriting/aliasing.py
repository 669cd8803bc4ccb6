"""Who else reaches a list: whether its length can change while code runs that does not name it.

Belongs here: judging names and statements by that. Does not belong here: loops (``loops``), which name is bound when
(``steadiness``).
"""

from collections.abc import Iterable

import libcst as cst

from tracepile_assets.rewriting.blocks import is_generator, is_own
from tracepile_assets.rewriting.effects import is_pure_call
from tracepile_assets.rewriting.kinds import Kinds
from tracepile_assets.rewriting.nesting import Nesting
from tracepile_assets.rewriting.tree import walk
from tracepile_assets.rewriting.variables import Binding, Scope, Scopes, Variable

_CHANGERS = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "appendleft", "popleft", "extendleft"})
_READERS = frozenset(
    {
        *("len", "sum", "min", "max", "sorted", "list", "tuple", "set", "str", "any", "all", "print", "repr"),
        *("enumerate", "zip", "reversed", "range", "map", "filter", "isinstance", "dict"),
    }
)
_ON_THE_WAY = frozenset({"print", "enumerate", "zip", "reversed", "isinstance"})
_PLAIN_MODULES = frozenset({"math", "string", "re", "operator"})
_FRESH = (
    *(cst.List, cst.ListComp, cst.Tuple, cst.BinaryOperation, cst.SimpleString, cst.FormattedString),
    *(cst.ConcatenatedString, cst.Dict, cst.DictComp, cst.Set, cst.SetComp),
)
_MAKERS = frozenset({"list", "sorted", "tuple", "str", "input", "dict", "set", "defaultdict", "deque", "Counter"})


class Aliases:
    """Answers for one program."""

    def __init__(self, scopes: Scopes, kinds: Kinds) -> None:
        """Take the program's scopes and what is known of its values."""
        self._scopes = scopes
        self._kinds = kinds
        self._nesting = Nesting(scopes, kinds)
        self._own_functions = {
            node.name.value for node in walk(scopes.module.node) if isinstance(node, cst.FunctionDef)
        }

    def keeps_length(self, variable: Variable, owner: Scope, run: cst.CSTNode) -> bool:
        """Whether what the variable holds stays as long as it is while ``run``, code of ``owner``, runs; but for what
        that code does to it by its name."""
        if self._is_confined(variable, owner):
            return True
        return all(self._is_harmless(node, variable, owner) for node in walk(run))

    def _is_confined(self, variable: Variable, owner: Scope) -> bool:
        """Whether the owner's code alone reaches what the variable holds, by this name alone."""
        if not is_own(variable, owner) or any(not self._is_fresh(binding) for binding in variable.bindings):
            return False
        if isinstance(owner.node, cst.FunctionDef) and is_generator(owner.node):
            return False
        bound = {id(binding.name) for binding in variable.bindings}
        lets_go = bound | self._where_it_stays(owner)
        return all(id(name) in lets_go for name in variable.written)

    def _is_fresh(self, binding: Binding) -> bool:
        """Whether what it binds is new, or comes from the inputs of the program alone."""
        source = binding.source
        if isinstance(source, cst.Assign):
            return len(source.targets) == 1 and self._is_new(source.value)
        if isinstance(source, cst.AugAssign):
            return True
        if isinstance(source, cst.Param) and source.default is None:
            given = self._kinds.given.values(binding)
            return given is not None and all(map(self._is_new, given.by_program))
        return False

    def _is_new(self, value: cst.BaseExpression) -> bool:
        if isinstance(value, _FRESH):
            return True
        if isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
            return self._kinds.is_sequence(value)
        return (
            isinstance(value, cst.Call)
            and isinstance(value.func, cst.Name)
            and value.func.value in _MAKERS
            and value.func.value not in self._own_functions
        )

    def _where_it_stays(self, owner: Scope) -> set[int]:
        """The nodes of an owner's expressions that are read or changed where they stand, and kept by nothing."""
        found: set[int] = set()

        def add(nodes: Iterable[cst.CSTNode]) -> None:
            found.update(id(node) for node in nodes)

        for node in walk(owner.node):
            if isinstance(node, cst.Subscript):
                add([node.value])
            elif isinstance(node, cst.Call):
                if isinstance(node.func, cst.Attribute):
                    add([node.func.value] if node.func.attr.value not in self._own_functions else [])
                elif isinstance(node.func, cst.Name) and node.func.value in _READERS:
                    add(arg.value for arg in node.args if id(node.func) not in self._scopes.meaning)
            elif isinstance(node, (cst.For, cst.CompFor)):
                add([node.iter])
            elif isinstance(node, cst.Comparison):
                add([node.left, *(target.comparator for target in node.comparisons)])
            elif isinstance(node, cst.BinaryOperation):
                add([node.left, node.right])
            elif isinstance(node, cst.AugAssign):
                add([node.target, node.value])
            elif isinstance(node, (cst.If, cst.While)):
                add([node.test])
            elif isinstance(node, cst.UnaryOperation):
                add([node.expression])
            elif isinstance(node, cst.Return) and node.value is not None:
                add([node.value])
        return found

    def _is_harmless(self, node: cst.CSTNode, variable: Variable, owner: Scope) -> bool:
        """Whether a node does not change the length of what the variable holds, nor run code that might."""
        if isinstance(node, (cst.Del, cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.Yield, cst.Await)):
            return False
        if isinstance(node, cst.AugAssign):
            return self._nesting.cannot_change(node.target) or self._is_another(node.target, variable, owner)
        if isinstance(node, cst.Assign):
            return not any(
                isinstance(part.slice, cst.Slice)
                for target in node.targets
                if isinstance(target.target, cst.Subscript)
                for part in target.target.slice
            )
        if not isinstance(node, cst.Call):
            return True
        if isinstance(node.func, cst.Attribute):
            return self._is_harmless_method(node.func, variable, owner)
        if isinstance(node.func, cst.Name) and node.func.value in _ON_THE_WAY:
            return id(node.func) not in self._scopes.meaning
        return is_pure_call(node, self._scopes)

    def _is_harmless_method(self, function: cst.Attribute, variable: Variable, owner: Scope) -> bool:
        if function.attr.value in self._own_functions:
            return False
        receiver = function.value
        meant = self._scopes.meaning.get(id(receiver))
        if meant is not None and "import" in meant.bound_as:
            return receiver.value in _PLAIN_MODULES
        return function.attr.value not in _CHANGERS or self._is_another(receiver, variable, owner)

    def _is_another(self, node: cst.BaseExpression, variable: Variable, owner: Scope) -> bool:
        """Whether an expression is a name that certainly holds another object: each got a new one, or one is the
        owner's and the other was there before it was called."""
        meant = self._scopes.meaning.get(id(node))
        if meant is None or meant is variable or not is_own(meant, owner):
            return False
        was_there = variable.scope is owner and variable.bound_as == {"parameter"} and len(variable.bindings) == 1
        return all(self._is_made(binding) for binding in meant.bindings) and (
            was_there or all(self._is_made(binding) for binding in variable.bindings)
        )

    def _is_made(self, binding: Binding) -> bool:
        return not isinstance(binding.source, cst.Param) and self._is_fresh(binding)
