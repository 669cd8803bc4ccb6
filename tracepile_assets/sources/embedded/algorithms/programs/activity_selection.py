def activity_selection(activities):
    by_finish = sorted([(finish, start, index) for index, (start, finish) in enumerate(activities)])
    chosen = []
    free_from = None
    for finish, start, index in by_finish:
        if free_from is None or start >= free_from:
            chosen.append(index)
            free_from = finish
    return chosen
