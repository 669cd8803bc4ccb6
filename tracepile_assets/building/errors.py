"""The error of a build that was stopped before it published anything; nothing else."""

from collections.abc import Sequence

from tracepile_assets.quality import Finding


class BuildBlocked(Exception):
    """A blocking check failed: the last good file stays, and the staged one is dropped.

    Attributes:
        findings: all findings of the audit, for the checks to report.
    """

    def __init__(self, message: str, findings: Sequence[Finding]) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
