def clock(minutes):
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}"


def meet_on_the_road(distance, first_speed, second_speed, departure, delay):
    # Distances are in metres, speeds in metres per minute; the second traveller starts later, from the other end.
    time = departure
    gap = distance
    first_walked = 0
    while gap > 0:
        time += 1
        step = first_speed
        first_walked += first_speed
        if time > departure + delay:
            step += second_speed
        gap -= step
    return clock(time), min(first_walked, distance)
