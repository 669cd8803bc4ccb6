"""The error that a home raises; nothing else."""


class HomeError(Exception):
    """A home, its settings or its registry cannot be used; the message names the file and the remedy."""
