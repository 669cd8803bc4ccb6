"""Algebra: matrices, linear systems, polynomials.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.drawing import call, chance, integers, size
from tracepile_assets.sources.embedded.mathematics.entries import entry


def _matrix(rng: Random, count: int, low: int, high: int) -> list[list[int]]:
    return [integers(rng, count, low, high) for _ in range(count)]


def _square(rng: Random, level: float) -> str:
    count = 1 if chance(rng, 0.03) else size(rng, level, 2, 5)
    matrix = _matrix(rng, count, -5, 9)
    for row in matrix:
        for column in range(count):
            if chance(rng, 0.15 + 0.25 * (count > 4)):
                row[column] = 0
    if count > 1 and chance(rng, 0.12):
        matrix[-1] = [2 * value for value in matrix[0]]
    return call(matrix)


def _system(rng: Random, level: float) -> str:
    count = 1 if chance(rng, 0.03) else size(rng, level, 2, 5)
    coefficients = _matrix(rng, count, -4, 6)
    if count > 1 and chance(rng, 0.07):
        coefficients[-1] = [-value for value in coefficients[0]]
    if chance(rng, 0.6):
        solution = integers(rng, count, -5, 9)
        constants = [sum(a * x for a, x in zip(row, solution, strict=True)) for row in coefficients]
    else:
        constants = integers(rng, count, -9, 12)
    return call(coefficients, constants)


def _power(rng: Random, level: float) -> str:
    count = 1 if level < 0.1 and chance(rng, 0.3) else (2 if level < 0.6 else rng.choice((2, 2, 3)))
    exponent = 0 if chance(rng, 0.05) else size(rng, level, 1, 9 if count == 3 else 60)
    matrix = _matrix(rng, count, -1 if count == 3 else 0, 3)
    if sum(row.count(0) for row in matrix) > count:
        matrix[0] = integers(rng, count, 1, 2)
    return call(matrix, exponent)


def _division(rng: Random, level: float) -> str:
    divisor = [1, *integers(rng, size(rng, level, 1, 6), -4, 5)]
    degree = len(divisor) - (1 if chance(rng, 0.06) else 0) + size(rng, level, 0, 15)
    dividend = [rng.randint(1, 6), *integers(rng, degree - 1, -6, 9)]
    if chance(rng, 0.3):
        # A multiple of the divisor: nothing is left over.
        quotient = [rng.randint(1, 4), *integers(rng, size(rng, level, 0, 12), -3, 4)]
        dividend = [0] * (len(quotient) + len(divisor) - 1)
        for i, a in enumerate(quotient):
            for j, b in enumerate(divisor):
                dividend[i + j] += a * b
    return call(dividend, divisor)


ENTRIES = (
    entry(
        "determinant",
        "Determinant",
        "Compute the determinant of a square matrix of whole numbers by expanding it along its first row.",
        _square,
    ),
    entry(
        "solve_linear_system",
        "System of linear equations",
        "Solve a system of as many linear equations as unknowns exactly, in fractions. Return the unknowns as texts "
        "such "
        "as '3' or '-1/2', or None if the equations do not have exactly one solution.",
        _system,
    ),
    entry(
        "matrix_power",
        "Power of a matrix",
        "Raise a square matrix of whole numbers to a power that is not negative.",
        _power,
    ),
    entry(
        "divide_polynomials",
        "Division of polynomials",
        "Divide one polynomial by another whose first coefficient is 1. Polynomials are lists of coefficients, the "
        "highest "
        "power first. Return the quotient and what is left over.",
        _division,
    ),
)
