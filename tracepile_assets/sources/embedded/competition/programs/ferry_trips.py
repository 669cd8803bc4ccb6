def trips_needed(weights, limit):
    weights.sort()
    light = 0
    heavy = len(weights) - 1
    trips = 0
    while light <= heavy:
        if light < heavy and weights[light] + weights[heavy] <= limit:
            light += 1
        heavy -= 1
        trips += 1
    return trips


t = int(input())
for case in range(1, t + 1):
    n, limit = map(int, input().split())
    weights = list(map(int, input().split()))
    print(f"Case {case}: {trips_needed(weights, limit)}")
