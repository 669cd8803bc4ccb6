"""Unit versions: what changes them and what does not, tried on a copy of the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tracepile_assets

SCRIPT = "from tracepile_assets.planning import versions_digest; print(versions_digest(({!r},)))"


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    root = tmp_path_factory.mktemp("copy")
    # Other processes write compiled files meanwhile.
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(tracepile_assets.__file__).parent, root / "tracepile_assets", ignore=ignored)
    return root


def version(root, module):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module)], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("file", "old", "new", "changes"),
    [
        ("home/stripes.py", "STRIPE_SIZE = 2_000", "STRIPE_SIZE = 2_001", True),
        ("home/stripes.py", '"""Programs in a stripe, at most."""', '"""At most so many programs."""', False),
        ("home/stripes.py", '"""Put the map into its place;', '"""Write it;', False),
        ("home/stripes.py", "import orjson\n", "import orjson  # quick\n", False),
        ("tables/ids.py", '"tracepile/1"', '"tracepile/2"', False),
    ],
)
def test_a_statement_changes_the_version_of_all_that_reach_it(copied, file, old, new, changes):
    path = copied / "tracepile_assets" / file
    text = path.read_text()
    assert old in text
    before = version(copied, "tracepile_assets.planning")
    path.write_text(text.replace(old, new))
    try:
        assert (version(copied, "tracepile_assets.planning") != before) is changes
    finally:
        path.write_text(text)


def test_what_runs_in_the_jail_counts_as_imported_by_execution(copied):
    path = copied / "tracepile_assets" / "execution" / "guest" / "statements.py"
    before = version(copied, "tracepile_assets.execution")
    path.write_text(path.read_text() + "\nADDED = 1\n")
    assert version(copied, "tracepile_assets.execution") != before


def test_a_module_that_is_not_there_is_an_error(copied):
    with pytest.raises(subprocess.CalledProcessError) as raised:
        version(copied, "tracepile_assets.nothing")
    assert "there is no module tracepile_assets.nothing" in raised.value.stderr
