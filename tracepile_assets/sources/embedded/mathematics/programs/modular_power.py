def modular_power(base, exponent, modulus):
    result = 1 % modulus
    square = base % modulus
    while exponent > 0:
        if exponent % 2 == 1:
            result = result * square % modulus
        square = square * square % modulus
        exponent //= 2
    return result
