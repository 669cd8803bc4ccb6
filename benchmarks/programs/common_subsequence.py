def common_subsequence(left, right):
    """A longest sequence of letters that occurs in both words in this order."""
    table = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i, a in enumerate(left, start=1):
        for j, b in enumerate(right, start=1):
            if a == b:
                table[i][j] = table[i - 1][j - 1] + 1
            else:
                table[i][j] = max(table[i - 1][j], table[i][j - 1])
    letters = []
    i, j = len(left), len(right)
    while i and j:
        if left[i - 1] == right[j - 1]:
            letters.append(left[i - 1])
            i, j = i - 1, j - 1
        elif table[i - 1][j] >= table[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return "".join(reversed(letters))


def main():
    return common_subsequence("DETERMINISTICALLY", "INDISCRIMINATELYX")
