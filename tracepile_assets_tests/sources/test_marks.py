"""The mark of a source changes when what it reads may have changed, and only then."""

import os

import fsspec
import pytest

from tracepile_assets.sources import SourceError, mark_of
from tracepile_assets_tests.sources.layout_files import entry

FUNCTION = 'def f(x):\n    """F.\n\n    >>> f(1)\n    1\n    """\n    return x\n'


def later(path):
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1_000_000_000))


def test_a_file(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n")
    before = mark_of(entry("functions", path))
    assert mark_of(entry("functions", path)) == before
    later(path)
    assert mark_of(entry("functions", path)) != before


def test_a_file_of_another_storage():
    with fsspec.open("memory://marks/a.jsonl", "wb") as file:
        file.write(b"{}\n")
    before = mark_of(entry("functions", "memory://marks/a.jsonl"))
    with fsspec.open("memory://marks/a.jsonl", "wb") as file:
        file.write(b"{}\n{}\n")
    assert mark_of(entry("functions", "memory://marks/a.jsonl")) != before


def test_the_modules_of_a_folder(tmp_path):
    (tmp_path / "deep").mkdir()
    module = tmp_path / "deep" / "m.py"
    module.write_text(FUNCTION)
    before = mark_of(entry("package", tmp_path))
    assert mark_of(entry("package", tmp_path)) == before
    later(module)
    changed = mark_of(entry("package", tmp_path))
    (tmp_path / "deep" / "n.py").write_text(FUNCTION)
    more = mark_of(entry("package", tmp_path))
    assert len({tuple(before), tuple(changed), tuple(more)}) == 3


def test_an_installed_package():
    assert mark_of(entry("package", "statistics"))


@pytest.mark.parametrize(
    ("layout", "path", "words"),
    [
        ("functions", "/no/such.jsonl", "there is no such file; correct the path"),
        ("functions", "nowhere://x", "cannot be opened"),
        ("package", "no_such_package", "there is no such folder"),
    ],
)
def test_what_is_not_there(layout, path, words):
    with pytest.raises(SourceError, match=words):
        mark_of(entry(layout, path))
