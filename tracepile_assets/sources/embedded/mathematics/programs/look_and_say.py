def read_aloud(digits):
    spoken = ""
    count = 0
    for i, digit in enumerate(digits):
        count += 1
        if i + 1 == len(digits) or digits[i + 1] != digit:
            spoken += str(count) + digit
            count = 0
    return spoken


def look_and_say(start, rounds):
    terms = [start]
    for _ in range(rounds):
        terms.append(read_aloud(terms[-1]))
    return terms
