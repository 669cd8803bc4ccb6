"""Stacks, queues and maps.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.competition.entries import entry
from tracepile_assets.sources.embedded.drawing import chance, integers, line, lines, size

NAMES = ("Amal", "Bruno", "Cora", "Dimitri", "Esi", "Farah")
ACCOUNTS = ("ada", "bob", "cy", "dan", "eli")
PAIRS = {"(": ")", "[": "]", "{": "}"}


def _brackets(rng: Random, length: int) -> str:
    text, opened = "", ""
    while len(text) + len(opened) < length:
        if opened and chance(rng, 0.42):
            text, opened = text + PAIRS[opened[-1]], opened[:-1]
        else:
            bracket = rng.choice("([{")
            text, opened = text + bracket, opened + bracket
        if chance(rng, 0.15):
            text += rng.choice("abxy")
    return text + "".join(PAIRS[bracket] for bracket in reversed(opened))


def _bracket_lines(rng: Random, level: float) -> str:
    texts = []
    for _ in range(size(rng, level, 1, 7)):
        text = _brackets(rng, size(rng, level, 2, 26))
        if chance(rng, 0.45):
            place = rng.randrange(len(text))
            text = text[:place] + rng.choice(("", ")", "]", "{")) + text[place + 1 :]
        texts.append(text)
    return lines(len(texts), *texts)


def _postfix(rng: Random, operators: int) -> list[str]:
    if operators == 0:
        return [str(rng.randint(-9 if chance(rng, 0.15) else 1, 20))]
    left = rng.randrange(operators)
    operator = rng.choice("+-*+-*/")
    return [*_postfix(rng, left), *_postfix(rng, operators - 1 - left), operator]


def _expressions(rng: Random, level: float) -> str:
    expressions = []
    for _ in range(size(rng, level, 1, 7)):
        tokens = _postfix(rng, size(rng, level, 1, 9))
        if chance(rng, 0.1):
            tokens.insert(rng.randrange(len(tokens)), rng.choice(("+", "7", "*")))
        if chance(rng, 0.06):
            tokens += ["0", "/"]
        expressions.append(line(tokens))
    return lines(*expressions, "end")


def _temperatures(rng: Random, level: float) -> str:
    count = size(rng, level, 1, 55)
    values = integers(rng, count, -8, 32)
    if chance(rng, 0.15):
        values.sort(reverse=True)
    return lines(count, line(values))


def _votes(rng: Random, level: float) -> str:
    count = 0 if chance(rng, 0.03) else size(rng, level, 2, 50)
    running = rng.sample(NAMES, size(rng, level, 2, len(NAMES)))
    votes = [rng.choice((str.lower, str.upper, str.title))(rng.choice(running)) for _ in range(count)]
    if count and chance(rng, 0.3):
        votes[rng.randrange(count)] = ""
    return lines(count, *votes)


def _commands(rng: Random, level: float) -> str:
    owners = rng.sample(ACCOUNTS, size(rng, level, 1, len(ACCOUNTS)))
    commands = [f"open {name} {10 * rng.randint(0, 20)}" for name in owners]
    for _ in range(size(rng, level, 1, 45)):
        payer, amount = rng.choice(owners), 5 * rng.randint(1, 30)
        if chance(rng, 0.06):
            payer = rng.choice([name for name in (*ACCOUNTS, "zed") if name not in owners])
            commands.append(f"take {payer} {amount}")
        elif chance(rng, 0.3):
            commands.append(f"put {payer} {amount}")
        elif len(owners) > 1 and chance(rng, 0.6):
            commands.append(f"move {payer} {rng.choice([name for name in owners if name != payer])} {amount}")
        else:
            commands.append(f"take {payer} {amount}")
    return lines(*commands)


ENTRIES = (
    entry(
        "check_brackets",
        "Check the brackets",
        "Is every bracket in a line of text closed by one of its own kind, in the right order? If not, find the first "
        "closing bracket that does not fit, or else the first bracket that is never closed.\n\n"
        "Input: the number of lines; the lines.\nOutput: for each line `ok`, or the position of the wrong bracket, "
        "counted "
        "from 1.",
        _bracket_lines,
    ),
    entry(
        "postfix_calculator",
        "Postfix calculator",
        "Compute expressions in postfix notation, such as `3 4 + 2 *`. `/` divides and rounds down. A calculation that "
        "misses an operand, divides by zero or leaves more than one number gives an error.\n\n"
        "Input: one expression on each line, then a line `end`.\nOutput: for each expression its value, or one of "
        "`ERROR "
        "missing operand`, `ERROR division by zero`, `ERROR left over`.",
        _expressions,
    ),
    entry(
        "warmer_day",
        "Waiting for a warmer day",
        "For each day of a list of temperatures, after how many days does a warmer one come?\n\n"
        "Input: the number of days; a line with the temperatures.\nOutput: a line with the number of days to wait for "
        "each "
        "day, 0 where no warmer day comes.",
        _temperatures,
    ),
    entry(
        "count_votes",
        "Counting votes",
        "Count the votes of an election. Names may be written in small or capital letters, and an empty line is no "
        "vote. Candidates with equally many votes share a place and are listed by name.\n\n"
        "Input: the number of lines; on each line a name or nothing.\nOutput: for each candidate a line such as `1. "
        "Amal "
        "7`, or `no votes`.",
        _votes,
    ),
    entry(
        "bank_commands",
        "Bank commands",
        "Keep the accounts of a small bank. `open NAME AMOUNT` opens an account, `put NAME AMOUNT` pays in, `take NAME "
        "AMOUNT` pays out, `move NAME OTHER AMOUNT` transfers. Nothing is paid from an account that does not exist or "
        "holds too little: that is reported instead.\n\n"
        "Input: one command on each line, up to the end.\nOutput: a line for each refused command (`unknown account "
        "NAME`, or `not enough money: NAME has AMOUNT`); at the end each account in order of the names, with its "
        "balance.",
        _commands,
    ),
)
