def partitions(total, largest):
    if total == 0:
        yield []
        return
    for first in range(min(total, largest), 0, -1):
        for rest in partitions(total - first, first):
            yield [first] + rest


def integer_partitions(total, largest):
    return list(partitions(total, largest))
