"""Proof on fresh inputs: wrong rewrites that the inputs of a program do not tell, and inputs that prove nothing."""

import json
from collections.abc import Iterator

import libcst as cst
import pytest

from tracepile_assets.execution import Pool
from tracepile_assets.rewriting import ProvedProgram, Rewrite, prove
from tracepile_assets.rewriting.fresh_inputs import LIMITS
from tracepile_assets.rewriting.transforms import rename_variables
from tracepile_assets_tests.rewriting.corpus import row


@pytest.fixture(scope="module")
def fresh_pool() -> Iterator[Pool]:
    with Pool(workers=1, limits=LIMITS) as started:
        yield started


class _Planted:
    NAME = "planted"

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def apply(self, module: cst.Module, context: object) -> Rewrite | None:
        text = module.code.replace(self._old, self._new)
        return None if text == module.code else Rewrite(cst.parse_module(text))


def _prove(pool: Pool, fresh_pool: Pool | None, program: dict, *transforms: object, n_fresh: int = 20) -> ProvedProgram:
    (proved,) = prove(
        [program], pool, seed=0, variants_per_program=2, transforms=transforms, fresh_pool=fresh_pool, n_fresh=n_fresh
    )
    return proved


def _ended(code: str, arguments: str) -> object:
    """What a call gives in this process."""
    namespace: dict = {}
    exec(code, namespace)
    try:
        return repr(eval(f"f({arguments})", namespace))
    except Exception as error:
        return type(error)


@pytest.mark.parametrize(
    ("code", "old", "new", "inputs"),
    [
        ("def f(n):\n    return n * n\n", "n * n", "(n * n if n < 4 else n + n)", ["1", "2", "3"]),
        ("def f(xs):\n    return sum(xs)\n", "sum(xs)", "sum(xs[:3])", ["[1, 2, 3]", "[4]"]),
        ("def f(xs):\n    return xs[0]\n", "xs[0]", "(xs[0] if xs else None)", ["[1, 2]", "[4]"]),
        ("def f(s):\n    return s.lower()\n", "s.lower()", "s", ["'ab'", "'cd ef'"]),
        ("def f(xs):\n    xs = sorted(xs)\n    return xs[-1]\n", "xs = sorted(xs)", "xs.sort()", ["[1, 2, 5]", "[4]"]),
    ],
)
def test_a_wrong_rewrite_that_no_given_input_tells(
    pool: Pool, fresh_pool: Pool, code: str, old: str, new: str, inputs: list[str]
) -> None:
    program = row("wrong", code, "f", inputs)
    assert len(_prove(pool, None, program, _Planted(old, new)).variants) == 2
    proved = _prove(pool, fresh_pool, program, _Planted(old, new))
    assert len(proved.variants) == 1
    (refused,) = proved.rejected
    detail = json.loads(refused.detail)
    assert refused.reason == "refuted" and detail["arguments"] not in inputs
    if "sort" not in new:
        assert _ended(code, detail["arguments"]) != _ended(detail["code"], detail["arguments"])


def test_right_rewrites_are_proved_on_more_inputs(pool: Pool, fresh_pool: Pool) -> None:
    code = "def f(xs, k):\n    best = 0\n    for x in xs:\n        best = best * k + x\n    return best\n"
    program = row("right", code, "f", ["[1, 2, 4], 2", "[9, 3], 3"])
    proved = _prove(pool, fresh_pool, program, rename_variables)
    assert [variant["inputs_proved"] for variant in proved.variants] == [22, 22]
    assert {(pair["variable"]) for pair in proved.variants[1]["name_map"]} >= {"best", "x"}
    again = _prove(pool, fresh_pool, program, rename_variables)
    assert again.variants == proved.variants
    few = _prove(pool, fresh_pool, program, rename_variables, n_fresh=3)
    assert [variant["inputs_proved"] for variant in few.variants] == [5, 5]


@pytest.mark.parametrize(
    ("code", "inputs", "n_proved"),
    [
        # Nothing but the input itself ends well: others loop, are of no use to the function, or end at random.
        ("def f(n):\n    while n != 2:\n        n = n\n    return n\n", ["2"], 1),
        ("def f(n):\n    x = 1 if n == 2 else len(n)\n    return x\n", ["2"], 1),
        ("import random\ndef f(n):\n    x = n if n == 2 else random.random()\n    return x\n", ["2"], 1),
        # Exceptions of the program's own prove something, in a fifth of the inputs.
        ("def f(n):\n    x = n\n    if x != 2:\n        raise TypeError(x)\n    return x\n", ["2"], 5),
        ("def f(p):\n    x = p\n    return x\n", ["Pair(1)"], 0),
        # A variable that is not known in full could differ unseen.
        ("def f(n):\n    x = n\n    s = '' if n == 2 else 'ab' * 3000\n    return x + len(s)\n", ["2"], 1),
        # A variant that takes more steps has to have room for them.
        ("def f(n):\n    x = n\n    for _ in range(1 if n == 2 else 1500):\n        x = -x\n    return x\n", ["2"], 1),
    ],
    ids=["endless", "misuse", "random", "own exception", "unreadable", "truncated", "long"],
)
def test_fresh_inputs_that_prove_nothing_do_not_count(
    pool: Pool, fresh_pool: Pool, code: str, inputs: list[str], n_proved: int
) -> None:
    proved = _prove(pool, fresh_pool, row("odd", code, "f", inputs), rename_variables)
    assert proved.variants[0]["inputs_proved"] == n_proved


def test_a_program_without_fresh_inputs_has_no_variants(pool: Pool, fresh_pool: Pool) -> None:
    # Too long for a mutant, and the given one does not tell the two apart.
    code = "def f(xs):\n    return sum(xs)\n"
    program = row("long", code, "f", [str(list(range(1_600)))])
    proved = _prove(pool, fresh_pool, program, _Planted("return sum(xs)", "return 1279200"))
    assert len(proved.variants) == 1
    (refused,) = proved.rejected
    assert (refused.unit, refused.reason) == ("proof", "no_proof")
    assert "no fresh input" in refused.detail


def test_a_program_that_takes_nothing_is_proved_by_its_one_run(pool: Pool, fresh_pool: Pool) -> None:
    program = row("nothing", "def f():\n    total = 1 + 2\n    return total\n", "f", [""])
    proved = _prove(pool, fresh_pool, program, rename_variables)
    assert [variant["inputs_proved"] for variant in proved.variants] == [1, 1]
