"""What a build of one stripe, or of one mixture, did; plain numbers for a person and for an asset's metadata."""

from dataclasses import dataclass, field
from pathlib import Path

from tracepile_assets.quality import Finding


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Attributes:
        table: table, or ``training_mixtures/<name>``.
        key: partition key; empty for an unpartitioned asset.
        current: nothing had to be done, and nothing was.
        path: the published file or folder.
        rows: rows in it.
        added: rows that were not there before.
        removed: rows that were there before and are not now.
        carried: rows taken over because what they are made from did not change.
        rejected: units that made no row, by ``unit: reason``.
        quarantined: rows that a check kept out.
        findings: the audit's findings.
        seconds: wall time.
        data_version: digest of the rows.
        partial: a limit cut the source short.
        reasons: why it was built, in words.
    """

    table: str
    key: str
    current: bool
    path: Path
    rows: int
    added: int = 0
    removed: int = 0
    carried: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    quarantined: int = 0
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    data_version: str = ""
    partial: bool = False
    reasons: tuple[str, ...] = ()
