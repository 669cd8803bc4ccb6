"""Which split a family belongs to: the same for all mixtures, for all time. Not here: what a family is."""

from tracepile_assets.tables.ids import digest

SPLITS = ("train", "validation", "test")

_SALT = "tracepile split 1"
_TRAIN = 0.96
_VALIDATION = 0.98


def split_of(founder: str) -> str:
    """The split of the family with this founder: train 96 %, validation 2 %, test 2 %.

    The thresholds are nested: lowering one moves families to one side only.
    """
    place = int(digest((_SALT, founder)), 16) / 2**128
    if place < _TRAIN:
        return "train"
    return "validation" if place < _VALIDATION else "test"
