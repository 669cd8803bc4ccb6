def fill_tank(capacity, inflow, leak, valve_minutes):
    level = 0
    minute = 0
    valve_open = False
    while level < capacity:
        minute += 1
        if minute in valve_minutes:
            valve_open = not valve_open
        change = inflow
        if valve_open:
            change -= leak
        level = max(0, level + change)
        if minute >= 90:
            return f"not full after {minute} minutes, level {level}"
    return f"full after {minute} minutes, spilled {level - capacity}"
