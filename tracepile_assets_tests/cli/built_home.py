"""What tests do with a home whose programs were really built (the fixture `built_home`)."""

import polars as pl

from tracepile_assets.mixtures import listed_shards

NAME = "instruction_tuning"
BUILT = (NAME, "rl_prompts")
"""The mixtures that are built in it."""


def samples(home, name=NAME):
    """All samples of a mixture."""
    shards = listed_shards(home.tables / "training_mixtures" / name)
    return pl.concat([pl.read_parquet(path) for paths in shards.values() for path in paths])
