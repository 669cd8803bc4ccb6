"""Rewrites of real programs: every candidate behaves as its original does or is refuted, and most do.

Judged twice: by plain `exec`, which knows nothing of the sandbox, for all candidates; and by the proof itself, whose
variants plain `exec` must find equal.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from tracepile_assets.execution import Pool
from tracepile_assets.rewriting import TRANSFORMS, propose, prove
from tracepile_assets_tests.rewriting.corpus import embedded, mbpp
from tracepile_assets_tests.rewriting.plain_runs import behaviour

# Programs whose results show addresses, so that no two runs are alike: plain `exec` cannot judge them.
_ADDRESS = " at 0x"


def _behaviours(code: str, program: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [behaviour(code, program["entry_point"], one["arguments"], one["stdin"] or "") for one in program["inputs"]]


def _rates(programs: list[dict[str, Any]], limit: int) -> dict[str, Counter]:
    """By transform (chains together): how many candidates behave as the original does, and how many do not."""
    rates: dict[str, Counter] = defaultdict(Counter)
    for program in programs:
        given = [one["arguments"] for one in program["inputs"] if one["arguments"] is not None]
        made = propose(program["code"], program["entry_point"], seed=1, limit=limit, arguments=given)
        assert not [one for one in made.rejected if one.reason == "error"], (program["program_id"], made.rejected)
        before = _behaviours(program["code"], program)
        if _ADDRESS in str(before) or "too long" in str(before):
            continue
        for candidate in made.candidates:
            unit = candidate.rewrites[0] if len(candidate.rewrites) == 1 else "chains"
            equal = _behaviours(candidate.code, program) == before
            rates[unit]["equal" if equal else "different"] += 1
    for unit, counts in sorted(rates.items()):
        print(f"{unit:24}", dict(counts))
    return rates


def test_embedded_candidates() -> None:
    rates = _rates(list(embedded(1)), limit=10)
    assert sum(counts["different"] for counts in rates.values()) == 0
    assert len(rates) > 12


def test_mbpp_candidates(test_data: Path) -> None:
    programs = list(mbpp(test_data / "data"))
    assert len(programs) == 464
    rates = _rates(programs, limit=8)
    # No task of MBPP formats text in any of the older styles, and few recurse.
    assert len(set(rates) & {transform.NAME for transform in TRANSFORMS}) > 30
    equal, different = (sum(counts[key] for counts in rates.values()) for key in ("equal", "different"))
    assert equal > 1500
    # A transform is careful where it can be; what is left for the proof is little.
    assert different < 0.005 * equal


def _prove_all(programs: list[dict[str, Any]], pool: Pool, variants: int) -> Counter:
    """Proves, checks every variant by plain `exec`, and counts the variants that each program got."""
    got = Counter()
    proved = list(prove(programs, pool, seed=2, variants_per_program=variants))
    assert [one.program_id for one in proved] == [program["program_id"] for program in programs]
    for program, one in zip(programs, proved, strict=True):
        got[len(one.variants) - 1] += 1
        before = _behaviours(program["code"], program)
        for variant in one.variants[1:]:
            assert _ADDRESS in str(before) or _behaviours(variant["code"], program) == before
            assert variant["inputs_proved"] == len(program["inputs"])
        for refused in one.rejected:
            assert refused.reason in ("duplicate", "refuted", "no_proof"), refused
            if refused.reason == "refuted":
                assert _behaviours(json.loads(refused.detail)["code"], program) != before
    print(dict(got))
    return got


def test_embedded_variants(pool: Pool) -> None:
    programs = list(embedded(2))[::5]
    assert set(_prove_all(programs, pool, variants=3)) == {3}


def test_mbpp_variants(test_data: Path, pool: Pool) -> None:
    programs = list(mbpp(test_data / "data"))[::16]
    got = _prove_all(programs, pool, variants=3)
    assert got[0] == 0
    assert got[3] > 0.6 * len(programs)
