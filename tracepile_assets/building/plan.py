"""The plan of a home: sources read, stripe maps up to date, then the planner's word on every stripe.

Not here: the comparing itself (planning/).
"""

from collections.abc import Iterable

from tracepile_assets.home import Home, Stripe, StripeMap
from tracepile_assets.planning import Plan, fingerprint, plan_stripes

from .rules import rules
from .sources import SourceProblem, sync_sources


def slots_digest(stripe_map: StripeMap, stripe: Stripe) -> str:
    """Digest of what a stripe of the source holds, and whether a limit cut the source short."""
    return fingerprint(stripe_map.digest(stripe), stripe_map.limited)


def make_plan(home: Home, sources: Iterable[str] | None = None) -> tuple[Plan, list[SourceProblem]]:
    """Plan all stripes of all sources, or of those named.

    Returns:
        The plan, and a problem per source that cannot be read (its stripes are not planned).

    Raises:
        HomeError: a name is not in the registry, or the home's files cannot be read.
    """
    maps, problems = sync_sources(home, sources)
    stripes = [stripe for source, stripe_map in maps.items() for stripe in stripe_map.keys(source)]
    digests = {stripe: slots_digest(maps[stripe.source], stripe) for stripe in stripes}
    return plan_stripes(home, rules(home), stripes, digests), problems
