# Polynomials are lists of coefficients, highest power first; the divisor begins with 1.


def strip_zeros(coefficients):
    start = 0
    while start < len(coefficients) - 1 and coefficients[start] == 0:
        start += 1
    return coefficients[start:]


def divide_polynomials(dividend, divisor):
    rest = list(dividend)
    quotient = []
    while len(rest) >= len(divisor):
        lead = rest[0]
        quotient.append(lead)
        for i in range(1, len(divisor)):
            rest[i] -= lead * divisor[i]
        rest.pop(0)
    return quotient or [0], strip_zeros(rest) or [0]
