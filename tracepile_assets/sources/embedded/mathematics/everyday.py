"""Everyday arithmetic: rates, money, work and motion, as word problems set it.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.drawing import call, chance, size
from tracepile_assets.sources.embedded.mathematics.entries import entry

NAMES = ("Ada", "Ben", "Chloe", "Dinh", "Elif", "Femi", "Gita", "Hugo")
GOODS = ("apples", "bread", "cheese", "dates", "eggs", "flour", "grapes", "honey", "jam", "kale", "lentils", "milk")


def _loan(rng: Random, level: float) -> str:
    payment = 100 * rng.randint(20, 90)
    percent = rng.choice((0, 3, 4, 6, 9, 12, 18, 24))
    balance = payment * size(rng, level, 2, 55 if percent < 9 else 30) - 100 * rng.randint(0, 15)
    if chance(rng, 0.05):
        balance, percent = payment * 60, rng.choice((20, 24, 36))
    return call(balance, percent, payment)


def _tank(rng: Random, level: float) -> str:
    inflow = rng.randint(3, 15)
    leak = rng.randint(1, inflow + 4)
    minutes = size(rng, level, 2, 60)
    capacity = max(5, inflow * minutes - rng.randint(0, inflow))
    count = size(rng, level, 1, 8)
    if chance(rng, 0.8):
        count += count % 2  # the drain ends shut
    turns = sorted(rng.sample(range(1, minutes + 2), min(minutes, count)))
    return call(capacity, inflow, leak, turns)


def _basket(rng: Random, level: float) -> str:
    sold = rng.sample(GOODS, size(rng, level, 2, len(GOODS)))
    prices = {item: 10 * rng.randint(3, 60) - rng.choice((0, 1)) for item in sold}
    basket = [(rng.choice(sold), rng.randint(1, 9)) for _ in range(size(rng, level, 1, 30))]
    if chance(rng, 0.05):
        basket.append((rng.choice([item for item in (*GOODS, "nuts") if item not in prices]), 1))
    return call(prices, basket, rng.choice((5, 8, 10, 15)))


def _travellers(rng: Random, level: float) -> str:
    first, second = rng.randint(60, 110), rng.randint(70, 320)
    minutes = size(rng, level, 2, 110)
    delay = rng.randint(0, max(1, minutes // 3))
    distance = first * minutes + second * max(0, minutes - delay) - rng.randint(0, 59)
    return call(distance, first, second, 60 * rng.randint(6, 14) + 5 * rng.randrange(12), delay)


def _coins(rng: Random, level: float) -> str:
    coins = rng.choice(((1, 5, 10), (1, 3, 4), (1, 2, 5), (2, 5), (1, 4, 6), (3, 7), (5, 9, 12)))
    amount = 0 if chance(rng, 0.04) else size(rng, level, 2, 68)
    return call(amount, list(coins))


def _workers(rng: Random, level: float) -> str:
    names = rng.sample(NAMES, size(rng, level, 1, 5))
    rates = {name: rng.randint(2, 12) for name in names}
    hours = {name: size(rng, level, 1, 22) for name in names}
    possible = sum(rates[name] * hours[name] for name in names)
    order = possible + rng.randint(1, 20) if chance(rng, 0.2) else max(1, possible - rng.randint(0, possible // 3 + 1))
    return call(rates, hours, order)


ENTRIES = (
    entry(
        "repay_loan",
        "Paying back a loan",
        "A loan is paid back in equal monthly payments. Each month a twelfth of the yearly rate, in whole cents "
        "rounded "
        "down, is added as interest before the payment is taken; the last payment is only what is left. Amounts are in "
        "cents. Return how many months it takes and how much interest is paid in all, or None if the payment never "
        "exceeds the interest.",
        _loan,
    ),
    entry(
        "fill_tank",
        "Filling a leaking tank",
        "A tank of a given capacity in litres is filled at a steady rate per minute. At the minutes in a list someone "
        "turns the drain: if it was shut it opens and lets a fixed amount out every minute, if it was open it shuts. "
        "Say "
        "after how many minutes the tank is full and how much is spilled, or that it is not full after an hour and a "
        "half.",
        _tank,
    ),
    entry(
        "shopping_bill",
        "Every fourth one free",
        "A shop gives every fourth piece of a kind in one line of the basket for free, and takes a percentage, rounded "
        "down, off a bill of 5000 cents or more. Given the prices, the basket as (item, quantity) pairs and the "
        "percentage, return what each item costs and the total to be paid.",
        _basket,
    ),
    entry(
        "meet_on_the_road",
        "Meeting on the road",
        "Two travellers go toward each other from the ends of a road. The first departs at a time given in minutes "
        "after "
        "midnight, the second some minutes later; distances are in metres and speeds in metres per minute. Find, to "
        "the "
        "whole minute in which they meet, the time of day and how far the first has come.",
        _travellers,
    ),
    entry(
        "fewest_coins",
        "Paying with the fewest coins",
        "Pay an amount exactly with as few coins as possible; there are enough coins of each kind. Return the coins "
        "that "
        "are paid, or None if the amount cannot be paid.",
        _coins,
    ),
    entry(
        "share_work",
        "Working off an order",
        "Several workers make parts for one order, each at a rate per hour and each leaving after a number of hours. "
        "Return how many parts each has made, how many hours were begun and how many parts are still missing when the "
        "order is done or everybody has left.",
        _workers,
    ),
)
