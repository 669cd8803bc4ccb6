"""Semantics-preserving rewrites of programs, and the proof by execution.

The room gives variants: programs that look different and behave the same on every input that can tell. A transform is
taken on trust by nobody; what a run refutes is reported with its code and the input that refuted it. Not here: ids and
writing of rows (``building``), running programs (``execution``).
"""

from tracepile_assets.rewriting.proposing import Candidate, Proposal, Rejection, Rewriter, proposals, propose
from tracepile_assets.rewriting.proving import ProvedProgram, prove
from tracepile_assets.rewriting.rewrite import Context, Rewrite, Transform
from tracepile_assets.rewriting.transforms import TRANSFORMS

__all__ = [
    "TRANSFORMS",
    "Candidate",
    "Context",
    "Proposal",
    "ProvedProgram",
    "Rejection",
    "Rewrite",
    "Rewriter",
    "Transform",
    "proposals",
    "propose",
    "prove",
]
