"""An installed wheel, in another folder and another working directory, builds as the working copy does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked by pip into a folder that holds nothing else."""
    made, target = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    # Built from a copy: setuptools leaves its work in the source tree.
    source = tmp_path_factory.mktemp("source") / "copy"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if not name.startswith("tracepile_assets_tests/") and (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", made, source], check=True, timeout=600)
    [wheel] = made.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", target, wheel], check=True, timeout=600)
    return target


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`tracepile` from the installed wheel; its dependencies are those of this environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRACEPILE", "DAGSTER"))}
    # Before site-packages, where the editable install would be found.
    environment["PYTHONPATH"] = str(installed)
    return subprocess.run(
        [sys.executable, installed / "bin" / "tracepile", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_a_wheel_holds_programs_sql_and_types(installed):
    package = installed / "tracepile_assets"
    assert (package / "py.typed").exists()
    assert (package / "automation" / "dagster.yaml").exists()
    ours = ROOT / "tracepile_assets"
    for path in [*ours.glob("sources/embedded/*/programs/*.py"), *ours.rglob("guest/*.py")]:
        assert (package / path.relative_to(ours)).read_bytes() == path.read_bytes()
    for path in (ROOT / "sql").rglob("*.sql"):
        assert (package / "sql" / path.relative_to(ROOT / "sql")).read_bytes() == path.read_bytes()
    assert not (installed / "tracepile_assets_tests").exists()


def test_an_installed_wheel_builds(installed, tmp_path):
    built = run(installed, tmp_path, "build", "--source", "mathematics", "--limit", "2")
    assert built.returncode == 0, built.stdout + built.stderr
    assert "samples of" in built.stdout
    home = tmp_path / ".tracepile"
    assert (home / "tables" / "chains_of_execution" / "source=mathematics" / "00000.parquet").exists()
    assert list((home / "tables" / "training_mixtures").glob("*/*.parquet"))
    again = run(installed, tmp_path, "build", "--source", "mathematics", "--limit", "2")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "nothing was recomputed" in again.stdout
