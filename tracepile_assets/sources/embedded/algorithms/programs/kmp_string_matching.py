def border_lengths(pattern):
    borders = [0] * len(pattern)
    length = 0
    for i in range(1, len(pattern)):
        while length > 0 and pattern[i] != pattern[length]:
            length = borders[length - 1]
        if pattern[i] == pattern[length]:
            length += 1
        borders[i] = length
    return borders


def kmp_string_matching(text, pattern):
    borders = border_lengths(pattern)
    matches = []
    matched = 0
    for i, letter in enumerate(text):
        while matched > 0 and letter != pattern[matched]:
            matched = borders[matched - 1]
        if letter == pattern[matched]:
            matched += 1
        if matched == len(pattern):
            matches.append(i - len(pattern) + 1)
            matched = borders[matched - 1]
    return matches
