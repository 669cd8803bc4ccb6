"""Each input of a program runs alone, until what it made is gone."""

from textwrap import dedent

import pytest

from tracepile_assets.execution import Job, Limits, Pool, RunInput, worker

from .isolations import jails


def taken_for_harmless(monkeypatch):
    """Have inputs share a process whatever the text of their program shows."""
    monkeypatch.setattr(worker, "may_share", lambda code, entry: True)


DIES_HARD = """
class R:
    def __del__(self):
        while self.n == 0:
            pass
def f(n):
    made = R()
    made.n = n
    return made
"""


@pytest.mark.parametrize("order", ["01", "10", "1", "0"])
def test_a_result_that_dies_hard_is_put_down_to_its_own_input(monkeypatch, order):
    taken_for_harmless(monkeypatch)
    limits = Limits(cpu_s=1.0, wall_s=4.0)
    job = Job("j", DIES_HARD, "f", tuple(RunInput(n, arguments=n) for n in order))
    with Pool(workers=1, limits=limits, isolation=jails()[0]) as pool:
        ((_, outcomes),) = pool.run([job])
    told = {o.input_id: (o.recording.status, o.recording.n_events) for o in outcomes}
    assert list(told) == list(order)
    assert told.pop("1", ("ok", 5)) == ("ok", 5)
    assert all(status in ("cpu_limit", "timeout") and n_events == 5 for status, n_events in told.values())


# The table is part of a cycle, so that it is there until the collector has run.
HOLDS_MUCH = """
table = []
def f(n):
    global table
    table = bytearray(90 << 20)
    return len(table) + n
"""


@pytest.mark.parametrize("code", [HOLDS_MUCH, "import time\n" + HOLDS_MUCH], ids=["tame", "with care"])
def test_memory_that_other_inputs_held_is_not_missing(code):
    job = Job("j", code, "f", tuple(RunInput(str(n), arguments=str(n)) for n in range(6)))
    with Pool(workers=1, limits=Limits(memory_mb=256), isolation=jails()[0]) as pool:
        ((_, outcomes),) = pool.run([job])
    assert [outcome.recording.status for outcome in outcomes] == ["ok"] * 6
    assert [outcome.recording.return_value for outcome in outcomes] == [str((90 << 20) + n) for n in range(6)]


# How a program gets hold of what the library holds, and what it does with it; each returns what it finds there.
LEAKS = {
    "under a name with a type": """
        import calendar
        def f(n):
            table: list = calendar.mdays
            if n: table[2] = 29
            return table[2]
        """,
    "as a default": """
        import calendar
        def f(n, table=calendar.mdays):
            if n: table[2] = 29
            return table[2]
        """,
    "as an argument": """
        import calendar
        def fix(table): table[2] = 29
        def f(n):
            if n: fix(calendar.mdays)
            return calendar.mdays[2]
        """,
    "in a loop": """
        from html.entities import name2codepoint
        def f(n):
            for table in (name2codepoint,):
                if n: table['zz'] = 1
            return len(table)
        """,
    "attribute of an object": """
        from textwrap import TextWrapper
        def f(n):
            wrapper = TextWrapper(width=20)
            table = wrapper.unicode_whitespace_trans
            if n: table[ord('x')] = ord(' ')
            return wrapper.fill('axb')
        """,
    "attribute of a class of its own": """
        from textwrap import TextWrapper
        class Mine(TextWrapper):
            def mark(self): self.unicode_whitespace_trans[ord('x')] = ord(' ')
        def f(n):
            if n: Mine().mark()
            return Mine().fill('axb')
        """,
    "attribute that a pattern takes": """
        from textwrap import TextWrapper
        def f(n):
            match TextWrapper():
                case TextWrapper(unicode_whitespace_trans=table):
                    if n: table[1] = 2
            return len(table)
        """,
    "under a name in an expression": """
        import calendar
        def f(n):
            if (table := calendar.mdays) and n: table[2] = 29
            return table[2]
        """,
    "what a function gives": """
        import calendar
        def table(): return calendar.mdays
        def f(n):
            if n: table()[2] = 29
            return table()[2]
        """,
    "in a comprehension": """
        import string, keyword
        def f(n):
            [words.append('x') for words in [keyword.kwlist] if n]
            return len(keyword.kwlist)
        """,
    "in a field": """
        import calendar
        class Holder:
            def __init__(self): self.table = calendar.mdays
        def f(n):
            held = Holder()
            if n: held.table[2] = 29
            return held.table[2]
        """,
    "set": """
        import os
        def add(names, n):
            if n: names.add('x')
            return len(names)
        def f(n): return add(os.supports_fd, n)
        """,
    "object of a module": """
        import calendar
        def mark(made):
            made.mine = 1
        def f(n):
            if n: mark(calendar.c)
            return hasattr(calendar.c, 'mine')
        """,
    "list deep inside an object": """
        import calendar
        def f(n):
            days = [calendar.day_name][0]
            if n: days._days.reverse()
            return calendar.day_name[0]
        """,
    "function": """
        import os
        def mark(function): function.mine = 1
        def f(n):
            if n: mark(os.path.join)
            return hasattr(os.path.join, 'mine')
        """,
    "class": """
        import reprlib
        def mark(kind): kind.repr_int = lambda self, x, level: 'int'
        def f(n):
            if n: mark(reprlib.Repr)
            return reprlib.repr(10)
        """,
    "cache": """
        import re
        def mark(cache): cache.clear(); cache.update({(str, 'a', 0): re.compile('b')})
        def f(n):
            if n: mark(re._cache)
            return (str, 'a', 0) in re._cache
        """,
    "generator of random numbers": """
        import random
        def mark(made): made.mine = 1
        def f(n):
            if n: mark(random._inst)
            return hasattr(random._inst, 'mine')
        """,
    "how decimal numbers are rounded by default": """
        import decimal
        def mark(context): context.prec = 5
        def f(n):
            if n: mark(decimal.DefaultContext)
            return decimal.Context().prec
        """,
    "traps of a context that is there to be copied": """
        import decimal
        def mark(context): context.traps[decimal.Inexact] = True
        def f(n):
            if n: mark(decimal.ExtendedContext)
            return decimal.ExtendedContext.traps[decimal.Inexact]
        """,
    "default of a function": """
        import copy
        def mark(function): function.__defaults__[1].append(1)
        def f(n):
            if n: mark(copy.deepcopy)
            return len(copy.deepcopy.__defaults__[1])
        """,
    "what a function encloses": """
        import collections
        def f(n):
            cells = collections.ChainMap.__repr__.__closure__
            held = [cell.cell_contents for cell in cells if isinstance(cell.cell_contents, set)][0]
            if n: held.add(1)
            return len(held)
        """,
}
KEEPS = """
import collections, csv, datetime, decimal, enum, fractions, json, os, pprint, random, re, statistics, string, typing
class Color(enum.Enum):
    RED = 1
def f(n):
    re.compile('a' * (n + 1), re.I | re.M).match('b')
    random.gauss(0, n)
    decimal.Decimal(n + 1) / 3
    datetime.datetime.strptime('2020-01-02', '%Y-%m-%d').strftime('%d')
    json.loads(json.dumps({'a': [n]}))
    typing.List[int], statistics.mean([n]), fractions.Fraction(n, 3), Color(1), pprint.pformat([n])
    isinstance(collections.Counter(), collections.abc.Mapping), string.Template('$a').substitute(a=n)
    os.environ['MINE'] = 'x'
    return os.getpid()
"""


@pytest.fixture(scope="module")
def pool():
    with Pool(workers=1, isolation=jails()[0]) as made:
        yield made


def results(pool, code, order, twin=False):
    inputs = tuple(RunInput(str(place), arguments=n) for place, n in enumerate(order))
    ((_, outcomes),) = pool.run([Job("j", dedent(code), "f", inputs, twin=twin)])
    assert {outcome.recording.status for outcome in outcomes} == {"ok"}, outcomes[0].recording.exception
    return [(outcome.recording.return_value, outcome.digest) for outcome in outcomes]


@pytest.mark.parametrize("harmless", [False, True], ids=["", "taken for harmless"])
@pytest.mark.parametrize("name", LEAKS)
def test_what_one_input_changes_of_the_library_no_other_finds(monkeypatch, pool, name, harmless):
    if harmless:
        taken_for_harmless(monkeypatch)
    code = LEAKS[name]
    (unchanged,), (changed,) = results(pool, code, "0"), results(pool, code, "1")
    assert unchanged[0] != changed[0], "the program changes nothing that it finds"
    for order in ("0101", "1100"):
        for twin in (False, True):
            assert results(pool, code, order, twin) == [changed if n == "1" else unchanged for n in order]


@pytest.mark.parametrize("twin", [False, True], ids=["", "twin"])
def test_a_process_goes_on_where_nothing_of_the_library_was_changed(monkeypatch, pool, twin):
    taken_for_harmless(monkeypatch)
    assert len({returned for returned, _ in results(pool, KEEPS, "0123", twin)}) == 1
