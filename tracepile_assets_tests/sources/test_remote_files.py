"""Files that lie elsewhere: read over HTTP, from a bucket and from a hub of data sets, from a server in this process.

The bucket is as much of S3 as reading needs: HEAD, GET with ranges, an empty listing. The hub is as much of Hugging
Face's: what it says of a data set, its list of files, and the files.
"""

import gzip
import io
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracepile_assets.sources import SourceError, mark_of, open_source
from tracepile_assets_tests.sources.layout_files import entry

ROWS = [
    {"id": number, "code": f"def f(x):\n    return x + {number}\n", "entry_point": "f", "inputs": ["1"]}
    for number in range(300)
]
LINES = b"".join(json.dumps(row).encode() + b"\n" for row in ROWS)
EMPTY_LISTING = (
    b'<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name>'
    b"<KeyCount>0</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>"
)


def parquet():
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), out)
    return out.getvalue()


FILES = {
    "/a.jsonl": LINES,
    "/a.json": json.dumps(ROWS).encode(),
    "/a.jsonl.gz": gzip.compress(LINES),
    "/a.parquet": parquet(),
    "/cut.jsonl.gz": gzip.compress(LINES)[:-300],
    "/dropped.jsonl": LINES,
    "/bucket/a.jsonl.gz": gzip.compress(LINES),
    "/api/datasets/some/set": json.dumps({"id": "some/set", "sha": "0" * 40}).encode(),
    "/api/datasets/some/set/tree/main": json.dumps(
        [{"type": "file", "path": "a.jsonl", "size": len(LINES), "oid": "1" * 40}]
    ).encode(),
    "/datasets/some/set/resolve/main/a.jsonl": LINES,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, *, with_body):
        files = self.server.files
        path, _, query = self.path.partition("?")
        if "list-type" in query:
            return self.give(200, EMPTY_LISTING, with_body)
        if path not in files:
            return self.give(403 if path == "/secret.jsonl" else 404, b"", with_body)
        data, range_ = files[path], self.headers.get("Range")
        etag = {"ETag": f'"{len(data)}-{hash(data)}"', "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
        if range_ is None or not self.server.ranges:
            return self.give(200, data, with_body, **etag)
        first, last = range_.removeprefix("bytes=").split("-")
        part = data[int(first) : int(last or len(data)) + 1]
        where = f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}"
        return self.give(206, part, with_body, **{**etag, "Content-Range": where, "Accept-Ranges": "bytes"})

    def give(self, status, data, with_body, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(data), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if with_body:
            self.server.sent[self.path] += len(data)
            dropped = self.path.startswith("/dropped")
            self.wfile.write(data[: len(data) // 2] if dropped else data)
            self.close_connection |= dropped


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.files, made.ranges, made.sent = dict(FILES), True, Counter()
    made.base = f"http://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def read(place):
    return [program.source_row for program in open_source(entry("functions", place))]


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.jsonl.gz", "a.parquet"])
def test_every_form_is_read_over_http(server, name, ranges):
    server.ranges = ranges
    assert read(f"{server.base}/{name}") == [str(row["id"]) for row in ROWS]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.jsonl", r"none\.jsonl: there is no such file"),
        ("secret.jsonl", r"secret\.jsonl: cannot be opened .*403.*check .*path.* and the access to it"),
    ],
)
def test_what_cannot_be_had_is_said_with_the_reason(server, name, said):
    for look in (read, lambda place: mark_of(entry("functions", place))):
        with pytest.raises(SourceError, match=said):
            look(f"{server.base}/{name}")


def test_what_ends_on_the_way_is_said_with_how_far_it_was_read(server):
    with pytest.raises(SourceError, match=r"cut\.jsonl\.gz: cannot be read beyond line \d+ .*cut short"):
        read(f"{server.base}/cut.jsonl.gz")
    with pytest.raises(SourceError, match=r"dropped\.jsonl: cannot be read beyond line \d+ .*the way to it broke"):
        read(f"{server.base}/dropped.jsonl")


def test_a_file_with_links_in_it_is_no_directory_and_comes_over_once(server):
    link = json.dumps(ROWS[0] | {"id": "link", "statement": '<a href="a.jsonl">a</a> '}).encode() + b"\n"
    server.files["/links.jsonl"] = LINES + link
    assert read(f"{server.base}/links.jsonl")[-1] == "link"
    assert server.sent["/links.jsonl"] == len(LINES + link)


def test_nobody_there():
    for look in (read, lambda place: mark_of(entry("functions", place))):
        with pytest.raises(SourceError, match=r"a\.jsonl: cannot be opened .*Cannot connect.*access to it"):
            look("http://127.0.0.1:1/a.jsonl")


def test_a_protocol_that_needs_another_package_names_it():
    for look in (read, lambda place: mark_of(entry("functions", place))):
        with pytest.raises(SourceError, match=r"a\.jsonl: cannot be opened .*gcsfs"):
            look("gs://bucket/a.jsonl")


def test_the_mark_tells_a_changed_file(server):
    place = f"{server.base}/a.jsonl"
    before = mark_of(entry("functions", place))
    assert mark_of(entry("functions", place)) == before
    server.files["/a.jsonl"] = LINES.replace(b"x + 7", b"x - 7")
    assert len(server.files["/a.jsonl"]) == len(LINES)
    assert mark_of(entry("functions", place)) != before


def test_a_bucket_is_read_and_a_changed_object_seen(server, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.base)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "some")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    place = "s3://bucket/a.jsonl.gz"
    assert read(place) == [str(row["id"]) for row in ROWS]
    before = mark_of(entry("functions", place))
    server.files["/bucket/a.jsonl.gz"] = gzip.compress(LINES.replace(b"x + 7", b"x - 7"))
    assert mark_of(entry("functions", place)) != before
    with pytest.raises(SourceError, match=r"none\.jsonl: there is no such file"):
        read("s3://bucket/none.jsonl")


def test_a_data_set_of_a_hub_is_read(server, tmp_path):
    # Where the hub is, its client asks the environment once, as it is imported.
    said = {**os.environ, "HF_ENDPOINT": server.base, "HF_HOME": str(tmp_path / "hub"), "TRACEPILE_HOME": str(tmp_path)}

    def add(path):
        command = [Path(sys.executable).parent / "tracepile", "sources", "add", "hub", path, "--layout", "functions"]
        return subprocess.run([*command, "--license", "MIT"], env=said, capture_output=True, text=True, timeout=600)

    missing = add("hf://datasets/some/set/none.jsonl")
    assert missing.returncode == 1
    assert "none.jsonl: there is no such file" in " ".join(missing.stderr.split())
    added = add("hf://datasets/some/set/a.jsonl")
    assert added.returncode == 0, added.stderr
    assert server.sent["/datasets/some/set/resolve/main/a.jsonl"] == len(LINES)
    assert "300 programs" in added.stdout
