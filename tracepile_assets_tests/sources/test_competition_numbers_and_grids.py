"""Competition programs on lists, ranges, grids and tables against brute force."""

from bisect import bisect_left
from functools import cache
from itertools import combinations, pairwise

import pytest

from tracepile_assets_tests.sources.embedded_runs import printed as printed_text
from tracepile_assets_tests.sources.embedded_runs import programs


def printed(name):
    program = programs("competition")[name]
    for given in program.inputs:
        yield given.stdin, printed_text(program, given).rstrip("\n").split("\n")


def numbers(line):
    return [int(x) for x in line.split()]


def pairs_of_lines(text):
    lines = text.splitlines()[1:]
    return [(numbers(lines[i]), numbers(lines[i + 1])) for i in range(0, len(lines), 2)]


def ferry_trips(text):
    answer = []
    for case, ((n, limit), weights) in enumerate(pairs_of_lines(text), start=1):
        light = sorted(weights)
        pairs = max(k for k in range(n // 2 + 1) if all(light[i] + light[2 * k - 1 - i] <= limit for i in range(k)))
        answer.append(f"Case {case}: {n - pairs}")
    return answer


def candy_shares(text):
    ratings = numbers(text.splitlines()[1])

    @cache
    def share(i):
        lower = [j for j in (i - 1, i + 1) if 0 <= j < len(ratings) and ratings[j] < ratings[i]]
        return 1 + max(map(share, lower), default=0)

    shares = [share(i) for i in range(len(ratings))]
    return [sum(shares), " ".join(map(str, shares))]


def platforms(text):
    trains = [[int(clock[:2]) * 60 + int(clock[3:]) for clock in line.split()] for line in text.splitlines()[1:]]
    here = [sum(start <= minute <= end for start, end in trains) for minute in range(24 * 60)]
    most = max(here)
    first = here.index(most)
    return [most, f"{first // 60:02d}:{first % 60:02d}"] if most else [0]


def watering_plants(text):
    answer = []
    for (_, can), need in pairs_of_lines(text):
        if max(need) > can:
            answer.append(-1)
            continue
        walk, water = [0], can
        for place, thirst in enumerate(need, start=1):
            if water < thirst:
                walk.append(0)
                water = can
            walk.append(place)
            water -= thirst
        answer.append(sum(abs(b - a) for a, b in pairwise(walk)))
    return answer


def count_islands(text):
    grid = text.splitlines()[1:]
    land = {(r, c) for r, row in enumerate(grid) for c, cell in enumerate(row) if cell == "#"}
    leader = {place: place for place in land}

    def find(place):
        return place if leader[place] == place else find(leader[place])

    for r, c in land:
        for other in ((r + 1, c), (r, c + 1)):
            if other in land:
                leader[find((r, c))] = find(other)
    roots = [find(place) for place in land]
    sizes = [roots.count(root) for root in set(roots)]
    return [len(sizes), max(sizes)] if sizes else [0]


def way_out(text):
    maze = text.splitlines()[1:]
    cells = {(r, c): cell for r, row in enumerate(maze) for c, cell in enumerate(row) if cell != "#"}
    steps = {place: 0 if cell == "S" else 10**6 for place, cell in cells.items()}
    for _ in cells:
        for r, c in cells:
            near = (steps.get(place, 10**6) for place in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)))
            steps[r, c] = min(steps[r, c], 1 + min(near))
    out = next(steps[place] for place, cell in cells.items() if cell == "E")
    return [out if out < 10**6 else "no way out"]


def spiral_order(text):
    table, order = [line.split() for line in text.splitlines()[1:]], []
    while table:
        order += table[0]
        table = [list(row) for row in zip(*table[1:], strict=True)][::-1]
    return [" ".join(order)]


def range_sums(text):
    (n, _), values, *asked = map(numbers, text.splitlines())
    assert len(values) == n
    parts = [values[left - 1 : right] for left, right in asked]
    return [f"{sum(part)} {sum(part) // len(part)}" for part in parts]


def sum_segments(text):
    return [
        sum(sum(values[i:j]) == target for i, j in combinations(range(len(values) + 1), 2))
        for (_, target), values in pairs_of_lines(text)
    ]


def longest_distinct(text):
    answer = []
    for word in text.splitlines()[1:]:
        parts = [word[i:j] for i, j in combinations(range(len(word) + 1), 2)]
        best = max((part for part in parts if len(set(part)) == len(part)), key=len)
        answer.append(f"{len(best)} {best}")
    return answer


def reading_time(text):
    (_, free), minutes = map(numbers, text.splitlines())
    choices = combinations(range(len(minutes) + 1), 2)
    return [max((j - i for i, j in choices if sum(minutes[i:j]) <= free), default=0)]


def fill_backpack(text):
    lines = iter(text.splitlines()[1:])
    answer = []
    for line in lines:
        count, capacity = numbers(line)
        things = [numbers(next(lines)) for _ in range(count)]
        chosen = [some for k in range(count + 1) for some in combinations(things, k)]
        fitting = [some for some in chosen if sum(weight for weight, _ in some) <= capacity]
        answer.append(max(sum(value for _, value in some) for some in fitting))
    return answer


def broken_stairs(text):
    lines = iter(text.splitlines()[1:])
    answer = []
    for line in lines:
        n, m = numbers(line)
        broken = numbers(next(lines)) if m else []
        assert len(broken) == m

        @cache
        def ways(step, broken=frozenset(broken)):
            if step <= 0 or step in broken:
                return int(step == 0)
            return sum(ways(step - k) for k in (1, 2, 3))

        answer.append(ways(n) % 1000000007)
    return answer


ORACLES = (
    ferry_trips,
    candy_shares,
    platforms,
    watering_plants,
    count_islands,
    way_out,
    spiral_order,
    range_sums,
    sum_segments,
    longest_distinct,
    reading_time,
    fill_backpack,
    broken_stairs,
)


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.__name__)
def test_output_is_what_brute_force_gives(oracle):
    for text, lines in printed(oracle.__name__):
        assert lines == [str(line) for line in oracle(text)]


def test_rising_heights_is_a_longest_rising_choice():
    for text, (count, chosen) in printed("rising_heights"):
        heights, chosen = numbers(text.splitlines()[1]), numbers(chosen)
        piles = []
        for height in heights:
            at = bisect_left(piles, height)
            piles[at : at + 1] = [height]
        assert int(count) == len(chosen) == len(piles)
        assert all(a < b for a, b in pairwise(chosen))
        row = iter(heights)
        assert all(height in row for height in chosen)
