"""Exports of a mixture: its samples in a trainer's format, in a folder or a bucket, with a manifest written last.

Belongs here: formats, packing, destinations, the manifest and checking by it. Does not belong here: which build is
exported, and what is remembered about it (building/).
"""
