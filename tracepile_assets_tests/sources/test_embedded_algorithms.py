"""The thirty algorithms and their generators; all but the graph algorithms against oracles."""

import ast
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise
from statistics import mean

import pytest

from tracepile_assets.sources.embedded import entries_of, random_of, read
from tracepile_assets_tests.sources.algorithm_runs import executed_lines, programs, runs

NAMES = [entry.name for entry in entries_of("algorithms")]


def test_the_thirty_are_there():
    assert len(NAMES) == len(set(NAMES)) == 30
    for entry in entries_of("algorithms"):
        assert entry.domain == "algorithms"
        assert entry.statement.endswith(".")
        assert entry.title


@pytest.mark.parametrize("name", NAMES)
def test_text_is_plain_functions(name):
    program = programs()[name]
    tree = ast.parse(program.code)
    for node in tree.body:
        assert isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom), (
            "only imports and functions stand at the top"
        )
    assert program.entry_point in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert "print(" not in program.code
    assert "input(" not in program.code


@pytest.mark.parametrize("name", NAMES)
def test_inputs_follow_the_seed(name):
    def texts(seed):
        return [
            given.arguments
            for program in read("algorithms", 12, seed)
            if program.source_row == name
            for given in program.inputs
        ]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)


@pytest.mark.parametrize("name", NAMES)
def test_inputs_differ_and_grow_harder(name):
    program = programs()[name]
    texts = [given.arguments for given in program.inputs]
    assert len(set(texts)) == len(texts) >= 38
    entry = next(entry for entry in entries_of("algorithms") if entry.name == name)
    lines = [executed_lines(program, entry.generate(random_of(7, name, number), number / 39)) for number in range(40)]
    third = len(lines) // 3
    easy, medium, hard = mean(lines[:third]), mean(lines[third : 2 * third]), mean(lines[2 * third :])
    assert easy < medium < hard
    assert easy < 250
    assert max(lines) < 2000


@pytest.mark.parametrize("name", ["insertion_sort", "bubble_sort", "heap_sort", "quick_sort"])
def test_sorting(name):
    for (values,), result in runs(name):
        assert result == sorted(values)


def test_minimum():
    for (values,), result in runs("minimum"):
        assert result == (values.index(min(values)) if values else -1)


def test_quickselect():
    for (values, rank), result in runs("quickselect"):
        if 1 <= rank <= len(values):
            assert result == sorted(values)[rank - 1]
        else:
            assert isinstance(result, ValueError)


def test_binary_search():
    found = set()
    for (values, target), result in runs("binary_search"):
        assert values == sorted(values)
        assert (values[result] == target) if target in values else (result == -1)
        found.add(target in values)
    assert found == {True, False}


def test_maximum_subarray():
    for (values,), (start, end, total) in runs("maximum_subarray"):
        assert sum(values[start : end + 1]) == total
        assert total == max(sum(values[i:j]) for i in range(len(values)) for j in range(i + 1, len(values) + 1))


def test_activity_selection():
    for (activities,), chosen in runs("activity_selection"):
        assert all(activities[i][1] <= activities[j][0] for i, j in pairwise(chosen))
        # Longest chain ending in each activity, by start.
        ordered = sorted(activities)
        longest = []
        for i, (start, _) in enumerate(ordered):
            longest.append(1 + max([longest[j] for j in range(i) if ordered[j][1] <= start], default=0))
        assert len(chosen) == max(longest, default=0)


def test_task_scheduling():
    for (deadlines, penalties), (slots, penalty) in runs("task_scheduling"):
        assert sorted(slots) == list(range(len(deadlines)))
        assert penalty == sum(penalties[task] for slot, task in enumerate(slots, 1) if slot > deadlines[task])
        # best[k]: the most that k tasks done on time can save, tasks taken in the order of their deadlines.
        best = {0: 0}
        for deadline, saved in sorted(zip(deadlines, penalties, strict=True)):
            for k in sorted(best, reverse=True):
                if k < deadline:
                    best[k + 1] = max(best.get(k + 1, 0), best[k] + saved)
        assert penalty == sum(penalties) - max(best.values())


def test_matrix_chain():
    def steps(text, dimensions):
        """Rows, columns and cost of a product, and what follows it in the text."""
        if text[0] == "(":
            rows, inner, left, text = steps(text[1:], dimensions)
            _, columns, right, text = steps(text, dimensions)
            assert text[0] == ")"
            return rows, columns, left + right + rows * inner * columns, text[1:]
        digits = text[1:].split("A")[0].split("(")[0].split(")")[0]
        number = int(digits)
        return dimensions[number - 1], dimensions[number], 0, text[1 + len(digits) :]

    for (dimensions,), (cost, text) in runs("matrix_chain"):

        @cache
        def least(i, j, dimensions=tuple(dimensions)):
            if i == j:
                return 0
            return min(
                least(i, k) + least(k + 1, j) + dimensions[i] * dimensions[k + 1] * dimensions[j + 1]
                for k in range(i, j)
            )

        assert cost == least(0, len(dimensions) - 2)
        assert steps(text, dimensions) == (dimensions[0], dimensions[-1], cost, "")


def test_longest_common_subsequence():
    def is_subsequence(word, text):
        letters = iter(text)
        return all(letter in letters for letter in word)

    for (first, second), common in runs("longest_common_subsequence"):

        @cache
        def length(a, b):
            if not a or not b:
                return 0
            return max(length(a[1:], b), length(a, b[1:]), 1 + length(a[1:], b[1:]) if a[0] == b[0] else 0)

        assert is_subsequence(common, first)
        assert is_subsequence(common, second)
        assert len(common) == length(first, second)


def test_optimal_bst():
    def least(hits, misses, low, high, depth):
        """Least cost over all trees of the keys low .. high - 1 that hang at this depth."""
        if low == high:
            return misses[low] * depth
        return min(
            least(hits, misses, low, key, depth + 1)
            + hits[key] * (depth + 1)
            + least(hits, misses, key + 1, high, depth + 1)
            for key in range(low, high)
        )

    def compared(order, probe):
        """Keys that a search meets in the tree with this preorder; `probe` may lie between two keys."""
        count = 0
        while order:
            count += 1
            if order[0] == probe:
                break
            order = [key for key in order if (key < order[0]) == (probe < order[0]) and key != order[0]]
        return count

    for (hits, misses), (cost, order) in runs("optimal_bst"):
        assert sorted(order) == list(range(len(hits)))
        if len(hits) <= 7:
            assert cost == least(hits, misses, 0, len(hits), 0)
        at_keys = sum(times * compared(order, key) for key, times in enumerate(hits))
        between = sum(times * compared(order, gap - 0.5) for gap, times in enumerate(misses))
        assert cost == at_keys + between


@pytest.mark.parametrize("name", ["naive_string_matching", "kmp_string_matching"])
def test_string_matching(name):
    counts = set()
    for (text, pattern), positions in runs(name):
        assert positions == [i for i in range(len(text)) if text.startswith(pattern, i)]
        counts.add(min(len(positions), 2))
    assert counts == {0, 1, 2}


def test_segments_intersect():
    def overlap(a, b, c, d):
        return max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))

    def meet(first, second):
        (ax, ay), (bx, by) = first
        (cx, cy), (dx, dy) = second
        determinant = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
        if determinant == 0:
            on_one_line = (bx - ax) * (cy - ay) == (by - ay) * (cx - ax)
            return on_one_line and overlap(ax, bx, cx, dx) and overlap(ay, by, cy, dy)
        along_first = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), determinant)
        along_second = Fraction((cx - ax) * (by - ay) - (cy - ay) * (bx - ax), determinant)
        return 0 <= along_first <= 1 and 0 <= along_second <= 1

    for (segments,), crossing in runs("segments_intersect"):
        numbered = combinations(range(len(segments)), 2)
        assert crossing == [(i, j) for i, j in numbered if meet(segments[i], segments[j])]


def hull_corners(points):
    """Corners in counterclockwise order from the leftmost, lowest point, by building lower and upper chain."""

    def chain(ordered):
        built = []
        for x, y in ordered:
            while len(built) > 1:
                (ax, ay), (bx, by) = built[-2:]
                if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                    break
                built.pop()
            built.append((x, y))
        return built

    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return chain(ordered)[:-1] + chain(ordered[::-1])[:-1]


def test_jarvis_march():
    for (points,), hull in runs("jarvis_march"):
        assert hull == hull_corners(points)


def test_graham_scan():
    for (points,), hull in runs("graham_scan"):
        corners = hull_corners(points)
        if len(set(points)) >= 3:
            lowest = min(range(len(corners)), key=lambda i: corners[i][::-1])
            corners = corners[lowest:] + corners[:lowest]
        assert hull == corners
