"""When assets are built: the job, the daily schedule, and the sensors. All run by default.

Does not belong here: deciding what is stale (planning/ does, building/ hands it the rules), and building.
"""
