"""Where programs and inputs come from.

Belongs here: reading a source of the registry into `Program` values. Does not belong here: which sources there are
(home/), ids and table rows (tables/, building/), running anything (execution/).

`open_source(entry)` gives the programs one after the other; `scan(entry)` reads the same source to its end and tells
what is in it, and raises `SourceError` where it cannot be used. A build scans before it writes, so that a faulty file
leaves nothing half-written.
"""

from tracepile_assets.sources.errors import SourceError
from tracepile_assets.sources.marks import mark_of
from tracepile_assets.sources.opening import Scanned, draws_inputs, mutates_inputs, open_source, scan
from tracepile_assets.sources.program import InputGenerator, Program, ProgramInput, content_digest

__all__ = [
    "InputGenerator",
    "Program",
    "ProgramInput",
    "Scanned",
    "SourceError",
    "content_digest",
    "draws_inputs",
    "mark_of",
    "mutates_inputs",
    "open_source",
    "scan",
]
