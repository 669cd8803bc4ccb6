"""New names for variables, by scheme.

Belongs here: what names a scheme gives, in which order. Does not belong here: which variables get them (``renaming``).
"""

from collections.abc import Iterator
from itertools import count

from tracepile_assets.rewriting.rewrite import Context

_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_GREEK = (
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "mu",
    "nu",
    "xi",
    "rho",
    "tau",
)


def neutral(context: Context) -> Iterator[str]:
    """Names that say nothing about a variable's role, without end: one of four series, chosen by the context's seed."""
    series = context.random.choice(("v{}", "var_{}", "letters", "greek"))
    if series in ("letters", "greek"):
        words = [*(_LETTERS if series == "letters" else _GREEK)]
        context.random.shuffle(words)
        yield from (word for word in words if word not in context.taken)
        series = "v{}"
    yield from (name for number in count(1) if (name := series.format(number)) not in context.taken)
