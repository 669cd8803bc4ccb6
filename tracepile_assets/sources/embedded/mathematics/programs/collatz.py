def collatz(n):
    steps = 0
    peak = n
    while n != 1:
        if n % 2 == 0:
            n //= 2
        else:
            n = 3 * n + 1
            peak = max(peak, n)
        steps += 1
    return steps, peak
