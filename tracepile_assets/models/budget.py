"""How many tokens a run may use, and what they cost.

Belongs here: estimating before anything is sent, and the ceiling that nothing passes. Does not belong here: counting
with any model's own tokenizer, which is not known here: lengths are turned into tokens on the safe side.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from .chat import ChatRequest, Completion, ModelError

CHARACTERS_PER_TOKEN = 2.5
"""Characters that a token holds at least, in English and code; with common tokenizers it is 3 to 4."""
_PER_MESSAGE = 8


class BudgetExceeded(ModelError):
    """The next request could take the run over its ceiling of tokens; what was answered before is in the cache."""


def prompt_tokens_at_most(request: ChatRequest) -> int:
    """Tokens of what a request sends, estimated on the safe side."""
    return int(request.characters / CHARACTERS_PER_TOKEN) + _PER_MESSAGE * len(request.messages) + 1


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run asks for at most.

    Attributes:
        requests: number of requests that are not in the cache.
        cached: number of those that are.
        prompt_tokens: tokens sent, at most.
        reply_tokens: tokens that come back, at most.
        cost: price of both, in the currency of the settings.
    """

    requests: int
    cached: int
    prompt_tokens: int
    reply_tokens: int
    cost: float

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.prompt_tokens + self.reply_tokens

    def __add__(self, other: "Estimate") -> "Estimate":
        """Both together."""
        return Estimate(
            self.requests + other.requests,
            self.cached + other.cached,
            self.prompt_tokens + other.prompt_tokens,
            self.reply_tokens + other.reply_tokens,
            self.cost + other.cost,
        )


class Budget:
    """The tokens that one run may use; safe to share between threads.

    Attributes:
        ceiling: tokens, prompts and replies together.
        used: tokens used up to now.
    """

    def __init__(self, ceiling: int, prompt_price: float = 0.0, reply_price: float = 0.0) -> None:
        """Begin a run. Prices are those of a million tokens."""
        self.ceiling = ceiling
        self.used = 0
        self.cost = 0.0
        self._prices = (prompt_price / 1e6, reply_price / 1e6)
        self._reserved = 0
        self._lock = threading.Lock()

    def estimate(self, requests: Iterable[ChatRequest], cached: int = 0) -> Estimate:
        """What these requests, none of which is cached, ask for at most."""
        number = prompt = reply = 0
        for request in requests:
            number += 1
            prompt += prompt_tokens_at_most(request)
            reply += request.max_tokens
        return Estimate(number, cached, prompt, reply, prompt * self._prices[0] + reply * self._prices[1])

    def reserve(self, request: ChatRequest) -> int:
        """Set aside what a request can use, before it is sent.

        Raises:
            BudgetExceeded: that would be more than is left.
        """
        most = prompt_tokens_at_most(request) + request.max_tokens
        with self._lock:
            if self.used + self._reserved + most > self.ceiling:
                raise BudgetExceeded(
                    f"the next request may take {most:,} tokens, and of the {self.ceiling:,} of this run "
                    f"{self.used:,} are used and {self._reserved:,} under way; raise run_tokens under [models] in "
                    "tracepile.toml and run again: what was answered is in the cache"
                )
            self._reserved += most
        return most

    def settle(self, reserved: int, completion: Completion | None) -> None:
        """Put what a request did use in the place of what was set aside for it."""
        with self._lock:
            self._reserved -= reserved
            if completion is not None:
                self.used += completion.prompt_tokens + completion.reply_tokens
                self.cost += completion.prompt_tokens * self._prices[0] + completion.reply_tokens * self._prices[1]
