"""A client of a scripted server, whose waits between tries are too short to notice."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tracepile_assets.models import Budget, Client, ReplyCache
from tracepile_assets.models.served import Served
from tracepile_assets_tests.models.scripted import Script, Server, serving

Serve = Callable[..., tuple[Client, Server]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serves a script, and gives a client of it; further arguments are those of `Served`."""
    with ExitStack() as stack:

        def start(script: Script, *, ceiling: int = 10_000_000, revision: str = "r1", **how: object) -> tuple:
            server = stack.enter_context(serving(script))
            backend = Served(server.endpoint, "tiny", **{"first_wait_s": 0.001, "timeout_s": 20.0, **how})
            cache = ReplyCache(tmp_path / "replies.sqlite")
            return stack.enter_context(Client(backend, cache, Budget(ceiling), "tiny", revision)), server

        yield start
