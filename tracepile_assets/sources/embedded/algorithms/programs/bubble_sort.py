def bubble_sort(values):
    end = len(values) - 1
    swapped = True
    while swapped:
        swapped = False
        for i in range(end):
            if values[i] > values[i + 1]:
                values[i], values[i + 1] = values[i + 1], values[i]
                swapped = True
        end -= 1
    return values
