import sys

MOVES = {"N": (-1, 0), "E": (0, 1), "S": (1, 0), "W": (0, -1)}
TURNS = "NESW"


class Robot:
    def __init__(self, row, column, facing):
        self.row = row
        self.column = column
        self.facing = facing
        self.bumps = 0

    def turn(self, side):
        index = TURNS.index(self.facing)
        self.facing = TURNS[(index + (1 if side == "R" else -1)) % 4]

    def step(self, grid):
        down, right = MOVES[self.facing]
        row, column = self.row + down, self.column + right
        inside = 0 <= row < len(grid) and 0 <= column < len(grid[0])
        if inside and grid[row][column] != "#":
            self.row, self.column = row, column
        else:
            self.bumps += 1


def main():
    data = sys.stdin.read().split()
    rows = int(data[0])
    grid = data[2 : 2 + rows]
    commands = data[2 + rows]
    robot = Robot(0, 0, "E")
    for command in commands:
        if command == "F":
            robot.step(grid)
        else:
            robot.turn(command)
    print(robot.row + 1, robot.column + 1, robot.facing)
    print("bumps:", robot.bumps)


main()
