def heads_in_a_row(tosses, run):
    # current[k]: sequences without the run that end in exactly k heads
    current = [1] + [0] * (run - 1)
    for _ in range(tosses):
        following = [sum(current)]
        for k in range(run - 1):
            following.append(current[k])
        current = following
    with_run = 2**tosses - sum(current)
    return with_run, 2**tosses
