"""The command line, `tracepile`: thin, may import everything, and nothing imports it.

Does not belong here: anything that another program would want to call; it lies in the room that it is about. Heavy
modules are imported inside commands, so that `tracepile --help` answers at once.
"""
