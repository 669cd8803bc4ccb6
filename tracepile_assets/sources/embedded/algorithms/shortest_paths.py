"""Shortest paths: Bellman-Ford, Dijkstra, in acyclic graphs, between all pairs.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.algorithms.graphs import LETTERS
from tracepile_assets.sources.embedded.catalogue import Entry


def _for_bellman_ford(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 11)
    pairs = draws.edges(rng, vertices, round(vertices * rng.choice([1.0, 1.5, 2.0])), directed=True)
    # Weights as differences of hidden heights allow negative edges without a negative cycle.
    heights = [rng.randint(0, 6) for _ in range(vertices)]
    edges = [(u, v, rng.randint(1, 9) + heights[v] - heights[u]) for u, v in pairs]
    if rng.random() < 0.12:
        edges = [(u, v, rng.randint(-4, 9)) for u, v in pairs]
    return draws.call(vertices, edges, rng.randrange(vertices))


def _for_dijkstra(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 20)
    pairs = draws.edges(rng, vertices, round(vertices * rng.choice([1.0, 1.6, 2.4])), directed=rng.random() < 0.5)
    graph: dict[str, dict[str, int]] = {LETTERS[vertex]: {} for vertex in range(vertices)}
    two_way = rng.random() < 0.5
    for u, v in pairs:
        weight = rng.randint(1, 15)
        graph[LETTERS[u]][LETTERS[v]] = weight
        if two_way:
            graph[LETTERS[v]][LETTERS[u]] = weight
    return draws.call(graph, rng.choice(list(graph)) if two_way else LETTERS[pairs[0][0]])


def _for_dag_shortest_paths(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 20)
    pairs = draws.edges(rng, vertices, round(vertices * rng.choice([1.2, 2.0, 2.6])), directed=True, acyclic=True)
    graph: list[list[tuple[int, int]]] = [[] for _ in range(vertices)]
    for u, v in sorted(pairs):
        graph[u].append((v, rng.randint(-5, 12)))
    # From a vertex with many edges there is something to find; a random one is often a dead end.
    source = rng.randrange(vertices)
    if rng.random() < 0.8:
        source = max(range(vertices), key=lambda vertex: len(graph[vertex]))
    return draws.call(graph, source)


def _for_floyd_warshall(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 2, 7)
    pairs = draws.edges(rng, vertices, round(vertices * rng.choice([1.0, 1.5, 2.5])), directed=True)
    heights = [rng.randint(0, 4) if rng.random() < 0.5 else 0 for _ in range(vertices)]
    weights: list[list[int | None]] = [[None] * vertices for _ in range(vertices)]
    for u, v in pairs:
        weights[u][v] = rng.randint(1, 12) + heights[v] - heights[u]
    return draws.call(weights)


ENTRIES = (
    Entry(
        name="bellman_ford",
        title="Bellman-Ford shortest paths",
        statement=(
            "Given the number of vertices of a directed graph, its edges (u, v, weight), some of which may weigh less "
            "than nothing, and a source vertex, return the least weight of a path from the source to each vertex, "
            "None for those that cannot be reached. If a cycle of negative weight can be reached there are no least "
            "weights: return None."
        ),
        entry_point="bellman_ford",
        generate=_for_bellman_ford,
        domain="algorithms",
    ),
    Entry(
        name="dijkstra",
        title="Dijkstra's shortest paths",
        statement=(
            "graph[u][v] is the length of the road from u to v, never negative. Given the graph as a dictionary of "
            "dictionaries and a source, return a dictionary with the length of the shortest way to every place that "
            "can be reached."
        ),
        entry_point="dijkstra",
        generate=_for_dijkstra,
        domain="algorithms",
    ),
    Entry(
        name="dag_shortest_paths",
        title="Shortest paths in an acyclic graph",
        statement=(
            "A directed graph without cycles is given as a list: graph[v] holds a pair (successor, weight) for every "
            "edge that leaves v; weights may be negative. Return two lists for a source vertex: the least weight of a "
            "path to each vertex, and the vertex before it on that path; both are None where no path leads, and the "
            "source has no vertex before it."
        ),
        entry_point="dag_shortest_paths",
        generate=_for_dag_shortest_paths,
        domain="algorithms",
    ),
    Entry(
        name="floyd_warshall",
        title="Floyd-Warshall shortest paths",
        statement=(
            "weights[u][v] is the weight of the edge from u to v, or None where there is no edge; there are no cycles "
            "of negative weight. Return the matrix of the least weights of paths between all pairs of vertices, None "
            "where no path leads."
        ),
        entry_point="floyd_warshall",
        generate=_for_floyd_warshall,
        domain="algorithms",
    ),
)
