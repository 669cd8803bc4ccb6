"""Minimum spanning trees: Kruskal, Prim.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.catalogue import Entry


def _for_kruskal(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 22)
    pairs = draws.edges(rng, vertices, round(vertices * rng.choice([0.8, 1.5, 2.0])), directed=False)
    heaviest = rng.choice([9, 30])
    return draws.call(vertices, [(u, v, rng.randint(1, heaviest)) for u, v in pairs])


def _for_prim(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 2 if rng.random() < 0.1 else 3, 13)
    pairs = draws.edges(rng, vertices, round(vertices * rng.choice([0.9, 1.5, 2.5])), directed=False)
    weights: list[list[int | None]] = [[None] * vertices for _ in range(vertices)]
    for u, v in pairs:
        weights[u][v] = weights[v][u] = rng.randint(1, 20)
    return draws.call(weights, rng.randrange(vertices))


ENTRIES = (
    Entry(
        name="kruskal",
        title="Kruskal's minimum spanning tree",
        statement=(
            "Given the number of vertices of an undirected graph and its edges (u, v, weight), choose edges of the "
            "least total weight that connect everything that the graph connects, taking the lightest edges first. "
            "Return the total weight and the chosen edges (u, v) in the order in which they were taken; among equal "
            "weights the smaller pair of vertices goes first."
        ),
        entry_point="kruskal",
        generate=_for_kruskal,
        domain="algorithms",
    ),
    Entry(
        name="prim",
        title="Prim's minimum spanning tree",
        statement=(
            "weights[u][v] is the weight of the edge between u and v in an undirected graph, or None where there is "
            "no edge. Grow a minimum spanning tree from a given start vertex and return for every vertex the one it "
            "was attached to, None for the start and for vertices that cannot be reached."
        ),
        entry_point="prim",
        generate=_for_prim,
        domain="algorithms",
    ),
)
