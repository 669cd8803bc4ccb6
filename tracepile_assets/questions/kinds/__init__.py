"""The kinds of question, one module each.

Belongs here: what a kind asks, how its answer is computed from the trace, how it is worded, when it applies, how hard
it is. A new kind is a new module and a line in the list below. Does not belong here: choosing among what the kinds find
(`asking`), grading (`grading`).
"""

from ..kind import Kind
from .branch_taken import BranchTaken
from .exception_prediction import ExceptionPrediction
from .input_prediction import InputPrediction
from .loop_iterations import LoopIterations
from .output_prediction import OutputPrediction
from .statement_count import StatementCount
from .variable_after_assignment import VariableAfterAssignment
from .variable_at_iteration_end import VariableAtIterationEnd
from .variable_at_visit import VariableAtVisit

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        OutputPrediction(),
        InputPrediction(),
        ExceptionPrediction(),
        VariableAfterAssignment(),
        VariableAtVisit(),
        VariableAtIterationEnd(),
        LoopIterations(),
        StatementCount(),
        BranchTaken(),
    )
}
"""Every kind by name, in the order in which they are asked."""
