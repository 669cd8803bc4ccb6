"""What is asked of a model, and what can come of it.

Belongs here: plain values and the errors of this room. Does not belong here: how a model is reached.
"""

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson


class ModelError(Exception):
    """A model cannot be used as it is set up, or no longer; the message names the remedy."""


class ModelUnavailable(ModelError):
    """The model does not answer, or refuses us. What it had answered before is in the cache."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One thing asked.

    Attributes:
        messages: the conversation that the model is to go on with.
        temperature: of sampling.
        top_p: share of the probability that is sampled from.
        max_tokens: greatest length of the reply.
        seed: of sampling. Requests that differ in nothing else are asked and cached apart, whether or not the server
            heeds it.
        schema: JSON schema that the reply is to satisfy; None for free text.
        structured: how the server is told of the schema: ``json_schema``, ``json_object`` or ``none``.
    """

    messages: tuple[Message, ...]
    temperature: float
    top_p: float
    max_tokens: int
    seed: int
    schema: dict[str, Any] | None = None
    structured: Literal["json_schema", "json_object", "none"] = "json_schema"

    def key(self, model: str, revision: str) -> str:
        """Digest of the request to a model: equal keys ask for the same."""
        asked = [model, revision, asdict(self)]
        raw = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(raw, digest_size=20).hexdigest()

    @property
    def conversation(self) -> list[dict[str, str]]:
        """The messages as they are sent: where the server is not told of the schema, the last of them is."""
        turns = [{"role": message.role, "content": message.content} for message in self.messages]
        if self.schema is not None and self.structured != "json_schema":
            shape = orjson.dumps(self.schema).decode()
            turns[-1]["content"] += f"\n\nAnswer with one JSON object of this schema and nothing else:\n{shape}"
        return turns

    @property
    def characters(self) -> int:
        """Length of all that is sent."""
        return len(orjson.dumps([self.conversation, self.schema]))


@dataclass(frozen=True, slots=True)
class Completion:
    """What a server said, before anyone has judged it.

    Attributes:
        text: the reply; empty if there was none.
        finish: why it ended, in the protocol's words: ``stop``, ``length``, …
        model: the model's name, as the server has it.
        prompt_tokens: tokens read.
        reply_tokens: tokens written.
    """

    text: str
    finish: str
    model: str
    prompt_tokens: int
    reply_tokens: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is whole: not empty, not cut short, not longer than allowed. What it says is still untrusted.

    Attributes:
        text: what the model wrote.
        model: name of the model that was asked.
        revision: its revision, as the settings have it.
        served_as: its name, as the server has it.
        temperature: of sampling.
        seed: of sampling.
        prompt_tokens: tokens read.
        reply_tokens: tokens written.
    """

    text: str
    model: str
    revision: str
    served_as: str
    temperature: float
    seed: int
    prompt_tokens: int
    reply_tokens: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request gave nothing.

    Attributes:
        reason: of the reply: ``empty``, ``truncated``, ``too long``, ``not JSON``, ``wrong shape``, ``not English``; of
            the asking: ``refused`` (the server would not take this request), ``unanswered`` (it failed each time it was
            tried).
        detail: for a person.
        final: whether asking again would give the same. What is not final is not to be recorded as a result.
    """

    reason: str
    detail: str
    final: bool = True


Answer = Reply | Failure
