"""One pass over a program that opens its scopes, binds their variables and notes every name.

Belongs here: which construct binds which name in which scope. Does not belong here: what a name that is read means
(``scopes``).
"""

from collections.abc import Iterable

import libcst as cst

from tracepile_assets.rewriting.tree import children
from tracepile_assets.rewriting.variables import Binding, Scope, UnresolvableError


class Collector:
    """One pass over the program: opens scopes, binds names, and notes every name with the scope that it stands in."""

    def __init__(self, module: cst.Module) -> None:
        self.root = Scope("module", "<module>", module, None)
        self.by_node: dict[int, Scope] = {id(module): self.root}
        self.uses: list[tuple[Scope, cst.Name]] = []
        self.bindings: list[Binding] = []
        self.may_bind_anything = False

    def visit_all(self, nodes: Iterable[cst.CSTNode], scope: Scope) -> None:
        """Visit nodes that stand in a scope."""
        for node in nodes:
            self.visit(node, scope)

    def visit(self, node: cst.CSTNode, scope: Scope) -> None:
        """Visit a node that stands in a scope, with what lies below it."""
        special = getattr(self, f"_on_{type(node).__name__.lower()}", None)
        if special is not None:
            special(node, scope)
        else:
            self.visit_all(children(node), scope)

    def bind(self, name: cst.Name, scope: Scope, bound_as: str, source: cst.CSTNode | None = None) -> None:
        """Bind a name where a statement of the scope says so, honouring ``global`` and ``nonlocal``."""
        self.uses.append((scope, name))
        self.bindings.append(Binding(name, scope, source))
        text = name.value
        if text in scope.global_names:
            self.root.bind(text, bound_as)
        elif text not in scope.nonlocal_names:
            scope.bind(text, bound_as)

    def open(self, kind: str, name: str, node: cst.CSTNode, parent: Scope) -> Scope:
        """Open the scope of a node, inside another."""
        if kind == "comprehension":
            qualname = parent.qualname
        elif parent.kind == "module":
            qualname = name
        elif parent.kind == "class":
            qualname = f"{parent.qualname}.{name}"
        else:
            qualname = name if parent.qualname == "<module>" else f"{parent.qualname}.<locals>.{name}"
        scope = Scope(kind, qualname, node, parent)
        parent.children.append(scope)
        self.by_node[id(node)] = scope
        return scope

    # Names.

    def _on_name(self, node: cst.Name, scope: Scope) -> None:
        self.uses.append((scope, node))

    def _on_attribute(self, node: cst.Attribute, scope: Scope) -> None:
        self.visit(node.value, scope)

    def _on_arg(self, node: cst.Arg, scope: Scope) -> None:
        self.visit(node.value, scope)

    def _target(self, node: cst.CSTNode, scope: Scope, source: cst.CSTNode | None = None) -> None:
        """Bind the names of a target; visit what it computes (`a[i]`, `a.b`)."""
        if isinstance(node, cst.Name):
            self.bind(node, scope, "assigned", source)
        elif isinstance(node, (cst.Tuple, cst.List)):
            for element in node.elements:
                self._target(element.value, scope)
        else:
            self.visit(node, scope)

    def _on_assign(self, node: cst.Assign, scope: Scope) -> None:
        self.visit(node.value, scope)
        for target in node.targets:
            self._target(target.target, scope, node)

    def _on_annassign(self, node: cst.AnnAssign, scope: Scope) -> None:
        self._target(node.target, scope, node)
        self.visit(node.annotation, scope)
        if node.value is not None:
            self.visit(node.value, scope)

    def _on_augassign(self, node: cst.AugAssign, scope: Scope) -> None:
        self._target(node.target, scope, node)
        self.visit(node.value, scope)

    def _on_for(self, node: cst.For, scope: Scope) -> None:
        self.visit(node.iter, scope)
        self._target(node.target, scope, node)
        self.visit(node.body, scope)
        if node.orelse is not None:
            self.visit(node.orelse, scope)

    def _on_del(self, node: cst.Del, scope: Scope) -> None:
        self._target(node.target, scope)

    def _on_asname(self, node: cst.AsName, scope: Scope) -> None:
        self._target(node.name, scope)

    def _on_namedexpr(self, node: cst.NamedExpr, scope: Scope) -> None:
        self.visit(node.value, scope)
        binder = scope
        while binder.kind in ("comprehension", "generator"):
            binder = binder.parent
        self.bind(node.target, binder, "assigned")

    def _on_global(self, node: cst.Global, scope: Scope) -> None:
        for item in node.names:
            self.root.bind(item.name.value, "assigned")
            self.uses.append((scope, item.name))

    def _on_nonlocal(self, node: cst.Nonlocal, scope: Scope) -> None:
        self.uses.extend((scope, item.name) for item in node.names)

    def _on_import(self, node: cst.Import, scope: Scope) -> None:
        self._aliases(node.names, scope)

    def _on_importfrom(self, node: cst.ImportFrom, scope: Scope) -> None:
        if isinstance(node.names, cst.ImportStar):
            self.may_bind_anything = True
            return
        self._aliases(node.names, scope)

    def _aliases(self, aliases: Iterable[cst.ImportAlias], scope: Scope) -> None:
        for alias in aliases:
            name = alias.name if alias.asname is None else alias.asname.name
            while isinstance(name, cst.Attribute):
                name = name.value
            self.bind(name, scope, "import")

    # Patterns.

    def _on_matchas(self, node: cst.MatchAs, scope: Scope) -> None:
        if node.pattern is not None:
            self.visit(node.pattern, scope)
        if node.name is not None:
            self.bind(node.name, scope, "assigned")

    def _on_matchstar(self, node: cst.MatchStar, scope: Scope) -> None:
        if node.name is not None:
            self.bind(node.name, scope, "assigned")

    def _on_matchmapping(self, node: cst.MatchMapping, scope: Scope) -> None:
        self.visit_all(node.elements, scope)
        if node.rest is not None:
            self.bind(node.rest, scope, "assigned")

    def _on_matchkeywordelement(self, node: cst.MatchKeywordElement, scope: Scope) -> None:
        self.visit(node.pattern, scope)

    # Scopes.

    def _on_functiondef(self, node: cst.FunctionDef, scope: Scope) -> None:
        if node.type_parameters is not None:
            raise UnresolvableError("type parameters")
        self.bind(node.name, scope, "function", node)
        self.visit_all(node.decorators, scope)
        if node.returns is not None:
            self.visit(node.returns, scope)
        inner = self.open("function", node.name.value, node, scope)
        self._parameters(node.params, inner, scope)
        _declare(node.body, inner)
        self.visit(node.body, inner)

    def _on_lambda(self, node: cst.Lambda, scope: Scope) -> None:
        inner = self.open("lambda", "<lambda>", node, scope)
        self._parameters(node.params, inner, scope)
        self.visit(node.body, inner)

    def _parameters(self, parameters: cst.Parameters, inner: Scope, outer: Scope) -> None:
        for parameter in all_parameters(parameters):
            self.bind(parameter.name, inner, "parameter", parameter)
            for part in (parameter.annotation, parameter.default):
                if part is not None:
                    self.visit(part, outer)

    def _on_classdef(self, node: cst.ClassDef, scope: Scope) -> None:
        if node.type_parameters is not None:
            raise UnresolvableError("type parameters")
        self.bind(node.name, scope, "class")
        self.visit_all((*node.decorators, *node.bases, *node.keywords), scope)
        inner = self.open("class", node.name.value, node, scope)
        _declare(node.body, inner)
        self.visit(node.body, inner)

    def _on_typealias(self, node: cst.TypeAlias, scope: Scope) -> None:
        raise UnresolvableError("type aliases")

    def _on_listcomp(self, node: cst.BaseComp, scope: Scope) -> None:
        self._comprehension(node, "comprehension", scope)

    _on_setcomp = _on_dictcomp = _on_listcomp

    def _on_generatorexp(self, node: cst.GeneratorExp, scope: Scope) -> None:
        self._comprehension(node, "generator", scope)

    def _comprehension(self, node: cst.BaseComp, kind: str, scope: Scope) -> None:
        inner = self.open(kind, "<genexpr>", node, scope)
        part: cst.CompFor | None = node.for_in
        # Only the first iterable is evaluated in the scope around.
        self.visit(part.iter, scope)
        while part is not None:
            self._target(part.target, inner)
            if part is not node.for_in:
                self.visit(part.iter, inner)
            self.visit_all((test.test for test in part.ifs), inner)
            part = part.inner_for_in
        self.visit_all((node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,), inner)


def all_parameters(parameters: cst.Parameters) -> list[cst.Param]:
    """Every parameter of a function, starred ones included, in order."""
    found = [*parameters.posonly_params, *parameters.params]
    if isinstance(parameters.star_arg, cst.Param):
        found.append(parameters.star_arg)
    found += parameters.kwonly_params
    if parameters.star_kwarg is not None:
        found.append(parameters.star_kwarg)
    return found


def _declare(body: cst.CSTNode, scope: Scope) -> None:
    """Note the ``global`` and ``nonlocal`` names of a scope before anything in it is looked at."""
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, cst.Global):
            scope.global_names.update(item.name.value for item in node.names)
        elif isinstance(node, cst.Nonlocal):
            scope.nonlocal_names.update(item.name.value for item in node.names)
        elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.BaseExpression)):
            waiting.extend(children(node))
