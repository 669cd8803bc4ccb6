"""Replies kept on disk by what was asked: a second run of the same costs nothing, and a killed one goes on.

Belongs here: one SQLite file. Does not belong here: what the key covers (`chat`), judging a reply (`client`).
"""

import sqlite3
import threading
from dataclasses import asdict
from pathlib import Path

import orjson

from .chat import ChatRequest, Completion, ModelError

_WAIT_S = 60.0


class ReplyCache:
    """Completions by key, in a file that several processes may use at once; a context manager.

    Beside each completion stands the request, with the model and its revision, so that a person can see what was asked.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            ModelError: it is no such file, or cannot be written.
        """
        self.path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=_WAIT_S, check_same_thread=False, isolation_level=None)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS replies "
                "(key TEXT PRIMARY KEY, request TEXT NOT NULL, completion TEXT NOT NULL) WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error) as error:
            raise ModelError(
                f"{path}: the cache of replies cannot be used ({error}); move it away to begin a new one"
            ) from error

    def get(self, key: str) -> Completion | None:
        """The completion of that key, None if there is none."""
        with self._lock:
            found = self._database.execute("SELECT completion FROM replies WHERE key = ?", (key,)).fetchone()
        return Completion(**orjson.loads(found[0])) if found else None

    def put(self, key: str, model: str, revision: str, request: ChatRequest, completion: Completion) -> None:
        """Keep a completion; the first one of a key stays."""
        asked = {"model": model, "revision": revision, **asdict(request)}
        row = (key, orjson.dumps(asked).decode(), orjson.dumps(asdict(completion)).decode())
        with self._lock:
            self._database.execute("INSERT OR IGNORE INTO replies VALUES (?, ?, ?)", row)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> "ReplyCache":
        """Return the cache."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()
