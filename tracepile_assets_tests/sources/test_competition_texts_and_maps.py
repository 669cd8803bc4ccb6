"""Competition programs on strings, stacks, queues, maps and simulations against other ways to the same answer."""

import heapq
import re
from collections import Counter
from functools import cache

import pytest

from tracepile_assets_tests.sources.embedded_runs import printed, programs


def check_brackets(text):
    def errors(line):
        def reduced(marked):
            pairs = {"()", "[]", "{}"}
            at = next((i for i in range(len(marked) - 1) if marked[i][0] + marked[i + 1][0] in pairs), None)
            return marked if at is None else reduced(marked[:at] + marked[at + 2 :])

        marked = [(char, place) for place, char in enumerate(line, start=1) if char in "()[]{}"]
        for count in range(1, len(marked) + 1):
            if any(char in ")]}" for char, _ in reduced(marked[:count])):
                return marked[count - 1][1]
        left = reduced(marked)
        return left[0][1] if left else "ok"

    return [errors(line) for line in text.split("\n")[1:-1]]


def postfix_calculator(text):
    def value(tokens):
        at = next((i for i, token in enumerate(tokens) if token in ("+", "-", "*", "/")), None)
        if at is None:
            return tokens[0] if len(tokens) == 1 else "ERROR left over"
        if at < 2:
            return "ERROR missing operand"
        left, right, operator = int(tokens[at - 2]), int(tokens[at - 1]), tokens[at]
        if operator == "/" and right == 0:
            return "ERROR division by zero"
        results = {"+": left + right, "-": left - right, "*": left * right, "/": left // right if right else 0}
        return value([*tokens[: at - 2], str(results[operator]), *tokens[at + 1 :]])

    return [value(line.split()) for line in text.split("\n")[:-2]]


def warmer_day(text):
    days = [int(x) for x in text.split()[1:]]
    waits = (next((j - i for j in range(i + 1, len(days)) if days[j] > days[i]), 0) for i in range(len(days)))
    return [" ".join(map(str, waits))]


def count_votes(text):
    votes = Counter(line.capitalize() for line in text.split("\n")[1:] if line)
    ranking = sorted(votes, key=lambda name: (-votes[name], name))
    return [
        f"{1 + sum(other > votes[name] for other in votes.values())}. {name} {votes[name]}" for name in ranking
    ] or ["no votes"]


def bank_commands(text):
    accounts, said = {}, []
    for command, *words in (line.split() for line in text.splitlines()):
        match command, words:
            case "open", [name, amount]:
                accounts[name] = int(amount)
            case "put", [name, amount]:
                accounts[name] = accounts[name] + int(amount)
            case (("take" | "move"), [name, *other, amount]):
                if accounts.get(name, -1) >= int(amount):
                    accounts[name] -= int(amount)
                    accounts.update({payee: accounts[payee] + int(amount) for payee in other})
                elif name in accounts:
                    said.append(f"not enough money: {name} has {accounts[name]}")
                else:
                    said.append(f"unknown account {name}")
    return said + [f"{name} {amount}" for name, amount in sorted(accounts.items())]


def ticket_counter(text):
    (_, counters), *customers = [line.split() for line in text.splitlines()]
    free = [(0, number) for number in range(1, int(counters) + 1)]
    answer, waits = [], []
    for name, arrival, duration in customers:
        at, number = heapq.heappop(free)
        start = max(at, int(arrival))
        waits.append(start - int(arrival))
        heapq.heappush(free, (start + int(duration), number))
        answer.append(f"{name} {number} {start}")
    return [*answer, f"{sum(waits) / len(waits):.2f}"]


def last_in_circle(text):
    answer = []
    for line in text.splitlines()[1:]:
        n, k = map(int, line.split())
        people, at, order = list(range(1, n + 1)), 0, []
        while people:
            at = (at + k - 1) % len(people)
            order.append(str(people.pop(at)))
        answer.append(" ".join([order[-1], "after", *order[:-1]]))
    return answer


def robot_walk(text):
    size, *grid, commands = text.splitlines()
    free = {complex(x, y) for y, row in enumerate(grid) for x, cell in enumerate(row) if cell == "."}
    at, facing, bumps = 0j, 1 + 0j, 0
    for command in commands:
        if command == "F":
            bumps += at + facing not in free
            at = at + facing if at + facing in free else at
        else:
            facing *= 1j if command == "R" else -1j
    side = {1: "E", 1j: "S", -1: "W", -1j: "N"}[facing]
    assert len(grid) == int(size.split()[0])
    return [f"{int(at.imag) + 1} {int(at.real) + 1} {side}", f"bumps: {bumps}"]


def cell_generations(text):
    size, cells = text.splitlines()
    n, generations = map(int, size.split())
    alive = {i for i, cell in enumerate(cells) if cell == "*"}
    answer = []
    for _ in range(generations):
        alive = {(i - 1) % n for i in alive} ^ {(i + 1) % n for i in alive}
        answer.append("".join("*" if i in alive else "." for i in range(n)))
    return [*answer, len(alive)]


def group_anagrams(text):
    words = text.split()
    letters = {word: frozenset(Counter(word.lower()).items()) for word in words}
    kinds = list(dict.fromkeys(letters[word] for word in words))
    groups = [sorted(word for word in words if letters[word] == kind) for kind in kinds]
    shown = [" ".join(group) for group in groups if len(group) > 1]
    return [*shown, f"{len(groups)} {max(map(len, groups), default=0)}"]


def run_length(text):
    answer = []
    for line in text.splitlines()[1:]:
        action, word = line.split()
        if action == "E":
            answer.append(re.sub(r"(.)\1+", lambda run: f"{len(run[0])}{run[1]}", word))
        else:
            answer.append(re.sub(r"(\d+)(.)", lambda run: int(run[1]) * run[2], word))
    return answer


def palindrome_repair(text):
    answer = []
    for word in text.splitlines()[1:]:
        repaired = "".join(map(min, word, reversed(word)))
        answer.append(f"{sum(a != b for a, b in zip(word, reversed(word), strict=True)) // 2} {repaired}")
    return answer


def word_distance(text):
    wanted, _, *words = text.splitlines()

    @cache
    def distance(a, b):
        if not a or not b:
            return len(a) + len(b)
        if a[0] == b[0]:
            return distance(a[1:], b[1:])
        return 1 + min(distance(a[1:], b), distance(a, b[1:]), distance(a[1:], b[1:]))

    closest = min(words, key=lambda word: distance(wanted, word))
    return [f"{closest} {distance(wanted, closest)}"]


ORACLES = (
    check_brackets,
    postfix_calculator,
    warmer_day,
    count_votes,
    bank_commands,
    ticket_counter,
    last_in_circle,
    robot_walk,
    cell_generations,
    group_anagrams,
    run_length,
    palindrome_repair,
    word_distance,
)


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.__name__)
def test_output_is_what_another_way_gives(oracle):
    program = programs("competition")[oracle.__name__]
    for given in program.inputs:
        assert printed(program, given).rstrip("\n").split("\n") == [str(line) for line in oracle(given.stdin)]


def test_secret_message_is_what_was_coded():
    program = programs("competition")["secret_message"]
    for given in program.inputs:
        key, coded = given.stdin.splitlines()
        message = printed(program, given).rstrip("\n")
        letters = [char for char in message if char.isalpha()]
        shifts = [ord(key[i % len(key)]) - ord("a") for i in range(len(letters))]
        again = iter(
            chr((ord(letter.lower()) - ord("a") + shift) % 26 + ord("a"))
            for letter, shift in zip(letters, shifts, strict=True)
        )
        assert "".join(next(again) if char.isalpha() else char for char in message) == coded.lower()
        assert [char.isupper() for char in message] == [char.isupper() for char in coded]
