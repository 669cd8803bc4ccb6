def share_work(rates, hours, order):
    # rates: parts that each worker makes in an hour; hours: when each one leaves.
    made = {name: 0 for name in rates}
    left = order
    hour = 0
    while left > 0 and any(hours[name] > hour for name in rates):
        for name, rate in rates.items():
            if hours[name] > hour:
                parts = min(rate, left)
                made[name] += parts
                left -= parts
        hour += 1
    return made, hour, left
