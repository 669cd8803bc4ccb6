"""Writing a data card and its plots. Not here: what they say (`text`, `plots`)."""

from collections.abc import Sequence
from pathlib import Path

from tracepile_assets.home import write_whole
from tracepile_assets.mixtures.card.origin import Origin
from tracepile_assets.mixtures.card.plots import draw_plots
from tracepile_assets.mixtures.card.text import card_text
from tracepile_assets.mixtures.making import Rendered
from tracepile_assets.mixtures.shards import CARD, Shard, cannot_be_written

_UNKNOWN = Origin()


def write_card(folder: Path, rendered: Rendered, shards: Sequence[Shard], origin: Origin = _UNKNOWN) -> Path:
    """Write the plots and then the card; with it, and not before, the shards and plots that it lists count.

    Args:
        folder: the folder of the shards.
        rendered: the mixture.
        shards: its files.
        origin: what it was made from, as far as that is known.

    Returns:
        The card.

    Raises:
        MixtureError: the folder cannot be written.
    """
    plots = draw_plots(rendered.summary)
    text = card_text(rendered, shards, plots, origin)
    try:
        for plot in plots:
            write_whole(folder / plot.name, plot.png)
        write_whole(folder / CARD, text.encode())
    except OSError as error:
        raise cannot_be_written(folder, error) from error
    return folder / CARD
