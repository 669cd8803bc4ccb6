"""`$TRACEPILE_HOME`: where it is, its settings, its registry of sources, its stripe map and its locks.

Belongs here: everything about a home that is not a table. Does not belong here: rows (tables/), staleness (planning/),
reading a source (sources/).
"""

from .home import Home, HomeError, open_home
from .registry import EMBEDDED, Registry, SourceEntry
from .settings import Settings
from .stripes import Slot, Stripe, StripeMap
from .whole import write_whole

__all__ = [
    "EMBEDDED",
    "Home",
    "HomeError",
    "Registry",
    "Settings",
    "Slot",
    "SourceEntry",
    "Stripe",
    "StripeMap",
    "open_home",
    "write_whole",
]
