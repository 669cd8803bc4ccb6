"""Asset checks: the verdicts of quality/ in Dagster's words.

Does not belong here: what is checked (quality/), and what a failed check does to a file (building/).
"""
