"""Companion questions: about a program and its problem, beside the questions about one run.

Belongs here: what each asks and when, one module each. Does not belong here: questions about the course of a run
(`kinds/`), grading (`grading`), and reading the tables (building).
"""

from tracepile_assets.trace_model.trace import Trace

from ..kind import Refusal
from ..question import Asked, Question, Rejection
from ..run import Run
from ..sandbox import decided_by_sandbox
from .companion import Companion
from .equivalence import Equivalence
from .problem import OtherProgram, Problem, ProblemRun, differ
from .statement_prediction import StatementPrediction
from .write import Write

COMPANIONS: dict[str, Companion] = {one.name: one for one in (StatementPrediction(), Equivalence(), Write())}
"""Every kind by name, in the order in which they are asked."""

__all__ = ["COMPANIONS", "OtherProgram", "Problem", "ProblemRun", "ask_companions", "differ"]

_LENGTH = 12_000
"""Characters of the longest code that a prompt may hold."""


def ask_companions(
    problem: Problem, trace: Trace, *, seed: object = 0, deterministic: str = "full", codec: str = "literal"
) -> Asked:
    """Ask about a program and its problem, beside one run of its original.

    Args:
        problem: what is known beside the run.
        trace: the run.
        seed: decides what is chosen and how it is worded; anything with a stable text.
        deterministic: what a second run proved (column of execution_traces).
        codec: how the arguments of the input are written.

    Returns:
        At most one question of each kind, and a rejection for each kind that was asked and gives none. What can be
        asked only beside the run on the first input is not asked beside another.
    """
    run = Run(trace, deterministic, codec)
    undecided = decided_by_sandbox(trace)
    if len(trace.code) > _LENGTH:
        undecided = undecided or Refusal("too_long", f"code of more than {_LENGTH} characters")
    questions: list[Question] = []
    rejected: list[Rejection] = []
    for kind in COMPANIONS.values():
        if kind.only_first and not problem.is_first:
            continue
        found = undecided or kind.ask(problem, run, f"{seed}/{kind.name}")
        if isinstance(found, Refusal):
            rejected.append(Rejection(kind.name, found.reason, found.detail))
        else:
            questions.append(found)
    return Asked(tuple(questions), tuple(rejected))
