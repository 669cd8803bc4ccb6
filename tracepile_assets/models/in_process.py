"""A model that vLLM runs in this process, for big batches: the extra `vllm` of this package.

Belongs here: turning requests into calls of `vllm.LLM`. Does not belong here: anything that a served model needs.
vLLM is imported when the first request is asked; where it is missing, the message says what to install.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .chat import ChatRequest, Completion, Failure, ModelError, ModelUnavailable

if TYPE_CHECKING:
    import vllm

_AT_ONCE = 64

_OPTIONS = {"structured_outputs_config": {"backend": "xgrammar", "disable_any_whitespace": True}}
"""What the engine is given unless the settings say otherwise: free to, models fill replies with white space."""


class InProcess:
    """A backend that hands requests to the engine by the batch; the engine decides what runs side by side."""

    def __init__(self, model: str, revision: str, options: Mapping[str, Any] | None = None) -> None:
        """Name the model, a path or a name that vLLM loads, and options of ``vllm.LLM``; nothing is loaded yet."""
        self._model = model
        self._revision = revision
        self._options = {**_OPTIONS, **(options or {})}
        self._engine: vllm.LLM | None = None

    def complete(
        self,
        requests: Sequence[ChatRequest],
        admit: Callable[[ChatRequest], int],
        deliver: Callable[[int, int, Completion | Failure], None],
    ) -> None:
        """Have requests answered, as ``client.Backend`` says."""
        engine = self._loaded()
        for first in range(0, len(requests), _AT_ONCE):
            batch: list[ChatRequest] = []
            reserved: list[int] = []
            ending: ModelError | None = None
            for request in requests[first : first + _AT_ONCE]:
                try:
                    reserved.append(admit(request))
                except ModelError as error:
                    ending = error
                    break
                batch.append(request)
            results = self._generate(engine, batch) if batch else []
            for number, (held, result) in enumerate(zip(reserved, results, strict=True), start=first):
                deliver(number, held, result)
            if ending is not None:
                raise ending

    def close(self) -> None:
        """Drop the engine."""
        self._engine = None

    def _loaded(self) -> "vllm.LLM":
        if self._engine is None:
            try:
                import vllm
            except ImportError as error:
                raise ModelUnavailable(
                    f'backend = "vllm" needs the extra: pip install "tracepile-assets[vllm]" ({error}); or serve the '
                    'model and set backend = "served" under [models] in tracepile.toml'
                ) from error
            try:
                self._engine = vllm.LLM(model=self._model, revision=self._revision or None, **self._options)
            except Exception as error:
                raise ModelUnavailable(
                    f"vLLM cannot load {self._model!r}: {type(error).__name__}: {error}; mend name, revision or engine "
                    "under [models] in tracepile.toml"
                ) from error
        return self._engine

    def _generate(self, engine: "vllm.LLM", batch: Sequence[ChatRequest]) -> list[Completion | Failure]:
        conversations = [request.conversation for request in batch]
        parameters = [_sampling(request) for request in batch]
        try:
            outputs = engine.chat(conversations, sampling_params=parameters, use_tqdm=False)
        except _refusals() as error:
            if len(batch) == 1:
                return [Failure("refused", str(error)[:300])]
            # One request that the engine refuses (too long, mostly) takes the batch with it: ask one by one.
            return [result for request in batch for result in self._generate(engine, [request])]
        return [
            Completion(
                output.outputs[0].text,
                output.outputs[0].finish_reason or "",
                self._model,
                len(output.prompt_token_ids or ()),
                len(output.outputs[0].token_ids),
            )
            for output in outputs
        ]


def _refusals() -> tuple[type[Exception], ...]:
    """What the engine raises for a request that it does not take: of late, errors of its own."""
    try:
        from vllm.exceptions import VLLMClientError
    except ImportError:
        return (ValueError,)
    return (ValueError, VLLMClientError)


def _sampling(request: ChatRequest) -> "vllm.SamplingParams":
    from vllm import SamplingParams
    from vllm.sampling_params import StructuredOutputsParams

    told = request.schema is not None and request.structured == "json_schema"
    return SamplingParams(
        temperature=request.temperature,
        top_p=request.top_p,
        max_tokens=request.max_tokens,
        seed=request.seed,
        structured_outputs=StructuredOutputsParams(json=request.schema) if told else None,
    )
