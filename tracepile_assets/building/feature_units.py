"""The features of a home, the place of each among the tables, and the module that measures it.

Not here: building them (`features`), and which mixture needs which (mixtures/).
"""

from tracepile_assets.home import Home
from tracepile_assets.mixtures.features import Feature, wanted_features
from tracepile_assets.tables.schemas import FEATURES, table_of_place

from .rows.unit import Instrument


def features(home: Home) -> list[Feature]:
    """The features that the mixtures of a home read, by name."""
    return wanted_features(home.root, home.mixture_folder, home.settings().mixtures.benchmarks)


def place_of(feature: Feature) -> str:
    """Where the stripes of a feature lie, below the tables."""
    return f"{FEATURES}/feature={feature.name}"


def module_of(feature: Feature) -> str:
    """The module that measures a feature."""
    return f"tracepile_assets.building.measuring.{feature.kind}"


def instrument_at(home: Home, place: str) -> Instrument | None:
    """What the feature at a place is measured by; None for the place of a table.

    Raises:
        KeyError: no mixture reads such a feature.
    """
    if table_of_place(place) != FEATURES:
        return None
    feature = {place_of(each): each for each in features(home)}[place]
    return Instrument(module_of(feature), feature.paths, feature.digest)
