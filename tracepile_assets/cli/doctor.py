"""`tracepile doctor`: whether this machine can do what a build needs, each answer found by trying it.

Not here: the attacks on the sandbox and their remedies (execution).
"""

import platform
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from .console import console, counted, faults_told

_WHAT_IT_IS = {
    "bubblewrap": "a jail with namespaces of its own",
    "landlock": "no namespaces needed: for containers that forbid them",
    "process": "no jail: limits and the filter only; never for programs of strangers",
}


@faults_told
def doctor(
    install_guest: Annotated[
        bool, typer.Option("--install-guest", help="First install the packages that programs may import.")
    ] = False,
) -> None:
    """Try what a build needs: Python, the home, the sandbox, and each defence of each isolation, by attacking it.

    Exit code 1 if something is missing that a build with the settings of this home needs; the remedy is named.

    Example: `tracepile doctor`
    """
    from tracepile_assets.execution.jail import ISOLATIONS
    from tracepile_assets.home import open_home

    chosen = open_home().settings().compute.isolation
    installed = not install_guest or _tried("installing", _install)
    healthy = installed & _tried("python", _python) & _tried("home", _home) & _tried("sandbox", _sandbox)
    _tried("packages", _packages)
    for isolation in sorted(ISOLATIONS, key=lambda name: name != chosen):
        console().print()
        standing = "chosen" if isolation == chosen else "not chosen"
        console().print(f"[bold]{isolation}[/] [dim]({standing}: {_WHAT_IT_IS[isolation]})[/]", soft_wrap=True)
        holds = _defended(isolation)
        healthy &= holds or isolation != chosen
    if not healthy:
        raise typer.Exit(1)


def _tried(name: str, trial: Callable[[], str]) -> bool:
    """Say what a trial found; return whether it went well."""
    try:
        found = trial()
    except Exception as error:  # whatever it is, it is the finding
        _say(name, False, str(error))
        return False
    _say(name, True, found)
    return True


def _defended(isolation: str) -> bool:
    """Attack an isolation and say what came of it; return whether all defences hold."""
    from tracepile_assets.execution import SandboxUnavailable
    from tracepile_assets.execution.trials import try_out

    try:
        trials = try_out(isolation)
    except SandboxUnavailable as error:
        _say("unavailable", False, str(error))
        return False
    for trial in trials:
        _say(trial.name, trial.holds, trial.says if trial.remedy is None else f"{trial.says}. Remedy: {trial.remedy}")
    return all(trial.holds for trial in trials)


def _say(name: str, holds: bool, says: str) -> None:
    mark = "[bold green]✓[/]" if holds else "[bold red]✗[/]"
    console().print(f"{mark} {name:<13}", end="")
    console().print(says, markup=False, soft_wrap=True)


def _python() -> str:
    if platform.python_implementation() != "CPython" or sys.version_info < (3, 11):
        raise RuntimeError(
            f"{platform.python_implementation()} {platform.python_version()}: CPython 3.11 or newer is needed"
        )
    return f"CPython {platform.python_version()}"


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


def _install() -> str:
    from tracepile_assets.execution import packages

    return f"packages for programs are in {packages.install()}"


def _packages() -> str:
    """What programs may import; a home whose programs import none of it needs none."""
    from tracepile_assets.building.execution import open_pool
    from tracepile_assets.execution import Job, RunInput, packages
    from tracepile_assets.home import open_home

    folder = packages.folder()
    if folder is None:
        raise RuntimeError(
            f"not installed in {packages.place()}: programs that import numpy and the like end with an exception. "
            "Install them with: tracepile doctor --install-guest"
        )
    code = "import numpy\n\ndef total(n):\n    return int(numpy.arange(n).sum())\n"
    job = Job("doctor", code, "total", (RunInput("one", arguments="7"),))
    with open_pool(open_home().settings()) as pool:
        _, [outcome] = next(iter(pool.run([job])))
    if outcome.recording.return_value != "21":
        ended = f"{outcome.recording.status}: {outcome.recording.exception or outcome.recording.reason}"
        raise RuntimeError(
            f"a program that uses numpy ended as {ended}. Install them again with: tracepile doctor --install-guest"
        )
    return f"programs may import {', '.join(packages.installed())}"


def _home() -> str:
    from tracepile_assets.home import open_home

    home = open_home()
    home.settings()
    return f"{home.root}, {counted(len(home.registry().entries()), 'source')}"
