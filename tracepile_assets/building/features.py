"""Building the features of one stripe: each one that a mixture reads.

Not here: building one of them, which is as building a stripe of any table (`stripes`).
"""

from collections.abc import Callable
from dataclasses import replace

from tracepile_assets.home import Home, Stripe
from tracepile_assets.planning import fingerprint
from tracepile_assets.quality import Finding
from tracepile_assets.tables.schemas import FEATURES

from .audit import audit_stripe
from .feature_units import features, place_of
from .report import BuildReport
from .stripes import Progress, build_stripe


def build_features(
    home: Home, stripe: Stripe, progress: Progress | None = None, built: Callable[[BuildReport], None] | None = None
) -> BuildReport:
    """Bring every feature of a stripe up to date; do nothing where it is.

    Args:
        home: the home.
        stripe: the stripe.
        progress: told how far the build of a feature is.
        built: told of each feature that was not current, when it is done.

    Returns:
        One report on all of them: the numbers added up, the findings of equal checks joined. Features that are current
        are audited again.

    Raises:
        As `build_stripe`.
    """
    reports = []
    for feature in features(home):
        place = place_of(feature)
        report = build_stripe(home, place, stripe, progress)
        if report.current:
            report = replace(report, findings=audit_stripe(home, place, stripe, report.path))
        if built and not report.current:
            built(report)
        reports.append(report)
    numbers = ("rows", "added", "removed", "carried", "quarantined", "seconds")
    return BuildReport(
        FEATURES,
        stripe.key,
        all(report.current for report in reports),
        reports[0].path,
        **{name: sum(getattr(report, name) for report in reports) for name in numbers},
        findings=_joined([finding for report in reports for finding in report.findings]),
        data_version=fingerprint([[report.table, report.data_version] for report in reports]),
        partial=any(report.partial for report in reports),
    )


def _joined(findings: list[Finding]) -> tuple[Finding, ...]:
    """One finding for each check: the first that failed, with the faults of all counted."""
    found: dict[str, Finding] = {}
    for each in findings:
        known = found.setdefault(each.check, each)
        if known is not each:
            worse = known if not known.passed else each
            found[each.check] = replace(worse, n_failed=known.n_failed + each.n_failed)
    return tuple(found.values())
