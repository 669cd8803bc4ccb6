"""Proof by execution, in the sandbox: what is kept, what is refused and with which reason."""

import json
from collections.abc import Iterator
from typing import Any

import libcst as cst
import pytest

from tracepile_assets.execution import Pool
from tracepile_assets.rewriting import Context, ProvedProgram, Rewrite, prove
from tracepile_assets.rewriting.transforms import (
    accumulating_recursion_to_loop,
    for_to_while,
    name_result,
    rename_variables,
    swap_branches,
    tail_recursion_to_loop,
)
from tracepile_assets_tests.rewriting.corpus import row


class _Planted:
    """A transform that replaces text: right or wrong, as the test likes."""

    def __init__(self, old: str, new: str, name: str = "planted") -> None:
        self.NAME = name
        self._old, self._new = old, new

    def apply(self, module: cst.Module, context: Context) -> Rewrite | None:
        if self._old not in module.code:
            return None
        return Rewrite(cst.parse_module(module.code.replace(self._old, self._new)))


class _Raising:
    NAME = "raising"

    def apply(self, module: cst.Module, context: Context) -> Rewrite | None:
        raise KeyError("of the transform")


def _prove(pool: Pool, program: dict[str, Any], *transforms: Any, variants: int = 5) -> ProvedProgram:
    (proved,) = prove([program], pool, seed=0, variants_per_program=variants, transforms=transforms)
    assert proved.program_id == program["program_id"]
    original, *others = proved.variants
    assert original["rewrites"] == [] and original["equivalence"] == "original" and original["name_map"] == []
    assert original["code"] == program["code"]
    assert [variant["variant_no"] for variant in proved.variants] == list(range(len(proved.variants)))
    assert all(variant["equivalence"] == "proved" and variant["inputs_proved"] > 0 for variant in others)
    return proved


_SUM = "def f(xs):\n    total = 0\n    for x in xs:\n        total = total + x\n    return total\n"


def test_right_rewrites_become_variants(pool: Pool) -> None:
    proved = _prove(pool, row("sum", _SUM, "f", ["[1, 2, 3]", "[]", "[1.5]"]), rename_variables, for_to_while)
    assert [v["rewrites"] for v in proved.variants[1:]]
    assert {len(v["rewrites"]) for v in proved.variants[1:]} == {1, 2}
    assert all(v["inputs_proved"] == 3 and v["entry_point"] == "f" for v in proved.variants)
    assert len({v["code"] for v in proved.variants}) == len(proved.variants)


@pytest.mark.parametrize(
    ("code", "old", "new", "inputs", "telling"),
    [
        # Only the second input tells.
        (_SUM, "total + x", "total + abs(x)", ["[1, 2]", "[1, -2]"], "i_1"),
        # Another type, and the sign of zero, are another value.
        ("def f(x):\n    return x * 2\n", "x * 2", "x * 2.0", ["3"], "i_0"),
        ("def f(x):\n    return 0.0 * x\n", "0.0 * x", "-0.0 * x", ["1.0"], "i_0"),
        # What is printed, the type of the exception, what is left in the arguments.
        ("def f(x):\n    print(x)\n", "print(x)", "print(x, end='')", ["3"], "i_0"),
        ("def f(x):\n    raise KeyError(x)\n", "KeyError", "LookupError", ["3"], "i_0"),
        ("def f(xs):\n    xs = xs + [1]\n    return xs\n", "xs = xs + [1]", "xs += [1]", ["[2]"], "i_0"),
        ("def f(x):\n    return {1, 2}\n", "{1, 2}", "[1, 2]", ["3"], "i_0"),
        ("def f(x):\n    return x\n", "return x", "return str(x)", ["'a'", "1"], "i_1"),
    ],
)
def test_a_planted_wrong_transform_is_refuted(
    pool: Pool, code: str, old: str, new: str, inputs: list[str], telling: str
) -> None:
    proved = _prove(pool, row("wrong", code, "f", inputs), _Planted(old, new), name_result)
    assert all("planted" not in variant["rewrites"] for variant in proved.variants)
    # After the wrong rewrite, another may come to what is refuted already.
    refused = [one for one in proved.rejected if "planted" in one.unit and one.reason != "duplicate"]
    assert refused and {one.reason for one in refused} == {"refuted"}
    for one in refused:
        detail = json.loads(one.detail)
        assert new.removeprefix("return ") in detail["code"]
        assert detail["input_id"] == telling and detail["rewrites"] == one.unit.split("+")
        assert detail["original"] != detail["variant"]


def test_messages_of_exceptions_do_not_count(pool: Pool) -> None:
    code = "def f(x):\n    if x:\n        y = 1\n    return y\n"
    proved = _prove(pool, row("unbound", code, "f", ["0"]), rename_variables)
    assert len(proved.variants) == 2


def test_nan_equals_nan(pool: Pool) -> None:
    code = "def f(x):\n    if x < 1:\n        return [x]\n    else:\n        return [x, x]\n"
    proved = _prove(pool, row("nan", code, "f", ["float('nan')"]), swap_branches)
    assert len(proved.variants) == 2


def test_a_rewrite_that_never_ends_proves_nothing(pool: Pool) -> None:
    proved = _prove(pool, row("endless", _SUM, "f", ["[1, 2]"]), _Planted("return total", "while True: total += 1"))
    assert len(proved.variants) == 1
    (refused,) = proved.rejected
    assert refused.reason == "no_proof"
    assert json.loads(refused.detail)["variant"]["status"] in ("event_limit", "timeout", "cpu_limit")


@pytest.mark.parametrize(
    ("code", "inputs", "why"),
    [
        ("def f(x):\n    while True:\n        x += 1\n", ["1"], "ended as event_limit"),
        ("import random\ndef f(x):\n    y = random.random()\n    return y\n", ["1"], "two runs differ"),
        ("def f(x):\n    y = {'a', 'b', 'c', 'd', 'e', 'f', 'g'}\n    return ''.join(y)\n", ["1"], "two runs differ"),
        ("def f(x):\n    y = (i for i in range(x))\n    return y\n", ["1"], "the return value is opaque"),
        ("class C:\n    n = 2\ndef f(x):\n    y = C\n    return y\n", ["1"], "the return value is opaque"),
        ("def f(x):\n    y = [x] * 10 ** 6\n    return y\n", ["1"], "the return value is too long"),
        ("def f(x):\n    y = x\n    return len(y)\n", ["list(range(300_000))"], "arguments afterwards"),
        ("def f(x):\n    y = x\n    raise ValueError(len(y))\n", ["list(range(300_000))"], "arguments afterwards"),
        ("def f(x):\n    y = x\n    return y\n", [], "there is none"),
        ("def f(x):\n    y = x\n    return y\n", ["("], "ended as rejected"),
    ],
    ids=[
        "never ends",
        "random",
        "hash order",
        "opaque value",
        "class",
        "long value",
        "long arguments",
        "long arguments of a run that raises",
        "no inputs",
        "input does not parse",
    ],
)
def test_inputs_that_cannot_prove(pool: Pool, code: str, inputs: list[str], why: str) -> None:
    proved = _prove(pool, row("unprovable", code, "f", inputs), rename_variables)
    assert len(proved.variants) == 1 and proved.variants[0]["inputs_proved"] == 0
    assert [(one.unit, one.reason) for one in proved.rejected] == [("proof", "no_proof")]
    assert why in proved.rejected[0].detail


def test_a_text_that_looks_like_an_opaque_value_or_a_class_proves(pool: Pool) -> None:
    code = "def f(x):\n    y = 'opaque(generator) ' + x\n    return [y, 'class C(n=2)']\n"
    proved = _prove(pool, row("texts", code, "f", ["'a'"]), rename_variables)
    assert [v["inputs_proved"] for v in proved.variants] == [1, 1]


def test_an_input_that_cannot_prove_does_not_count(pool: Pool) -> None:
    code = "def f(x):\n    y = x\n    while y < 0:\n        y -= 1\n    return y\n"
    proved = _prove(pool, row("partly", code, "f", ["-1", "2"]), rename_variables)
    assert [v["inputs_proved"] for v in proved.variants] == [1, 1]


def test_a_transform_that_fails_is_a_rejection(pool: Pool) -> None:
    transforms = _Raising(), _Planted("return total", "return total total", "no_python"), name_result
    proved = _prove(pool, row("fails", "def f(x):\n    return x + 1\n", "f", ["1"]), *transforms)
    assert len(proved.variants) == 2
    assert {(one.unit, one.reason) for one in proved.rejected} >= {("raising", "error")}
    assert "of the transform" in next(one.detail for one in proved.rejected if one.unit == "raising")


def test_a_result_that_does_not_compile_is_a_rejection(pool: Pool) -> None:
    planted = _Planted("return total", "return total\nreturn 3", "no_python")
    proved = _prove(pool, row("fails", _SUM, "f", ["[1]"]), planted)
    assert len(proved.variants) == 1
    assert [(one.unit, one.reason) for one in proved.rejected] == [("no_python", "error")]


def test_equal_candidates_are_duplicates(pool: Pool) -> None:
    one, other = _Planted("total + x", "x + total", "one"), _Planted("total + x", "(x + total)", "other")
    same = _Planted("return total", "return (total)", "same")
    proved = _prove(pool, row("twice", _SUM, "f", ["[1]"]), one, other, same)
    assert len(proved.variants) == 2
    assert {rejected.reason for rejected in proved.rejected} == {"duplicate"}


def test_a_program_that_does_not_parse(pool: Pool) -> None:
    proved = _prove(pool, row("broken", "def f(:\n", "f", ["1"]), rename_variables)
    assert len(proved.variants) == 1 and len(proved.rejected) == 1


def test_stdin_programs(pool: Pool) -> None:
    code = "n = int(input())\nfor i in range(n):\n    print(i * i)\n"
    inputs = [{"input_id": f"i_{n}", "codec": "literal", "arguments": None, "stdin": f"{n}\n"} for n in (0, 3)]
    proved = _prove(pool, row("stdin", code, None, inputs), rename_variables, for_to_while)
    assert {tuple(v["rewrites"]) for v in proved.variants} >= {(), ("rename_variables",), ("for_to_while",)}
    assert all(v["entry_point"] is None and v["inputs_proved"] == 2 for v in proved.variants)
    renamed = next(v for v in proved.variants if v["rewrites"] == ["rename_variables"])
    assert {(m["function"], m["variable"]) for m in renamed["name_map"]} == {("<module>", "n"), ("<module>", "i")}


def test_as_many_variants_as_asked_for(pool: Pool) -> None:
    program = row("sum", _SUM, "f", ["[1, 2]"])
    by_count = [_prove(pool, program, *_many(), variants=count).variants for count in (0, 1, 3)]
    assert [len(variants) for variants in by_count] == [1, 2, 4]
    # More variants are more of the same.
    assert by_count[2][: len(by_count[1])] == by_count[1]


def _many() -> Iterator[Any]:
    yield from (rename_variables, for_to_while, name_result)


def test_programs_stream_in_order_and_do_not_touch_each_other(pool: Pool) -> None:
    taken = []

    def programs() -> Iterator[dict[str, Any]]:
        for number in range(40):
            taken.append(number)
            yield row(str(number), _SUM.replace("0", str(number % 7)), "f", ["[1, 2]", "[3]"])

    stream = prove(programs(), pool, seed=0, variants_per_program=1, transforms=[rename_variables])
    first = next(stream)
    assert len(taken) < 40
    rest = list(stream)
    assert [one.program_id for one in (first, *rest)] == [f"p_{number}" for number in range(40)]
    (alone,) = prove(
        [row("3", _SUM.replace("0", "3"), "f", ["[1, 2]", "[3]"])],
        pool,
        seed=0,
        variants_per_program=1,
        transforms=[rename_variables],
    )
    assert alone == rest[2]


@pytest.mark.parametrize(("too_deep", "reason"), [("3000", "refuted"), ("-1", "no_proof")])
@pytest.mark.parametrize(
    ("transform", "last"),
    [(accumulating_recursion_to_loop, "n + f(n - 1, t)"), (tail_recursion_to_loop, "f(n - 1, t + n)")],
)
def test_a_program_that_meets_its_limit_on_depth_keeps_its_recursion(
    pool: Pool, transform: Any, last: str, too_deep: str, reason: str
) -> None:
    code = f"def f(n, t):\n    if n == 0:\n        return t\n    return {last}\n"
    assert len(_prove(pool, row("deep", code, "f", ["3, 0", "7, 1"]), transform).variants) == 2
    proved = _prove(pool, row("deep", code, "f", ["3, 0", f"{too_deep}, 0"]), transform)
    assert len(proved.variants) == 1
    (refused,) = [one for one in proved.rejected if one.unit == transform.NAME]
    assert (refused.reason, json.loads(refused.detail)["input_id"]) == (reason, "i_1")
