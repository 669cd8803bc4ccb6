"""What a build would ask a language model for, before it begins.

Not here: asking (rows/model_inputs, rows/model_rewriter, rows/model_narrator), and any other use of a model, which has
a command of its own.
"""

from collections.abc import Iterator, Sequence

from tracepile_assets.home import Home
from tracepile_assets.models import Estimate
from tracepile_assets.planning import Step, fingerprint
from tracepile_assets.sources import Program, mutates_inputs
from tracepile_assets.tables.files import read_footer, read_table

from .reading import programs_of
from .rows.model_inputs import open_proposer
from .rows.model_narrator import estimate as estimate_narrator
from .rows.model_rewriter import open_rewriter
from .rows.unit import Context
from .rules import rule_of

_TABLES = ("raw_programs", "code_variants", "chains_of_execution")


def estimate_asking(home: Home, steps: Sequence[Step]) -> Estimate | None:
    """What these steps ask for at most, as far as their programs are known; None if they ask no model.

    Rewrites of programs that are read in the same build are not known yet, nor tellings of what is asked in it: a plan
    made when the tables that they are made from are built counts them. The ceiling of tokens holds in any case.

    Raises:
        ModelError: no usable model is set up.
        SourceError: a source has to be read again, and cannot be.
    """
    settings = home.settings()
    asking = {table: [step for step in steps if step.table == table] for table in _TABLES}
    found: list[Estimate] = []
    if asking["raw_programs"] and settings.asks_model("raw_programs"):
        with open_proposer(home) as proposer:
            found.append(proposer.estimate(_wanting_inputs(home, asking["raw_programs"])))
    if asking["code_variants"] and settings.asks_model("code_variants"):
        with open_rewriter(home) as rewriter:
            found.append(rewriter.estimate(list(_built(home, asking["code_variants"]))))
    if asking["chains_of_execution"] and settings.asks_model("chains_of_execution"):
        found.append(estimate_narrator(home, _asked_about(home, asking["chains_of_execution"])))
    return sum(found[1:], found[0]) if found else None


def _wanting_inputs(home: Home, steps: Sequence[Step]) -> Iterator[Program]:
    """The programs for which inputs would be proposed."""
    for step in steps:
        entry = home.registry().get(step.stripe.source)
        if not mutates_inputs(entry):
            continue
        stripe_map = home.stripe_map(entry.name)
        rows = [slot.source_row for slot in stripe_map.slots(step.stripe)]
        for program in programs_of(home, entry, stripe_map.fingerprint, rows).values():
            known = len(program.inputs) or (program.generator.count if program.generator else 0)
            if program.status == "ok" and 0 < known < entry.max_inputs:
                yield program


def _built(home: Home, steps: Sequence[Step]) -> Iterator[tuple[str, str | None]]:
    """Code and entry point of the programs of stripes, where they are built."""
    for step in steps:
        path = home.stripe_file("raw_programs", step.stripe)
        if read_footer(path) is not None:
            for row in read_table(path, "raw_programs", ["status", "code", "entry_point"]).to_pylist():
                if row["status"] == "ok":
                    yield row["code"], row["entry_point"]


def _asked_about(home: Home, steps: Sequence[Step]) -> Iterator[Context]:
    """The stripes whose tellings are made from tables that are all built."""
    rule = rule_of(home, "chains_of_execution")
    for stripe in (step.stripe for step in steps):
        if all(read_footer(home.stripe_file(parent, stripe)) is not None for parent in rule.parents):
            entry, stripe_map = home.registry().get(stripe.source), home.stripe_map(stripe.source)
            base, table = fingerprint(rule.versions, dict(rule.settings)), "chains_of_execution"
            yield Context(home, entry, stripe, stripe_map, home.settings(), base, table)
