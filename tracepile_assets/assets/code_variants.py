"""The asset `code_variants`: rewrites that running proved to be equivalent. The transforms lie in rewriting/."""

import dagster as dg

from tracepile_assets.resources import TableStore

from .shape import SANDBOX, Results, report_build, stripe_asset

PROGRAM = [("raw_programs", "code")]
RUN = [("raw_programs", "code"), ("raw_programs", "entry_point"), ("raw_programs", "inputs")]
LINEAGE = {
    "variant_id": PROGRAM,
    "program_id": [("raw_programs", "program_id")],
    "rewrites": PROGRAM,
    "code": PROGRAM,
    "entry_point": [("raw_programs", "entry_point")],
    "name_map": RUN,
    "equivalence": RUN,
    "inputs_proved": RUN,
}


@stripe_asset("code_variants", group="rewriting", deps=["raw_programs"], pool=SANDBOX)
def code_variants(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """Each program as it is, and rewritten so that running it on every input gives the same results.

    A rewrite is kept only where result, output, exception and arguments afterwards are equal on every input. One that a
    run refutes makes no row here, and a row with the refuting input among the rejected.
    """
    yield from report_build(context, store, lambda: store.build_stripe("code_variants", context.partition_key), LINEAGE)
