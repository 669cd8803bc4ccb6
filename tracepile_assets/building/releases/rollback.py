"""Rolling a mixture back to a release: it is held there, and built so. Not here: putting files into place."""

from tracepile_assets.home import Home

from ..mixtures import build_mixture
from ..places import TABLE
from ..report import BuildReport
from .store import ReleaseError, damaged_files, find_release, hold, refuse_forgotten


def roll_back(home: Home, mixture: str, name: str) -> BuildReport:
    """Hold a mixture at a release, and put the release into its place.

    Raises:
        ReleaseError: there is no such release, files of it are missing or damaged, or it has what was taken down; the
            mixture stays as it is.
        MixtureError: the mixture has no SQL file any more, or a faulty one.
    """
    release = find_release(home, mixture, name)
    if damaged := damaged_files(release):
        raise ReleaseError(
            f"{release.folder}: {', '.join(damaged)} not as pinned; make them anew: "
            f"`tracepile releases rebuild {mixture} {name}`"
        )
    refuse_forgotten(home, release)
    with home.lock(f"{TABLE}/{mixture}"):
        hold(home, release)
    return build_mixture(home, mixture)
