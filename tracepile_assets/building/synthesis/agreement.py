"""Dual agreement: of solutions and tests that were made apart, the largest group that bear each other out.

Solutions that pass the same tests form a cluster; its score is the number of its solutions times the number of those
tests. Right solutions agree with right tests and so with each other; wrong ones are wrong in different ways.

Belongs here: the choice, from who passed what. Does not belong here: running, and any text of a model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was kept, or why nothing was.

    Attributes:
        solutions: numbers of the solutions of the best cluster, ascending.
        tests: numbers of the tests that they pass, ascending.
        reason: None if they are to be kept.
        detail: for a person.
    """

    solutions: tuple[int, ...]
    tests: tuple[int, ...]
    reason: str | None = None
    detail: str = ""


def agree(
    passed: Mapping[int, frozenset[int]], expected: Sequence[str], *, least_solutions: int, least_tests: int
) -> Agreement:
    """Choose the best cluster.

    Two copies of one solution vouch for no more than one: copies are to be taken out before.

    Args:
        passed: number of a solution → the tests that it passes.
        expected: what each test states; a cluster whose tests all state the same is not kept, since a function that
            does nothing could pass them.
        least_solutions: solutions that a cluster must have.
        least_tests: tests that it must pass.
    """
    clusters: dict[frozenset[int], list[int]] = {}
    for solution, tests in sorted(passed.items()):
        if tests:
            clusters.setdefault(tests, []).append(solution)
    if not clusters:
        return Agreement((), (), "no agreement", "no solution passes a test")
    ranked = sorted(clusters.items(), key=lambda item: (-len(item[0]) * len(item[1]), -len(item[1]), item[1]))
    tests, solutions = ranked[0]
    found = tuple(solutions), tuple(sorted(tests))
    said = f"{len(solutions)} solutions agree with {len(tests)} tests"
    if len(solutions) < least_solutions or len(tests) < least_tests:
        return Agreement(*found, "no agreement", f"at best {said}; {least_solutions} and {least_tests} are asked for")
    if len(ranked) > 1 and len(ranked[1][0]) * len(ranked[1][1]) == len(tests) * len(solutions):
        return Agreement(*found, "tie", f"{said}, and {len(ranked[1][1])} others with {len(ranked[1][0])}")
    if len({expected[number] for number in tests}) < 2:
        return Agreement(*found, "nothing told apart", f"{said}, which all expect {expected[found[1][0]][:80]}")
    return Agreement(*found)
