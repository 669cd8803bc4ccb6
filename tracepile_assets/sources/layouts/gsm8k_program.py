"""Makes a program of the calculations of a word problem, and shows by its own arithmetic that it ends at the answer.

Belongs here: which number is a parameter or an earlier result, rounding, the text of the program. Does not belong here:
finding calculations (`gsm8k_steps`), names and comments (`gsm8k_words`).
"""

import ast
import math
import operator
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

from tracepile_assets.sources.layouts import gsm8k_words as words
from tracepile_assets.sources.layouts.gsm8k_quantities import Quantity, choose, with_plain
from tracepile_assets.sources.layouts.gsm8k_steps import (
    Step,
    annotated_steps,
    lines_of,
    number,
    plain_steps,
    without_annotations,
    worded_steps,
)

Number = int | float


class UnmakableError(Exception):
    """No program comes out of the problem; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A program made of a problem.

    Attributes:
        code: its text.
        function: its entry point.
        arguments: the numbers of the question, as source text.
        expected: the stated answer, as source text.
    """

    code: str
    function: str
    arguments: str
    expected: str


def make_program(question: str, answer: str) -> Made:
    """The program of a problem.

    Raises:
        UnmakableError: the answer states no number, holds no calculations, or they do not lead to it.
    """
    lines, stated = lines_of(answer)
    if stated is None:
        raise UnmakableError("states no number behind ####")
    reached = None
    for find, rounding in product((_all_steps, annotated_steps, plain_steps, _worded_steps), (True, False)):
        steps = find(lines)
        attempt = _Attempt(question, lines, rounding=rounding)
        for place, step in enumerate(steps):
            attempt.take(step, frozenset().union(*map(_numbers, steps[place + 1 :])))
        if attempt.cut_at(number(stated)):
            return attempt.made(repr(number(stated)))
        if steps:
            reached = steps[-1].stated
    if reached is None:
        raise UnmakableError("holds no calculation that leads to its answer")
    raise UnmakableError(f"its calculations do not lead to its answer {stated}; the last of them states {reached}")


def _all_steps(lines: list[str]) -> list[Step]:
    """Annotations, and the equations of lines without one."""
    return _with_others(annotated_steps(lines), plain_steps(lines))


def _worded_steps(lines: list[str]) -> list[Step]:
    """Annotations, and of lines without one the equations with words between their numbers."""
    return _with_others(annotated_steps(lines), worded_steps(lines))


def _with_others(steps: list[Step], others: list[Step]) -> list[Step]:
    with_some = {step.line for step in steps}
    found = [*steps, *(step for step in others if step.line not in with_some)]
    return sorted(found, key=lambda step: (step.line, step.start))


@dataclass(slots=True)
class _Result:
    """An assignment of the program: where it comes from, its name, text and value."""

    step: Step
    name: str
    text: str
    value: Number
    used: set[str]
    about: frozenset[str]


@dataclass(slots=True)
class _Attempt:
    """A program in the making."""

    question: str
    lines: list[str]
    rounding: bool
    results: list[_Result] = field(default_factory=list)
    parameters: dict[str, Number] = field(default_factory=dict)
    about: dict[str, frozenset[str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    givens: list[words.Given] = field(default_factory=list)
    later: frozenset[Number] = frozenset()
    function: str = ""

    def __post_init__(self) -> None:
        self.givens = [*words.givens(self.question)]
        self.function = words.distinct(words.function_name(self.question), self.taken)

    def take(self, step: Step, later: frozenset[Number]) -> None:
        """Append a calculation, unless it repeats an earlier one or comes to something else than it states.

        ``later``: the numbers of the calculations behind it.
        """
        self.later = later
        used: set[str] = set()
        line = without_annotations(self.lines[step.line])
        expression = ast.parse(ast.unparse(step.expression), mode="eval").body
        tree = _Naming(self, used, expression, line, step.start).visit(expression)
        values = self.parameters | {result.name: result.value for result in self.results}
        try:
            value = _value(tree, values)
            text, value = _as_stated(tree, value, step, rounding=self.rounding)
        except (ZeroDivisionError, OverflowError):
            return
        if any(text == result.text for result in self.results) or not _near(value, step):
            return
        name = words.distinct(words.result_name(line, step.end), self.taken)
        self.results.append(_Result(step, name, text, value, used, words.content(line)))

    def cut_at(self, stated: Number) -> bool:
        """Leave out what the last result equal to the answer does not need; False where there is none."""
        ends = [place for place, result in enumerate(self.results) if math.isclose(result.value, stated, rel_tol=1e-9)]
        if not ends:
            return False
        needed = {self.results[ends[-1]].name}
        kept = []
        for result in reversed(self.results[: ends[-1] + 1]):
            if result.name in needed:
                needed |= result.used
                kept.append(result)
        self.results = kept[::-1]
        self.parameters = {name: value for name, value in self.parameters.items() if name in needed}
        return True

    def made(self, expected: str) -> Made:
        """The text of the program, and the numbers of the question as its input."""
        text = [f"def {self.function}({', '.join(self.parameters)}):"]
        line = None
        for result in self.results:
            if result.step.line != line:
                line = result.step.line
                said = words.comment(without_annotations(self.lines[line]))
                text += [f"    # {said}"] if said else []
            text.append(f"    {result.name} = {result.text}")
        text.append(f"    return {self.results[-1].name}")
        imports = ["import math", "", ""] if any("math." in result.text for result in self.results) else []
        return Made(
            code="\n".join([*imports, *text]) + "\n",
            function=self.function,
            arguments=", ".join(map(repr, self.parameters.values())),
            expected=expected,
        )

    def name_of(self, value: Number, here: set[str], needed: int, line: str, end: int) -> str | None:
        """The name of what a number is: a result, or a number of the question; None for nothing but the number.

        Args:
            value: the number.
            here: names that the same calculation uses already.
            needed: how often the number stands in what is left of the calculation.
            line: the sentence of the calculation.
            end: where the calculation ends in it.
        """
        used = here.union(*(result.used for result in self.results))
        found = [
            Quantity(
                "used" if each.name in used else "unused",
                each.name,
                words.content(_spaced(each.name)),
                each.about,
                each.name in here,
                value not in self.later,
            )
            for each in reversed(self.results)
            if each.step.result == value
        ]
        found += [
            Quantity("given", str(place), words.content(_spaced(given.name)), given.about)
            for place, given in enumerate(self.givens)
            if given.value == value
        ]
        found += [
            Quantity("parameter", name, words.content(_spaced(name)), self.about[name], name in here)
            for name, known in reversed(self.parameters.items())
            if known == value
        ]
        found = with_plain(value, found, words.content(line), words.content(self.question))
        if not found:
            return None
        if len(found) == 1:
            return self._named(found[0])
        chosen = choose(found, words.beside(line, end, value, needed), words.content(line), needed)
        return self._named(chosen[0]) if len(chosen) == 1 else self._undecided(chosen)

    def _named(self, one: Quantity) -> str | None:
        if one.kind != "given":
            return one.name or None
        given = self.givens[int(one.name)]
        return self._parameter(given, given.name)

    def _undecided(self, may_be: list[Quantity]) -> str | None:
        """A name that fits each of several quantities; None where the number itself has to do.

        Numbers of the question become a parameter that is called a number. What may be an earlier result stays a
        number: a wrong name would say what nobody has said.
        """
        given = [self.givens[int(each.name)] for each in may_be if each.kind == "given"]
        if len(given) < len(may_be):
            return None
        return self._parameter(given[0], given[0].name if len({each.name for each in given}) == 1 else "number")

    def _parameter(self, given: words.Given, name: str) -> str:
        name = words.distinct(name, self.taken)
        self.parameters[name] = given.value
        self.about[name] = given.about
        self.givens.remove(given)
        return name


def _numbers(step: Step) -> frozenset[Number]:
    return frozenset(node.value for node in ast.walk(step.expression) if isinstance(node, ast.Constant))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


class _Naming(ast.NodeTransformer):
    """Puts names in the place of the numbers that have one, and remembers them."""

    def __init__(self, attempt: _Attempt, used: set[str], expression: ast.expr, line: str, end: int) -> None:
        self._attempt = attempt
        self._used = used
        self._left = Counter(node.value for node in ast.walk(expression) if isinstance(node, ast.Constant))
        self._line = line
        self._end = end

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        name = self._attempt.name_of(node.value, self._used, self._left[node.value], self._line, self._end)
        self._left[node.value] -= 1
        if name is None:
            return ast.Constant(int(node.value) if node.value == int(node.value) else node.value)
        self._used.add(name)
        return ast.Name(name, ast.Load())


_VALUES: dict[type, Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}


def _value(tree: ast.expr, values: dict[str, Number]) -> Number:
    if isinstance(tree, ast.Constant):
        return tree.value
    if isinstance(tree, ast.Name):
        return values[tree.id]
    if isinstance(tree, ast.UnaryOp):
        value = _value(tree.operand, values)
        return -value if isinstance(tree.op, ast.USub) else value
    return _VALUES[type(tree.op)](_value(tree.left, values), _value(tree.right, values))


def _near(value: Number, step: Step) -> bool:
    """Whether a value is the stated one, up to the digits that were written down."""
    return abs(value - step.result) <= max(1.0, abs(step.result) * 0.02)


def _as_stated(tree: ast.expr, value: Number, step: Step, *, rounding: bool) -> tuple[str, Number]:
    """Text and value of the expression, rounded the way the stated result is, where it is."""
    text = ast.unparse(tree)
    if not rounding or math.isclose(value, step.result, rel_tol=1e-9):
        return text, value
    digits = len(step.stated.partition(".")[2])
    ways: list[tuple[str, Number]] = [
        (f"round({text}, {digits})" if digits else f"round({text})", round(value, digits or None))
    ]
    if not digits:
        ways += [(f"math.floor({text})", math.floor(value)), (f"math.ceil({text})", math.ceil(value))]
    return next(((way, rounded) for way, rounded in ways if rounded == step.result), (text, value))
