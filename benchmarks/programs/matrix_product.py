def product(left, right):
    """The product of two matrices."""
    rows, inner, columns = len(left), len(right), len(right[0])
    result = [[0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            total = 0
            for k in range(inner):
                total += left[i][k] * right[k][j]
            result[i][j] = total
    return result


def main():
    left = [[(5 * i + 2 * j) % 9 - 4 for j in range(11)] for i in range(9)]
    right = [[(i + 3 * j) % 8 for j in range(10)] for i in range(11)]
    return product(left, right)
