"""The error that a source raises; nothing else."""


class SourceError(Exception):
    """A source cannot be read; the message names the file, the row where there is one, and the remedy."""
