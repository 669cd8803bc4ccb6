"""Probability by counting: favourable cases over all cases.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.drawing import call, chance, size
from tracepile_assets.sources.embedded.mathematics.entries import entry

COLORS = ("red", "blue", "green", "white", "black")


def _dice(rng: Random, level: float) -> str:
    dice, sides = size(rng, level, 1, 5), rng.choice((2, 3, 4, 6) if level < 0.5 else (4, 6, 6, 8))
    if chance(rng, 0.08):
        return call(dice, sides, rng.choice((dice - 1, dice * sides + 1)))
    middle = dice * (sides + 1) // 2
    return call(dice, sides, min(dice * sides, max(dice, middle + rng.randint(-dice, dice))))


def _urn(rng: Random, level: float) -> str:
    urn = {color: rng.randint(1, 4 + round(40 * level)) for color in rng.sample(COLORS, rng.randint(2, 4))}
    balls = sum(urn.values())
    draws = balls if chance(rng, 0.04) else min(balls, rng.randint(1, 2 + round(level * 0.7 * balls)))
    color = "yellow" if chance(rng, 0.04) else rng.choice(list(urn))
    usual = draws * urn.get(color, 0) // balls
    at_least = 0 if chance(rng, 0.04) else max(1, usual + rng.randint(-1 - round(3 * level), 1))
    return call(urn, draws, color, at_least)


def _tosses(rng: Random, level: float) -> str:
    run = size(rng, level, 2, 6)
    tosses = run - 1 if chance(rng, 0.06) else run + size(rng, level, 0, 32)
    return call(tosses, run)


def _hats(rng: Random, level: float) -> str:
    count = size(rng, level, 2, 5)
    kinds = rng.sample(("cap", "beret", "fedora", "bonnet", "turban", "bowler"), rng.randint(2, min(count, 4)))
    if count > 4:
        kinds = kinds[:3]
    hats = kinds + [rng.choice(kinds) for _ in range(count - len(kinds))]
    rng.shuffle(hats)
    return call(hats)


ENTRIES = (
    entry(
        "dice_sum_chance",
        "Sum of dice",
        "Several dice with sides numbered from 1 are thrown. What is the chance that they show a given sum? Answer "
        "with a "
        "reduced fraction such as '5/36'.",
        _dice,
    ),
    entry(
        "draw_colors",
        "Drawing balls",
        "An urn holds balls of several colors. Some are drawn at once. What is the chance that at least a given number "
        "of them have a given color? Return numerator and denominator of the reduced fraction.",
        _urn,
    ),
    entry(
        "heads_in_a_row",
        "Heads in a row",
        "A fair coin is tossed a number of times. Among all sequences of results, how many hold a given number of "
        "heads "
        "in a row? Return that count and the number of all sequences.",
        _tosses,
    ),
    entry(
        "nobody_own_hat",
        "Nobody gets a hat of their own kind",
        "People leave their hats at the door, and take one each at random on leaving; hats of the same kind look "
        "alike. "
        "In how many ways can the hats be taken so that nobody has a hat of the kind they came with? Return that "
        "number, "
        "the number of all ways, and the chance rounded to four places.",
        _hats,
    ),
)
