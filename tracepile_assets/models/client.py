"""Asks a model many things: what is cached is not asked again, what is answered is cached at once.

Belongs here: order, cache, budget, and when to give up. Does not belong here: how a model is reached (`served`,
`in_process`), and reading replies (`replies`).
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from .budget import Budget, Estimate
from .cache import ReplyCache
from .chat import Answer, ChatRequest, Completion, Failure, ModelUnavailable, Reply
from .replies import LONGEST_REPLY

_AT_ONCE = 256
_FAILURES_IN_A_ROW = 16
_FAILURES_AT_FIRST = 3


class Backend(Protocol):
    """A way of reaching one model."""

    def complete(
        self,
        requests: Sequence[ChatRequest],
        admit: Callable[[ChatRequest], int],
        deliver: Callable[[int, int, Completion | Failure], None],
    ) -> None:
        """Have requests answered, several at a time.

        Args:
            requests: what to ask.
            admit: called before each request is sent; what it gives goes back to ``deliver``. Raises if it must not be
                sent: then nothing more is.
            deliver: called with a request's number, what ``admit`` gave and what came of it, as soon as that is known,
                from any thread. Raises to make an end.

        Raises:
            ModelUnavailable: there is no use in asking further.
        """
        ...

    def close(self) -> None:
        """Let go of what the backend holds."""
        ...


class Client:
    """One model, with a cache and a budget; a context manager.

    Attributes:
        model: its name.
        revision: its revision.
        budget: what this run may use, and has used.
        asked: requests that were answered by the model, not by the cache, up to now.
    """

    def __init__(self, backend: Backend, cache: ReplyCache, budget: Budget, model: str, revision: str) -> None:
        """Put the parts together; the client closes backend and cache when it is closed."""
        self.model = model
        self.revision = revision
        self.budget = budget
        self.asked = 0
        self._backend = backend
        self._cache = cache
        self._lock = threading.Lock()
        self._failures = 0
        self._last_trouble = ""

    def known(self, request: ChatRequest) -> Answer | None:
        """The answer that is in the cache, None if there is none."""
        kept = self._cache.get(request.key(self.model, self.revision))
        return None if kept is None else self._judged(request, kept)

    def estimate(self, requests: Iterable[ChatRequest]) -> Estimate:
        """What these requests would use at most; those in the cache use nothing."""
        missing, cached = [], 0
        for request in requests:
            if self._cache.get(request.key(self.model, self.revision)) is None:
                missing.append(request)
            else:
                cached += 1
        return self.budget.estimate(missing, cached)

    def ask(self, requests: Iterable[ChatRequest]) -> Iterator[Answer]:
        """Answers to requests, in their order; requests are taken some hundred ahead.

        Raises:
            ModelUnavailable: the model cannot be reached, refuses us, or failed many times in a row.
            BudgetExceeded: the run would use more tokens than it may.
        """
        remaining = iter(requests)
        while batch := list(islice(remaining, _AT_ONCE)):
            yield from self._ask(batch)

    def close(self) -> None:
        """Let go of backend and cache."""
        self._backend.close()
        self._cache.close()

    def __enter__(self) -> "Client":
        """Return the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the client."""
        self.close()

    def _ask(self, batch: list[ChatRequest]) -> list[Answer]:
        keys = [request.key(self.model, self.revision) for request in batch]
        found: dict[str, Completion | Failure] = {}
        missing: dict[str, ChatRequest] = {}
        for key, request in zip(keys, batch, strict=True):
            if key not in found and key not in missing:
                kept = self._cache.get(key)
                if kept is None:
                    missing[key] = request
                else:
                    found[key] = kept
        asked = list(missing)

        def deliver(number: int, reserved: int, result: Completion | Failure) -> None:
            key = asked[number]
            found[key] = result
            if isinstance(result, Completion):
                self._cache.put(key, self.model, self.revision, missing[key], result)
                self.budget.settle(reserved, result)
            else:
                self.budget.settle(reserved, None)
            self._note(result)

        if missing:
            self._backend.complete(list(missing.values()), self.budget.reserve, deliver)
            if not self.asked and self._last_trouble:
                raise self._unavailable(self._last_trouble)
        return [self._judged(request, found[key]) for key, request in zip(keys, batch, strict=True)]

    def _note(self, result: Completion | Failure) -> None:
        """Count failures in a row, and give up where the model seems to be gone rather than at odds with a request."""
        with self._lock:
            if isinstance(result, Completion):
                self.asked += 1
                self._failures = 0
                return
            self._failures += 1
            if not result.final:
                self._last_trouble = result.detail
            at_first = not self.asked and self._last_trouble and self._failures >= _FAILURES_AT_FIRST
            if at_first or self._failures >= _FAILURES_IN_A_ROW:
                raise self._unavailable(result.detail)

    def _unavailable(self, last: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"model {self.model} does not answer ({self._failures} requests failed in a row; the last: {last}); see to "
            "the server, then run again: what was answered is in the cache"
        )

    def _judged(self, request: ChatRequest, result: Completion | Failure) -> Answer:
        if isinstance(result, Failure):
            return result
        if not result.text.strip():
            return Failure("empty", f"the model wrote nothing (it ended with {result.finish!r})")
        if result.finish == "length":
            return Failure("truncated", f"the reply was cut off at {request.max_tokens} tokens")
        if len(result.text) > LONGEST_REPLY:
            return Failure("too long", f"the reply has {len(result.text):,} characters")
        return Reply(
            result.text,
            self.model,
            self.revision,
            result.model,
            request.temperature,
            request.seed,
            result.prompt_tokens,
            result.reply_tokens,
        )
