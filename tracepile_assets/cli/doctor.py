"""`tracepile doctor`: whether this machine can do what a build needs, each answer found by trying it."""

import platform
import shutil
import sys
from collections.abc import Callable

import typer

from .console import console


def doctor() -> None:
    """Try what a build needs: Python, the sandbox, the home. Exit code 1 if something is missing.

    Example: `tracepile doctor`
    """
    trials: dict[str, Callable[[], str]] = {
        "python": _python,
        "bubblewrap": _bubblewrap,
        "sandbox": _sandbox,
        "home": _home,
    }
    faulty = False
    for name, trial in trials.items():
        try:
            found = trial()
        except Exception as error:  # whatever it is, it is the finding
            faulty = True
            console().print(f"[bold red]✗[/] {name:<11}", end="")
            console().print(str(error), markup=False, soft_wrap=True)
        else:
            console().print(f"[bold green]✓[/] {name:<11}", end="")
            console().print(found, markup=False, soft_wrap=True)
    if faulty:
        raise typer.Exit(1)


def _python() -> str:
    if platform.python_implementation() != "CPython" or sys.version_info < (3, 11):
        raise RuntimeError(
            f"{platform.python_implementation()} {platform.python_version()}: CPython 3.11 or newer is needed"
        )
    return f"CPython {platform.python_version()}"


def _bubblewrap() -> str:
    found = shutil.which("bwrap")
    if found is None:
        raise RuntimeError("there is no bwrap; install it, on Debian with: apt-get install bubblewrap")
    return found


def _sandbox() -> str:
    from tracepile_assets.building.execution import open_pool
    from tracepile_assets.execution import Job, RunInput
    from tracepile_assets.home import open_home

    settings = open_home().settings()
    code = "def double(n):\n    return n * 2\n"
    job = Job("doctor", code, "double", (RunInput("one", arguments="21"),))
    with open_pool(settings) as pool:
        _, [outcome] = next(iter(pool.run([job])))
    if outcome.recording.return_value != "42":
        raise RuntimeError(f"a program that doubles 21 ended as {outcome.recording.status}: {outcome.recording.reason}")
    return f"a program ran and was recorded ({settings.compute.isolation})"


def _home() -> str:
    from tracepile_assets.home import open_home

    home = open_home()
    home.settings()
    return f"{home.root}, {len(home.registry().entries())} sources"
