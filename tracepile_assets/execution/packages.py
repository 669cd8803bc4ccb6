"""The packages from outside the standard library that programs may import in the jail.

Belongs here: where they lie, installing them, which of them a program imports, and their versions. Does not belong
here: our own environment, of which no program sees anything, and loading them (``guest.preload``).
"""

import ast
import functools
import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

from .parsing import parsed

PLACE = "TRACEPILE_GUEST_PACKAGES"
"""Environment variable that names another folder."""
_OFFERED = frozenset(("numpy", "scipy", "sympy", "pandas", "networkx", "sortedcontainers", "mpmath", "dateutil"))
_IMPORT = re.compile(rf"\b(?:{'|'.join(sorted(_OFFERED))})\b")
_LONGEST = 200_000
"""Characters of a text that is looked at: what is longer is no program that a person wrote."""


def place() -> Path:
    """The folder that they are installed in: one for each environment that this package is installed in."""
    named = os.environ.get(PLACE)
    return Path(named) if named else Path(sys.prefix, "share", "tracepile", "guest")


def folder() -> Path | None:
    """The folder with the packages, None where they are not installed."""
    found = place()
    return found if (found / "numpy").is_dir() else None


@functools.lru_cache(maxsize=256)
def imports(code: str) -> bool:
    """Whether a program imports any of them, as far as its text tells."""
    if len(code) > _LONGEST or not _IMPORT.search(code):
        return False
    try:
        nodes = parsed(code).nodes
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return any(name.partition(".")[0] in _OFFERED for name in names)


def versions(code: str) -> list[str]:
    """What a run of a program depends on beyond Python: ``installed()`` if it imports a package, else nothing."""
    return installed() if imports(code) else []


def installed() -> list[str]:
    """``name-version`` of each package in the folder, by name; ``none`` where there is no folder."""
    return list(_installed(folder()))


@functools.cache
def _installed(found: Path | None) -> tuple[str, ...]:
    if found is None:
        return ("none",)
    return tuple(sorted(path.name.removesuffix(".dist-info") for path in found.glob("*.dist-info")))


def install() -> Path:
    """Install the locked versions into their folder, in the place of what is there; return the folder.

    Raises:
        RuntimeError: they cannot be had; the message is that of the installer.
    """
    target = place()
    partial = target.with_name(f"{target.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
    with resources.as_file(_lock()) as lock:
        done = subprocess.run(
            [*command, "--only-binary", ":all:", "--require-hashes", "--target", str(partial), "-r", str(lock)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        raise RuntimeError(f"the packages for programs could not be installed: {done.stderr.strip()[-600:]}")
    shutil.rmtree(target, ignore_errors=True)
    partial.rename(target)
    _installed.cache_clear()
    return target


def _lock() -> resources.abc.Traversable:
    """The lock file, which an installed package holds, and a working copy has at its root."""
    held = resources.files("tracepile_assets") / "requirements" / "guest.txt"
    return held if held.is_file() else Path(str(resources.files("tracepile_assets"))).parent / "requirements/guest.txt"
