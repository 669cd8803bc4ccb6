"""Compares what a run gave with what its source states.

Belongs here: equality of a result with a stated output (``==``, a relative 1e-9 on floats) walked over plain values.
Does not belong here: strict equality and graders.
"""

from collections import Counter, deque
from types import CodeType

from .codecs import Nodes

_TOLERANCE = 1e-9
_NUMBERS = (int, float, complex, bool)


def compiled(expected: str) -> CodeType | None:
    """The stated expression; None where it is none."""
    try:
        return compile(f"({expected})", "<expected>", "eval")
    except Exception:
        return None


def agrees(
    is_stdin: bool,
    result: list,
    stdout: str,
    expected: str | CodeType,
    namespace: dict,
    codec: tuple[dict, Nodes],
) -> bool | None:
    """Whether a run gave what is stated: stdout up to trailing whitespace, or a value equal to the stated expression.

    ``codec`` is what ``codecs.known`` gives: nodes of its classes are equal if their attributes are. None where the
    statement itself cannot be evaluated, or ends in a way of its own (``exit()``).
    """
    if is_stdin:
        return _lines(stdout) == _lines(expected)
    try:
        wanted = eval(expected, {**namespace, **codec[0]})
        return equal(result[0], wanted, codec[1])
    except BaseException:
        return None


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def equal(a: object, b: object, nodes: Nodes = ()) -> bool:
    """``==`` with a relative 1e-9 on floats, also inside containers, and in objects of the classes of ``nodes``."""
    pairs = [(a, b)]
    seen: set[tuple[int, int]] = set()
    while pairs:
        x, y = pairs.pop()
        if x is y:
            continue
        if isinstance(x, _NUMBERS) and isinstance(y, _NUMBERS):
            if not _numbers_equal(x, y):
                return False
            continue
        key = (id(x), id(y))
        if key in seen:
            continue
        seen.add(key)
        if _both(x, y, (list,)) or _both(x, y, (tuple,)) or _both(x, y, (deque,)):
            if len(x) != len(y):
                return False
            pairs.extend(zip(x, y, strict=True))
        elif _both(x, y, (dict,)) and not (type(x) is Counter and type(y) is Counter):
            if len(x) != len(y) or any(key not in y for key in x):
                return False
            pairs.extend((x[key], y[key]) for key in x)
        elif attributes := next((names for kind, names in nodes if type(x) is kind and type(y) is kind), ()):
            pairs.extend((getattr(x, name, None), getattr(y, name, None)) for name in attributes)
        elif not (x == y):  # noqa: SIM201 - the values decide what `==` means
            return False
    return True


def _both(x: object, y: object, kinds: tuple) -> bool:
    return isinstance(x, kinds) and isinstance(y, kinds)


def _numbers_equal(x, y) -> bool:
    if x == y:
        return True
    if isinstance(x, float) or isinstance(y, float):
        if x != x and y != y:
            return True
        try:
            return abs(x - y) <= _TOLERANCE * max(abs(x), abs(y))
        except (OverflowError, TypeError):
            return False
    return False
