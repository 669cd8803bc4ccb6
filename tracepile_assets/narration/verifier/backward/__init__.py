"""Checking tellings that go back from an outcome to an input.

Belongs here: the sentences before and after the told run, and the verdict on the whole. Does not belong here: the told
run, which is checked as any other (``verification``).
"""

from tracepile_assets.narration.verifier.backward.checking import verify_backward

__all__ = ["verify_backward"]
