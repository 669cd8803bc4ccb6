def primes_below(limit):
    """The primes below a limit."""
    is_prime = [True] * limit
    is_prime[0] = is_prime[1] = False
    candidate = 2
    while candidate * candidate < limit:
        if is_prime[candidate]:
            for multiple in range(candidate * candidate, limit, candidate):
                is_prime[multiple] = False
        candidate += 1
    return [number for number in range(limit) if is_prime[number]]


def main():
    found = primes_below(450)
    gaps = {}
    for smaller, larger in zip(found, found[1:]):
        gap = larger - smaller
        gaps[gap] = gaps.get(gap, 0) + 1
    return sum(found), gaps
