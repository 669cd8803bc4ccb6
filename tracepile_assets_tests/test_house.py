"""The rules of the house that a tool checks: that they hold, and that each contract bites when it is broken.

The contracts themselves lie in `.importlinter`.
"""

import ast
import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tracepile_assets"
MODULES = [path for path in PACKAGE.rglob("*.py") if "programs" not in path.parts]
HEAVY = {"great_expectations", "vllm", "ray", "matplotlib"}

VIOLATIONS = {
    "an earlier room imports a later one": ("sources/opening.py", "tracepile_assets.questions"),
    "the ground floor imports a room": ("trace_model/trace.py", "tracepile_assets.questions"),
    "planning imports a room": ("planning/plan.py", "tracepile_assets.sources"),
    "two parts of the ground floor import each other": ("tables/ids.py", "tracepile_assets.planning"),
    "a room imports dagster": ("rewriting/__init__.py", "dagster"),
    "building imports dagster": ("building/plan.py", "dagster"),
    "the verifier imports the narrators": (
        "narration/verifier/__init__.py",
        "tracepile_assets.narration.narrators",
    ),
    "the narrators import the verifier": (
        "narration/narrators/__init__.py",
        "tracepile_assets.narration.verifier",
    ),
    "the verifier imports questions": ("narration/verifier/__init__.py", "tracepile_assets.questions"),
    "the independent evaluator imports the evaluator": (
        "quality/independent/__init__.py",
        "tracepile_assets.trace_model.evaluator",
    ),
    "the independent evaluator imports questions": ("quality/independent/__init__.py", "tracepile_assets.questions"),
    "the guest imports the pool": ("execution/guest/recorder.py", "tracepile_assets.execution.pool"),
    "the guest imports the trace model": ("execution/guest/recorder.py", "tracepile_assets.trace_model"),
    "the guest imports tables": ("execution/guest/recorder.py", "tracepile_assets.tables"),
    "a room imports the command line": ("building/plan.py", "tracepile_assets.cli.console"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(PACKAGE, folder / "tracepile_assets", ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".importlinter", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_the_rules_hold(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_a_broken_rule_is_found(copy, violation):
    name, imported = VIOLATIONS[violation]
    module = copy / "tracepile_assets" / name
    text = module.read_text()
    module.write_text(f"{text}\n\nimport {imported}\n")
    try:
        done = lint(copy)
    finally:
        module.write_text(text)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


def test_a_new_room_must_be_given_its_place(copy):
    room = copy / "tracepile_assets" / "attic"
    room.mkdir()
    (room / "__init__.py").write_text("")
    try:
        done = lint(copy)
    finally:
        shutil.rmtree(room)
    assert done.returncode == 1
    assert "attic" in done.stdout


def test_the_rule_about_dagster_names_every_room():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    named = set(contracts["importlinter:contract:dagster"]["source_modules"].split())
    rooms = {f"tracepile_assets.{path.name}" for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert named == rooms - {f"tracepile_assets.{name}" for name in ("cli", "assets", "checks", "automation")}


def imports(tree: ast.AST) -> set[str]:
    """Absolute modules that are imported anywhere in a tree."""
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module and not n.level}


@pytest.mark.parametrize("path", sorted((PACKAGE / "execution" / "guest").rglob("*.py")), ids=lambda path: path.stem)
def test_what_runs_in_the_jail_needs_the_standard_library_only(path):
    for name in imports(ast.parse(path.read_text())):
        top = name.split(".")[0]
        assert top in sys.stdlib_module_names or name.startswith("tracepile_assets.execution.guest"), name


def test_what_is_heavy_is_imported_where_it_is_used():
    for path in MODULES:
        body = ast.parse(path.read_text()).body
        at_import = ast.Module([node for node in body if isinstance(node, ast.Import | ast.ImportFrom)], [])
        assert not HEAVY & {name.split(".")[0] for name in imports(at_import)}, path


def test_a_module_says_what_belongs_in_it_and_is_short_enough_to_read():
    for path in MODULES:
        text = path.read_text()
        if text.strip():
            assert ast.get_docstring(ast.parse(text)), f"{path} has no docstring"
        assert text.count("\n") <= 400, f"{path} has more than 400 lines"


def test_a_file_in_c_says_what_belongs_in_it_and_is_short_enough_to_read():
    files = sorted((ROOT / "tracepile_assets/execution/guest/native").glob("*.c"))
    assert files
    for path in files:
        text = path.read_text()
        assert "Does not belong here:" in " ".join(text.split("*/")[0].split()), path
        assert text.count("\n") <= 400, f"{path} has more than 400 lines"
