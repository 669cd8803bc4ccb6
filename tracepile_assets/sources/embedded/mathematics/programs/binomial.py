def binomial(n, k, known=None):
    if known is None:
        known = {}
    if k < 0 or k > n:
        return 0
    if k == 0 or k == n:
        return 1
    if (n, k) not in known:
        without_last = binomial(n - 1, k, known)
        with_last = binomial(n - 1, k - 1, known)
        known[n, k] = without_last + with_last
    return known[n, k]
