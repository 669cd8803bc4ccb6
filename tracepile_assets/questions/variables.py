"""What the kinds that ask for a variable's value have in common.

Not here: which moments a kind asks about (`kinds/`).
"""

from collections.abc import Callable

from tracepile_assets.trace_model.values import Value

from .difficulty import difficulty
from .kind import Refusal, Settled
from .prompt import pick
from .run import ANSWER_LENGTH, NamedCall, Run

GRADED = "A literal of the same type, equal to the value; floats within a relative 1e-9, an int for an equal float."

_COUNTER = 0.4
"""What the difficulty of a variable that runs over a range is multiplied by."""

_VALUE = (
    "Give it as a Python literal.",
    "Write the value as a Python literal.",
    "Answer with the value as Python's `repr` would write it.",
)


def hint(seed: object) -> str:
    """How the answer is to be written."""
    return pick(_VALUE, seed, "hint")


def settle_value(
    run: Run,
    call: NamedCall,
    event: int,
    name: str,
    value: Value,
    target: dict[str, object],
    asks: Callable[[str], str],
) -> Settled | Refusal:
    """The question for the value of a variable at an event.

    Args:
        run: the run.
        call: the call whose variable it is.
        event: the event at which the value holds.
        name: the variable.
        value: its value then.
        target: the canonical moment.
        asks: gives the wording for a seed.
    """
    read = run.read(event, value)
    if read is None:
        return Refusal("not_known", "values that were cut short, or are no literals of builtin types")
    if len(read.text) > ANSWER_LENGTH:
        return Refusal("too_long", f"values of more than {ANSWER_LENGTH} characters")
    hard = difficulty(
        steps=event,
        updates=run.updates(call, name, value, event),
        length=len(read.text),
        depth=run.trace.recording.event_depth[event],
    )
    if run.counts(call, name) is not None:
        hard = round(hard * _COUNTER, 4)
    return Settled(target, read.text, read.type_name, hard, asks, (name, read.text))
