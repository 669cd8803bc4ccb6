"""The folder that holds a user's data, and the paths inside it.

Not here: what is in the files; this module only says where they are and makes sure that two writers do not meet.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import HomeError
from .forgotten import Forgotten
from .registry import Registry
from .settings import Settings, load_settings, write_default_settings
from .stripes import Stripe, StripeMap

DEFAULT_HOME = ".tracepile"


@dataclass(frozen=True)
class Home:
    """A home directory: paths, settings and registry.

    Attributes:
        root: absolute path of the home.
    """

    root: Path

    @property
    def tables(self) -> Path:
        """Folder of all tables."""
        return self.root / "tables"

    @property
    def mixture_folder(self) -> Path:
        """Folder of the user's own mixture SQL files."""
        return self.root / "mixtures"

    @property
    def exports(self) -> Path:
        """Folder of the JSON lines of each mixture."""
        return self.root / "exports"

    @property
    def exported(self) -> Path:
        """Folder of what is remembered about exports to other places."""
        return self.root / "exported"

    @property
    def releases(self) -> Path:
        """Folder of the pinned builds of mixtures."""
        return self.root / "releases"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own home: run history and event log."""
        return self.root / "dagster"

    @property
    def registry_file(self) -> Path:
        """The registry of sources, a TOML file that a person can edit."""
        return self.root / "sources.toml"

    @property
    def settings_file(self) -> Path:
        """The settings, a TOML file that a person can edit."""
        return self.root / "tracepile.toml"

    @property
    def replies_file(self) -> Path:
        """What models answered, by what they were asked."""
        return self.root / "models" / "replies.sqlite"

    @property
    def synthesis_folder(self) -> Path:
        """Folder of the sources of model-made programs: their concepts and what was made."""
        return self.root / "synthesis"

    def settings(self) -> Settings:
        """Read the settings afresh.

        Raises:
            HomeError: the file does not parse or holds a value that is not allowed.
        """
        return load_settings(self.settings_file)

    def registry(self) -> Registry:
        """Read the registry of sources afresh.

        Raises:
            HomeError: the file does not parse or an entry is not allowed.
        """
        return Registry(self.registry_file)

    def forgotten(self) -> Forgotten:
        """The rows of sources that were taken down."""
        return Forgotten(self.root / "forgotten.toml")

    def stripe_map(self, source: str) -> StripeMap:
        """Open the stripe map of a source."""
        return StripeMap(self.root / "stripes" / source)

    def stripe_file(self, table: str, stripe: Stripe) -> Path:
        """Path of a stripe of a table."""
        return self.tables / table / f"source={stripe.source}" / f"{stripe.number}.parquet"

    def side_file(self, side: str, table: str, stripe: Stripe) -> Path:
        """Path of a side file (`rejected`, `quarantine`, `units`) of a stripe of a table."""
        return self.tables / side / f"table={table}" / f"source={stripe.source}" / f"{stripe.number}.parquet"

    def lock(self, name: str, wait: float = -1) -> FileLock:
        """Lock of a table's stripe or of the home itself; the kernel frees it when its process ends.

        Args:
            name: what is locked, for example ``raw_programs/mbpp/00000`` or ``home``.
            wait: seconds to wait for another writer; for ever if negative.
        """
        path = self.root / "locks" / (name.replace("/", "--") + ".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(path, timeout=wait)


def open_home(path: str | os.PathLike[str] | None = None, *, create: bool = True) -> Home:
    """Open the home at ``path``, or at ``$TRACEPILE_HOME``, or at ``.tracepile`` in the working directory.

    A new home gets a settings file and a registry with the embedded sources.

    Raises:
        HomeError: the place cannot be a home: it is a file, cannot be written, or is not local.
    """
    place = os.fspath(path or os.environ.get("TRACEPILE_HOME") or DEFAULT_HOME)
    if "://" in place:
        raise HomeError(f"TRACEPILE_HOME={place}: only local folders are supported; set it to a path on this machine")
    root = Path(place).expanduser().absolute()
    if root.exists() and not root.is_dir():
        raise HomeError(f"{root} is a file, not a folder; set TRACEPILE_HOME to a folder")
    home = Home(root)
    if not create:
        if not home.registry_file.exists():
            raise HomeError(f"{root} is not a home; `tracepile build` makes one, or set TRACEPILE_HOME")
        return home
    try:
        root.mkdir(parents=True, exist_ok=True)
        with home.lock("home", wait=60):
            if not home.settings_file.exists():
                write_default_settings(home.settings_file)
            home.registry().ensure_file()
    except Timeout as error:
        raise HomeError(
            f"{root} is in use by another process for more than a minute; try again when it is done"
        ) from error
    except OSError as error:
        raise HomeError(f"{root} cannot be used as a home: {error.strerror or error}; set TRACEPILE_HOME") from error
    return home
