"""Number theory, combinatorics and probability programs against closed forms and brute force."""

from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import combinations, combinations_with_replacement, permutations, product
from math import comb, factorial, gcd, lcm, prod

from tracepile_assets_tests.sources.embedded_runs import calls


def runs(name):
    return calls("mathematics", name)


def is_prime(n):
    return n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))


def test_extended_gcd():
    for (a, b), (divisor, x, y) in runs("extended_gcd"):
        assert divisor == gcd(a, b) == a * x + b * y


def test_prime_factors():
    for (n,), exponents in runs("prime_factors"):
        assert all(is_prime(p) and e > 0 for p, e in exponents.items())
        assert prod(p**e for p, e in exponents.items()) == n


def test_modular_power():
    for values, result in runs("modular_power"):
        assert result == pow(*values)


def test_chinese_remainder():
    seen = Counter()
    for (residues, moduli), result in runs("chinese_remainder"):
        pairs = list(zip(residues, moduli, strict=True))
        clash = any((a - b) % gcd(m, n) for (a, m), (b, n) in combinations(pairs, 2))
        seen[clash] += 1
        if clash:
            assert result is None
        else:
            number, modulus = result
            assert modulus == lcm(*moduli)
            assert 0 <= number < modulus
            assert all(number % m == a for a, m in pairs)
    assert len(seen) == 2


def test_primes_up_to():
    for (limit,), primes in runs("primes_up_to"):
        assert primes == [n for n in range(limit + 1) if is_prime(n)]


def test_convert_base():
    for (text, source, target), result in runs("convert_base"):
        assert int(text, source) == int(result, target)
        assert result == "0" or not result.lstrip("-").startswith("0")


def test_binomial():
    for (n, k), result in runs("binomial"):
        assert result == comb(n, k)


def test_integer_partitions():
    for (total, largest), result in runs("integer_partitions"):
        every = [
            sorted(parts, reverse=True)
            for count in range(total + 1)
            for parts in combinations_with_replacement(range(1, largest + 1), count)
            if sum(parts) == total
        ]
        assert result == sorted(every, reverse=True)


@cache
def surjections(balls, boxes):
    if balls == 0 or boxes == 0:
        return int(balls == boxes)
    return boxes * (surjections(balls - 1, boxes) + surjections(balls - 1, boxes - 1))


def test_count_surjections():
    assert surjections(5, 3) == sum(len(set(boxes)) == 3 for boxes in product(range(3), repeat=5))
    for (balls, boxes), result in runs("count_surjections"):
        assert result == surjections(balls, boxes)


def test_permutation_rank():
    for (items,), result in runs("permutation_rank"):
        n = len(items)
        smaller_later = [sum(later < item for later in items[i + 1 :]) for i, item in enumerate(items)]
        assert result == sum(count * factorial(n - 1 - i) for i, count in enumerate(smaller_later))
        if n <= 6:
            assert result == sorted(map(list, permutations(items))).index(items)


def test_lattice_paths():
    for (rows, columns, blocked), result in runs("lattice_paths"):

        @cache
        def ways(row, column, blocked=frozenset(blocked)):
            if row < 0 or column < 0 or (row, column) in blocked:
                return 0
            return 1 if row == column == 0 else ways(row - 1, column) + ways(row, column - 1)

        assert result == ways(rows - 1, columns - 1)


def test_dice_sum_chance():
    for (dice, sides, target), result in runs("dice_sum_chance"):
        hits = sum(sum(faces) == target for faces in product(range(1, sides + 1), repeat=dice))
        chance = Fraction(hits, sides**dice)
        assert result == f"{chance.numerator}/{chance.denominator}"


def test_draw_colors():
    @cache
    def chance(draws, wanted, others, needed):
        if draws == 0:
            return Fraction(needed <= 0)
        total = Fraction(0)
        if wanted:
            total += Fraction(wanted, wanted + others) * chance(draws - 1, wanted - 1, others, max(0, needed - 1))
        if others:
            total += Fraction(others, wanted + others) * chance(draws - 1, wanted, others - 1, needed)
        return total

    for (urn, draws, color, at_least), result in runs("draw_colors"):
        wanted = urn.get(color, 0)
        expected = chance(draws, wanted, sum(urn.values()) - wanted, at_least)
        assert result == (expected.numerator, expected.denominator)


def test_heads_in_a_row():
    for (tosses, run), (with_run, every) in runs("heads_in_a_row"):
        without = [1]
        for n in range(1, tosses + 1):
            without.append(2**n if n < run else sum(without[-run:]))
        assert (with_run, every) == (2**tosses - without[-1], 2**tosses)
        if tosses <= 10:
            assert with_run == sum("H" * run in "".join(faces) for faces in product("HT", repeat=tosses))


def test_nobody_own_hat():
    for (hats,), (good, total, chance) in runs("nobody_own_hat"):
        taken = list(permutations(hats))
        assert total == len(taken)
        assert good == sum(all(a != b for a, b in zip(hats, others, strict=True)) for others in taken)
        assert chance == round(good / total, 4)
