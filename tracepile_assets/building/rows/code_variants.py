"""Rows of code_variants: one unit per program that can run, one row per proved variant."""

import importlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

from tracepile_assets.execution import packages
from tracepile_assets.planning import fingerprint
from tracepile_assets.rewriting import Rewriter, prove
from tracepile_assets.tables import ids

from ..execution import open_fresh_pool, open_pool
from . import parents
from .unit import Context, Made, Unit, rejection

MODEL_REWRITER = "tracepile_assets.building.rows.model_rewriter"
"""The module that has a language model rewrite programs, where the settings ask for that."""

MUTANTS = 2
"""Deliberate mutants that are run for each program: equivalence questions quote those that a run refutes."""


def units(context: Context) -> Iterator[Unit]:
    """One unit per program that is not rejected."""
    for program in parents.programs(context).values():
        if program["status"] != "ok":
            continue
        decides = [program["code"], program["entry_point"], [_runs(i) for i in program["inputs"]]]
        decides += packages.versions(program["code"])
        yield Unit(program["program_id"], fingerprint(context.base, decides), lambda program=program: program)


def _runs(given: dict[str, object]) -> list[object]:
    return [given["input_id"], given["codec"], given["arguments"], given["stdin"]]


def make(context: Context, stale: Iterable[Unit]) -> Iterator[Made]:
    """Propose variants of each program and prove them by running."""
    rewriting = context.settings.rewriting
    with (
        open_pool(context.settings) as pool,
        open_fresh_pool(context.settings) as fresh_pool,
        _open_rewriter(context) as rewriter,
    ):
        proofs = prove(
            (unit.load() for unit in stale),
            pool,
            seed=rewriting.seed,
            variants_per_program=rewriting.variants_per_program,
            fresh_pool=fresh_pool,
            n_fresh=rewriting.fresh_inputs,
            rewriter=rewriter,
            n_mutants=MUTANTS,
        )
        for proved in proofs:
            made = Made(proved.program_id)
            for variant in proved.variants:
                variant_id = ids.variant_id(
                    proved.program_id, variant["rewrites"], variant["code"], variant["entry_point"]
                )
                made.rows.append(
                    {
                        "variant_id": variant_id,
                        "program_id": proved.program_id,
                        "rewrites": variant["rewrites"],
                        "code": variant["code"],
                        "entry_point": variant["entry_point"],
                        "name_map": variant["name_map"],
                        "equivalence": variant["equivalence"],
                        "inputs_proved": variant["inputs_proved"],
                    }
                )
            made.rejected.extend(
                rejection(proved.program_id, refused.unit, refused.reason, refused.detail)
                for refused in proved.rejected
            )
            yield made


def _open_rewriter(context: Context) -> AbstractContextManager[Rewriter | None]:
    if not context.settings.rewriting.by_model:
        return nullcontext()
    # By name, or what asks a model would count as deciding the variants of homes that ask none.
    return importlib.import_module(MODEL_REWRITER).open_rewriter(context.home)
