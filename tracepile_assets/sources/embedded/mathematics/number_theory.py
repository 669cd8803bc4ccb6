"""Number theory: divisors, primes, residues, positional notation.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.drawing import call, chance, magnitude, size
from tracepile_assets.sources.embedded.mathematics.entries import entry

DIGITS = "0123456789abcdef"
LARGER_PRIMES = (53, 59, 61, 67, 71, 97, 101, 127, 151, 163, 199, 211, 241, 307)
SMALL_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)


def _two_numbers(rng: Random, level: float) -> str:
    if chance(rng, 0.08):
        return call(magnitude(rng, level, 6, 10**9), 0)
    # Neighbours of the Fibonacci sequence make Euclid's algorithm take the most steps.
    a, b = 1, 1
    for _ in range(size(rng, level, 3, 40)):
        a, b = a + b * rng.choice((1, 1, 2, 3)), a
    factor = rng.randint(1, 6)
    return call(a * factor, b * factor) if chance(rng, 0.7) else call(b * factor, a * factor)


def _composite(rng: Random, level: float) -> str:
    if chance(rng, 0.06):
        return call(rng.choice((1, 2, 3)))
    number = 1
    for _ in range(size(rng, level, 2, 6)):
        number *= rng.choice(SMALL_PRIMES[: size(rng, level, 4, len(SMALL_PRIMES))])
    if chance(rng, 0.2 + 0.3 * level):
        number *= rng.choice(LARGER_PRIMES)
    elif level > 0.4 and chance(rng, 0.6):
        # Two large factors: the search runs through all candidates up to the smaller one.
        number = number % 90 * rng.choice(LARGER_PRIMES) * rng.choice(LARGER_PRIMES) or LARGER_PRIMES[-1]
    return call(number)


def _power(rng: Random, level: float) -> str:
    base = rng.randint(2, 60)
    exponent = 0 if chance(rng, 0.05) else magnitude(rng, level, 5, 2**60)
    modulus = 1 if chance(rng, 0.04) else rng.randint(3, 40 + round(960 * level))
    return call(base, exponent, modulus)


def _congruences(rng: Random, level: float) -> str:
    count = 1 if chance(rng, 0.03) else size(rng, level, 2, 5)
    moduli = rng.sample((2, 3, 5, 7, 9, 11, 13, 16, 17, 19), count)
    shared = chance(rng, 0.35)
    if shared:
        moduli = [rng.choice((4, 6, 8, 9, 10, 12, 15)) for _ in range(count)]
    number = rng.randint(0, 5000)
    residues = [number % modulus for modulus in moduli]
    if shared and chance(rng, 0.5):
        residues[-1] = rng.randrange(moduli[-1])
    return call(residues, moduli)


def _limit(rng: Random, level: float) -> str:
    return call(rng.choice((0, 1, 2))) if chance(rng, 0.04) else call(size(rng, level, 5, 190))


def _digits(rng: Random, level: float) -> str:
    source, target = rng.choice((2, 3, 5, 8, 10, 16)), rng.choice((2, 3, 4, 7, 8, 10, 12, 16))
    value = 0 if chance(rng, 0.04) else magnitude(rng, level, 5, 10**12)
    text = ""
    while value or not text:
        text = DIGITS[value % source] + text
        value //= source
    return call("-" + text if chance(rng, 0.1) else text, source, target)


ENTRIES = (
    entry(
        "extended_gcd",
        "Greatest common divisor with coefficients",
        "For whole numbers a and b that are not negative, find their greatest common divisor d together with whole "
        "numbers x and y such that a*x + b*y = d. Return d, x and y.",
        _two_numbers,
    ),
    entry(
        "prime_factors",
        "Prime factorization",
        "Factor a positive whole number into primes by trial division. Return a dictionary from each prime factor to "
        "its exponent.",
        _composite,
    ),
    entry(
        "modular_power",
        "Power with a modulus",
        "Compute the remainder of base to the power exponent on division by modulus, by repeated squaring.",
        _power,
    ),
    entry(
        "chinese_remainder",
        "Simultaneous congruences",
        "Several divisions of one unknown number are given by their remainders and moduli. Return the smallest number "
        "that leaves all these remainders, with the least common multiple of the moduli, or None if there is no such "
        "number.",
        _congruences,
    ),
    entry(
        "primes_up_to",
        "Sieve of Eratosthenes",
        "List all prime numbers up to a limit, the limit included.",
        _limit,
    ),
    entry(
        "convert_base",
        "From one base to another",
        "A whole number, perhaps negative, is written in one base between 2 and 16 with the digits 0-9 and a-f. Write "
        "it in another base.",
        _digits,
    ),
)
