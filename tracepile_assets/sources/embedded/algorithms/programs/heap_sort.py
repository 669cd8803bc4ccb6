def sift_down(heap, root, size):
    while 2 * root + 1 < size:
        child = 2 * root + 1
        if child + 1 < size and heap[child + 1] > heap[child]:
            child += 1
        if heap[root] >= heap[child]:
            break
        heap[root], heap[child] = heap[child], heap[root]
        root = child


def heap_sort(values):
    size = len(values)
    for root in range(size // 2 - 1, -1, -1):
        sift_down(values, root, size)
    for end in range(size - 1, 0, -1):
        values[0], values[end] = values[end], values[0]
        sift_down(values, 0, end)
    return values
