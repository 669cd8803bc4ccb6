"""How the rows of each stripe table are made: which units there are, and what a room makes of one.

One module per table, each with `units(context)` and `make(context, units)`. Does not belong here: deciding which
units are
stale, writing files, and the work itself (the rooms).
"""
