"""The front matter of a mixture file is read strictly, and the shipped files are sound."""

import pytest

from tracepile_assets.mixtures import Caps, MixtureError, find_mixtures, read_mixture
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, mixture_file

ALL_KEYS = """\
-- name = "mine"
-- description = "A test."
-- stage = "two_stage_2"
-- format = "messages"
-- seed = 9
-- tokenizer = "byte_estimate"
-- token_budget = 1000
-- instructions_share = 0.25
--
-- # more than enough
-- [caps]
-- per_program = 3
-- per_family = 4
-- per_kind = 5
-- per_narrator = 6
-- per_kind_share = 0.5

-- A comment.
SELECT 1
"""


def test_shipped_mixtures():
    stages = {mixture.name: (mixture.stage, mixture.format) for mixture in find_mixtures()}
    assert stages == {
        "continue_pretraining": ("continued_pretraining", "text"),
        "instruction_tuning": ("instruction_tuning", "messages"),
        "curriculum": ("instruction_tuning", "messages"),
        "coe": ("instruction_tuning", "messages"),
        "answer_only": ("instruction_tuning", "messages"),
        "rl_prompts": ("reinforcement", "prompt_answer"),
        "preference_pairs": ("preference", "pair"),
        "two_stage_1_coe": ("two_stage_1", "messages"),
        "two_stage_2_instruct": ("two_stage_2", "messages"),
    }


def test_all_keys(tmp_path):
    path = tmp_path / "mine.sql"
    path.write_text(ALL_KEYS)
    mixture = read_mixture(path)
    assert (mixture.seed, mixture.token_budget, mixture.instructions_share) == (9, 1000, 0.25)
    assert mixture.caps == Caps(per_program=3, per_family=4, per_kind=5, per_narrator=6, per_kind_share=0.5)
    assert mixture.sql == "SELECT 1"
    assert mixture.sql_line == 19


@pytest.mark.parametrize(
    ("keys", "line", "says"),
    [
        ({"sead": "1"}, 6, "unknown key `sead`"),
        ({"seed": ""}, 1, "lacks `seed`"),
        ({"seed": '"1"'}, 5, "seed is '1'"),
        ({"seed": "true"}, 5, "seed is True"),
        ({"seed": "1.5"}, 5, "seed is 1.5"),
        ({"stage": '"pretraining"'}, 3, "continued_pretraining, instruction_tuning"),
        ({"format": '"chat"'}, 4, "text, messages, prompt_answer, pair"),
        ({"description": "3"}, 2, "description is 3"),
        ({"token_budget": "0"}, 6, "at least 1"),
        ({"tokenizer": "5"}, 6, "tokenizer is 5, not a text"),
        ({"benchmarks": '"humaneval.jsonl"'}, 6, "not a list of texts"),
        ({"instructions_share": "1.0"}, 6, "between 0 and 1"),
        ({"instructions_share": "0.5", "format": '"text"'}, 6, "chat messages"),
        ({"caps": "3"}, 6, "caps is not a table"),
        ({"caps": "{per_programs = 3}"}, 6, "unknown key `per_programs`"),
        ({"caps": "{per_program = -3}"}, 6, "per_program is -3"),
        ({"seed": "="}, 5, "not TOML"),
    ],
)
def test_faults_name_file_line_and_remedy(tmp_path, keys, line, says):
    path = mixture_file(tmp_path, ALL_ANSWERS, **keys)
    with pytest.raises(MixtureError) as caught:
        read_mixture(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:{line}: ")
    assert says in message
    assert "; " in message


def test_the_name_is_that_of_the_file(tmp_path):
    path = mixture_file(tmp_path, ALL_ANSWERS).rename(tmp_path / "other.sql")
    with pytest.raises(MixtureError, match=r"other.sql:1: name is 'mine' and the file is other.sql"):
        read_mixture(path)


def test_faults_of_the_file_itself(tmp_path):
    with pytest.raises(MixtureError, match="cannot be read"):
        read_mixture(tmp_path / "absent.sql")
    bare = tmp_path / "bare.sql"
    bare.write_text("SELECT 1")
    with pytest.raises(MixtureError, match="there is no front matter"):
        read_mixture(bare)
    bare.write_bytes(b"-- name = '\xff'\n")
    with pytest.raises(MixtureError, match="UTF-8"):
        read_mixture(bare)
    with pytest.raises(MixtureError, match="no query"):
        read_mixture(mixture_file(tmp_path, "-- only a comment"))


def test_own_mixtures_join_the_shipped_ones(tmp_path):
    mixture_file(tmp_path, ALL_ANSWERS)
    assert "mine" in [mixture.name for mixture in find_mixtures(tmp_path)]
    assert find_mixtures(tmp_path / "absent") == find_mixtures()
    mixture_file(tmp_path, ALL_ANSWERS, name="instruction_tuning")
    with pytest.raises(MixtureError, match="name of a shipped mixture"):
        find_mixtures(tmp_path)
