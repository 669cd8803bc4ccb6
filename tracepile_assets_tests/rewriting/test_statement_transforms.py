"""Assignments, steps, constants, texts, dead code and names: run before and after; left alone where that may tell."""

import re

import pytest

from tracepile_assets.rewriting.foreign_words import LANGUAGES, UNKNOWN, WORDS
from tracepile_assets_tests.rewriting.plain_runs import rewritten, same_after

_G = "def g(x):\n    print(x)\n    return x + 1\n"


def _function(body: str) -> str:
    return _G + "def f(n):\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a = n\nb = g(n)\nreturn a, b", "a, b = n, g(n)"),
        ("a = 0\nb = 0\nc = 0\nreturn a + b + c + n", "a = b = c = 0"),
        ("a = g(1)\nb = g(2)\nc = g(3)\nreturn a, b, c", "a, b = g(1), g(2)"),
        ("a = n, 1\nb = n if n else 2\nreturn a, b", "a, b = (n, 1), (n if n else 2)"),
        ("if n:\n    a = 1\n    b = 2\n    return a - b", "a, b = 1, 2"),
    ],
)
def test_assignments_are_merged(body: str, expected: str) -> None:
    assert expected in same_after("merge_assignments", _function(body), ("3", "0"), seeds=1)


@pytest.mark.parametrize(
    "body",
    [
        "a = n\nb = a\nreturn b",
        "a = n\na = 3\nreturn a",
        "a = n\nb = (lambda: a)()\nreturn b",
        "a = 1\ndef h():\n    return a\nb = h()\nreturn b",
        "global a\na = 1\nb = g(2)\nreturn b",
        "try:\n    a = 1\n    b = 1 // n\nexcept ZeroDivisionError:\n    return a",
        "a = [0]\na[0] = 1\nreturn a",
        "a = 1\nb = (c := 2)\nreturn b",
        "a = []\nreturn a",
    ],
)
def test_assignments_that_stay_apart(body: str) -> None:
    assert rewritten("merge_assignments", _function(body)) is None


def test_a_list_is_not_shared() -> None:
    made = same_after("merge_assignments", _function("a = []\nb = []\na.append(n)\nreturn a, b"), ("3",), seeds=1)
    assert "a, b = [], []" in made


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a = g(n)\nreturn a * 2", "return g(n) * 2"),
        ("k = n\na = g(n) + 1\nreturn k + a", "return k + (g(n) + 1)"),
        ("a = n % 3\nif a == 0:\n    return 1\nreturn 2", "if n % 3 == 0:"),
        ("a = range(n)\nfor i in a:\n    print(i)", "for i in range(n):"),
        ("out = []\na = g(n)\nout.append(a)\nreturn out", "out.append(g(n))"),
        ("a = not n\nreturn a == 3", "return (not n) == 3"),
        ("a = [n, n]\nreturn a[0]", "return [n, n][0]"),
        ("a = (i for i in range(n))\nreturn sum(a)", "sum((i for i in range(n)))"),
    ],
)
def test_steps_are_nested(body: str, expected: str) -> None:
    assert expected in same_after("nest_steps", _function(body), ("3", "0"), seeds=1)


@pytest.mark.parametrize(
    "body",
    [
        # Evaluated later, never, often, or after something that may have effects.
        "a = g(n)\nreturn g(2) + a",
        "a = g(n)\nreturn n and a",
        "a = g(n)\nreturn 1 if n else a",
        "a = g(n)\nreturn [a for _ in range(n)]",
        "a = g(n)\nreturn lambda: a",
        "a = g(n)\nwhile a > 3:\n    break",
        "xs = [1]\na = xs.pop() if n else 0\nreturn xs[0] + a",
        "xs = [1]\na = xs.append(2)\nreturn xs[-1], a",
        # Used again, or seen elsewhere.
        "a = g(n)\nprint(a)\nprint(a)\nreturn n",
        "a = g(n)\ndef h():\n    return a\nreturn h()",
        "global a\na = g(n)\nreturn a",
        "a = g(n)\nprint(1)\nreturn a",
        "try:\n    a = 1 // n\n    return a\nfinally:\n    print(n)",
    ],
)
def test_steps_that_keep_their_names(body: str) -> None:
    assert rewritten("nest_steps", _function(body)) is None


@pytest.mark.parametrize(
    "body", ["a = 0\nb = g(n)\nreturn a, b", "b = n * 2\na = []\nreturn a, b", "a = 'x'\nb = 2\nc = n\nreturn a, b, c"]
)
def test_independent_statements_change_places(body: str) -> None:
    same_after("reorder_statements", _function(body), ("3", "0"), seeds=1)


@pytest.mark.parametrize(
    "body",
    [
        "a = 0\nb = a\nreturn b",
        "a = g(1)\nb = g(2)\nreturn a, b",
        "a = n\na = 0\nreturn a",
        "a = 0\ndef h():\n    return a\nb = h()\nreturn b",
        "a = 0\nb = (lambda: a)()\nreturn b",
        "try:\n    a = 0\n    b = 1 // n\nexcept ZeroDivisionError:\n    return a",
        "global a\na = 0\nb = g(1)\nreturn b",
        "a = 0\na += 1\nreturn a",
        "a = [n]\nb = [g(n)]\nreturn a, b",
        "a = 0\nb = (yield a)",
    ],
)
def test_dependent_statements_keep_their_places(body: str) -> None:
    assert rewritten("reorder_statements", _function(body)) is None


def test_module_variables_that_functions_see_stay() -> None:
    code = "a = 0\nb = max(1, 2)\nc = 3\nd = min(4, 5)\ndef f(n):\n    return a + b\nprint(c, d)\n"
    for name in ("merge_assignments", "reorder_statements"):
        made = rewritten(name, code)
        assert made is not None and made.startswith("a = 0\nb = max(1, 2)\n")


@pytest.mark.parametrize(
    "value", [4, 5, 7, 10, 11, 12, 37, 60, 64, 97, 100, 128, 999, 1000, 1009, 3600, 65537, 10**9 + 7, 998244353, 10**18]
)
def test_constants_keep_their_value(value: int) -> None:
    code = (
        f"def f(n):\n    k = {value}\n"
        f"    return n % {value}, -{value} * n, {value} ** 2, k, [n, {value}], n - {value}\n"
    )
    assert f"k = {value}\n" not in same_after("unfold_constants", code, ("3", "12345678901"), seeds=6)


@pytest.mark.parametrize(
    "body",
    [
        "return n + 3",
        "return [n][0:9]",
        "match n:\n    case 17:\n        return 1",
        "x: 'list[17]' = n\nreturn 0x10, 1_000, 2.5, '17'",
    ],
)
def test_constants_that_stay(body: str) -> None:
    assert rewritten("unfold_constants", _function(body)) is None


_PIECES = [
    ("f'{n}'", "format"),
    ("f'{n} and {n + 1!r:>4}|{n:<6d}|{n:06.2f}|'", "format"),
    ("f'{{{n}}} 100% {n:.3f}'", "format"),
    ("f'{n!s:>5} %d'", "percent"),
    ('f"it\'s {n}"', "percent"),
    ("f'{(n, 1)}' + f'{n:x}'", "percent"),
    ("f'{n:5d}|{n:<5d}|{n:05d}|{n:.1f}'", "percent"),
    ("f'{g(n)}, {n}'", "format"),
]


@pytest.mark.parametrize(("text", "style"), _PIECES)
def test_formatted_strings_say_the_same_in_other_styles(text: str, style: str) -> None:
    code = _function(f"return {text}")
    made = same_after(f"fstring_to_{style}", code, ("3", "12345"), seeds=1)
    assert "{n" not in made and "{g" not in made
    back = same_after(f"{style}_to_fstring", made, ("3", "12345"), seeds=1)
    assert 'f"' in back or "f'" in back


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # What is computed last may change what stands before it.
        ("fstring_to_format", "f'{xs} {xs.pop()}'"),
        ("fstring_to_percent", "f'{xs} {g(n)}'"),
        ("fstring_to_format", "f'{n=}'"),
        ("fstring_to_format", "f'{n:{w}}'"),
        ("fstring_to_format", "'{}'"),
        ("fstring_to_format", "f'text'"),
        # Where `%` aligns otherwise, or has no such format.
        ("fstring_to_percent", "f'{n:5}'"),
        ("fstring_to_percent", "f'{n:,}'"),
        ("fstring_to_percent", "f'{n:^5d}'"),
        ("fstring_to_percent", "f'{n:b}'"),
        ("fstring_to_percent", "f'{n!a}'"),
        ("format_to_fstring", "'{0} {0}'.format(n)"),
        ("format_to_fstring", "'{1} {0}'.format(n, w)"),
        ("format_to_fstring", "'{} {}'.format(*xs)"),
        ("format_to_fstring", "'{0.real}'.format(n)"),
        ("format_to_fstring", "'{}'.format(n, w)"),
        ("format_to_fstring", "w.format(n)"),
        ("format_to_fstring", "'{}'.format('a\\n')"),
        ("percent_to_fstring", "'%s' % n"),
        ("percent_to_fstring", "'%(n)s' % {'n': n}"),
        ("percent_to_fstring", "'%s %s' % (n,)"),
        ("percent_to_fstring", "'%*d' % (w, n)"),
        ("percent_to_fstring", "n % w"),
        ("percent_to_fstring", "b'%d' % (n,)"),
        ("concatenation_to_fstring", "'a' + w"),
        ("concatenation_to_fstring", "'a' + 'b'"),
        ("concatenation_to_fstring", "str(n) + str(w)"),
        ("concatenation_to_fstring", "'a' + str(w, 'ascii')"),
    ],
)
def test_texts_that_stay(name: str, value: str) -> None:
    assert rewritten(name, f"def g(n):\n    return n\ndef f(n, w, xs):\n    return {value}\n") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        # A float is made of the number for `%`, and exact numbers round otherwise.
        (
            "percent_to_fstring",
            "from decimal import Decimal\ndef f(n):\n    return 'EUR %.2f' % (Decimal(n) / 1000,)\n",
        ),
        # A float is cut to an integer for `%`, and refused in an f-string.
        ("percent_to_fstring", "def f(n):\n    h = n / 2\n    return 'half is %d' % (h,)\n"),
        ("percent_to_fstring", "def f(n):\n    return 'a power: %d' % (2**n,)\n"),
        ("percent_to_fstring", "def f(n):\n    n **= -1\n    return 'inverse: %d' % (n,)\n"),
        ("percent_to_fstring", "def f(n):\n    return 'a power: %d' % (pow(2, n),)\n"),
        ("percent_to_fstring", "import random\ndef f(n):\n    return 'by lot: %d' % (random.random() * n,)\n"),
        (
            "percent_to_fstring",
            "class K:\n    def __str__(self):\n        return 's'\n    def __format__(self, spec):\n"
            "        return 'f'\n"
            "def f(n):\n    return '%s' % (K(),)\n",
        ),
        # What ends an iterator is an error inside a generator.
        (
            "loop_to_comprehension",
            "def g(x):\n    if x < 0:\n        raise StopIteration\n    return x > 5\n"
            "def f(xs):\n    for x in xs:\n        if g(x):\n            return True\n    return False\n",
        ),
    ],
)
def test_what_only_some_values_would_tell_apart_stays(name: str, code: str) -> None:
    assert rewritten(name, code) is None


def test_concatenations_become_formatted_strings() -> None:
    code = _function("return '{' + str(n) + '}: ' + str(g(n)) + \"'\" + str([n, None]) + 'it\\'s\\n'")
    assert "f" + '"' in same_after("concatenation_to_fstring", code, ("3",), seeds=1)
    assert (
        rewritten("concatenation_to_fstring", "def str(x):\n    return 'b'\ndef f(n):\n    return 'a' + str(n)\n")
        is None
    )


@pytest.mark.parametrize(
    "body",
    [
        "for i in range(n):\n    n -= 1\nreturn n",
        "while n > 0:\n    n -= 2\nelse:\n    n = 7\nreturn n",
        '"""Text."""\ndef h():\n    yield n\n    yield 2\nreturn list(h())',
        "return n",
        "try:\n    return 1 // n\nfinally:\n    print(n)",
    ],
)
def test_dead_code_does_nothing(body: str) -> None:
    same_after("insert_dead_code", _function(body), ("3", "0"), seeds=8)


def test_there_is_no_dead_code_in_what_looks_at_itself() -> None:
    assert rewritten("insert_dead_code", "def f(n):\n    return sorted(locals())\n") is None
    assert rewritten("insert_dead_code", "async def f(n):\n    yield n\n    return\n") is None


def test_foreign_names_are_translated_and_keep_apart() -> None:
    code = (
        "def f(values, max_count, q17):\n    total = 0\n    count2 = max_count\n"
        "    for value in values:\n        total += value\n    return total, count2, q17\n"
    )
    for seed in range(12):
        made = same_after("rename_foreign", code, ("[1, 2], 3, 4",), seeds=1)
        made = rewritten("rename_foreign", code, "f", ("[1], 2, 3",), seed=seed)
        for name in ("values", "max_count", "total", "count2", "q17"):
            assert not re.search(rf"\b{name}\b", made)
    german = next(
        m for s in range(30) if "summe" in (m := rewritten("rename_foreign", code, "f", ("[1], 2, 3",), seed=s))
    )
    assert "def f(werte, groesstes_anzahl" in german and "anzahl2" in german


def test_single_letters_become_what_they_stand_for() -> None:
    code = "def f(a, n, max_i, a_b):\n    for i in range(n):\n        a += i * max_i\n    return a, a_b\n"
    made = {rewritten("rename_foreign", code, "f", ("1, 2, 3, 4",), seed=seed) for seed in range(40)}
    heads = {tuple(re.findall(r"\w+", text.splitlines()[0])[2:]) for text in made}
    assert {n for _, n, *_ in heads} == {"umfang", "cantidad", "effectif", "quantita"}
    assert {largest for *_, largest, _ in heads} == {"groesstes_i", "maximo_i", "maximum_i", "massimo_i"}
    unknown = {word for words in UNKNOWN.values() for word in words}
    assert {a for a, *_ in heads} | {b for *_, b in heads} <= unknown


def test_foreign_words_are_names() -> None:
    for language in LANGUAGES:
        words = [*WORDS[language].values(), *UNKNOWN[language]]
        assert all(word.isidentifier() and word.isascii() and word == word.lower() for word in words)
        assert len(set(UNKNOWN[language])) == len(UNKNOWN[language])


def test_misleading_names_are_not_the_old_ones() -> None:
    code = (
        "def f(low, high):\n    count = low\n    for index in range(high):\n        count += index\n    return count\n"
    )
    for seed in range(8):
        made = rewritten("rename_misleading", code, "f", ("1, 2",), seed=seed)
        assert not any(name in made for name in ("low", "high", "count", "index"))
