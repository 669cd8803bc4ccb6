"""Whether a licence is on the allow-list: SPDX expressions against SPDX ids.

Not here: the list, which is a setting (home/), and reading what a source states (sources/).
"""

import re
from collections.abc import Collection

_TOKEN = re.compile(r"[()]|[A-Za-z0-9.+:-]+")


def is_allowed(license_: str, allowed: Collection[str]) -> bool:
    """Whether a licence is one of those allowed: an id, or an expression of ids with AND, OR, WITH and parentheses.

    Of alternatives one has to be allowed, of licences that hold together all; an exception after WITH only permits
    more. Upper and lower case do not count, as in SPDX. What is neither an id of the list nor such an expression is not
    allowed.
    """
    ids = {each.strip().lower() for each in allowed}
    if license_.strip().lower() in ids:
        return True
    tokens = _TOKEN.findall(license_)
    if "".join(tokens) != "".join(license_.split()):
        return False
    try:
        holds, rest = _either(tokens, ids)
    except IndexError:
        return False
    return holds and not rest


def _either(tokens: list[str], ids: set[str]) -> tuple[bool, list[str]]:
    holds, rest = _both(tokens, ids)
    while rest and rest[0].upper() == "OR":
        other, rest = _both(rest[1:], ids)
        holds |= other
    return holds, rest


def _both(tokens: list[str], ids: set[str]) -> tuple[bool, list[str]]:
    holds, rest = _one(tokens, ids)
    while rest and rest[0].upper() == "AND":
        other, rest = _one(rest[1:], ids)
        holds &= other
    return holds, rest


def _one(tokens: list[str], ids: set[str]) -> tuple[bool, list[str]]:
    if tokens[0] == "(":
        holds, rest = _either(tokens[1:], ids)
        return holds and rest[0] == ")", rest[1:]
    rest = tokens[1:]
    return tokens[0].lower() in ids, rest[2:] if rest and rest[0].upper() == "WITH" else rest
