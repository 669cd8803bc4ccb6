"""What assets, checks and sensors are given: the store of tables, which is a home and the calls into building/.

Not here: how anything is built, and anything that one table needs and another does not (assets/).
"""

import os
import warnings
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tracepile_assets import building
from tracepile_assets.building.audit import audit_stripe
from tracepile_assets.building.synthesis import Synthesized, synthesize
from tracepile_assets.building.synthesis.record import LAYOUT
from tracepile_assets.home import Home, Stripe, open_home
from tracepile_assets.home.home import DEFAULT_HOME
from tracepile_assets.mixtures.card.whole import whole_card
from tracepile_assets.mixtures.definition import Mixture, find_mixtures, read_mixture
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.models import open_client
from tracepile_assets.tables.files import read_batches
from tracepile_assets.tables.schemas import FEATURES


class Listener:
    """Told what a store is doing; this one does not care."""

    def progress(self, table: str, key: str, done: int, total: int) -> None:
        """So many units of a stripe are done, of so many that there are at most."""

    def built(self, report: building.BuildReport) -> None:
        """A stripe, the families or a mixture is done."""


@dataclass(frozen=True)
class TableStore:
    """The tables of one home, as the Dagster layer sees them. Frames do not pass through it: assets name tables.

    Attributes:
        root: the home; `$TRACEPILE_HOME` or its default if None.
        listener: told how far a build is.
    """

    root: Path | None = None
    listener: Listener = field(default_factory=Listener)

    @property
    def home(self) -> Home:
        """The home, made if there is none."""
        return open_home(self.root)

    def build_stripe(self, table: str, key: str) -> building.BuildReport:
        """Bring a stripe up to date; one that is current already is audited again, so that its checks have a result."""
        home, stripe = self.home, Stripe.from_key(key)
        report = building.build_stripe(home, table, stripe, partial(self.listener.progress, table, key))
        if report.current:
            report = replace(report, findings=audit_stripe(home, table, stripe, report.path))
        return self._told(report)

    def build_features(self, key: str) -> building.BuildReport:
        """Bring all features of a stripe up to date; the listener is told of each."""

        def progress(done: int, total: int) -> None:
            self.listener.progress(FEATURES, key, done, total)

        return building.build_features(self.home, Stripe.from_key(key), progress, self.listener.built)

    def build_families(self) -> building.BuildReport:
        """Bring the ledger of families up to date."""
        return self._told(building.build_families(self.home))

    def build_mixture(self, name: str) -> building.BuildReport:
        """Bring a mixture up to date."""
        return self._told(building.build_mixture(self.home, name))

    def synthesize(self) -> dict[str, Synthesized]:
        """Make what the sources of model-made programs lack; the model is asked only if there are such sources.

        Raises:
            ModelError: the model cannot be used, or its budget is spent; what was made stays.
        """
        home = self.home
        entries = [entry for entry in home.registry().entries() if entry.layout == LAYOUT]
        if not entries:
            return {}
        with open_client(home) as client:
            return {entry.name: synthesize(home, entry, client) for entry in entries}

    def mixtures(self) -> list[Mixture]:
        """Every mixture that ships or lies in the home.

        A faulty file of the user's is left out with a warning, so that one file does not take the graph away; a build
        says what is wrong with it.
        """
        found = {mixture.name: mixture for mixture in find_mixtures()}
        for path in sorted(named_home(self.root).mixture_folder.glob("*.sql")):
            try:
                mixture = read_mixture(path)
            except MixtureError as error:
                warnings.warn(f"left out of the graph: {error}", stacklevel=2)
            else:
                found.setdefault(mixture.name, mixture)
        return list(found.values())

    def head(self, path: Path, rows: int) -> list[dict[str, object]]:
        """The first rows of a published file, or of the first file of a published folder."""
        files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        for file in files:
            for batch in read_batches(file, rows=rows):
                return batch.to_pylist()
        return []

    def card(self, folder: Path) -> str:
        """The data card in a published mixture's folder, its pictures in the text itself."""
        return whole_card(folder)

    def _told(self, report: building.BuildReport) -> building.BuildReport:
        self.listener.built(report)
        return report


def named_home(root: Path | None = None) -> Home:
    """The home that is named, without making it: for what only looks, such as the list of mixtures."""
    place = root or Path(os.environ.get("TRACEPILE_HOME") or DEFAULT_HOME)
    return Home(place.expanduser().absolute())
