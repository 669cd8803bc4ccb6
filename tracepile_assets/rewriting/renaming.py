"""Renaming variables throughout a program, and only where no part of it can tell.

Belongs here: which variables may be renamed, and doing it. Does not belong here: what the new names are (``names``).
"""

from collections.abc import Callable

import libcst as cst

from tracepile_assets.rewriting.build import is_call_of
from tracepile_assets.rewriting.collecting import all_parameters
from tracepile_assets.rewriting.rewrite import Context, Place, Rewrite
from tracepile_assets.rewriting.scopes import readable
from tracepile_assets.rewriting.tree import edit, walk
from tracepile_assets.rewriting.variables import Scope, Scopes, Variable

_KEPT = frozenset({"self", "cls", "_"})
_NAMES_OF_FUNCTIONS = frozenset({"__name__", "__qualname__"})


def rename(module: cst.Module, context: Context, choose: Callable[[str], str | None]) -> Rewrite | None:
    """Give the program's variables other names, the same old name getting the same new one everywhere.

    Locals, parameters, comprehension variables and assigned globals are renamed; functions, classes, imports,
    attributes and names inside strings are not, nor a parameter that some call passes by a keyword whose target is not
    certain.

    Args:
        module: the program.
        context: what is known of it.
        choose: old name -> new name, not one in ``context.taken``; None to keep the old one.

    Returns:
        None if nothing may be renamed, or if the program looks at its own names.
    """
    scopes = readable(module)
    if scopes is None:
        return None
    pinned = _pinned(module, scopes, context)
    keywords = _keywords_of_known_functions(module, scopes)
    new_names: dict[str, str | None] = {}
    edits = {}
    renames: dict[Place, Place] = {}
    for variable in scopes.variables():
        if variable in pinned or not _may_rename(variable):
            continue
        old = variable.name
        if old not in new_names:
            new_names[old] = choose(old)
        new = new_names[old]
        if new is None:
            continue
        for node in (*variable.written, *keywords.get(variable, ())):
            edits[id(node)] = lambda name, new=new: name.with_changes(value=new)
        for function in _seen_in(variable):
            renames[function, old] = (function, new)
    if not edits:
        return None
    return Rewrite(edit(module, edits), renames)


def rename_functions(module: cst.Module, context: Context, choose: Callable[[str], str]) -> Rewrite | None:
    """Give the program's functions other names, except those that the entry point or the arguments mention.

    Args:
        module: the program.
        context: what is known of it.
        choose: old name -> new name, not one in ``context.taken``.

    Returns:
        None if nothing may be renamed, or if the program looks at its own names or those of its functions.
    """
    scopes = readable(module)
    if scopes is None or _asks_for_names(module):
        return None
    mentioned = context.names_in_arguments()[1] | _words(context.entry_point)
    edits = {}
    new_qualnames: dict[str, str] = {}
    for variable in scopes.variables():
        if (
            variable.bound_as != {"function"}
            or variable.ambiguous
            or variable.scope.kind == "class"
            or variable.name.startswith("__")
            or (variable.scope.kind == "module" and variable.name in mentioned)
        ):
            continue
        new = choose(variable.name)
        for node in variable.written:
            edits[id(node)] = lambda name, new=new: name.with_changes(value=new)
        for binding in variable.bindings:
            function = scopes.by_node[id(binding.source)]
            new_qualnames[function.qualname] = new
    if not edits:
        return None
    renames: dict[Place, Place] = {}
    for variable in scopes.variables():
        for function in _seen_in(variable):
            moved = _moved(function, new_qualnames)
            if moved != function:
                renames[function, variable.name] = (moved, variable.name)
    return Rewrite(edit(module, edits), renames)


def _asks_for_names(module: cst.Module) -> bool:
    """Whether something other than a type is asked what it is called."""
    return any(
        isinstance(node, cst.Attribute) and node.attr.value in _NAMES_OF_FUNCTIONS and not _is_type_of(node.value)
        for node in walk(module)
    )


def _is_type_of(node: cst.BaseExpression) -> bool:
    return is_call_of(node, "type") or (isinstance(node, cst.Attribute) and node.attr.value == "__class__")


def _moved(qualname: str, new_names: dict[str, str]) -> str:
    """A qualified name after functions in it, or around it, were renamed."""
    parts = qualname.split(".")
    old = [".".join(parts[: end + 1]) for end in range(len(parts))]
    return ".".join(new_names.get(prefix, part) for prefix, part in zip(old, parts, strict=True))


def _may_rename(variable: Variable) -> bool:
    name = variable.name
    return (
        variable.scope.kind != "class"
        and not variable.ambiguous
        and variable.bound_as <= {"parameter", "assigned"}
        and name not in _KEPT
        and not name.startswith("__")
    )


def _seen_in(variable: Variable) -> set[str]:
    """The functions whose frames hold the variable."""
    if variable.scope.kind == "module":
        return {"<module>"}
    found: set[str] = set()
    for scope in variable.users | {variable.scope}:
        # A closure reaches an inner function through those around it.
        while scope is not variable.scope:
            found.add(scope.qualname)
            scope = scope.parent
    if variable.scope.kind != "comprehension":
        found.add(variable.scope.qualname)
    return found


def _pinned(module: cst.Module, scopes: Scopes, context: Context) -> set[Variable]:
    """Variables whose name is known outside the places where they are written."""
    pinned: set[Variable] = set()
    passed_by_keyword, mentioned = context.names_in_arguments()
    mentioned |= _words(context.entry_point)
    by_keyword, all_by_keyword = _uncertain_keywords(module, scopes)
    by_keyword |= passed_by_keyword
    for variable in scopes.variables():
        if "parameter" in variable.bound_as and (all_by_keyword or variable.name in by_keyword):
            pinned.add(variable)
        if variable.scope.kind == "module" and variable.name in mentioned:
            pinned.add(variable)
    if context.arguments is None and context.entry_point is not None:
        last = context.entry_point.rpartition(".")[2]
        for node in walk(module):
            if isinstance(node, cst.FunctionDef) and node.name.value == last:
                pinned.update(_parameters(node, scopes).values())
    for node in walk(module):
        if isinstance(node, cst.FormattedStringExpression) and node.equal is not None:
            # f"{x=}" prints the name.
            pinned.update(scopes.meaning[id(n)] for n in walk(node) if id(n) in scopes.meaning)
    return pinned


def _words(text: str | None) -> set[str]:
    return set() if text is None else {word for word in text.replace("(", ".").replace(")", ".").split(".") if word}


def _parameters(function: cst.FunctionDef, scopes: Scopes) -> dict[str, Variable]:
    inner: Scope = scopes.by_node[id(function)]
    return {p.name.value: inner.variables[p.name.value] for p in all_parameters(function.params)}


def _known_functions(scopes: Scopes, module: cst.Module) -> dict[Variable, cst.FunctionDef]:
    """Variables that can only mean one plain function of the program."""
    found: dict[Variable, list[cst.FunctionDef]] = {}
    for node in walk(module):
        if isinstance(node, cst.FunctionDef):
            variable = scopes.meaning.get(id(node.name))
            if variable is not None:
                found.setdefault(variable, []).append(node)
    return {
        variable: functions[0]
        for variable, functions in found.items()
        if variable.bound_as == {"function"}
        and len(functions) == 1
        and not functions[0].decorators
        and variable.scope.kind != "class"
    }


def _keyword_calls(module: cst.Module, scopes: Scopes) -> list[tuple[cst.Arg, cst.FunctionDef | None]]:
    """Every argument passed by keyword (or ``**``), and the function of the program that it certainly goes to."""
    known = _known_functions(scopes, module)
    found = []
    for node in walk(module):
        if isinstance(node, cst.Call):
            function = known.get(scopes.meaning.get(id(node.func)))
            found += [(arg, function) for arg in node.args if arg.keyword is not None or arg.star == "**"]
        elif isinstance(node, cst.ClassDef):
            found += [(arg, None) for arg in node.keywords]
    return found


def _uncertain_keywords(module: cst.Module, scopes: Scopes) -> tuple[set[str], bool]:
    """Keywords that may name a parameter of the program without our knowing which; and whether any may."""
    names: set[str] = set()
    for arg, function in _keyword_calls(module, scopes):
        if arg.keyword is None:
            return names, True
        if function is None:
            names.add(arg.keyword.value)
    return names, False


def _keywords_of_known_functions(module: cst.Module, scopes: Scopes) -> dict[Variable, list[cst.Name]]:
    found: dict[Variable, list[cst.Name]] = {}
    for arg, function in _keyword_calls(module, scopes):
        if arg.keyword is not None and function is not None:
            plain = {p.name.value for p in (*function.params.params, *function.params.kwonly_params)}
            if arg.keyword.value in plain:
                found.setdefault(_parameters(function, scopes)[arg.keyword.value], []).append(arg.keyword)
    return found
