"""A real HTTP server in this process that speaks OpenAI's chat protocol and says what a script tells it to.

A script is a function of the request's body that gives the text of the reply, or an `Answer` for everything that
servers do besides answering well.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What the server does: a status, a body (made from `text` where it is not given), and how it misbehaves."""

    text: str | None = ""
    status: int = 200
    finish: str = "stop"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    usage: Any = None
    wait_s: float = 0
    drip_s: float = 0
    announce: int | None = None
    hang_up: bool = False


Script = Callable[[dict[str, Any]], str | Answer]


class Server(ThreadingHTTPServer):
    """The server, and what it was asked: bodies, and headers beside them."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are no errors here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_POST(self) -> None:
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.lock:
            server.asked.append(body)
            server.headers.append(dict(self.headers))
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        try:
            said = server.script(body)
            answer = said if isinstance(said, Answer) else Answer(said)
            time.sleep(answer.wait_s)
        finally:
            # Before it is answered: then the client may send the next, sooner than this thread goes on.
            with server.lock:
                server.at_once -= 1
        self._say(body, answer)

    def _say(self, body: dict[str, Any], answer: Answer) -> None:
        if answer.hang_up:
            self.close_connection = True
            self.connection.close()
            return
        raw = answer.body if answer.body is not None else json.dumps(self._completion(body, answer)).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(answer.announce or len(raw)))
        self.end_headers()
        if answer.drip_s:
            for byte in raw:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(answer.drip_s)
        else:
            self.wfile.write(raw)
        if answer.announce:
            self.close_connection = True

    def _completion(self, body: dict[str, Any], answer: Answer) -> dict[str, Any]:
        usage = {"prompt_tokens": 50, "completion_tokens": 20} if answer.usage is None else answer.usage
        message = {"role": "assistant", "content": answer.text}
        return {
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": answer.finish}],
            "usage": usage,
        }

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """Serve a script on a port of this machine."""
    server = Server(script)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
