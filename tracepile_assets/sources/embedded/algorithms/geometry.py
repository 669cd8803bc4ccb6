"""Plane geometry on whole numbers: crossing segments, convex hulls.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from collections.abc import Callable
from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.catalogue import Entry


def _for_segments(rng: Random, level: float) -> str:
    count = draws.size(rng, level, 2, 9)
    extent = rng.choice([4, 6, 10])
    segments: list[tuple[tuple[int, int], tuple[int, int]]] = []
    while len(segments) < count:
        a = (rng.randint(0, extent), rng.randint(0, extent))
        b = (rng.randint(0, extent), rng.randint(0, extent))
        if segments and rng.random() < 0.15:
            # Segments that touch in an end point are the delicate case.
            a = rng.choice(rng.choice(segments))
        if a != b:
            segments.append((a, b))
    return draws.call(segments)


def _points_up_to(largest: int) -> Callable[[Random, float], str]:
    def generate(rng: Random, level: float) -> str:
        if draws.seldom(rng, level):
            return draws.call([(rng.randint(0, 9), rng.randint(0, 9)) for _ in range(rng.randint(0, 2))])
        count = draws.size(rng, level, 3, largest)
        extent = rng.choice([3, 6, 12, 30])
        points = [(rng.randint(0, extent), rng.randint(0, extent)) for _ in range(count)]
        if rng.random() < 0.06:
            # All on one line.
            rise, offset = rng.choice([-1, 0, 1, 2]), rng.randint(0, 5)
            points = [(x, rise * x + offset) for x, _ in points]
        return draws.call(points)

    return generate


_HULL = (
    "Given a list of points (x, y) with whole coordinates, return the corners of their convex hull, "
    "counterclockwise, each once, leaving out points that lie in the middle of an edge. "
)

ENTRIES = (
    Entry(
        name="segments_intersect",
        title="Which segments intersect",
        statement=(
            "Given a list of line segments, each a pair of end points with whole coordinates, return all pairs (i, j) "
            "with i < j for which the segments number i and j have a point in common, in ascending order. Touching "
            "counts."
        ),
        entry_point="segments_intersect",
        generate=_for_segments,
        domain="algorithms",
    ),
    Entry(
        name="graham_scan",
        title="Graham scan",
        statement=_HULL
        + (
            "Begin with the lowest point, the leftmost of these if there are several. With fewer than three different "
            "points return these in ascending order."
        ),
        entry_point="graham_scan",
        generate=_points_up_to(18),
        domain="algorithms",
    ),
    Entry(
        name="jarvis_march",
        title="Jarvis march",
        statement=_HULL + "Begin with the leftmost point, the lowest of these if there are several.",
        entry_point="jarvis_march",
        generate=_points_up_to(20),
        domain="algorithms",
    ),
)
