"""Removing replies from the cache by what was asked. Not here: keeping and finding them (cache.py)."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import orjson

_WAIT_S = 60.0


def forget_replies(path: Path, texts: Iterable[str]) -> int:
    """Remove the replies to requests, and requests, that hold one of these texts; returns how many there were.

    What is removed is written over in the file.
    """
    if not path.exists():
        return 0
    wanted = [orjson.dumps(text.strip()).decode()[1:-1] for text in texts if text.strip()]
    with closing(sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)) as database:
        database.execute("PRAGMA secure_delete = ON")
        removed = 0
        for text in wanted:
            done = database.execute("DELETE FROM replies WHERE instr(request, ?) OR instr(completion, ?)", (text, text))
            removed += done.rowcount
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return removed
