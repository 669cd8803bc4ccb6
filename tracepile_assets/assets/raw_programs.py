"""The asset `raw_programs`: programs and their inputs, as sources give them. How a source is read lies in sources/."""

import dagster as dg

from tracepile_assets.resources import TableStore

from .shape import Results, report_build, stripe_asset


@stripe_asset("raw_programs", group="sources", deps=[])
def raw_programs(context: dg.AssetExecutionContext, store: dg.ResourceParam[TableStore]) -> Results:
    """Programs with their inputs, licence and origin, read from a source of the registry.

    A row that cannot run (it does not parse, it has no inputs) is kept with status `rejected` and a reason; nothing is
    made from it.
    """
    yield from report_build(context, store, lambda: store.build_stripe("raw_programs", context.partition_key), {})
