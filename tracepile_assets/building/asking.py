"""What a build would ask a language model for, before it begins.

Not here: asking (rows/model_rewriter), and any other use of a model, which has a command of its own.
"""

from collections.abc import Sequence

from tracepile_assets.home import Home
from tracepile_assets.models import Estimate
from tracepile_assets.planning import Step
from tracepile_assets.tables.files import read_footer, read_table

from .rows.model_rewriter import open_rewriter

_TABLE = "code_variants"


def estimate_asking(home: Home, steps: Sequence[Step]) -> Estimate | None:
    """What these steps ask for at most, as far as their programs are known; None if they ask no model.

    Programs that are read in the same build are not known yet: a plan made when their raw_programs is built counts
    them. The ceiling of tokens holds in any case.

    Raises:
        ModelError: no usable model is set up.
    """
    steps = [step for step in steps if step.table == _TABLE]
    if not steps or not home.settings().asks_model(_TABLE):
        return None
    programs: list[tuple[str, str | None]] = []
    for step in steps:
        path = home.stripe_file("raw_programs", step.stripe)
        if read_footer(path) is not None:
            rows = read_table(path, "raw_programs", ["status", "code", "entry_point"]).to_pylist()
            programs += [(row["code"], row["entry_point"]) for row in rows if row["status"] == "ok"]
    with open_rewriter(home) as rewriter:
        return rewriter.estimate(programs)
