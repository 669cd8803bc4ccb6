"""The client that settings ask for, and what of them enters fingerprints."""

import pytest

from tracepile_assets.home import open_home
from tracepile_assets.models import ModelError, Prompt, chat_request, open_client
from tracepile_assets_tests.models.scripted import serving


def test_a_home_asks_the_model_of_its_settings(tmp_path, monkeypatch):
    home = open_home(tmp_path)
    with serving(lambda body: "hello") as server:
        home.settings_file.write_text(
            f'[models]\nname = "tiny"\nrevision = "main"\nendpoint = "{server.endpoint}"\nseed = 5\n'
            'api_key_variable = "MY_KEY"\nprompt_price = 2.0\nreply_price = 10.0\n'
        )
        monkeypatch.setenv("MY_KEY", "sk-secret")
        with open_client(home) as client:
            request = chat_request(
                home.settings().models, Prompt("tracepile_assets_tests.models", "greet").fill(name="me"), number=2
            )
            (reply,) = client.ask([request])
    assert (reply.text, reply.model, reply.revision, reply.seed) == ("hello", "tiny", "main", 7)
    assert client.budget.cost == pytest.approx((50 * 2 + 20 * 10) / 1e6)
    assert home.replies_file.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no model is named"),
        ('[models]\nname = "x"\napi_key_variable = "NOT_SET_ANYWHERE"\n', "NOT_SET_ANYWHERE"),
    ],
)
def test_a_home_without_a_usable_model_says_what_to_set(tmp_path, text, says):
    home = open_home(tmp_path)
    home.settings_file.write_text(text)
    with pytest.raises(ModelError, match=says):
        open_client(home)


def test_a_model_decides_rows_only_where_it_is_asked(tmp_path):
    home = open_home(tmp_path)
    home.settings_file.write_text('[models]\nname = "one"\n')
    assert not any(key.startswith("models.") for key in home.settings().deciding("code_variants"))
    home.settings_file.write_text('[models]\nname = "one"\nconcurrency = 3\n[rewriting]\nby_model = 1\n')
    decides = home.settings().deciding("code_variants")
    assert decides["models.name"] == "one"
    assert {"models.revision", "models.temperature", "models.seed"} <= decides.keys()
    assert not {"models.concurrency", "models.endpoint", "models.api_key_variable"} & decides.keys()
    assert not any(key.startswith("models.") for key in home.settings().deciding("execution_traces"))


def test_a_prompt_is_filled_without_looking_into_the_values():
    prompt = Prompt("tracepile_assets_tests.models", "greet")
    system, user = prompt.fill(name="$name costs $5 \ud800")
    assert (system.role, user.role) == ("system", "user")
    assert user.content == "Say hello to $name costs $5 \\ud800.\n\nIt costs $3."
    with pytest.raises(KeyError):
        prompt.fill()
