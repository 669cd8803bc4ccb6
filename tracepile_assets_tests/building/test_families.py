"""The ledger of families: what it joins, that it only grows, and that no split ever has near-duplicates on both sides.

Likeness is computed here from the texts, not from signatures.
"""

import random
from functools import cache
from itertools import combinations

import pyarrow.parquet as pq
import pytest

from tracepile_assets.building import build_families, build_stripe, make_plan
from tracepile_assets.home import SourceEntry, open_home
from tracepile_assets.mixtures import split_of
from tracepile_assets.similarity.near import THRESHOLD, shingles
from tracepile_assets.similarity.normal_form import family_id, normalise
from tracepile_assets.tables.files import FOOTER_KEY, read_table

from .conftest import write_source

# A name that no program binds stays as it is; numbers would all be one.
STATEMENTS = [
    "total += x * k{n}",
    "if total > k{n}:\n        total -= k{n}",
    "for i in range(k{n}):\n        total += i",
    "items.append(total % k{n})",
    "x = abs(x - k{n})",
    "while x > k{n} * 10:\n        x //= 2",
    "total = max(total, len(items) + k{n})",
    "items = sorted(items)[-k{n}:]",
    "text = str(total) * k{n}",
    "x += text.count('{n}')",
]


def program(statements):
    body = "\n    ".join(["total = 0", "items = []", "text = ''", *statements, "return total, items, text, x"])
    return f"def f(x):\n    {body}\n"


def drawn(rng):
    return [rng.choice(STATEMENTS).format(n=rng.randint(2, 9)) for _ in range(14)]


def edited(rng, statements):
    """The same program with one or two of its statements changed, moved or repeated."""
    made = list(statements)
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(made))
        if rng.random() < 0.5:
            made[at] = rng.choice(STATEMENTS).format(n=rng.randint(2, 9))
        else:
            made.insert(rng.randrange(len(made)), made.pop(at))
    return made


@cache
def shingles_of(code):
    return frozenset(shingles(normalise(code)))


def likeness(one, other):
    a, b = shingles_of(one), shingles_of(other)
    return len(a & b) / len(a | b)


def entry(name, path):
    return SourceEntry(name, "functions", str(path), license="MIT", options={"id": "id"}, max_inputs=1)


def home_of(root, **sources):
    home = open_home(root)
    for known in home.registry().entries():
        home.registry().remove(known.name)
    for name, path in sources.items():
        home.registry().add(entry(name, path))
    return home


def grow(home, path, codes):
    """Write the source's programs, named by their place, and build as far as the ledger."""
    write_source(path, {f"{number:04d}": (code, ["1"]) for number, code in enumerate(codes)}, entry_point="f")
    plan, problems = make_plan(home)
    assert problems == []
    for step in plan.steps:
        if step.table == "raw_programs":
            build_stripe(home, step.table, step.stripe)
    return build_families(home)


def ledger(home):
    path = home.tables / "program_families" / "families.parquet"
    return {row["family_id"]: row for row in read_table(path, "program_families").to_pylist()}


def splits_of(row):
    return {split_of(founder) for founder in (row["founder"], *row["also_near"])}


def test_near_duplicates_join_across_sources_and_stripes(tmp_path, monkeypatch):
    monkeypatch.setattr("tracepile_assets.home.stripes.STRIPE_SIZE", 2)
    rng = random.Random(3)
    first, second = drawn(rng), drawn(rng)
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    write_source(other, {"0": (program([*first, "x += 1"]), ["1"])}, entry_point="f")
    home = home_of(tmp_path / "home", one=one, other=other)
    near = program([*first[:-1], "total += 7"])
    report = grow(home, one, [program(first), program(second), near, program(first).replace("total", "sum_")])
    rows = ledger(home)
    founder, stranger = family_id(program(first)), family_id(program(second))
    assert report.rows == len(rows) == 4
    assert rows[founder]["founder"] == founder
    assert (rows[founder]["nearest"], rows[founder]["likeness"]) == (None, None)
    assert rows[stranger]["founder"] == stranger
    for code, source in ((near, "one"), (program([*first, "x += 1"]), "other")):
        row = rows[family_id(code)]
        assert (row["founder"], row["nearest"], row["source"]) == (founder, founder, source)
        assert row["likeness"] == pytest.approx(likeness(code, program(first)), abs=0.12)


def test_programs_that_differ_in_a_constant_are_one_family(tmp_path):
    source = tmp_path / "one.jsonl"
    home = home_of(tmp_path / "home", one=source)
    code = "def f(xs):\n    t = {k}\n    for x in xs:\n        if x > {k}:\n            t += x\n    return t\n"
    grow(home, source, [code.format(k=k) for k in (0, 1, 7, 52, 105, 1000, 2.5)])
    assert len({row["founder"] for row in ledger(home).values()}) == 1


def test_no_split_straddles_near_duplicates_however_the_source_grows(tmp_path):
    rng = random.Random(5)
    bases = [drawn(rng) for _ in range(8)]
    codes = list(dict.fromkeys(program(rng.choice([base, edited(rng, base)])) for base in bases for _ in range(6)))
    rng.shuffle(codes)
    path = tmp_path / "a.jsonl"
    home = home_of(tmp_path / "home", mine=path)
    before = {}
    for upto in (len(codes) // 3, 2 * len(codes) // 3, len(codes)):
        grow(home, path, codes[:upto])
        rows = ledger(home)
        assert {key: row for key, row in rows.items() if key in before} == before
        assert list(rows)[: len(before)] == list(before)
        before = rows
        joined = 0
        for one, other in combinations(codes[:upto], 2):
            first, second = rows[family_id(one)], rows[family_id(other)]
            # A margin beyond the threshold: what signatures tell is an estimate.
            if likeness(one, other) >= THRESHOLD + 0.1:
                joined += first is not second
                splits = splits_of(first) | splits_of(second)
                kept_out = len(splits_of(first)) > 1 or len(splits_of(second)) > 1
                assert len(splits) == 1 or kept_out
        assert joined
    assert len({row["founder"] for row in before.values()}) >= len(bases)


def test_the_ledger_is_the_same_bytes_grown_at_once_or_bit_by_bit(tmp_path):
    rng = random.Random(7)
    bases = [drawn(rng) for _ in range(6)]
    codes = [program(base) for base in bases] + [program(edited(rng, base)) for base in bases]
    parts = {name: tmp_path / f"{name}.jsonl" for name in ("a", "b", "c")}
    slowly = home_of(tmp_path / "slowly")
    for number, (name, path) in enumerate(parts.items()):
        slowly.registry().add(entry(name, path))
        assert grow(slowly, path, codes[4 * number : 4 * number + 4]).added
    at_once = home_of(tmp_path / "at_once", **parts)
    grow(at_once, parts["c"], codes[8:])
    file = "program_families/families.parquet"
    assert (slowly.tables / file).read_bytes() == (at_once.tables / file).read_bytes()
    assert build_families(slowly).current


def bridge():
    """Two programs of different splits that are not near, and one that is near to both."""
    core = [f"total += x ** k{n} - len(items)" for n in range(2, 10)]
    one = [f"items.append(max(total, k{n}))" for n in range(20, 24)]
    for number in range(2_000):
        other = [f"text = text.replace(str(k{n}), str(x))" for n in range(number, number + 4)]
        found = program([*core, *one]), program([*core, *other]), program([*core, *one, *other])
        if {split_of(family_id(found[0])), split_of(family_id(found[1]))} == {"train", "test"}:
            return found
    raise AssertionError("no two programs of different splits were found")


def test_a_family_that_lies_near_founders_of_two_splits_names_both(tmp_path):
    one, other, between = bridge()
    assert likeness(one, other) < THRESHOLD - 0.1
    assert min(likeness(one, between), likeness(other, between)) > THRESHOLD + 0.05
    path = tmp_path / "a.jsonl"
    home = home_of(tmp_path / "home", mine=path)
    grow(home, path, [one])
    grow(home, path, [one, other])
    grow(home, path, [one, other, between])
    row = ledger(home)[family_id(between)]
    assert (row["founder"], row["also_near"]) == (family_id(one), [family_id(other)])
    assert splits_of(row) == {"train", "test"}


def test_founders_outlive_their_programs_and_another_way_to_sign(tmp_path):
    rng = random.Random(11)
    base = drawn(rng)
    path = tmp_path / "a.jsonl"
    home = home_of(tmp_path / "home", mine=path)
    grow(home, path, [program(base), program(drawn(rng))])
    before = ledger(home)
    file = home.tables / "program_families" / "families.parquet"

    # Signed by another version, and written before there were the newer columns.
    table = pq.read_table(file)
    said = pq.read_metadata(file).metadata[FOOTER_KEY].replace(b'"signing":"', b'"signing":"x')
    older = table.drop_columns(["nearest", "also_near", "signature"])
    pq.write_table(older.replace_schema_metadata({FOOTER_KEY: said}), file)
    near = program([*base[:-1], "total += 7"])
    grow(home, path, [near])
    rows = ledger(home)
    assert {key: row["founder"] for key, row in rows.items() if key in before} == {
        key: row["founder"] for key, row in before.items()
    }
    # The program of the founder was gone when all were signed anew: nothing can be found near to it any more.
    assert rows[family_id(near)]["founder"] == family_id(near)
    grow(home, path, [near, program(base)])
    assert not build_families(home).added
