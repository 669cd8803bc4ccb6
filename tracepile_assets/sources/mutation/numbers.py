"""Changes to numbers and truth values.

Belongs here: what another number is worth trying. Does not belong here: where it stands (``values``).
"""

import math
from random import Random

from tracepile_assets.sources.mutation.knowledge import Common

_SMALL = (0, 1, -1, 2, 3, 10)
_LEAST_BOUND = 100
_SIGN_CHANCE = 0.15


def other_int(rng: Random, value: int, common: Common, pool: list, constants: list[int]) -> int:
    """Another whole number: near, seen, small, compared with in the program, or of the size of those seen."""
    way = rng.randrange(8)
    if way == 0:
        found = value + rng.choice((-1, 1))
    elif way == 1 and constants:
        found = rng.choice(constants) + rng.choice((0, 0, -1, 1))
    elif way == 2 and pool:
        found = rng.choice(pool)
    elif way == 3:
        found = rng.choice(_SMALL)
    elif way == 4:
        found = rng.choice((-value, value * 2, value // 2, value * 10, value + 10))
    elif way == 5:
        digits = list(str(abs(value)))
        digits[rng.randrange(len(digits))] = rng.choice("0123456789")
        found = int("".join(rng.choice((digits, sorted(digits), digits[::-1], digits + digits[::-1]))))
    else:
        found = rng.randint(min(0, int(common.low) - 1), max(10, int(common.high) * rng.choice((1, 1, 2)) + 1))
    bound = max(_LEAST_BOUND, 4 * int(max(abs(common.low), abs(common.high))))
    if abs(found) > bound:
        found = rng.randint(0, bound)
    if found < 0 and not common.signed and rng.random() > _SIGN_CHANCE:
        found = -found
    return found


def other_float(rng: Random, value: float, common: Common, pool: list, constants: list) -> float:
    """Another floating-point number, as ``other_int``; a half and a quarter are as near as it gets."""
    if not math.isfinite(value):
        return rng.choice((0.0, 1.0, -1.0))
    way = rng.randrange(6)
    if way == 0:
        found = value + rng.choice((-1.0, -0.5, -0.25, 0.25, 0.5, 1.0))
    elif way == 1 and constants:
        found = float(rng.choice(constants))
    elif way == 2 and pool:
        found = float(rng.choice(pool))
    elif way == 3:
        found = float(rng.choice(_SMALL))
    elif way == 4:
        found = rng.choice((-value, value * 2, value / 2, float(math.floor(value))))
    else:
        low, high = min(0.0, common.low - 1), max(10.0, common.high * 2)
        found = round(rng.uniform(low, high), rng.choice((0, 1, 2))) if math.isfinite(high - low) else 0.5
    if found < 0 and not common.signed and rng.random() > _SIGN_CHANCE:
        found = -found
    return found
