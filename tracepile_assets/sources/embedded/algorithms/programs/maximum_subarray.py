def maximum_subarray(values):
    best_sum = values[0]
    best_start = best_end = 0
    running_sum = values[0]
    running_start = 0
    for i in range(1, len(values)):
        if running_sum < 0:
            running_sum = values[i]
            running_start = i
        else:
            running_sum += values[i]
        if running_sum > best_sum:
            best_sum = running_sum
            best_start, best_end = running_start, i
    return best_start, best_end, best_sum
