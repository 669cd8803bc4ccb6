"""Takedown: a program of a source, and everything that was made from it, is removed and stays away.

Belongs here: taking rows out of files that are published, and reaching what was made from those. Does not belong here:
the list of what is forgotten (home/), and leaving it out when a source is read (reading.py beside this package).
"""
