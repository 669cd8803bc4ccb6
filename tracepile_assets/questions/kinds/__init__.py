"""The kinds of question, one module each.

Belongs here: what a kind asks, how its answer is computed from the trace, how it is worded, when it applies, how hard
it is. A new kind is a new module and a line in the list below. Does not belong here: choosing among what the kinds find
(`asking`), grading (`grading`).
"""

from ..kind import Kind
from .alias import Alias
from .branch_taken import BranchTaken
from .call_argument import CallArgument
from .call_return import CallReturn
from .container_slot import ContainerSlot
from .exception_prediction import ExceptionPrediction
from .exception_statement import ExceptionStatement
from .first_moment import FirstMoment
from .function_calls import FunctionCalls
from .input_prediction import InputPrediction
from .longest_value import LongestValue
from .loop_iterations import LoopIterations
from .next_statement import NextStatement
from .output_prediction import OutputPrediction
from .recursion_depth import RecursionDepth
from .statement_count import StatementCount
from .stdout_prediction import StdoutPrediction
from .string_state import StringState
from .unreached_statements import UnreachedStatements
from .value_type import ValueType
from .variable_after_assignment import VariableAfterAssignment
from .variable_at_iteration_end import VariableAtIterationEnd
from .variable_at_visit import VariableAtVisit
from .variable_changes import VariableChanges
from .what_if import WhatIf

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        OutputPrediction(),
        StdoutPrediction(),
        InputPrediction(),
        WhatIf(),
        ExceptionPrediction(),
        ExceptionStatement(),
        VariableAfterAssignment(),
        VariableAtVisit(),
        VariableAtIterationEnd(),
        ContainerSlot(),
        StringState(),
        ValueType(),
        Alias(),
        LongestValue(),
        VariableChanges(),
        FirstMoment(),
        LoopIterations(),
        StatementCount(),
        FunctionCalls(),
        RecursionDepth(),
        CallArgument(),
        CallReturn(),
        BranchTaken(),
        NextStatement(),
        UnreachedStatements(),
    )
}
"""Every kind by name, in the order in which they are asked."""
