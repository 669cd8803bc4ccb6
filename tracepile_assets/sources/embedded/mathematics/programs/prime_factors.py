def prime_factors(n):
    exponents = {}
    divisor = 2
    while divisor * divisor <= n:
        while n % divisor == 0:
            exponents[divisor] = exponents.get(divisor, 0) + 1
            n //= divisor
        divisor += 1 if divisor == 2 else 2
    if n > 1:
        exponents[n] = exponents.get(n, 0) + 1
    return exponents
