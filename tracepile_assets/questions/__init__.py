"""Questions about a recorded run, each with an answer computed from the trace, and the grading of answers to them.

Belongs here: the kinds of question (`kinds/`, one module each), those about a program and its problem (`companions/`),
the choice of moments, the wording of prompts, graders.
Does not belong here: telling how an answer comes about (narration/), ids and columns (tables/), the independent
recomputation of answers (quality/).
"""

from .altering import Alteration, propose
from .asking import ask
from .companions import COMPANIONS, OtherProgram, Problem, ProblemRun, ask_companions, differ
from .grading import grade
from .kinds import KINDS
from .question import Asked, Grade, Question, Rejection
from .run import AlteredRun

__all__ = [
    "COMPANIONS",
    "KINDS",
    "Alteration",
    "AlteredRun",
    "Asked",
    "Grade",
    "OtherProgram",
    "Problem",
    "ProblemRun",
    "Question",
    "Rejection",
    "ask",
    "ask_companions",
    "differ",
    "grade",
    "propose",
]
