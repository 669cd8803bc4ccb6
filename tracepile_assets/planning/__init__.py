"""What is stale, and why: fingerprints, unit versions, and the order of a build.

Belongs here: deciding. Does not belong here: any room; rooms are named by module path in the rules that building/
hands in.
"""

from .fingerprints import fingerprint
from .plan import Plan, Rule, Step, plan_stripes
from .versions import versions_digest

__all__ = ["Plan", "Rule", "Step", "fingerprint", "plan_stripes", "versions_digest"]
