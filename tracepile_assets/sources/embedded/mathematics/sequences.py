"""Sequences: each term from those before it.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.drawing import call, chance, integers, size
from tracepile_assets.sources.embedded.mathematics.entries import entry


def _collatz_length(n: int) -> int:
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def _collatz_start(rng: Random, level: float) -> str:
    if chance(rng, 0.03):
        return call(1)
    # The size of the start says little about the number of steps, so starts are drawn until one has about as many.
    wanted = size(rng, level, 4, 130)
    drawn = [rng.randint(3, 40 + round(4000 * level)) for _ in range(20)]
    return call(min(drawn, key=lambda n: abs(_collatz_length(n) - wanted)))


def _spoken(rng: Random, level: float) -> str:
    start = "".join(str(rng.randint(1, 4)) * rng.choice((1, 1, 2, 3)) for _ in range(size(rng, level, 1, 3)))
    if start == "22" and chance(rng, 0.8):
        # The one start that reads itself aloud: good once, dull otherwise.
        start = "12"
    return call(start, size(rng, level, 1, 8 - len(start) // 3))


def _fraction(rng: Random, level: float) -> str:
    numerator, denominator = rng.randint(1, 3), 1
    for _ in range(size(rng, level, 1, 26)):
        numerator, denominator = numerator * rng.choice((1, 1, 2, 2, 3, 5)) + denominator, numerator
    if chance(rng, 0.5):
        numerator, denominator = denominator, numerator
    return call(-numerator if chance(rng, 0.1) else numerator, denominator)


def _recurrence(rng: Random, level: float) -> str:
    order = size(rng, level, 1, 4)
    coefficients = (
        [rng.choice((-2, 2, 3, 4))] if order == 1 else [rng.choice((-2, -1, 1, 1, 1, 2, 3)) for _ in range(order)]
    )
    start = integers(rng, order, 0 if order > 1 else 1, 5)
    n = rng.randrange(order) if chance(rng, 0.06) else order + size(rng, level, 1, 28)
    return call(coefficients, start, n)


def _values(rng: Random, level: float) -> str:
    degree = size(rng, level, 1, 5)
    coefficients = [*integers(rng, degree, -3, 5), rng.choice((-2, -1, 1, 2, 3))]
    count = degree + size(rng, level, 2, 7)
    values = [sum(c * x**power for power, c in enumerate(coefficients)) for x in range(1, count + 1)]
    if chance(rng, 0.15):
        values[rng.randrange(count)] += rng.choice((-2, -1, 1, 2))
    return call(values)


ENTRIES = (
    entry(
        "collatz",
        "Halve or triple plus one",
        "Starting from a positive whole number, halve an even number, and triple an odd one and add 1, until 1 is "
        "reached. Return the number of steps and the largest number on the way.",
        _collatz_start,
    ),
    entry(
        "look_and_say",
        "Look and say",
        "Each term of a sequence reads the one before it aloud: 1211 is one 1, one 2, two 1s, so 111221 follows. "
        "Given the "
        "first term as a string of digits and a number of rounds, return the list of all terms.",
        _spoken,
    ),
    entry(
        "continued_fraction",
        "Convergents of a fraction",
        "Write a fraction as a continued fraction, and return its convergents from first to last, each as a pair of "
        "numerator and denominator.",
        _fraction,
    ),
    entry(
        "linear_recurrence",
        "Linear recurrence",
        "Each term of a sequence is a sum of fixed multiples of the terms before it: coefficients[0] times the last "
        "one, "
        "coefficients[1] times the one before it, and so on. Given the first terms, find term number n, counting from "
        "0.",
        _recurrence,
    ),
    entry(
        "next_by_differences",
        "The next number",
        "Continue a list of numbers by one: take differences of neighbors until they are all equal, and work back from "
        "there.",
        _values,
    ),
)
