"""The graph algorithms against oracles: closures, removals, deletion in reverse, relaxation."""

from itertools import combinations

from tracepile_assets_tests.sources.algorithm_runs import runs

INFINITY = float("inf")


def closure(vertices, pairs):
    """All (u, v) such that a path, possibly empty, leads from u to v."""
    reach = {(v, v) for v in vertices} | set(pairs)
    for middle in vertices:
        into = [u for u in vertices if (u, middle) in reach]
        out = [v for v in vertices if (middle, v) in reach]
        reach |= {(u, v) for u in into for v in out}
    return reach


def both_ways(pairs):
    return [(u, v) for u, v in pairs] + [(v, u) for u, v in pairs]


def pieces(vertices, pairs):
    """The number of connected pieces of an undirected graph."""
    reach = closure(vertices, both_ways(pairs))
    return len({frozenset(v for v in vertices if (u, v) in reach) for u in vertices})


def least_weights(vertices, weighted, source):
    """Least path weights by relaxing all edges over and over; None with a negative cycle that can be reached."""
    distance = dict.fromkeys(vertices, INFINITY)
    distance[source] = 0
    for _ in vertices:
        for u, v, weight in weighted:
            distance[v] = min(distance[v], distance[u] + weight)
    if any(distance[u] + weight < distance[v] for u, v, weight in weighted):
        return None
    return {v: None if d == INFINITY else d for v, d in distance.items()}


def spanning_weight(vertices, weighted):
    """The weight of a minimum spanning forest: the heaviest edges go as long as nothing falls apart."""
    kept = sorted(weighted, key=lambda edge: -edge[2])
    wanted = pieces(vertices, [edge[:2] for edge in kept])
    for edge in list(kept):
        rest = [other for other in kept if other is not edge]
        if pieces(vertices, [other[:2] for other in rest]) == wanted:
            kept = rest
    return sum(edge[2] for edge in kept)


def list_edges(graph):
    return [(u, v) for u, neighbors in enumerate(graph) for v in neighbors]


def test_depth_first_search():
    for (graph,), (entered, left) in runs("depth_first_search"):
        # The walk again, with a stack of what is still to be done.
        times, clock = {}, 0
        todo = [("enter", v) for v in reversed(range(len(graph)))]
        while todo:
            what, vertex = todo.pop()
            if what == "enter" and ("enter", vertex) in times:
                continue
            clock += 1
            times[what, vertex] = clock
            if what == "enter":
                todo.append(("leave", vertex))
                todo += [("enter", v) for v in reversed(graph[vertex])]
        assert entered == [times["enter", v] for v in range(len(graph))]
        assert left == [times["leave", v] for v in range(len(graph))]


def test_breadth_first_search():
    for (graph, source), (distance, parent) in runs("breadth_first_search"):
        weighted = [(u, v, 1) for u in graph for v in graph[u]]
        assert distance == {v: d for v, d in least_weights(list(graph), weighted, source).items() if d is not None}
        assert parent.keys() == distance.keys()
        assert parent[source] is None
        for vertex, before in parent.items():
            assert vertex == source or (vertex in graph[before] and distance[vertex] == distance[before] + 1)


def test_topological_sort():
    cyclic = 0
    for (graph,), order in runs("topological_sort"):
        pairs = [(u, v) for u in graph for v in graph[u]]
        reach = closure(list(graph), pairs)
        if any((v, u) in reach for u, v in pairs):
            cyclic += 1
            assert isinstance(order, ValueError)
        else:
            assert sorted(order) == sorted(graph)
            assert all(order.index(u) < order.index(v) for u, v in pairs)
    assert 0 < cyclic < 20


def test_articulation_points():
    for (graph,), cut_vertices in runs("articulation_points"):
        vertices, pairs = range(len(graph)), list_edges(graph)
        expected = []
        for removed in vertices:
            rest = [v for v in vertices if v != removed]
            without = pieces(rest, [pair for pair in pairs if removed not in pair])
            alone = not graph[removed]
            if without > pieces(vertices, pairs) - alone:
                expected.append(removed)
        assert cut_vertices == expected


def test_bridges():
    parallel = 0
    for (count, edges), found in runs("bridges"):
        whole = pieces(range(count), edges)
        expected = [edge for i, edge in enumerate(edges) if pieces(range(count), edges[:i] + edges[i + 1 :]) > whole]
        assert found == sorted(expected)
        parallel += len(set(edges)) < len(edges)
    assert parallel > 0


def test_strongly_connected_components():
    for (graph,), component in runs("strongly_connected_components"):
        reach = closure(range(len(graph)), list_edges(graph))
        for u, v in combinations(range(len(graph)), 2):
            assert (component[u] == component[v]) == ((u, v) in reach and (v, u) in reach)
        assert set(component) == set(range(max(component) + 1))
        assert all(component[u] <= component[v] for u, v in list_edges(graph))


def test_kruskal():
    broken = 0
    for (count, edges), (total, forest) in runs("kruskal"):
        weight = {(u, v): w for u, v, w in edges}
        assert total == sum(weight[pair] for pair in forest) == spanning_weight(range(count), edges)
        assert len(forest) == count - pieces(range(count), [edge[:2] for edge in edges])
        assert [(weight[pair], pair) for pair in forest] == sorted((weight[pair], pair) for pair in forest)
        broken += len(forest) < count - 1
    assert broken > 0


def test_prim():
    for (weights, start), parent in runs("prim"):
        vertices = range(len(weights))
        edges = [(u, v, weights[u][v]) for u, v in combinations(vertices, 2) if weights[u][v] is not None]
        reach = closure(vertices, both_ways([edge[:2] for edge in edges]))
        inside = [v for v in vertices if (start, v) in reach]
        assert [v for v in vertices if parent[v] is not None] == [v for v in inside if v != start]
        tree = [(parent[v], v) for v in inside if v != start]
        assert pieces(inside, tree) == 1
        assert sum(weights[u][v] for u, v in tree) == spanning_weight(
            inside, [edge for edge in edges if edge[0] in inside]
        )


def test_bellman_ford():
    impossible = 0
    for (count, edges, source), result in runs("bellman_ford"):
        expected = least_weights(range(count), edges, source)
        assert result == (None if expected is None else list(expected.values()))
        impossible += expected is None
    assert 0 < impossible < 15


def test_dijkstra():
    for (graph, source), distance in runs("dijkstra"):
        weighted = [(u, v, weight) for u in graph for v, weight in graph[u].items()]
        assert all(weight >= 0 for *_, weight in weighted)
        assert distance == {v: d for v, d in least_weights(list(graph), weighted, source).items() if d is not None}


def test_dag_shortest_paths():
    for (graph, source), (distance, previous) in runs("dag_shortest_paths"):
        weighted = [(u, v, weight) for u in range(len(graph)) for v, weight in graph[u]]
        assert distance == list(least_weights(range(len(graph)), weighted, source).values())
        for vertex, before in enumerate(previous):
            if before is None:
                assert distance[vertex] is None or vertex == source
            else:
                assert distance[vertex] - distance[before] == dict(graph[before])[vertex]


def test_floyd_warshall():
    for (weights,), distance in runs("floyd_warshall"):
        vertices = range(len(weights))
        weighted = [(u, v, weights[u][v]) for u in vertices for v in vertices if weights[u][v] is not None]
        assert distance == [list(least_weights(vertices, weighted, source).values()) for source in vertices]
