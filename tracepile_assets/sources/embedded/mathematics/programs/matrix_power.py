def multiply(left, right):
    size = len(left)
    product = [[0] * size for _ in range(size)]
    for i in range(size):
        for j in range(size):
            for k in range(size):
                product[i][j] += left[i][k] * right[k][j]
    return product


def matrix_power(matrix, exponent):
    size = len(matrix)
    result = [[int(i == j) for j in range(size)] for i in range(size)]
    while exponent:
        if exponent & 1:
            result = multiply(result, matrix)
        exponent >>= 1
        if exponent:
            matrix = multiply(matrix, matrix)
    return result
