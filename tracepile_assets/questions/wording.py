"""Words for moments: statements, calls, executions, runs of loops.

Every function gives text that two different moments of one run never share, whatever wording the seed picks: calls,
executions and runs are named by number, statements by ``Run.labels``. Does not belong here: what is asked at a moment
(`kinds/`).
"""

from .prompt import pick, quoted
from .run import MODULE, NamedCall, Run, shown_name


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``4th``, …, ``11th``, …, ``21st``, …"""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def call(run: Run, named: NamedCall, *seed: object) -> str:
    """Where in the calls of a program something lies, beginning with a space; empty where only one call is possible."""
    if named.function == MODULE or run.is_entry(named):
        return ""
    name = quoted(shown_name(named.function))
    forms = (
        f" in the {ordinal(named.call)} call of {name}",
        f" during call number {named.call} of {name}",
        f" in call {named.call} of {name}",
    )
    return pick(forms, *seed, "call")


def question(run: Run, named: NamedCall, *sentences: str) -> str:
    """The sentences of a question about a call, with how calls are counted where there are several."""
    counted = "Calls are counted from 1, in the order in which they begin."
    return " ".join([*sentences[:-1], *([counted] if named.of > 1 else []), sentences[-1]])


def running(number: int, again: bool, *seed: object) -> str:
    """Which run of a loop within one call is meant, beginning with a comma; empty where it cannot start ``again``."""
    if not again:
        return ""
    forms = (
        f", when the loop is entered for the {ordinal(number)} time",
        f", the {ordinal(number)} time this loop is started",
        f", in the {ordinal(number)} run of this loop",
    )
    return pick(forms, *seed, "run")
