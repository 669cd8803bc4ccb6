"""`tracepile sources synthesize`: concepts given and found, the estimate, and what is said where it cannot be done."""

import json

import pytest

from tracepile_assets_tests.building.synthesis_script import RIGHT, TESTS, asked_for, model, only_easy, set_of, solution
from tracepile_assets_tests.models.scripted import serving

WELL = model([solution(code) for code in RIGHT], [set_of(TESTS)], only_easy)


def script(body):
    if asked_for(body) == "Concepts":
        return json.dumps({"concepts": ["parity of numbers", "PARITY of numbers", "给定列表", "counting"]})
    return WELL(body)


@pytest.fixture
def with_model(tracepile, tmp_path):
    tracepile("sources", "list")
    with serving(script) as server:
        (tmp_path / "home" / "tracepile.toml").write_text(
            f'[models]\nname = "tiny"\nendpoint = "{server.endpoint}"\nprompt_price = 1.0\nreply_price = 1.0\n'
            "[synthesis]\nsolutions = 3\ntest_sets = 1\ntasks = 1\n"
        )
        yield server


def test_programs_are_made_from_concepts_and_texts_and_become_a_source(tracepile, with_model, tmp_path):
    (tmp_path / "list.txt").write_text("# mine\nsums\n\n  even   numbers \n")
    (tmp_path / "book.txt").write_text("A chapter on parity.\n\nMore of it.")
    arguments = (
        "sources",
        "synthesize",
        "made",
        "--concepts",
        "list.txt",
        "--concepts",
        "counting",
        "--text",
        "book.txt",
    )
    result = tracepile(*arguments, "--license", "Apache-2.0", "--domain", "mathematics")
    assert result.exit_code == 0, result.output
    assert "4 programs kept, 8 tasks dropped" in result.output
    assert "left out: not English: 给定列表" in result.output
    assert "ceiling of a run is 2,000,000 tokens" in result.output
    concepts = (tmp_path / "home" / "synthesis" / "made.concepts.txt").read_text()
    assert concepts.splitlines() == ["sums", "even numbers", "counting", "parity of numbers"]
    rows = [line.split("\t") for line in tracepile("sources", "list").stdout.splitlines()]
    assert ["made", "synthesis", "mathematics", "Apache-2.0"] in [row[:4] for row in rows]
    asked = len(with_model.asked)
    again = tracepile(*arguments)
    assert "0 programs kept" in again.output
    assert len(with_model.asked) == asked


def test_an_estimate_asks_for_nothing_and_makes_nothing(tracepile, with_model, tmp_path):
    result = tracepile("sources", "synthesize", "made", "--concepts", "sums", "--estimate")
    assert result.exit_code == 0, result.output
    assert "at most: 15 replies" in result.output
    assert "at your prices" in result.output
    assert with_model.asked == []
    assert "[made]" not in (tmp_path / "home" / "sources.toml").read_text()


def test_an_estimate_needs_no_model(tracepile):
    result = tracepile("sources", "synthesize", "made", "--concepts", "sums", "--estimate")
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "to ask a model (none is named yet: docs/models.md) for at most: 57 replies" in said


def test_what_cannot_be_done_is_told_with_a_remedy(tracepile, tmp_path):
    result = tracepile("sources", "synthesize", "made", "--concepts", "sums")
    assert result.exit_code == 1
    assert "no model is named" in result.output
    (tmp_path / "home" / "tracepile.toml").write_text('[models]\nname = "tiny"\n')
    for arguments, says in (
        (("--concepts", "x" * 300), "is no concept"),
        (("--text", "nowhere.txt"), "nowhere.txt: cannot be read"),
        ((), "there is no concept yet"),
    ):
        result = tracepile("sources", "synthesize", "made", *arguments)
        assert result.exit_code == 1, arguments
        assert says in result.output
