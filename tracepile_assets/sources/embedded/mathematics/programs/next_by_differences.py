def next_by_differences(values):
    if all(value == values[0] for value in values):
        return values[0]
    differences = []
    for left, right in zip(values, values[1:]):
        differences.append(right - left)
    return values[-1] + next_by_differences(differences)
