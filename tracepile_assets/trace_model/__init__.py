"""Reading a recording: replay, visits, loops, calls; statements, the pure evaluator, equality, value text, codecs.

Belongs here: everything that answers "what held when" from the code and its recording. Does not belong here: running a
program (``execution``), what is asked or told about a run (``questions``, ``narration``), reading or writing tables.
The meaning of a recording is documented in ``docs/trace.md``.
"""
