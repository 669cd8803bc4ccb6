def factorial(n):
    product = 1
    for factor in range(2, n + 1):
        product *= factor
    return product


def choose(n, k):
    return factorial(n) // (factorial(k) * factorial(n - k))


def count_surjections(balls, boxes):
    total = 0
    sign = 1
    for empty in range(boxes + 1):
        total += sign * choose(boxes, empty) * (boxes - empty) ** balls
        sign = -sign
    return total
