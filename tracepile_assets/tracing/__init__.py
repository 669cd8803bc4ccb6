"""The rows of execution_traces: every variant run on every input, twice, with what the two runs agree on.

Belongs here: pairing the runs, determinism, difficulty. Does not belong here: running and recording (``execution``),
reading a recording (``trace_model``), ids and storage.
"""

from .determinism import judge
from .difficulty import Measures, difficulty, measure
from .rows import trace

__all__ = ["Measures", "difficulty", "judge", "measure", "trace"]
