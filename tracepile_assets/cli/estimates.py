"""Telling what a language model would be asked for at most, before it is; nothing else."""

from typing import TYPE_CHECKING

from .console import console

if TYPE_CHECKING:
    from tracepile_assets.home import Home
    from tracepile_assets.models import Estimate


def tell_estimate(home: "Home", most: "Estimate") -> None:
    """Print the estimate beside the ceiling of a run."""
    models = home.settings().models
    model = models.name or "a model (none is named yet: docs/models.md)"
    cost = f", for {most.cost:,.2f} at your prices" if most.cost else ""
    console().print(
        f"to ask {model} for at most: {most.requests:,} replies, {most.prompt_tokens:,} tokens of prompts and "
        f"{most.reply_tokens:,} of replies{cost} ({most.cached:,} requests are in the cache); the ceiling of a run is "
        f"{models.run_tokens:,} tokens",
        markup=False,
        soft_wrap=True,
    )
