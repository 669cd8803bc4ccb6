"""What is checked about every table, before it is published and after.

Belongs here: rules about rows, the independent evaluator that recomputes answers, the Great Expectations suites; each
gives `Finding` values. Does not belong here: what happens to a faulty row (building/), and how a verdict is shown
(checks/). Great Expectations is imported only when `expectations` is called.
"""

from .findings import Finding
from .rules import CHECKS, PARTED, audit, audit_parts
from .suites import SUITES, expectations

__all__ = ["CHECKS", "PARTED", "SUITES", "Finding", "audit", "audit_parts", "expectations"]
