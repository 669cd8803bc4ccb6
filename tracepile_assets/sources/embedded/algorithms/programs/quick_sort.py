def partition(values, low, high):
    pivot = values[high]
    boundary = low
    for i in range(low, high):
        if values[i] < pivot:
            values[i], values[boundary] = values[boundary], values[i]
            boundary += 1
    values[boundary], values[high] = values[high], values[boundary]
    return boundary


def sort_range(values, low, high):
    if low < high:
        middle = partition(values, low, high)
        sort_range(values, low, middle - 1)
        sort_range(values, middle + 1, high)


def quick_sort(values):
    sort_range(values, 0, len(values) - 1)
    return values
