"""Free prose about a run: what a text that was not written in the verifier's own forms says, and whether it is so.

Belongs here: finding values, equations, comparisons, counts and outcomes in prose, and checking each against what the
run shows anywhere. Does not belong here: the forms of the deterministic narrator, which are checked step by step
(``verification``).
"""
