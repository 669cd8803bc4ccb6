"""Where the SQL that ships with the package lies. Not here: what is in it."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path


def shipped_sql(folder: str) -> Traversable:
    """The folder of shipped SQL files with this name (`lineage`, `mixtures`, `reports`)."""
    try:
        return resources.files("tracepile_assets.sql") / folder
    except ModuleNotFoundError:
        # A checkout that is used in place has the SQL beside the package.
        return Path(str(resources.files("tracepile_assets"))).parent / "sql" / folder
