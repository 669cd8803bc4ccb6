def latest_free_slot(slots, deadline):
    slot = min(deadline, len(slots)) - 1
    while slot >= 0 and slots[slot] is not None:
        slot -= 1
    return slot


def task_scheduling(deadlines, penalties):
    slots = [None] * len(deadlines)
    total_penalty = 0
    late = []
    for penalty, task in sorted([(-penalty, task) for task, penalty in enumerate(penalties)]):
        slot = latest_free_slot(slots, deadlines[task])
        if slot >= 0:
            slots[slot] = task
        else:
            late.append(task)
            total_penalty -= penalty
    for slot in range(len(slots)):
        if slots[slot] is None:
            slots[slot] = late.pop(0)
    return slots, total_penalty
