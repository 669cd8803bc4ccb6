def placements(size):
    """All ways to put queens on a board, one in each row, so that none attacks another."""
    columns, rising, falling = set(), set(), set()
    board, found = [], []

    def place(row):
        if row == size:
            found.append(list(board))
            return
        for column in range(size):
            if column in columns or row + column in rising or row - column in falling:
                continue
            columns.add(column)
            rising.add(row + column)
            falling.add(row - column)
            board.append(column)
            place(row + 1)
            board.pop()
            columns.discard(column)
            rising.discard(row + column)
            falling.discard(row - column)

    place(0)
    return found


def main():
    return placements(6)
