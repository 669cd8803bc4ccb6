"""The progress bar of a build, and a line per table that is done. Not here: what is built (build.py)."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tracepile_assets.building import BuildReport
from tracepile_assets.resources import Listener

from .console import counted


class BuildProgress(Listener):
    """A bar over all steps of a build, which moves within a step too; a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)
        self._done = 0
        self._expected = 0

    def __enter__(self) -> "BuildProgress":
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._bar.stop()

    def say(self, doing: str) -> None:
        """Show what is being done."""
        self._bar.update(self._task, description=doing)

    def expect_more(self, steps: int) -> None:
        """Add steps to those that are expected."""
        self._expected += steps
        self._bar.update(self._task, total=self._expected)

    def progress(self, table: str, key: str, done: int, total: int) -> None:
        """Move within a step."""
        share = min(done / total, 1) if total else 0
        self._bar.update(self._task, completed=self._done + share, description=f"{table} {key}: {done} of {total}")

    def built(self, report: BuildReport) -> None:
        """Write a line about a step that is done, and move on."""
        self._done += 1
        self._bar.update(self._task, completed=self._done)
        if report.current:
            return
        parts = [counted(report.rows, "row")]
        parts += [f"{report.carried} carried over"] if report.carried else []
        parts += [f"{counted(sum(report.rejected.values()), 'unit')} made none"] if report.rejected else []
        parts += [f"{report.quarantined} in quarantine"] if report.quarantined else []
        name = f"{report.table} {report.key}".strip()
        said = f"  [green]✓[/] {name:<40} {', '.join(parts)} [dim]({report.seconds:.1f} s)[/]"
        self._console.print(said, soft_wrap=True)
