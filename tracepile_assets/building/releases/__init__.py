"""Releases: builds of mixtures that are pinned under a name, compared, rebuilt and rolled back to.

Belongs here: what a release holds and what is done with it. Does not belong here: building a mixture
(mixtures.py beside this package), and what is garbage (collecting.py beside it).
"""
