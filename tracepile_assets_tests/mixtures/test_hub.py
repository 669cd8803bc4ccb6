"""Names on the hub: fetched once from a server that speaks as the hub does, and kept."""

import hashlib
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from tracepile_assets.mixtures.benchmarks import read_items
from tracepile_assets.mixtures.named_files import NamedFileError, benchmark_files, tokenizer_files
from tracepile_assets.mixtures.tokens import counter

COMMIT = "c" * 40
TREE = "/api/datasets/some/tasks/tree/refs/convert/parquet"


def parquet(question: str) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"question": [question], "answer": ["It is so."]}), buffer)
    return buffer.getvalue()


FILES = {
    "/some/model/resolve/main/tokenizer.json": Tokenizer(WordLevel({"[UNK]": 0}, "[UNK]")).to_str().encode(),
    "/datasets/some/tasks/resolve/refs/convert/parquet/main/train/0000.parquet": parquet("To train on?"),
    "/datasets/some/tasks/resolve/refs/convert/parquet/main/test/0000.parquet": parquet("To test on?"),
}


class Hub(BaseHTTPRequestHandler):
    """Two repositories: a model and a data set."""

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.asked.append(path)
        if path == TREE:
            named = [name.partition("/parquet/")[2] for name in FILES if name.startswith("/datasets/")]
            content = json.dumps([{"type": "file", "path": n, "size": 9, "oid": "0" * 40} for n in named]).encode()
        elif path in FILES:
            content = FILES[path]
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *said: object) -> None:
        """Nothing."""


@pytest.fixture
def hub(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", place)
    template = place + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
    yield server
    server.shutdown()


def test_a_tokenizer_is_fetched_once(hub, tmp_path):
    found = tokenizer_files("some/model", tmp_path)
    assert found.label == "model"
    assert found.paths[0].read_bytes() == FILES["/some/model/resolve/main/tokenizer.json"]
    assert counter(found.paths[0], found.digest)("one two") == 1
    asked = len(hub.asked)
    assert tokenizer_files("some/model", tmp_path) == found
    assert len(hub.asked) == asked


def test_of_a_data_set_the_test_split_is_taken(hub, tmp_path):
    found = benchmark_files("some/tasks", tmp_path)
    assert [item.problem for item in read_items(found.paths, found.digest)] == ["To test on?"]
    assert benchmark_files("some/tasks", tmp_path) == found


def test_what_the_hub_does_not_have_is_told_and_leaves_nothing(hub, tmp_path):
    for fetch in (tokenizer_files, benchmark_files):
        with pytest.raises(NamedFileError, match=r"the hub does not give no/thing .*; correct the name, or fetch"):
            fetch("no/thing", tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
