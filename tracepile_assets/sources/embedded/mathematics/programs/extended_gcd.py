def extended_gcd(a, b):
    if b == 0:
        return a, 1, 0
    divisor, x, y = extended_gcd(b, a % b)
    return divisor, y, x - (a // b) * y
