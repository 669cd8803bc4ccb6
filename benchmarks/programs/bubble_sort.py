def bubble_sort(values):
    """Sort in place; the number of exchanges made."""
    exchanges = 0
    end = len(values) - 1
    while end > 0:
        last = 0
        for i in range(end):
            if values[i] > values[i + 1]:
                values[i], values[i + 1] = values[i + 1], values[i]
                exchanges += 1
                last = i
        end = last
    return exchanges


def main():
    values = [(29 * i + 17) % 83 for i in range(48)]
    return bubble_sort(values), values
