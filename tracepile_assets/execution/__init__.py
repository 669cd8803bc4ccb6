"""Runs programs on inputs in the jail and records them.

Belongs here: the pool of workers, the jail, and ``guest``, which runs inside it. Does not belong here: what a
recording means (``trace_model``) and which programs are run (the rooms above).
"""

from .guest.recorders import usual_version as recorder_version
from .jobs import Job, Limits, Outcome, RunInput, SandboxUnavailable
from .pool import Pool

__all__ = ["Job", "Limits", "Outcome", "Pool", "RunInput", "SandboxUnavailable", "recorder_version"]
