"""The client against a real HTTP server: what is asked, what comes back, and all that servers do besides."""

import json
import sqlite3
import threading
from itertools import count

import pytest

from tracepile_assets.models import (
    BudgetExceeded,
    ChatRequest,
    Failure,
    Message,
    ModelError,
    ModelUnavailable,
    Reply,
    ReplyCache,
    Shape,
    parsed,
    reads_as_english,
)
from tracepile_assets_tests.models.scripted import Answer

NOW = {"Retry-After": "0"}


class Sum(Shape):
    """What is asked for here."""

    a: int
    total: list[int]


def asking(text="hello", **changes) -> ChatRequest:
    parameters = {"temperature": 0.5, "top_p": 0.9, "max_tokens": 100, "seed": 7, **changes}
    return ChatRequest((Message("system", "Be brief."), Message("user", text)), **parameters)


def echo(body):
    return "said " + body["messages"][-1]["content"]


def one(client, *requests):
    (answer,) = client.ask(requests or [asking()])
    return answer


def test_what_is_asked_goes_out_and_what_comes_back_says_how_it_was_made(serve):
    client, server = serve(echo)
    request = asking(schema=Sum.model_json_schema())
    assert one(client, request) == Reply("said hello", "tiny", "r1", "tiny", 0.5, 7, 50, 20)
    (body,) = server.asked
    assert body["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"}]
    wanted = {"model": "tiny", "temperature": 0.5, "top_p": 0.9, "max_tokens": 100, "seed": 7, "stream": False}
    assert wanted.items() <= body.items()
    assert body["response_format"]["json_schema"]["schema"] == Sum.model_json_schema()
    assert not body["response_format"]["json_schema"]["schema"]["additionalProperties"]


def test_a_server_without_schemas_is_told_of_it_in_words(serve):
    client, server = serve(echo)
    list(client.ask([asking(schema=Sum.model_json_schema(), structured=mode) for mode in ("json_object", "none")]))
    formats = {body.get("response_format", {}).get("type") for body in server.asked}
    assert formats == {"json_object", None}
    assert all('"total"' in body["messages"][-1]["content"] for body in server.asked)


def test_answers_come_in_the_order_of_the_requests_and_no_more_are_under_way_than_allowed(serve):
    others = threading.Event()

    def late_first(body):
        if body["messages"][-1]["content"] == "0":
            others.wait(60)
        elif body["messages"][-1]["content"] == "20":
            others.set()
        return Answer(echo(body), wait_s=0.01)

    client, server = serve(late_first, concurrency=4)
    answers = list(client.ask(asking(str(n)) for n in range(40)))
    assert [answer.text for answer in answers] == [f"said {n}" for n in range(40)]
    assert 1 < server.most_at_once <= 4


def test_what_was_asked_once_costs_nothing_again(serve):
    client, server = serve(echo)
    first = list(client.ask([asking("a"), asking("b"), asking("a")]))
    assert len(server.asked) == 2
    assert first[0] == first[2]
    again, second_server = serve(lambda body: "another answer")
    assert list(again.ask([asking("a"), asking("b"), asking("a")])) == first
    assert second_server.asked == []
    assert (again.budget.used, again.asked) == (0, 0)
    assert again.estimate([asking("a"), asking("c")]).requests == 1


@pytest.mark.parametrize(
    "change",
    [{"temperature": 0.6}, {"top_p": 1.0}, {"max_tokens": 99}, {"seed": 8}, {"schema": Sum.model_json_schema()}],
    ids=lambda change: next(iter(change)),
)
def test_whatever_may_change_a_reply_is_part_of_its_key(serve, change):
    client, server = serve(echo)
    list(client.ask([asking(), asking(**change)]))
    assert len(server.asked) == 2


def test_another_revision_is_asked_anew(serve):
    client, _ = serve(echo)
    one(client)
    other, server = serve(echo, revision="r2")
    one(other)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(""), "empty"),
        (Answer(" \n"), "empty"),
        (Answer(None), "empty"),
        (Answer("half an ans", finish="length"), "truncated"),
        (Answer("x" * 100_000), "too long"),
        (Answer(status=400, body=b'{"error": {"message": "context too long"}}'), "refused"),
        (Answer(status=422, body=b""), "refused"),
        (Answer(status=302, headers={"Location": "http://127.0.0.1:1/"}), "refused"),
        (Answer(body=b"x" * (9 << 20)), "too long"),
    ],
)
def test_replies_that_are_no_use_are_failures_that_trying_again_would_not_mend(serve, answer, reason):
    client, server = serve(lambda body: answer)
    failure = one(client)
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.final) == (reason, True)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(status=429, headers=NOW),
        Answer(status=500, body=b"oh no"),
        Answer(status=502),
        Answer(status=503, headers={"Retry-After": "0"}),
        Answer(hang_up=True),
        Answer("cut off", announce=10_000),
        Answer(body=b"<html>welcome to the proxy</html>"),
        Answer(body=b'{"choices": []}'),
        Answer(body=b'{"choices": [{"message": null}]}'),
        Answer(body=b"[1]"),
        Answer("slow", wait_s=4),
        Answer("slow all the way", drip_s=0.03),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again(serve, trouble):
    tries = count()
    # What comes well must come in time, however busy the machine is.
    timeout_s = 2.0 if trouble.wait_s or trouble.drip_s else 20.0
    client, server = serve(lambda body: trouble if next(tries) < 2 else "well", timeout_s=timeout_s)
    assert one(client).text == "well"
    assert len(server.asked) == 3


def test_a_request_that_fails_each_time_is_a_failure_that_is_not_final_and_the_others_are_answered(serve):
    client, server = serve(
        lambda body: Answer(status=500, body=b"poison") if "3" in echo(body) else echo(body), retries=2
    )
    answers = list(client.ask([asking(str(n)) for n in range(6)]))
    assert [isinstance(answer, Reply) for answer in answers] == [True, True, True, False, True, True]
    assert (answers[3].reason, answers[3].final) == ("unanswered", False)
    assert "poison" in answers[3].detail
    assert len(server.asked) == 5 + 3


def test_a_server_that_never_answers_ends_the_run_soon_with_a_remedy(serve):
    client, server = serve(lambda body: Answer(status=503), retries=1, concurrency=2)
    with pytest.raises(ModelUnavailable, match="tiny does not answer"):
        list(client.ask([asking(str(n)) for n in range(50)]))
    assert len(server.asked) <= 12


def test_a_server_that_goes_away_ends_the_run_and_what_it_said_is_kept(serve):
    alive = threading.Event()
    alive.set()
    client, server = serve(
        lambda body: echo(body) if alive.is_set() else Answer(hang_up=True), retries=0, concurrency=2
    )
    list(client.ask([asking(str(n)) for n in range(10)]))
    alive.clear()
    with pytest.raises(ModelUnavailable, match=r"1\d requests failed in a row"):
        list(client.ask([asking(str(n)) for n in range(100)]))
    asked = len(server.asked)
    assert asked < 40
    alive.set()
    assert len(list(client.ask([asking(str(n)) for n in range(10)]))) == 10
    assert len(server.asked) == asked


def test_nobody_there(serve, tmp_path):
    client, server = serve(echo, retries=1)
    server.shutdown()
    server.server_close()
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        one(client)


@pytest.mark.parametrize(
    ("status", "says"), [(401, "does not let us in"), (403, "api_key_variable"), (404, "no model 'tiny'")]
)
def test_what_only_a_person_can_mend_is_not_tried_again(serve, status, says):
    client, server = serve(lambda body: Answer(status=status, body=b"key sk-secret is wrong"), api_key="sk-secret")
    with pytest.raises(ModelUnavailable, match=says) as raised:
        list(client.ask([asking()]))
    assert len(server.asked) == 1
    assert "sk-secret" not in str(raised.value)


def test_the_key_goes_into_the_header_and_nowhere_else(serve, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hush\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    client, server = serve(echo, api_key="sk-secret")
    one(client)
    without, other = serve(echo)
    one(without, asking("more"))
    assert server.headers[0]["Authorization"] == "Bearer sk-secret"
    assert "Authorization" not in other.headers[0]
    client.close()
    assert b"sk-secret" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_the_ceiling_of_tokens_is_hard_and_a_second_run_goes_on(serve):
    client, server = serve(echo, ceiling=1_000, concurrency=1)
    with pytest.raises(BudgetExceeded, match="run_tokens"):
        list(client.ask([asking(str(n)) for n in range(100)]))
    answered = len(server.asked)
    assert 5 < answered < 15
    assert client.budget.used == answered * 70 <= 1_000
    again, second = serve(echo, concurrency=1)
    assert len(list(again.ask([asking(str(n)) for n in range(100)]))) == 100
    assert len(second.asked) == 100 - answered


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": -5, "completion_tokens": 0}, {"prompt_tokens": "x"}, [1], 3])
def test_a_server_that_counts_wrongly_does_not_lift_the_ceiling(serve, usage):
    client, _ = serve(lambda body: Answer("word " * 100, usage=usage), ceiling=10_000)
    one(client)
    assert client.budget.used >= 50


def test_an_estimate_is_never_below_what_is_used(serve):
    client, _ = serve(lambda body: Answer("x" * 90, usage={"prompt_tokens": 40, "completion_tokens": 100}))
    requests = [asking("y" * 100 * n) for n in range(5)]
    estimate = client.estimate(requests)
    list(client.ask(requests))
    assert estimate.requests == 5
    assert estimate.tokens >= client.budget.used


def test_an_interrupted_run_keeps_what_was_answered(serve):
    numbers = count()

    def slow(body):
        return Answer(echo(body), wait_s=0.02)

    client, server = serve(slow, concurrency=2)
    original = client.budget.reserve

    def interrupt(request):
        if next(numbers) == 20:
            raise KeyboardInterrupt
        return original(request)

    client.budget.reserve = interrupt
    with pytest.raises(KeyboardInterrupt):
        list(client.ask([asking(str(n)) for n in range(100)]))
    # Which twenty it were, and how many more were sent before all had heard of the end, is for the threads to say.
    asked = [body["messages"][-1]["content"] for body in server.asked]
    assert 20 <= len(asked) < 50
    client.budget.reserve = original
    list(client.ask([asking(text) for text in asked]))
    assert len(server.asked) == len(asked)


def test_a_cache_that_is_no_cache_is_named(tmp_path):
    path = tmp_path / "replies.sqlite"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(ModelError, match=r"replies\.sqlite.*move it away"):
        ReplyCache(path)


def test_the_cache_shows_a_person_what_was_asked(serve, tmp_path):
    client, _ = serve(echo)
    one(client)
    client.close()
    ((request, completion),) = sqlite3.connect(tmp_path / "replies.sqlite").execute(
        "SELECT request, completion FROM replies"
    )
    assert {"model": "tiny", "revision": "r1", "seed": 7, "temperature": 0.5}.items() <= json.loads(request).items()
    assert json.loads(completion)["text"] == "said hello"


def test_two_clients_share_a_cache_at_the_same_time(serve):
    clients = [serve(lambda body: Answer(echo(body), wait_s=0.002))[0] for _ in range(2)]
    texts = [[], []]

    def work(number):
        texts[number] = [answer.text for answer in clients[number].ask([asking(str(n)) for n in range(60)])]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts[0] == texts[1] == [f"said {n}" for n in range(60)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Sure! Here it is: 3", "not JSON"),
        ('{"a": 1, "total": [1, 2', "not JSON"),
        ("[" * 50_000, "not JSON"),
        ("[]", "wrong shape"),
        ('{"a": "1", "total": []}', "wrong shape"),
        ('{"a": 1}', "wrong shape"),
        ('{"a": 1, "total": [], "and": 2}', "wrong shape"),
        ('{"a": 1, "total": [true]}', "wrong shape"),
        ('{"a": NaN, "total": []}', "wrong shape"),
    ],
)
def test_what_is_not_of_the_shape_asked_for_is_a_failure(text, reason):
    reply = Reply(text, "tiny", "", "tiny", 0, 0, 1, 1)
    assert parsed(reply, Sum).reason == reason


def test_what_is_of_the_shape_is_read_also_from_a_fence():
    for text in ('{"a": 1, "total": [2]}', '```json\n{"a": 1, "total": [2]}\n```\n'):
        assert parsed(Reply(text, "tiny", "", "tiny", 0, 0, 1, 1), Sum) == Sum(a=1, total=[2])


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("Given a list of integers, return the sum of those that are even.", True),
        ("Sum two numbers", True),
        ("Écrire une fonction qui donne la somme des nombres pairs de la liste donnée.", False),
        ("Schreibe eine Funktion, die die Summe aller geraden Zahlen einer Liste liefert.", False),
        ("返回列表中所有偶数的和。", False),
        ("Верните сумму чётных чисел списка.", False),
        ("12 34 !!", False),
    ],
)
def test_english_is_told_from_other_languages(text, is_english):
    assert reads_as_english(text) == is_english


def test_time_is_bounded_though_every_byte_comes_in_time(serve):
    client, _ = serve(lambda body: Answer("slow all the way", drip_s=0.05), timeout_s=0.4, retries=0)
    with pytest.raises(ModelUnavailable, match=r"no answer within 0\.4 s"):
        one(client)
