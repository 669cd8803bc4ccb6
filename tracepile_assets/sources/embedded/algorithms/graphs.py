"""Walking graphs: depth-first and breadth-first search, topological order, cut vertices, bridges, strong components.

Belongs here: the entries of this area and their generators. Does not belong here: weighted graphs (`spanning_trees`,
`shortest_paths`), the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.catalogue import Entry

# Vertices as a textbook letters them.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _edge_count(rng: Random, vertices: int, densest: float) -> int:
    """From sparse graphs, which fall apart into pieces, to `densest` edges a vertex."""
    return max(1, round(vertices * rng.choice([0.6, 1.0, 1.2, densest])))


def _for_depth_first_search(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 34)
    pairs = draws.edges(rng, vertices, _edge_count(rng, vertices, 2.2), directed=True)
    return draws.call(draws.neighbor_lists(vertices, pairs, directed=True))


def _for_breadth_first_search(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 26)
    pairs = draws.edges(rng, vertices, max(vertices - 1, _edge_count(rng, vertices, 2.0)), directed=False)
    lists = draws.neighbor_lists(vertices, pairs, directed=False)
    graph = {LETTERS[vertex]: [LETTERS[neighbor] for neighbor in lists[vertex]] for vertex in range(vertices)}
    return draws.call(graph, rng.choice(list(graph)))


def _for_topological_sort(rng: Random, level: float) -> str:
    if draws.seldom(rng, level):
        return draws.call({})
    vertices = draws.size(rng, level, 3, 26)
    # Now and then a graph that may well have a cycle: the program raises then.
    acyclic = rng.random() > 0.1
    pairs = draws.edges(rng, vertices, _edge_count(rng, vertices, 2.5), directed=True, acyclic=acyclic)
    lists = draws.neighbor_lists(vertices, pairs, directed=True)
    return draws.call({LETTERS[vertex]: [LETTERS[other] for other in lists[vertex]] for vertex in range(vertices)})


def _for_articulation_points(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 22)
    pairs = draws.edges(rng, vertices, _edge_count(rng, vertices, 1.5), directed=False)
    return draws.call(draws.neighbor_lists(vertices, pairs, directed=False))


def _for_bridges(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 22)
    pairs = draws.edges(rng, vertices, _edge_count(rng, vertices, 1.5), directed=False)
    if rng.random() < 0.15:
        # Two parallel edges: neither is a bridge.
        pairs.append(rng.choice(pairs))
    return draws.call(vertices, pairs)


def _for_strong_components(rng: Random, level: float) -> str:
    vertices = draws.size(rng, level, 3, 22)
    pairs = draws.edges(rng, vertices, _edge_count(rng, vertices, 1.8), directed=True)
    return draws.call(draws.neighbor_lists(vertices, pairs, directed=True))


ENTRIES = (
    Entry(
        name="depth_first_search",
        title="Depth-first search",
        statement=(
            "A directed graph is given as a list: graph[v] holds the vertices that v has an edge to. Walk it depth "
            "first, taking start vertices and neighbors in the order given, with a clock that ticks whenever a vertex "
            "is entered or left. Return two lists: the time at which each vertex was entered, and the time at which "
            "it was left."
        ),
        entry_point="depth_first_search",
        generate=_for_depth_first_search,
        domain="algorithms",
    ),
    Entry(
        name="breadth_first_search",
        title="Breadth-first search",
        statement=(
            "Given an undirected graph as a dictionary from each vertex to its neighbors, and a source vertex, find "
            "for every vertex that can be reached the least number of edges from the source and the vertex before it "
            "on such a way. Return both as dictionaries."
        ),
        entry_point="breadth_first_search",
        generate=_for_breadth_first_search,
        domain="algorithms",
    ),
    Entry(
        name="topological_sort",
        title="Topological order",
        statement=(
            "Given a directed graph as a dictionary from each vertex to the vertices it has edges to, return all "
            "vertices in an order in which every edge leads forward. A graph with a cycle has none: raise ValueError."
        ),
        entry_point="topological_sort",
        generate=_for_topological_sort,
        domain="algorithms",
    ),
    Entry(
        name="articulation_points",
        title="Articulation points",
        statement=(
            "Given an undirected graph, where graph[v] lists the neighbors of vertex v, return in ascending order "
            "those vertices whose removal would break the part of the graph they lie in into several pieces."
        ),
        entry_point="articulation_points",
        generate=_for_articulation_points,
        domain="algorithms",
    ),
    Entry(
        name="bridges",
        title="Bridges",
        statement=(
            "Given the number of vertices of an undirected graph and the list of its edges (u, v), return, sorted, "
            "the edges whose removal would cut the connection between their ends. The same pair may be joined by more "
            "than one edge."
        ),
        entry_point="bridges",
        generate=_for_bridges,
        domain="algorithms",
    ),
    Entry(
        name="strongly_connected_components",
        title="Strongly connected components",
        statement=(
            "Given a directed graph, where graph[v] lists the vertices v has edges to, group the vertices: two belong "
            "together if each can be reached from the other. Return for every vertex the number of its group, "
            "numbered from 0 so that edges between different groups always lead to the group with the higher number."
        ),
        entry_point="strongly_connected_components",
        generate=_for_strong_components,
        domain="algorithms",
    ),
)
