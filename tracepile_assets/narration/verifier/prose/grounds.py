"""Where a single value in free prose can come from: the run, the code, the input, or arithmetic.

Belongs here: looking values up. Does not belong here: which values a sentence holds (``checks``).
"""

import ast
import copy
import math
from collections.abc import Callable
from functools import cached_property
from typing import Any

from tracepile_assets.narration.verifier.expressions import canonical, parse
from tracepile_assets.narration.verifier.prose.facts import Facts
from tracepile_assets.narration.verifier.prose.reading import as_code, binary
from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, Recorded, evaluate
from tracepile_assets.trace_model.replay import State
from tracepile_assets.trace_model.values import Unknown

_ORDINARY = (
    "a i sum list last first low high left right max min total index number string text word words value values "
    "current previous next prev new old items item length size temp start end result count rest answer step "
    "steps key keys row rows column columns digit digits char character letter top bottom left right node child "
    "parent root path best power base target window stack queue set map pair pairs level mask base odd even "
    "half product difference remainder parity order place position output input data name year month day time "
    "sign factor term table grid matrix array tuple dict"
)


class Grounds:
    """Lookups in the facts of one run."""

    ordinary = frozenset(_ORDINARY.split())
    """Names that programs give and that are ordinary words as well."""

    def __init__(self, facts: Facts) -> None:
        """Keep the facts."""
        self.facts = facts
        self._literals: dict[str, tuple[Any] | None] = {}

    @property
    def lines(self) -> int:
        """Number of lines of the code."""
        return self.facts.trace.code.count("\n") + 1

    @cached_property
    def whole_numbers(self) -> set[int]:
        """Whole numbers that occur as values."""
        return {value for type_, value in self.facts.values if type_ is int}

    def computed(self, node: ast.expr) -> tuple[Any] | None:
        """The value of an expression without names, in a tuple; None where it has none that can be worked out."""
        try:
            value = evaluate(node, State(), None)
        except (Abstain, EvaluatedToError, Unknown, RecursionError, ValueError, OverflowError):
            return None
        return None if isinstance(value, Recorded) else (value,)

    def literal(self, text: str) -> tuple[Any] | None:
        """The value that a value text is, in a tuple."""
        if text not in self._literals:
            node = parse(text)
            self._literals[text] = None if node is None else self.computed(node)
        return self._literals[text]

    def fails(self, node: ast.expr) -> bool:
        """Whether working an expression out raises."""
        try:
            evaluate(node, State(), None)
        except EvaluatedToError:
            return True
        except (Abstain, Unknown, RecursionError, ValueError, OverflowError):
            return False
        return False

    def is_so(self, left: ast.expr, right: ast.expr, alike: Callable[[Any, Any], bool]) -> bool:
        """Whether an equation holds; digits may be meant in base two, and `^` as a power where the code has none."""
        one, other = self.computed(left), self.computed(right)
        if one is None or other is None:
            return False
        if alike(one[0], other[0]) or self.in_base_two(left, right):
            return True
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.BitXor) and "^" not in self.facts.trace.code:
            power = self.computed(ast.BinOp(left.left, ast.Pow(), left.right))
            return power is not None and alike(power[0], other[0])
        return False

    def in_base_two(self, left: ast.expr, right: ast.expr) -> bool:
        """Whether an equation of digits 0 and 1 holds when they are read in base two."""
        both = [_from_base_two(node) for node in (left, right)]
        values = [None if node is None else self.computed(node) for node in both]
        return values[0] is not None and values[0] == values[1]

    def is_loose(self, node: ast.expr) -> bool:
        """Whether nothing is known to be wrong with an expression that has no value in the run: a name of a value that
        is no state, or a call of the program's own function."""
        return any(
            isinstance(part, ast.Call | ast.Attribute)
            or (isinstance(part, ast.Name) and not self._is_variable(part.id))
            for part in ast.walk(node)
        )

    def _is_variable(self, name: str) -> bool:
        return name in self.facts.history

    @cached_property
    def _code(self) -> str:
        return as_code(self.facts.trace.code)

    def is_quoted(self, text: str) -> bool:
        """Whether a text stands in the code, white space apart."""
        plain = as_code(text)
        return bool(plain) and (plain in self._code or plain.replace('"', "'") in self._code.replace('"', "'"))

    @cached_property
    def _strings(self) -> list[str]:
        found = {value for type_, value in self.facts.values if type_ is str}
        run = self.facts.trace.recording
        return [*sorted(found), run.stdout, self.facts.trace.code, self.facts.trace.stdin or "", run.exception or ""]

    def occurs_in_text(self, text: str) -> bool:
        """Whether a string stands in any string of the run, the code or the output, or is spelled by a number of it."""
        if any(text in known for known in self._strings) or text.strip(" .,;:!?") == "":
            return True
        return any(text == str(value) or text[::-1] == str(value) for type_, value in self.facts.values if type_ is int)

    def has_number(self, value: int | float) -> bool:
        """Whether a number occurs: as a value, a size or a count, with either sign, or as digits of a longer one."""
        if abs(value) <= 2:
            return True
        for type_ in (int, float):
            if (type_, value) in self.facts.values or (type_, -value) in self.facts.values:
                return True
        if isinstance(value, int):
            if value in self.facts.sizes or value in self.facts.executions:
                return True
            if any(str(value) in text for text in self._strings[:-4] if text.isdigit() and len(text) < 40):
                return True
            digits = binary(str(value))
            if digits is not None and (int, digits) in self.facts.values:
                return True
            if any(value in known for known in self._ranges):
                return True
            if abs(value) > 99 and any(str(abs(value)) in digits for digits in self._digits):
                return True
        return any(type_ is float and math.isclose(known, value, rel_tol=1e-9) for type_, known in self.facts.values)

    @cached_property
    def _ranges(self) -> list[range]:
        found = (self.literal(text) for text in self.facts.texts if text.startswith("range("))
        return [known[0] for known in found if known and isinstance(known[0], range)]

    @cached_property
    def _digits(self) -> list[str]:
        """Digits of long numbers, and of rows of single digits."""
        found = [str(abs(number)) for number in self.whole_numbers if abs(number) > 999]
        rows = [known for known in self._containers if isinstance(known, list | tuple) and len(known) > 1]
        plain = (row for row in rows if all(type(each) is int and 0 <= each <= 9 for each in row))
        return found + ["".join(map(str, row)) for row in plain]

    def is_near(self, value: int | float) -> bool:
        """Whether a number that is given roughly is close to one of the run."""
        numbers = [known for type_, known in self.facts.values if type_ in (int, float)]
        roots = [math.sqrt(known) for known in numbers if 0 <= known < 1e15]
        return any(math.isclose(known, value, rel_tol=0.02) for known in [*numbers, *roots])

    def has_container(self, node: ast.expr) -> bool:
        """Whether a container is a value of the run, or a row of neighbours in one, or all that one holds."""
        text = canonical(ast.unparse(node))
        if text in self.facts.texts or ast.unparse(node) in self.facts.trace.code:
            return True
        told = self.computed(node)
        if told is None:
            return False
        return any(_holds(known, told[0]) for known in self._containers)

    @cached_property
    def _containers(self) -> list[Any]:
        found = []
        for text in self.facts.texts:
            if text[:1] in "[({":
                known = self.literal(text)
                if known is not None:
                    found.append(known[0])
        return found


def _holds(known: Any, told: Any) -> bool:
    if known == told and type(known) is type(told):
        return True
    if isinstance(told, list | tuple) and isinstance(known, list | tuple):
        size = len(told)
        parts = [list(known[at : at + size]) for at in range(len(known) - size + 1)]
        return list(told) in parts
    if isinstance(told, set) and isinstance(known, list | tuple | dict):
        return all(each in known for each in told) and len(told) == len(known)
    if isinstance(told, list | tuple) and isinstance(known, set | dict):
        return len(told) == len(known) and all(each in known for each in told)
    return False


def _from_base_two(node: ast.expr) -> ast.expr | None:
    """An expression whose numbers are written in base two, with their values."""

    class Numbers(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.Constant:
            value = binary(str(node.value)) if isinstance(node.value, int) else None
            if value is None:
                raise ValueError
            return ast.Constant(value)

    try:
        return Numbers().visit(copy.deepcopy(node))
    except ValueError:
        return None
