def latest_free_slot(slots, deadline):
    slot = min(deadline, len(slots)) - 1
    while slot >= 0 and slots[slot] is not None:
        slot -= 1
    return slot


def task_scheduling(deadlines, penalties):
    slots = [None] * len(deadlines)
    total_penalty = 0
    late = []
    by_penalty = sorted([(-penalty, task) for task, penalty in enumerate(penalties)])
    for _, task in by_penalty:
        slot = latest_free_slot(slots, deadlines[task])
        if slot >= 0:
            slots[slot] = task
        else:
            late.append(task)
            total_penalty += penalties[task]
    for slot in range(len(slots)):
        if slots[slot] is None:
            slots[slot] = late.pop(0)
    return slots, total_penalty
