"""What assets, checks and sensors are given: the store of tables, which is a home and the calls into building/.

Not here: how anything is built, and anything that one table needs and another does not (assets/).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tracepile_assets import building
from tracepile_assets.building.audit import audit_stripe
from tracepile_assets.home import Home, Stripe, open_home
from tracepile_assets.tables.files import read_batches

Progress = Callable[[str, str, int, int], None]
"""Told the table, the partition key, the number of units done, and the number that there are at most."""


@dataclass(frozen=True)
class TableStore:
    """The tables of one home, as the Dagster layer sees them. Frames do not pass through it: assets name tables.

    Attributes:
        root: the home; `$TRACEPILE_HOME` or its default if None.
        progress: told how far a build is.
    """

    root: Path | None = None
    progress: Progress | None = None

    @property
    def home(self) -> Home:
        """The home, made if there is none."""
        return open_home(self.root)

    def build_stripe(self, table: str, key: str) -> building.BuildReport:
        """Bring a stripe up to date; one that is current already is audited again, so that its checks have a result."""
        home, stripe = self.home, Stripe.from_key(key)
        report = building.build_stripe(home, table, stripe, self._progress_of(table, key))
        if report.current:
            report = replace(report, findings=audit_stripe(home, table, stripe, report.path))
        return report

    def build_families(self) -> building.BuildReport:
        """Bring the ledger of families up to date."""
        return building.build_families(self.home)

    def build_mixture(self, name: str) -> building.BuildReport:
        """Bring a mixture up to date."""
        return building.build_mixture(self.home, name)

    def head(self, path: Path, rows: int) -> list[dict[str, object]]:
        """The first rows of a published file, or of the first file of a published folder."""
        files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
        for file in files:
            for batch in read_batches(file, rows=rows):
                return batch.to_pylist()
        return []

    def _progress_of(self, table: str, key: str) -> Callable[[int, int], None] | None:
        if self.progress is None:
            return None
        return lambda done, total: self.progress(table, key, done, total)
