"""Greedy solutions: sorting, sweeping, taking what is best now.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.competition.entries import entry
from tracepile_assets.sources.embedded.drawing import chance, integers, line, lines, size


def _boats(rng: Random, level: float) -> str:
    cases = []
    for _ in range(size(rng, level, 1, 5)):
        limit = rng.randint(80, 160)
        weights = integers(rng, size(rng, level, 1, 14), 20, limit)
        cases.append(lines(line((len(weights), limit)), line(weights)))
    return lines(len(cases)) + "".join(cases)


def _ratings(rng: Random, level: float) -> str:
    count = 1 if chance(rng, 0.04) else size(rng, level, 2, 55)
    ratings = integers(rng, count, 1, rng.choice((3, 5, 9)))
    if chance(rng, 0.12):
        ratings.sort(reverse=chance(rng, 0.5))
    return lines(count, line(ratings))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _timetable(rng: Random, level: float) -> str:
    count = 0 if chance(rng, 0.03) else size(rng, level, 1, 34)
    trains = []
    start = rng.randint(5, 20) * 60
    for _ in range(count):
        arrival = start + rng.randint(0, 30 + 4 * count)
        if trains and chance(rng, 0.15):
            arrival = trains[-1][1]
        trains.append((arrival, min(23 * 60 + 58, arrival + rng.randint(2, 35))))
    trains = [(min(arrival, departure), departure) for arrival, departure in trains]
    return lines(count, *(f"{_clock(arrival)} {_clock(departure)}" for arrival, departure in trains))


def _plants(rng: Random, level: float) -> str:
    cases = []
    for _ in range(size(rng, level, 1, 6)):
        can = rng.randint(4, 12)
        need = integers(rng, size(rng, level, 1, 22), 1, can)
        if chance(rng, 0.12):
            need[rng.randrange(len(need))] = can + rng.randint(1, 3)
        cases.append(lines(line((len(need), can)), line(need)))
    return lines(len(cases)) + "".join(cases)


ENTRIES = (
    entry(
        "ferry_trips",
        "Ferry trips",
        "A small ferry takes at most two people at a time, and no more than a given weight. Nobody is heavier than "
        "that. "
        "How many trips over the river are needed to take everybody?\n\n"
        "Input: the number of test cases. Each test case has a line with the number of people and the weight limit, "
        "and "
        "a line with the weights.\nOutput: for each test case a line `Case k: trips`, with k from 1.",
        _boats,
    ),
    entry(
        "candy_shares",
        "Sharing candy",
        "Children stand in a row, each with a rating. Everybody gets at least one candy, and a child with a higher "
        "rating "
        "than a neighbor gets more candies than that neighbor. Share out as few candies as possible.\n\n"
        "Input: the number of children, at least 1; a line with their ratings.\nOutput: the number of candies in all; "
        "a "
        "line with the candies of each child.",
        _ratings,
    ),
    entry(
        "platforms",
        "Platforms of a station",
        "Every train needs a platform from the minute of its arrival to the minute of its departure, both included. "
        "What "
        "is the largest number of trains in the station at once, and when is it first reached?\n\n"
        "Input: the number of trains; for each a line with arrival and departure as HH:MM.\nOutput: the largest "
        "number; "
        "then the time as HH:MM, if there are any trains.",
        _timetable,
    ),
    entry(
        "watering_plants",
        "Watering plants",
        "Plants stand in a row at 1, 2, 3, ... steps from the tap, where you start with a full can. You water them "
        "from "
        "left to right, each all at once. If the can does not hold enough for the next plant, you go back from the "
        "last "
        "plant to the tap, fill it, and return. Count the steps.\n\n"
        "Input: the number of test cases. Each test case has a line with the number of plants and what the can holds, "
        "and a line with the water that each plant needs.\nOutput: for each test case the number of steps, or -1 if a "
        "plant needs more than a full can.",
        _plants,
    ),
)
