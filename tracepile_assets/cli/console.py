"""Writing to the terminal, and telling faults: one line on stderr and exit code 1, not a stack trace.

Not here: what is written (each command's module).
"""

import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer
from rich.console import Console

P = ParamSpec("P")
R = TypeVar("R")


@functools.cache
def console() -> Console:
    """The terminal, through a file descriptor of its own: Dagster redirects stdout while a step runs."""
    sys.stdout.flush()
    try:
        own = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1, encoding="utf-8", errors="replace")
    except (OSError, ValueError, AttributeError):  # stdout is no file, as under a test runner
        return Console(highlight=False)
    return Console(file=own, highlight=False)


def counted(number: int, thing: str) -> str:
    """So many of a thing, as text: ``1 program``, ``2,000 programs``."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def size(number: int) -> str:
    """So many bytes, as text: ``17 bytes``, ``4.2 MB``."""
    for power, unit in ((3, "GB"), (2, "MB"), (1, "kB")):
        if number >= 1000**power:
            return f"{number / 1000**power:.1f} {unit}"
    return counted(number, "byte")


def print_json(value: object) -> None:
    """Write a value to stdout as JSON, for another program."""
    import orjson

    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def complain(message: str) -> None:
    """Write an error for a person to stderr."""
    Console(stderr=True, highlight=False).print("[bold red]error:[/]", message.replace("[", "\\["), soft_wrap=True)


def faults_told(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors that are for the user to mend into a message and exit code 1."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            complain("interrupted; what was published stays, run the command again to go on")
            raise typer.Exit(130) from None
        except Exception as error:
            if not isinstance(error, _mendable()):
                raise
            complain(str(error))
            raise typer.Exit(1) from error

    return told


def _mendable() -> tuple[type[Exception], ...]:
    from tracepile_assets.building.errors import BuildBlocked
    from tracepile_assets.building.releases.store import ReleaseError
    from tracepile_assets.building.synthesis.record import SynthesisError
    from tracepile_assets.execution import SandboxUnavailable
    from tracepile_assets.home import HomeError
    from tracepile_assets.mixtures.errors import MixtureError
    from tracepile_assets.models import ModelError
    from tracepile_assets.sources import SourceError
    from tracepile_assets.tables.files import TableError
    from tracepile_assets.tables.lineage import UnknownId

    return (
        *(BuildBlocked, HomeError, MixtureError, ModelError, SandboxUnavailable, SourceError, SynthesisError),
        *(ReleaseError, TableError, UnknownId),
    )
