"""The client that a home's settings ask for, and requests with their parameters; nothing else."""

import os
from collections.abc import Sequence

from tracepile_assets.home import Home
from tracepile_assets.home.settings import Models

from .budget import Budget
from .cache import ReplyCache
from .chat import ChatRequest, Message, ModelError
from .client import Backend, Client
from .in_process import InProcess
from .replies import Shape
from .served import Served


class _NoBackend:
    """In the place of a model where none is to be asked."""

    def complete(self, *_: object) -> None:
        raise ModelError("this client was opened without a model")

    def close(self) -> None:
        """There is nothing to let go of."""


def open_client(home: Home, *, asks: bool = True) -> Client:
    """Make the client, to be used in a `with` statement; nothing is sent yet. Its budget is that of one run.

    Args:
        home: the home.
        asks: whether anything will be asked. For an estimate nothing is, and no model need be set up.

    Raises:
        ModelError: no model is named, the variable of its key is not set, or the cache cannot be used.
    """
    models = home.settings().models
    if asks and not models.name:
        raise ModelError(
            f"no model is named: set name (and endpoint) under [models] in {home.settings_file} (docs/models.md)"
        )
    backend = _backend(models) if asks else _NoBackend()
    return Client(
        backend,
        ReplyCache(home.replies_file),
        Budget(models.run_tokens, models.prompt_price, models.reply_price),
        models.name,
        models.revision,
    )


def chat_request(
    models: Models, messages: Sequence[Message], shape: type[Shape] | None = None, *, number: int = 0
) -> ChatRequest:
    """A request with the parameters of the settings.

    Args:
        models: the settings.
        messages: the conversation.
        shape: what the reply is to be an object of.
        number: which of several replies to the same; it moves the seed.
    """
    return ChatRequest(
        messages=tuple(messages),
        temperature=models.temperature,
        top_p=models.top_p,
        max_tokens=models.reply_tokens,
        seed=models.seed + number,
        schema=None if shape is None else shape.model_json_schema(),
        structured=models.structured_outputs,
    )


def _backend(models: Models) -> Backend:
    if models.backend == "vllm":
        return InProcess(models.name, models.revision, models.engine)
    return Served(
        models.endpoint,
        models.name,
        api_key=_api_key(models.api_key_variable),
        concurrency=models.concurrency,
        timeout_s=models.timeout_seconds,
        retries=models.retries,
    )


def _api_key(variable: str) -> str | None:
    if not variable:
        return None
    key = os.environ.get(variable)
    if not key:
        raise ModelError(
            f"the environment variable {variable}, which api_key_variable under [models] names, is not set; set it, or "
            "take the name out where the server wants no key"
        )
    return key
