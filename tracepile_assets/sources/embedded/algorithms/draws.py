"""Random draws that the generators of this domain share.

Belongs here: sizes by level, lists of numbers of several shapes, random graphs, the text of a call's arguments. Does
not belong here: anything that knows a particular program.
"""

from random import Random


def size(rng: Random, level: float, smallest: int, largest: int) -> int:
    """A size near `level` of the way from `smallest` to `largest`, with some play to either side."""
    span = largest - smallest
    middle = smallest + level * span
    play = max(0.6, span * 0.1)
    return min(largest, max(smallest, round(middle + rng.uniform(-play, play))))


def seldom(rng: Random, level: float) -> bool:
    "Whether this input is the trivial case (nothing given): about one easy input in twenty, none of the harder"
    "ones."
    return rng.random() < 0.05 and level < 0.5


def numbers(rng: Random, count: int, low: int = 1, high: int = 99) -> list[int]:
    "`count` whole numbers: mostly in no order, now and then ascending, descending, nearly sorted or with many"
    "repeats."
    shape = rng.random()
    if shape < 0.12:
        few = [rng.randint(low, high) for _ in range(max(1, count // 3))]
        return [rng.choice(few) for _ in range(count)]
    values = [rng.randint(low, high) for _ in range(count)]
    if shape < 0.18:
        return sorted(values)
    if shape < 0.24:
        return sorted(values, reverse=True)
    if shape < 0.36 and count > 1:
        values.sort()
        i, j = rng.sample(range(count), 2)
        values[i], values[j] = values[j], values[i]
    return values


def edges(rng: Random, vertices: int, count: int, *, directed: bool, acyclic: bool = False) -> list[tuple[int, int]]:
    """At most `count` different edges without loops on vertices 0 to `vertices` - 1, in random order.

    Undirected ones are written with the smaller vertex first; acyclic ones never close a directed cycle, under a
    hidden random order.
    """
    rank = list(range(vertices))
    if acyclic:
        rng.shuffle(rank)
    pairs = [(rank[u], rank[v]) for u in range(vertices) for v in range(u + 1, vertices)]
    if directed and not acyclic:
        pairs += [(v, u) for u, v in pairs]
    return rng.sample(pairs, min(count, len(pairs)))


def neighbor_lists(vertices: int, pairs: list[tuple[int, int]], *, directed: bool) -> list[list[int]]:
    """The adjacency lists of the graph, neighbors in ascending order."""
    lists: list[list[int]] = [[] for _ in range(vertices)]
    for u, v in pairs:
        lists[u].append(v)
        if not directed:
            lists[v].append(u)
    return [sorted(neighbors) for neighbors in lists]


def call(*arguments: object) -> str:
    """What stands between the parentheses of a call with these arguments."""
    return ", ".join(map(repr, arguments))
