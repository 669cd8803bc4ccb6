"""Greedy choice: activity selection, task scheduling.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.catalogue import Entry


def _for_activity_selection(rng: Random, level: float) -> str:
    if draws.seldom(rng, level):
        return draws.call([])
    count = draws.size(rng, level, 4, 60)
    day = max(12, count)
    longest = rng.choice([3, 6, day // 2])
    activities = []
    for _ in range(count):
        start = rng.randint(0, day)
        activities.append((start, start + rng.randint(1, longest)))
    return draws.call(activities)


def _for_task_scheduling(rng: Random, level: float) -> str:
    count = draws.size(rng, level, 3, 26)
    # Deadlines that crowd together make tasks late; generous ones let every task be on time.
    latest = rng.choice([max(1, count // 2), count, count + 3])
    deadlines = [rng.randint(1, latest) for _ in range(count)]
    penalties = [rng.randint(1, 9) * rng.choice([1, 5, 10]) for _ in range(count)]
    return draws.call(deadlines, penalties)


ENTRIES = (
    Entry(
        name="activity_selection",
        title="Activity selection",
        statement=(
            "A room is wanted for several activities, each given as a pair (start, finish). Two activities fit "
            "together if one starts no earlier than the other finishes. Choose as many as possible that all fit "
            "together and return their indexes in the order in which they take place."
        ),
        entry_point="activity_selection",
        generate=_for_activity_selection,
        domain="algorithms",
    ),
    Entry(
        name="task_scheduling",
        title="Unit tasks with deadlines and penalties",
        statement=(
            "Each of n tasks takes one unit of time, and one machine does them one after the other in the slots 1 to "
            "n. Task i should be done by slot deadlines[i]; otherwise penalties[i] must be paid. Return a schedule "
            "with the least total penalty, as the list of task numbers (counted from 0) slot by slot, together with "
            "that penalty."
        ),
        entry_point="task_scheduling",
        generate=_for_task_scheduling,
        domain="algorithms",
    ),
)
