def linear_recurrence(coefficients, start, n):
    window = list(start)
    if n < len(window):
        return window[n]
    for _ in range(n - len(window) + 1):
        following = 0
        for coefficient, term in zip(coefficients, reversed(window)):
            following += coefficient * term
        window.append(following)
        window.pop(0)
    return window[-1]
