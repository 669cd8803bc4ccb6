"""A home: its files are made once, can be edited by a person, and are refused with the line to mend."""

import multiprocessing
import os
import signal

import pytest
from filelock import Timeout
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from tracepile_assets.home import EMBEDDED, HomeError, SourceEntry, Stripe, open_home


def test_a_new_home_has_settings_and_the_embedded_sources(tmp_path):
    home = open_home(tmp_path / "home")
    assert [entry.name for entry in home.registry().entries()] == list(EMBEDDED)
    assert home.settings().narration.token_budget == 2048
    assert home.settings_file.read_text().count("# token_budget = 2048") == 1


def test_opening_again_keeps_what_a_person_wrote(tmp_path):
    home = open_home(tmp_path)
    home.settings_file.write_text("[narration]\ntoken_budget = 99\n")
    home.registry_file.write_text('# mine\n[algorithms]\nlayout = "embedded"\nlimit = 3\n')
    home = open_home(tmp_path)
    assert home.settings().narration.token_budget == 99
    home.registry().add(SourceEntry("mbpp", "mbpp", "file.jsonl", license="CC-BY-4.0", options={"a": "b"}))
    assert home.registry_file.read_text().startswith("# mine\n")
    first, second = home.registry().entries()
    assert (first.name, first.limit) == ("algorithms", 3)
    assert second == SourceEntry("mbpp", "mbpp", "file.jsonl", license="CC-BY-4.0", options={"a": "b"})
    home.registry().replace(SourceEntry("algorithms", "embedded"))
    assert home.registry().get("algorithms").limit is None
    home.registry().remove("mbpp")
    with pytest.raises(HomeError, match=r"no source 'mbpp' in .*sources\.toml \(there are: algorithms\)"):
        home.registry().get("mbpp")


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    home = open_home(tmp_path)
    home.settings_file.write_text("[narration]\ntoken_budget = 99\nseed = 5\n")
    monkeypatch.setenv("TRACEPILE_NARRATION__TOKEN_BUDGET", "300")
    assert home.settings().narration.token_budget == 300
    assert home.settings().narration.seed == 5


def test_each_key_says_which_rows_it_decides(tmp_path):
    settings = open_home(tmp_path).settings()
    assert "narration.token_budget" in settings.deciding("chains_of_execution")
    assert "limits.events" in settings.deciding("execution_traces")
    assert settings.deciding("raw_programs") == {"inputs.by_model": 0}
    assert not any(
        key.startswith("compute.")
        for table in ("code_variants", "execution_traces")
        for key in settings.deciding(table)
    )


def test_a_tokenizer_with_other_contents_decides_otherwise(tmp_path):
    home, file = open_home(tmp_path / "home"), tmp_path / "tokenizer.json"
    home.settings_file.write_text(f"[narration]\ntokenizer = '{file}'\n")

    def deciding(entries):
        Tokenizer(WordLevel({each: number for number, each in enumerate(entries)}, unk_token="a")).save(str(file))
        return home.settings().deciding("chains_of_execution")["narration.tokenizer"]

    before = deciding("ab")
    assert str(file) in before
    assert deciding("abc") != before
    assert deciding("ab") == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[narration\n", "not valid TOML"),
        ("[narration]\ntoken_budgte = 4\n", "narration.token_budgte"),
        ("[narration]\ntoken_budget = 4\n", "greater than or equal to 64"),
        ("[compute]\nisolation = 'none'\n", "compute.isolation"),
        ("[narration]\ntokenizer = 'tokenizer.json'\n", "no absolute path of a tokenizer.json"),
        ("[narration]\ntokenizer = '/nowhere/tokenizer.json'\n", "/nowhere/tokenizer.json cannot be read"),
    ],
)
def test_bad_settings_are_refused_by_key(tmp_path, text, says):
    home = open_home(tmp_path)
    home.settings_file.write_text(text)
    with pytest.raises(HomeError, match=r"tracepile\.toml") as raised:
        home.settings()
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[a\n", "not valid TOML"),
        ("a = 1\n", "is not a table"),
        ("[a]\n", "`layout` is missing"),
        ('[a]\nlayout = "mbpp"\npaht = "x"\n', "unknown key 'paht'"),
        ('[a]\nlayout = "mbpp"\nlimit = "x"\n', "limit must be int"),
        ('[a]\nlayout = "mbpp"\nlimit = 0\n', "limit must be at least 1"),
        ('[a]\nlayout = "mbpp"\ndomain = "poetry"\n', "domain must be one of"),
        ('["a/b"]\nlayout = "mbpp"\n', "rename it"),
    ],
)
def test_bad_registries_are_refused_by_entry(tmp_path, text, says):
    home = open_home(tmp_path)
    home.registry_file.write_text(text)
    with pytest.raises(HomeError, match=r"sources\.toml") as raised:
        home.registry().entries()
    assert says in str(raised.value)


def test_a_name_is_taken_once(tmp_path):
    registry = open_home(tmp_path).registry()
    with pytest.raises(HomeError, match="there is a source 'algorithms' already"):
        registry.add(SourceEntry("algorithms", "embedded"))


def test_places_that_cannot_be_a_home(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(HomeError, match="is a file, not a folder"):
        open_home(file)
    with pytest.raises(HomeError, match="only local folders are supported"):
        open_home("s3://bucket/home")
    with pytest.raises(HomeError, match="is not a home"):
        open_home(tmp_path / "nothing", create=False)
    assert not (tmp_path / "nothing").exists()


def _hold(root, held):
    with open_home(root).lock("raw_programs/a/00000"):
        held.set()
        signal.pause()


def test_a_lock_is_freed_when_its_holder_is_killed(tmp_path):
    home = open_home(tmp_path)
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    holder = context.Process(target=_hold, args=(tmp_path, held))
    holder.start()
    assert held.wait(300)
    with pytest.raises(Timeout), home.lock("raw_programs/a/00000", wait=0.1):
        pass
    with home.lock("raw_programs/a/00001", wait=0.1):
        os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with home.lock("raw_programs/a/00000", wait=60) as lock:
        assert lock.is_locked


def test_partition_keys_round_trip():
    assert Stripe.from_key("my-source/00012") == Stripe("my-source", "00012")
    assert Stripe("a", "00000").key == "a/00000"
    for bad in ("a", "/00000", "a/", "a/x"):
        with pytest.raises(ValueError, match="is not a partition key"):
            Stripe.from_key(bad)
