from fractions import Fraction


def find_pivot(rows, start):
    for i in range(start, len(rows)):
        if rows[i][start] != 0:
            return i
    return None


def solve_linear_system(coefficients, constants):
    size = len(coefficients)
    rows = []
    for row, constant in zip(coefficients, constants):
        rows.append([Fraction(value) for value in row] + [Fraction(constant)])
    for step in range(size):
        pivot = find_pivot(rows, step)
        if pivot is None:
            return None
        rows[step], rows[pivot] = rows[pivot], rows[step]
        lead = rows[step][step]
        rows[step] = [value / lead for value in rows[step]]
        for i in range(size):
            factor = rows[i][step]
            if i != step and factor != 0:
                rows[i] = [a - factor * b for a, b in zip(rows[i], rows[step])]
    return [str(row[-1]) for row in rows]
