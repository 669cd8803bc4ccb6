"""A data card as one text that needs no files beside it, for pages that show Markdown. Not here: making the card."""

from base64 import b64encode
from pathlib import Path

from tracepile_assets.mixtures.shards import CARD, listed_plots, picture


def whole_card(folder: Path) -> str:
    """The card in this folder without its front matter, and with its pictures in the text itself.

    Raises:
        MixtureError: a picture is not there.
    """
    text = (folder / CARD).read_text(encoding="utf-8").split("\n---\n", 1)[1].lstrip()
    for alt, path in listed_plots(folder).items():
        encoded = b64encode(path.read_bytes()).decode()
        text = text.replace(picture(alt, path.name), picture(alt, f"data:image/png;base64,{encoded}"))
    return text
