def minor(matrix, column):
    return [row[:column] + row[column + 1 :] for row in matrix[1:]]


def determinant(matrix):
    if len(matrix) == 1:
        return matrix[0][0]
    total = 0
    sign = 1
    for column, value in enumerate(matrix[0]):
        if value != 0:
            total += sign * value * determinant(minor(matrix, column))
        sign = -sign
    return total
