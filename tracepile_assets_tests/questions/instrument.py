"""What a program really does, found without any recorder: probes are written into its source, and it is run.

Before each statement, after each assignment and in the bodies of loops and branches a probe notes the local variables.
The numbering of statements (preorder, exception handlers included) is the documented one, counted here anew.
"""

import ast
import io
import sys
from collections import Counter, defaultdict
from typing import Any

from .corpus import Case

_ENTER, _PROBE, _CALL = "__enter_call__", "__probe__", "__call_number__"


class Truth:
    """The moments of one run: variables (name -> ``repr``) and counts, by the canonical names of moments.

    ``before``: (function, call, statement, visit) -> variables. ``assigned``: (function, call, variable) -> its values
    after each assignment, in order. ``ends``: (function, call, loop, run) -> the variables at the end of each
    iteration, None for one that was left early. ``went``: (function, call, statement, visit) -> whether a test held.
    ``steps``: (function, call) -> its statements as they are executed; a loop's header each time it is come to.
    """

    def __init__(self, case: Case) -> None:
        """Run the program."""
        self.before: dict[tuple, dict[str, str]] = {}
        self.assigned: dict[tuple, list[str]] = defaultdict(list)
        self.ends: dict[tuple, list[dict[str, str] | None]] = {}
        self.went: dict[tuple, bool] = {}
        self.visits: Counter[tuple] = Counter()
        self.steps: dict[tuple, list[int]] = defaultdict(list)
        self._runs: Counter[tuple] = Counter()
        self._calls: Counter[str] = Counter()
        tree = ast.parse(case.code)
        self.nodes = _number(tree)
        _Probes().module(tree)
        ast.fix_missing_locations(tree)
        self.result, self.stdout = self._run(case, compile(tree, "<instrumented>", "exec"))

    def _run(self, case: Case, code: Any) -> tuple[Any, str]:
        namespace = {"__name__": "__main__", _ENTER: self._enter, _PROBE: self._probe, _CALL: 1}
        streams = sys.stdin, sys.stdout
        sys.stdin, sys.stdout = io.StringIO(case.stdin or ""), io.StringIO()
        try:
            exec(code, namespace)
            if case.entry_point is None:
                return None, sys.stdout.getvalue()
            self.__init_moments()
            return eval(f"{case.entry_point}({case.arguments})", namespace), sys.stdout.getvalue()
        finally:
            sys.stdin, sys.stdout = streams

    def __init_moments(self) -> None:
        kept = (self.before, self.assigned, self.ends, self.went, self.visits, self.steps, self._runs, self._calls)
        for moments in kept:
            moments.clear()

    @property
    def calls(self) -> Counter[str]:
        """How often each function was called."""
        return self._calls

    def _enter(self, function: str) -> int:
        self._calls[function] += 1
        return self._calls[function]

    def _probe(self, what: str, number: int, function: str, call: int, variables: dict[str, Any]) -> None:
        key = (function, call, number)
        if what == "loop":
            self._runs[key] += 1
            self.ends[(*key, self._runs[key])] = []
            return
        if what == "else":
            return
        seen = {name: _text(value) for name, value in variables.items() if not name.startswith("__")}
        if what == "before":
            self.visits[key] += 1
            self.steps[function, call].append(number)
            self.before[(*key, self.visits[key])] = seen
            if isinstance(self.nodes[number], ast.If):
                self.went[(*key, self.visits[key])] = False
        elif what == "after":
            for name in _names(self.nodes[number]):
                self.assigned[function, call, name].append(seen[name])
        elif what == "into" and isinstance(self.nodes[number], ast.If):
            self.went[(*key, self.visits[key])] = True
        elif what == "into":
            self.ends[(*key, self._runs[key])].append(None)
            if isinstance(self.nodes[number], ast.For):
                for name in _names(self.nodes[number]):
                    self.assigned[function, call, name].append(seen[name])
        elif what == "end":
            self.steps[function, call].append(number)
            self.ends[(*key, self._runs[key])][-1] = seen


def _text(value: Any) -> str:
    try:
        return repr(value)
    except Exception:
        return "?"


def _number(tree: ast.Module) -> list[ast.AST]:
    found: list[ast.AST] = []

    def look(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt | ast.ExceptHandler):
                child.number = len(found)
                found.append(child)
            look(child)

    look(tree)
    return found


def _names(node: ast.AST) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    stored = [n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    return list(dict.fromkeys(n.id for n in stored if isinstance(n.ctx, ast.Store)))


class _Probes:
    """Writes the probes into a tree."""

    def module(self, tree: ast.Module) -> None:
        tree.body = self.block(tree.body, "<module>", [])

    def probe(self, what: str, number: int, function: str) -> ast.stmt:
        return ast.parse(f"{_PROBE}({what!r}, {number}, {function!r}, {_CALL}, locals())").body[0]

    def block(self, body: list[ast.stmt], function: str, loops: list[int]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for node in body:
            number = node.number
            if isinstance(node, ast.Global | ast.Nonlocal):
                made.append(node)
                continue
            if isinstance(node, ast.Continue):
                made += [self.probe("before", number, function), self.probe("end", loops[-1], function), node]
                continue
            made.append(self.probe("before", number, function))
            if isinstance(node, ast.For | ast.While):
                made.append(self.probe("loop", number, function))
            self.inside(node, function, loops)
            made.append(node)
            if isinstance(node, ast.Assign | ast.AugAssign):
                made.append(self.probe("after", number, function))
        return made

    def inside(self, node: ast.stmt, function: str, loops: list[int]) -> None:
        if isinstance(node, ast.FunctionDef):
            self.function(node, function)
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    self.function(each, node.name, ".")
        elif isinstance(node, ast.For | ast.While):
            body = self.block(node.body, function, [*loops, node.number])
            node.body = [self.probe("into", node.number, function), *body, self.probe("end", node.number, function)]
            node.orelse = self.block(node.orelse, function, loops)
        elif isinstance(node, ast.If):
            node.body = [self.probe("into", node.number, function), *self.block(node.body, function, loops)]
            node.orelse = self.block(node.orelse, function, loops)
        elif isinstance(node, ast.Try):
            for name in ("body", "orelse", "finalbody"):
                setattr(node, name, self.block(getattr(node, name), function, loops))
            for handler in node.handlers:
                handler.body = self.block(handler.body, function, loops)
        elif isinstance(node, ast.With):
            node.body = self.block(node.body, function, loops)

    def function(self, node: ast.FunctionDef, outer: str, between: str = ".<locals>.") -> None:
        name = node.name if outer == "<module>" else f"{outer}{between}{node.name}"
        enter = ast.parse(f"{_CALL} = {_ENTER}({name!r})").body[0]
        node.body = [enter, *self.block(node.body, name, [])]
