def partition(values, low, high):
    pivot = values[high]
    boundary = low
    for i in range(low, high):
        if values[i] <= pivot:
            values[i], values[boundary] = values[boundary], values[i]
            boundary += 1
    values[boundary], values[high] = values[high], values[boundary]
    return boundary


def quickselect(values, k):
    if not 1 <= k <= len(values):
        raise ValueError(f"there is no element number {k} among {len(values)}")
    remaining = list(values)
    low, high = 0, len(remaining) - 1
    while True:
        position = partition(remaining, low, high)
        if position == k - 1:
            return remaining[position]
        if position < k - 1:
            low = position + 1
        else:
            high = position - 1
