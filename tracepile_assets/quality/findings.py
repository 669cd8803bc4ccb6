"""The verdict of one named check; nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

EXAMPLES = 5
"""Ids that a finding quotes."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found in one table.

    Attributes:
        check: name of the check, one of the groups a person reads: ``schema``, ``keys``, ``parents``, …
        severity: ``error`` (wrong rows would poison what follows) or ``warn``.
        passed: whether nothing was found.
        n_failed: rows at fault, or faults where they lie in no single row.
        examples: at most five ids of rows at fault.
        description: what was checked, and where it failed, which rule and how often.
        failed_ids: ids of all rows at fault; empty with ``passed`` false means that the fault lies in no single row.
    """

    check: str
    severity: Literal["error", "warn"]
    passed: bool
    n_failed: int
    examples: tuple[str, ...]
    description: str
    failed_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that does not hold.

    Attributes:
        says: the rule, as a sentence about what must hold.
        n_failed: how often it does not.
        row_ids: ids of the rows at fault; empty where the fault lies in no single row.
    """

    says: str
    n_failed: int
    row_ids: tuple[str, ...] = ()


def finding(check: str, about: str, faults: Iterable[Fault], severity: Literal["error", "warn"] = "error") -> Finding:
    """Sum up the faults of one check.

    Args:
        check: its name.
        about: what it checks, for when all is well.
        faults: the rules that do not hold. One that lies in no single row makes the whole finding so.
        severity: how bad a fault is.
    """
    found = list(faults)
    if not found:
        return Finding(check, severity, True, 0, (), about)
    row_ids = tuple(dict.fromkeys(row_id for fault in found for row_id in fault.row_ids))
    rowless = [fault for fault in found if not fault.row_ids]
    n_failed = len(row_ids) + sum(fault.n_failed for fault in rowless)
    said = "; ".join(f"{fault.says}: not so {fault.n_failed} time(s)" for fault in found)
    return Finding(check, severity, False, n_failed, row_ids[:EXAMPLES], said, () if rowless else row_ids)
