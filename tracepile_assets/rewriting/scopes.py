"""Which name of a program means which variable, by Python's own rules.

Belongs here: resolving names. Does not belong here: what binds a name (``collecting``), and whether it is wise to
rename a variable (``renaming``).
"""

import builtins
from functools import lru_cache

import libcst as cst

from tracepile_assets.rewriting.collecting import Collector
from tracepile_assets.rewriting.tree import walk
from tracepile_assets.rewriting.variables import Scope, Scopes, UnresolvableError, Variable

# A program that mentions one of these may see the names of its variables.
_SEES_NAMES = frozenset(
    {
        *("eval", "exec", "compile", "locals", "globals", "vars", "dir", "__import__", "inspect", "_getframe"),
        *(
            "currentframe",
            "f_locals",
            "f_globals",
            "__code__",
            "__globals__",
            "co_varnames",
            "signature",
            "getfullargspec",
        ),
    }
)


@lru_cache(maxsize=2)
def resolve(module: cst.Module) -> Scopes:
    """Find the scopes and variables of a program. (Trees do not change: the latest answers are kept.)

    Raises:
        UnresolvableError: type parameters, or a ``nonlocal`` that no function binds.
    """
    collector = Collector(module)
    collector.visit_all(module.body, collector.root)
    meaning: dict[int, Variable] = {}
    unbound: set[str] = set()
    for scope in collector.root.walk():
        for name in scope.nonlocal_names:
            if _function_variable(scope.parent, name) is None:
                raise UnresolvableError(f"nonlocal {name} without a variable")
    only_bound = {id(b.name) for b in collector.bindings if not isinstance(b.source, cst.AugAssign)}
    for scope, node in collector.uses:
        variable = _look_up(scope, node.value, is_read=id(node) not in only_bound)
        if variable is None:
            unbound.add(node.value)
            continue
        meaning[id(node)] = variable
        variable.written.append(node)
        variable.users.add(scope)
    for binding in collector.bindings:
        variable = meaning.get(id(binding.name))
        if variable is not None:
            variable.bindings.append(binding)
    if collector.may_bind_anything:
        # A star import: any name of the module may come from it.
        for variable in collector.root.variables.values():
            variable.ambiguous = True
    return Scopes(collector.root, collector.by_node, meaning, unbound)


def _look_up(scope: Scope, name: str, is_read: bool) -> Variable | None:
    module = scope
    while module.parent is not None:
        module = module.parent
    if name in scope.global_names:
        return module.variables.get(name)
    if name in scope.nonlocal_names:
        return _function_variable(scope.parent, name)
    own = scope.variables.get(name)
    if own is not None:
        if is_read and scope.kind == "class":
            # A class body reads a name that it binds from the module until it has bound it, past functions around it.
            outer = module.variables.get(name)
            if outer is not None:
                outer.ambiguous = own.ambiguous = True
        elif is_read and scope.kind == "module" and hasattr(builtins, name):
            # As a module does with a builtin.
            own.ambiguous = True
        return own
    return _enclosing(scope.parent, name)


def _enclosing(scope: Scope | None, name: str) -> Variable | None:
    """The variable that a name means in scopes around the one that reads it: class bodies are passed over."""
    while scope is not None:
        if scope.kind != "class":
            if name in scope.global_names or name in scope.nonlocal_names:
                return _look_up(scope, name, is_read=True)
            found = scope.variables.get(name)
            if found is not None:
                if scope.kind == "module" and hasattr(builtins, name):
                    found.ambiguous = True
                return found
        scope = scope.parent
    return None


def _function_variable(scope: Scope | None, name: str) -> Variable | None:
    while scope is not None and scope.kind != "module":
        if scope.kind != "class":
            if name in scope.nonlocal_names:
                return _function_variable(scope.parent, name)
            if name in scope.variables:
                return scope.variables[name]
        scope = scope.parent
    return None


def readable(module: cst.Module) -> Scopes | None:
    """The program's scopes; None if they cannot be told, or if the program may look at its own names."""
    if any(isinstance(node, cst.Name) and node.value in _SEES_NAMES for node in walk(module)):
        return None
    try:
        return resolve(module)
    except UnresolvableError:
        return None


def names_in(node: cst.CSTNode) -> set[str]:
    """The text of every ``Name`` node below a node, attributes and keywords included."""
    return {part.value for part in walk(node) if isinstance(part, cst.Name)}
