"""A model that is served over HTTP in OpenAI's chat protocol: `vllm serve`, or any endpoint that speaks it.

Belongs here: sending, waiting, trying again what is transient, and reading the protocol. Does not belong here: judging
what the model wrote (`replies`), cache and budget (`client`).

A server is trusted no further than a model: its answers are bounded in size and time, and nothing that it says brings
this process down.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait

import orjson
import requests
import tenacity
import urllib3

from .budget import CHARACTERS_PER_TOKEN
from .chat import ChatRequest, Completion, Failure, ModelUnavailable

_LARGEST_BODY = 8 << 20
_CONNECT_S = 10.0
_LONGEST_WAIT_S = 60.0
_SHOWN = 300
_TRANSIENT = frozenset({408, 409, 425, 429})
_NOT_LET_IN = frozenset({401, 403, 407})
_CHARACTERS_PER_TOKEN_AT_MOST = 10
_CREDIBLE_TOKENS = 10_000_000


class _TransientError(Exception):
    """Worth another try; ``after`` is how long the server says to wait, None if it does not say."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Served:
    """A backend that sends each request by itself, some of them at the same time."""

    def __init__(
        self,
        endpoint: str,
        model: str,
        *,
        api_key: str | None = None,
        concurrency: int = 8,
        timeout_s: float = 120.0,
        retries: int = 5,
        first_wait_s: float = 0.5,
    ) -> None:
        """Say where the model is; nothing is sent yet.

        Args:
            endpoint: address up to and with ``/v1``.
            model: its name there.
            api_key: sent with each request, and nowhere else.
            concurrency: requests under way at the same time.
            timeout_s: time for one request to be answered in full.
            retries: how often a request is tried again after a failure that may pass.
            first_wait_s: about how long to wait before the first of these; it doubles from one to the next.
        """
        self._address = endpoint.rstrip("/") + "/chat/completions"
        self._model = model
        self._api_key = api_key
        self._concurrency = concurrency
        self._timeout_s = timeout_s
        self._retries = retries
        self._backoff = tenacity.wait_random_exponential(multiplier=first_wait_s, max=_LONGEST_WAIT_S / 2)
        self._session = requests.Session()
        self._session.mount("http://", adapter := requests.adapters.HTTPAdapter(pool_maxsize=concurrency))
        self._session.mount("https://", adapter)

    def complete(
        self,
        requests: Sequence[ChatRequest],
        admit: Callable[[ChatRequest], int],
        deliver: Callable[[int, int, Completion | Failure], None],
    ) -> None:
        """Have requests answered, as ``client.Backend`` says. What is under way at an end is waited for."""
        stop = threading.Event()

        def one(number: int) -> None:
            if stop.is_set():
                return
            try:
                reserved = admit(requests[number])
                deliver(number, reserved, self._answer(requests[number], stop))
            except BaseException:
                stop.set()
                raise

        threads = ThreadPoolExecutor(self._concurrency, "model")
        under_way: list[Future[None]] = []
        try:
            under_way = [threads.submit(one, number) for number in range(len(requests))]
            wait(under_way, return_when=FIRST_EXCEPTION)
        finally:
            # Those that are under way have been paid for: they are let end, and their replies are kept.
            stop.set()
            threads.shutdown(wait=True, cancel_futures=True)
        for future in under_way:
            if not future.cancelled():
                future.result()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _answer(self, request: ChatRequest, stop: threading.Event) -> Completion | Failure:
        """Try until there is an answer, or no more use in trying."""
        trying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._retries + 1) | tenacity.stop_when_event_set(stop),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(_TransientError),
            sleep=tenacity.sleep_using_event(stop),
            reraise=True,
        )
        try:
            return trying(self._try, request)
        except _TransientError as error:
            return Failure("unanswered", str(error), final=False)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = getattr(error, "after", None)
        return self._backoff(state) if asked is None else min(asked, _LONGEST_WAIT_S)

    def _try(self, request: ChatRequest) -> Completion | Failure:
        try:
            status, headers, raw = self._post(request)
        except (requests.exceptions.Timeout, TimeoutError, urllib3.exceptions.TimeoutError):
            raise _TransientError(f"no answer within {self._timeout_s:g} s") from None
        except (requests.exceptions.ConnectionError, urllib3.exceptions.HTTPError, OSError) as error:
            if isinstance(error, ValueError):
                raise ModelUnavailable(f"{self._address} is no address; mend endpoint under [models]") from None
            raise _TransientError(f"{self._address} cannot be reached: {self._shown(str(error))}") from None
        if raw is None:
            return Failure("too long", f"the server's answer has more than {_LARGEST_BODY >> 20} MiB")
        if status == 200:
            return self._read(request, raw)
        said = f"HTTP {status}: {self._shown(raw.decode('utf-8', 'replace'))}"
        if status in _TRANSIENT or status >= 500:
            raise _TransientError(said, _seconds(headers.get("Retry-After")))
        if status in _NOT_LET_IN:
            raise ModelUnavailable(
                f"{self._address} does not let us in ({said}); name the environment variable that holds the key as "
                "api_key_variable under [models] in tracepile.toml, and set it"
            )
        if status == 404:
            raise ModelUnavailable(
                f"{self._address} knows no model {self._model!r} ({said}); mend name or endpoint under [models] in "
                "tracepile.toml"
            )
        return Failure("refused", said)

    def _post(self, request: ChatRequest) -> tuple[int, requests.structures.CaseInsensitiveDict[str], bytes | None]:
        """Send a request and read what comes back, within the time and None if beyond the size that are allowed."""
        body = {
            "model": self._model,
            "messages": request.conversation,
            "temperature": request.temperature,
            "top_p": request.top_p,
            "max_tokens": request.max_tokens,
            "seed": request.seed,
            "stream": False,
        }
        if request.schema is not None and request.structured == "json_schema":
            shape = {"name": "reply", "schema": request.schema, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": shape}
        elif request.schema is not None and request.structured == "json_object":
            body["response_format"] = {"type": "json_object"}
        until = time.monotonic() + self._timeout_s
        response = self._session.post(
            self._address,
            data=orjson.dumps(body),
            headers={"Content-Type": "application/json", "Accept-Encoding": "identity"},
            auth=self._authorize,
            timeout=(min(_CONNECT_S, self._timeout_s), self._timeout_s),
            stream=True,
            allow_redirects=False,
        )
        with response:
            parts: list[bytes] = []
            size = 0
            while part := response.raw.read1(1 << 16):
                parts.append(part)
                size += len(part)
                if size > _LARGEST_BODY:
                    return response.status_code, response.headers, None
                if time.monotonic() > until:
                    raise TimeoutError
            return response.status_code, response.headers, b"".join(parts)

    def _authorize(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the key. Being there at all, this keeps `requests` from sending what a .netrc file holds."""
        if self._api_key is not None:
            prepared.headers["Authorization"] = f"Bearer {self._api_key}"
        return prepared

    def _read(self, request: ChatRequest, raw: bytes) -> Completion:
        """Read an answer of the protocol. Raises ``_TransientError`` if it is none: proxies break off, too."""
        try:
            answer = orjson.loads(raw)
            choice = answer["choices"][0]
            text = choice["message"].get("content")
            usage = answer.get("usage")
        except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError):
            shown = self._shown(raw[: 4 * _SHOWN].decode("utf-8", "replace"))
            raise _TransientError(f"what came back is no chat completion: {shown}") from None
        text = text if isinstance(text, str) else ""
        counts = usage if isinstance(usage, dict) else {}
        model, finish = answer.get("model"), choice.get("finish_reason")
        return Completion(
            text,
            finish if isinstance(finish, str) else "",
            model if isinstance(model, str) else "",
            _credible(counts.get("prompt_tokens"), request.characters),
            _credible(counts.get("completion_tokens"), len(text)),
        )

    def _shown(self, said: str) -> str:
        """What a server said, in one short line and without our key, which it may quote."""
        if self._api_key:
            said = said.replace(self._api_key, "…")
        line = " ".join(said.split())
        return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def _credible(said: object, characters: int) -> int:
    """The number of tokens that a server states, if text of that length can have it; else an estimate."""
    least = characters // _CHARACTERS_PER_TOKEN_AT_MOST
    if isinstance(said, int) and least <= said <= _CREDIBLE_TOKENS:
        return int(said)
    return max(least, int(characters / CHARACTERS_PER_TOKEN))


def _seconds(header: str | None) -> float | None:
    """A Retry-After header that gives seconds; dates are left to the usual waiting."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
