"""Mixtures: which rows go into a training set, how they are split and written, and the card that tells what is in it.

A mixture is one SQL file with a front matter. Belongs here: selection, splits, samples, shards, data cards, exports,
and the reports, which read the same views. Does not belong here: making the rows that are selected from, and publishing
a folder (building/).

    for mixture in find_mixtures(home / "mixtures"):
        rendered = render(mixture, home / "tables", home / "instructions")
        shards = write_shards(folder, rendered)
        write_card(folder, rendered, shards)
"""

from tracepile_assets.mixtures.card.origin import Origin, origin_of
from tracepile_assets.mixtures.card.writing import write_card
from tracepile_assets.mixtures.definition import Caps, Mixture, find_mixture, find_mixtures, read_mixture
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.exports import export_jsonl
from tracepile_assets.mixtures.licenses import is_allowed
from tracepile_assets.mixtures.making import Rendered, render
from tracepile_assets.mixtures.reports import report, report_names
from tracepile_assets.mixtures.selection import Selection, select, upstream_tables
from tracepile_assets.mixtures.shards import Shard, listed_plots, listed_shards, unlisted_files, write_shards
from tracepile_assets.mixtures.splits import split_of

__all__ = [
    "Caps",
    "Mixture",
    "MixtureError",
    "Origin",
    "Rendered",
    "Selection",
    "Shard",
    "export_jsonl",
    "find_mixture",
    "find_mixtures",
    "is_allowed",
    "listed_plots",
    "listed_shards",
    "origin_of",
    "read_mixture",
    "render",
    "report",
    "report_names",
    "select",
    "split_of",
    "unlisted_files",
    "upstream_tables",
    "write_card",
    "write_shards",
]
