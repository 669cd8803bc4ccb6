"""Grids: flood fill, shortest ways, walking order.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.competition.entries import entry
from tracepile_assets.sources.embedded.drawing import chance, integers, line, lines, size


def _map(rng: Random, level: float) -> str:
    rows, columns = size(rng, level, 1, 8), size(rng, level, 2, 9)
    land = rng.uniform(0.1, 0.5) if level > 0.3 else 0.3
    grid = ["".join("#" if chance(rng, land) else "." for _ in range(columns)) for _ in range(rows)]
    return lines(line((rows, columns)), *grid)


def _maze(rng: Random, level: float) -> str:
    height, width = size(rng, level, 1, 8), size(rng, level, 2, 9)
    walls = rng.uniform(0.1, 0.35)
    cells = [["#" if chance(rng, walls) else "." for _ in range(width)] for _ in range(height)]
    start = rng.randrange(height * width // 2)
    end = rng.randrange(height * width // 2, height * width)
    cells[start // width][start % width] = "S"
    cells[end // width][end % width] = "E"
    return lines(line((height, width)), *map("".join, cells))


def _table(rng: Random, level: float) -> str:
    rows, columns = size(rng, level, 1, 10), size(rng, level, 2, 10)
    if chance(rng, 0.08):
        rows, columns = rng.choice(((1, columns), (rows, 1)))
    return lines(line((rows, columns)), *(line(integers(rng, columns, 0, 99)) for _ in range(rows)))


ENTRIES = (
    entry(
        "count_islands",
        "Islands",
        "On a map `#` is land and `.` is water. Cells of land that touch along an edge belong to the same island.\n\n"
        "Input: the number of rows and of columns; the rows of the map.\nOutput: the number of islands; then the "
        "number of "
        "cells of the largest one, if there is any.",
        _map,
    ),
    entry(
        "way_out",
        "The way out",
        "In a maze one can go up, down, left and right, but not through walls `#`. How many steps does the shortest "
        "way "
        "from `S` to `E` take?\n\n"
        "Input: height and width; the rows of the maze.\nOutput: the number of steps, or `no way out`.",
        _maze,
    ),
    entry(
        "spiral_order",
        "Spiral order",
        "Read a table in a spiral: along the first row, down the last column, back along the last row, up the first "
        "column, and so on inward.\n\n"
        "Input: the number of rows and of columns; the rows.\nOutput: all entries on one line, in this order.",
        _table,
    ),
)
