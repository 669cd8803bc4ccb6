"""Algebra, sequences and everyday programs against definitions, substitution and closed forms."""

from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import accumulate, groupby, pairwise, permutations
from math import ceil, floor, prod

from tracepile_assets_tests.sources.embedded_runs import calls


def runs(name):
    return calls("mathematics", name)


def leibniz(matrix):
    total = 0
    for order in permutations(range(len(matrix))):
        inversions = sum(order[i] > order[j] for j in range(len(order)) for i in range(j))
        total += (-1) ** inversions * prod(matrix[i][j] for i, j in enumerate(order))
    return total


def times(left, right):
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*right, strict=True)] for row in left
    ]


def test_determinant():
    for (matrix,), result in runs("determinant"):
        assert result == leibniz(matrix)


def test_solve_linear_system():
    solved = Counter()
    for (coefficients, constants), result in runs("solve_linear_system"):
        solved[result is not None] += 1
        assert (result is None) == (leibniz(coefficients) == 0)
        for row, constant in zip(coefficients, constants, strict=True):
            if result is not None:
                assert sum(a * Fraction(x) for a, x in zip(row, result, strict=True)) == constant
    assert len(solved) == 2


def test_matrix_power():
    for (matrix, exponent), result in runs("matrix_power"):
        expected = [[int(i == j) for j in range(len(matrix))] for i in range(len(matrix))]
        for _ in range(exponent):
            expected = times(expected, matrix)
        assert result == expected


def test_divide_polynomials():
    def value(coefficients, x):
        return sum(c * x**power for power, c in enumerate(reversed(coefficients)))

    for (dividend, divisor), (quotient, rest) in runs("divide_polynomials"):
        assert len(rest) < len(divisor)
        for x in range(-len(dividend), len(dividend) + 1):
            assert value(dividend, x) == value(quotient, x) * value(divisor, x) + value(rest, x)


def test_collatz():
    def orbit(n):
        yield n
        if n != 1:
            yield from orbit(3 * n + 1 if n % 2 else n // 2)

    for (n,), (steps, peak) in runs("collatz"):
        numbers = list(orbit(n))
        assert (steps, peak) == (len(numbers) - 1, max(numbers))


def test_look_and_say():
    for (start, rounds), terms in runs("look_and_say"):
        assert terms[0] == start
        assert len(terms) == rounds + 1
        for before, after in pairwise(terms):
            assert after == "".join(f"{len(list(run))}{digit}" for digit, run in groupby(before))


def test_continued_fraction():
    for (numerator, denominator), convergents in runs("continued_fraction"):
        rest, terms = Fraction(numerator, denominator), []
        while True:
            terms.append(floor(rest))
            if rest == terms[-1]:
                break
            rest = 1 / (rest - terms[-1])
        expected = []
        for count in range(1, len(terms) + 1):
            value = Fraction(terms[count - 1])
            for term in reversed(terms[: count - 1]):
                value = term + 1 / value
            expected.append((value.numerator, value.denominator))
        assert convergents == expected


def test_linear_recurrence():
    for (coefficients, start, n), result in runs("linear_recurrence"):

        @cache
        def term(k, coefficients=tuple(coefficients), start=tuple(start)):
            if k < len(start):
                return start[k]
            return sum(c * term(k - back) for back, c in enumerate(coefficients, start=1))

        assert result == term(n)


def test_next_by_differences():
    for (values,), result in runs("next_by_differences"):
        n = len(values)
        interpolated = sum(
            value * prod(Fraction(n - j, i - j) for j in range(n) if j != i) for i, value in enumerate(values)
        )
        assert result == interpolated


def test_repay_loan():
    ends = Counter()
    for (balance, percent, payment), result in runs("repay_loan"):
        ends[result is None] += 1
        # Once a payment exceeds the interest the debt only falls, so the first month decides.
        assert (result is None) == (payment <= floor(Fraction(balance * percent, 1200)))
        if result is None:
            continue
        total = 0
        owed = Fraction(balance)
        while owed > 0:
            interest = floor(owed * Fraction(percent, 1200))
            total += interest
            owed += interest - payment
        assert result == {"months": ceil(Fraction(balance + total, payment)), "interest": total}
    assert ends[False] > ends[True]


def test_fill_tank():
    ends = Counter()
    for (capacity, inflow, leak, turns), result in runs("fill_tank"):
        flows = (inflow - leak * (sum(turn <= minute for turn in turns) % 2) for minute in range(1, 91))
        levels = list(accumulate(flows, lambda level, flow: max(0, level + flow), initial=0))
        full = next((minute for minute, level in enumerate(levels) if level >= capacity), None)
        ends[full is None] += 1
        if full is None:
            assert result == f"not full after 90 minutes, level {levels[90]}"
        else:
            assert result == f"full after {full} minutes, spilled {levels[full] - capacity}"
    assert len(ends) == 2


def test_shopping_bill():
    raised = 0
    for (prices, basket, percent), result in runs("shopping_bill"):
        unknown = [item for item, _ in basket if item not in prices]
        if unknown:
            raised += 1
            assert isinstance(result, KeyError)
            assert result.args == (unknown[0],)
            continue
        bill, total = result
        paid = Counter()
        for item, quantity in basket:
            paid[item] += sum(prices[item] for piece in range(1, quantity + 1) if piece % 4)
        whole = sum(paid.values())
        assert bill == paid
        assert total == (ceil(whole * Fraction(100 - percent, 100)) if whole >= 5000 else whole)
    assert raised


def test_meet_on_the_road():
    for (distance, first, second, departure, delay), result in runs("meet_on_the_road"):
        alone = ceil(Fraction(distance, first))
        minutes = alone if alone <= delay else ceil(Fraction(distance + second * delay, first + second))
        hours, rest = divmod(departure + minutes, 60)
        assert result == (f"{hours:02d}:{rest:02d}", min(distance, first * minutes))


def test_fewest_coins():
    unpayable = 0
    for (amount, coins), result in runs("fewest_coins"):
        reached, count = {0}, 0
        while amount not in reached and count <= amount:
            reached = {total + coin for total in reached for coin in coins if total + coin <= amount}
            count += 1
        if amount not in reached:
            unpayable += 1
            assert result is None
        else:
            assert len(result) == count
            assert sum(result) == amount
            assert set(result) <= set(coins)
    assert unpayable


def test_share_work():
    missing = Counter()
    for (rates, hours, order), (made, begun, left) in runs("share_work"):
        last = max(hours.values())
        capacity = [sum(rate * min(hours[name], h) for name, rate in rates.items()) for h in range(last + 1)]
        done = next((h for h, parts in enumerate(capacity) if parts >= order), None)
        missing[done is None] += 1
        assert left == max(0, order - capacity[last])
        assert sum(made.values()) == order - left
        assert begun == (last if done is None else done)
        before = {name: rate * min(hours[name], begun - 1) for name, rate in rates.items()}
        for name, rate in rates.items():
            present = hours[name] >= begun
            assert before[name] <= made[name] <= before[name] + (rate if present else 0)
        cut = [name for name, rate in rates.items() if hours[name] >= begun and made[name] < before[name] + rate]
        order_of = list(rates)
        # Only the last ones in line find too little left in the last hour, and after the first of them nothing is left.
        if cut:
            late = [name for name in order_of[order_of.index(cut[0]) + 1 :] if hours[name] >= begun]
            assert all(made[name] == before[name] for name in late)
    assert len(missing) == 2
