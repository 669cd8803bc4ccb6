"""A real vLLM on a tiny random model, in process and served: protocol, structured output, batches, cache, resuming.

What such a model says is noise. So nothing that it tells is ever admitted, and all of this must hold all the same.
"""

import os
import socket
import subprocess
import sys
import time

import pytest
import requests

from tracepile_assets.building import build_stripe
from tracepile_assets.home import Stripe, open_home
from tracepile_assets.models import (
    BudgetExceeded,
    ChatRequest,
    Failure,
    Message,
    ModelUnavailable,
    Reply,
    Shape,
    open_client,
    parsed,
)
from tracepile_assets.tables.files import read_table
from tracepile_assets_tests.building.conftest import small_home, write_source
from tracepile_assets_tests.models.tiny_model import make_tiny_model

pytestmark = pytest.mark.vllm

STRIPE = Stripe("mine", "00000")
LONGEST = 16_000
# On a CPU the engine dies of a request with a seed of its own whose prompt is taken in parts: prompts are taken whole.
ENGINE = (
    f'dtype = "float32"\nenforce_eager = true\nmax_model_len = {LONGEST}\nmax_num_seqs = 16\n'
    f"enable_chunked_prefill = false\nmax_num_batched_tokens = {LONGEST}\n"
)
ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "VLLM_CPU_KVCACHE_SPACE": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "VLLM_HOST_IP": "127.0.0.1",
    "VLLM_LOGGING_LEVEL": "WARNING",
    # The engine in this process itself, not in one that it starts.
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
}
CODE = "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n"


class Pair(Shape):
    """What is asked for here."""

    left: list[int]
    right: bool


@pytest.fixture(scope="session", autouse=True)
def environment():
    """What vLLM is told by the environment, for the server too."""
    monkeypatch = pytest.MonkeyPatch()
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    yield
    monkeypatch.undo()


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    return make_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def endpoint(model, tmp_path_factory):
    """The address of a server of that model."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", str(model)]
    command += ["--served-model-name", "tiny", "--host", "127.0.0.1", "--port", str(port), "--dtype", "float32"]
    command += ["--enforce-eager", "--max-model-len", str(LONGEST), "--max-num-seqs", "16"]
    command += ["--no-enable-chunked-prefill", "--max-num-batched-tokens", str(LONGEST)]
    command += ["--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}']
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        until = time.monotonic() + 600
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the server does not come up:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        os.killpg(server.pid, 15)
        server.wait()


def _answers(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=5).ok
    except requests.RequestException:
        return False


def home_with(root, backend, where, more=""):
    """A home whose model is served at an address, or loaded from a folder."""
    home = open_home(root)
    if backend == "vllm":
        home.settings_file.write_text(
            f'[models]\nbackend = "vllm"\nname = "{where}"\n{more}\n[models.engine]\n{ENGINE}', "utf-8"
        )
    else:
        home.settings_file.write_text(f'[models]\nname = "tiny"\nendpoint = "{where}"\n{more}\n', "utf-8")
    return home


@pytest.fixture(scope="module", params=["vllm", "served"])
def client(request, tmp_path_factory):
    """A client of the real engine, in process and served."""
    where = request.getfixturevalue("model" if request.param == "vllm" else "endpoint")
    with open_client(home_with(tmp_path_factory.mktemp("home"), request.param, where)) as made:
        yield made


def asking(text, seed=0, schema=None, tokens=200):
    messages = (Message("system", "Be brief."), Message("user", text))
    return ChatRequest(messages, 0.8, 0.95, tokens, seed, schema)


def test_many_requests_are_answered_each_with_its_own_reply(client):
    answers = list(client.ask(asking(f"Tell me of {n}.", seed=n) for n in range(20)))
    assert len(answers) == 20
    replies = [answer for answer in answers if isinstance(answer, Reply)]
    assert {answer.reason for answer in answers if isinstance(answer, Failure)} <= {"truncated", "empty"}
    assert replies and len({reply.text for reply in replies}) == len(replies)
    assert all(0 < reply.reply_tokens <= 200 and reply.prompt_tokens > 20 for reply in replies)
    assert client.budget.used > 0


def test_replies_are_of_the_shape_that_was_asked_for(client):
    """Random as the model is, only a reply that was cut off can be of another shape."""
    answers = list(client.ask(asking("Give a pair.", n, Pair.model_json_schema(), 400) for n in range(12)))
    whole = [answer for answer in answers if isinstance(answer, Reply)]
    assert len(whole) >= 3
    assert all(isinstance(parsed(answer, Pair), Pair) for answer in whole)


def test_what_is_cached_is_not_asked_again(client):
    some = [asking("Once more.", seed=n) for n in range(4)]
    first, asked = list(client.ask(some)), client.asked
    assert list(client.ask(some)) == first
    assert client.asked == asked


def test_a_prompt_that_is_too_long_is_refused_and_the_others_are_answered(client):
    long = asking("word " * LONGEST)
    answers = list(client.ask([asking("short", 101), long, asking("short", 102)]))
    assert isinstance(answers[1], Failure)
    assert (answers[1].reason, answers[1].final) == ("refused", True)
    assert all(isinstance(answer, Reply) or answer.reason == "truncated" for answer in (answers[0], answers[2]))


def test_the_ceiling_of_tokens_ends_a_run_and_the_next_goes_on(client):
    some = [asking("In turn.", seed=n, tokens=50) for n in range(10)]
    ceiling, client.budget.ceiling = client.budget.ceiling, client.budget.used + 600
    try:
        with pytest.raises(BudgetExceeded):
            list(client.ask(some))
    finally:
        client.budget.ceiling = ceiling
    kept = sum(client.known(request) is not None for request in some)
    asked = client.asked
    assert 0 < kept < 10
    assert len(list(client.ask(some))) == 10
    assert client.asked == asked + 10 - kept


def test_an_unknown_model_is_said_so(endpoint, model, tmp_path):
    home = home_with(tmp_path / "served", "served", endpoint)
    home.settings_file.write_text(f'[models]\nname = "another"\nendpoint = "{endpoint}"\n')
    with open_client(home) as made, pytest.raises(ModelUnavailable, match="knows no model 'another'"):
        list(made.ask([asking("hello")]))
    with (
        open_client(home_with(tmp_path / "here", "vllm", tmp_path / "nothing")) as made,
        pytest.raises(ModelUnavailable, match="vLLM cannot load"),
    ):
        list(made.ask([asking("hello")]))


@pytest.mark.parametrize("narrator", ["vllm", "polish"])
def test_runs_are_told_by_a_model_that_talks_nonsense(narrator, endpoint, tmp_path, monkeypatch):
    for name, value in {
        "COMPUTE__WORKERS": 1,
        "REWRITING__FRESH_INPUTS": 0,
        "REWRITING__VARIANTS_PER_PROGRAM": 0,
    }.items():
        monkeypatch.setenv(f"TRACEPILE_{name}", str(value))
    write_source(tmp_path / "source.jsonl", {"total": (CODE, ["[1, 5, 3]"])})
    home = small_home(tmp_path / "home", tmp_path / "source.jsonl")
    tables = ("raw_programs", "code_variants", "execution_traces", "tracing_questions")
    for table in tables:
        build_stripe(home, table, STRIPE)
    more = f'reply_tokens = 300\n[narration]\nnarrator = "{narrator}"\nnotations = []'
    home_with(home.root, "served", endpoint, more)
    build_stripe(home, "chains_of_execution", STRIPE)
    file = home.stripe_file("chains_of_execution", STRIPE)
    rows = read_table(file, "chains_of_execution").to_pylist()
    rejected = read_table(home.side_file("rejected", "chains_of_execution", STRIPE), "rejected").to_pylist()
    stand_ins = [row for row in rows if row["stands_in_for"] == narrator]
    refused = [row for row in rejected if narrator in row["unit"]]
    assert len(stand_ins) == len(refused) > 3
    assert {row["narrator"] for row in rows} == {"deterministic"}
    known = {"truncated", "unread", "contradicted", "ungrounded", "unfinished", "not English", "too long a telling"}
    assert {row["reason"] for row in refused} <= known
    built = file.read_bytes()
    file.unlink()
    # Nobody is there any more: all is in the cache.
    home_with(home.root, "served", "http://127.0.0.1:9/v1", more)
    build_stripe(home, "chains_of_execution", STRIPE)
    assert file.read_bytes() == built
