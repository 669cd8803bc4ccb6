"""Has a language model propose inputs: candidates that stay for what they reach, as mutants do.

Belongs here: asking, and making inputs of the replies. Does not belong here: running them and choosing
(``mutated_inputs``), and what a model is (models/). It lies beside the rows that it helps to make and is imported by
name, so that it decides no row where no model is asked.

A program for which the model did not answer stops the build: its inputs would be others than those of a rebuild. What
was answered is cached, so that the next build asks for the rest only.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from tracepile_assets.home import Home
from tracepile_assets.home.settings import Models
from tracepile_assets.models import (
    Answer,
    ChatRequest,
    Client,
    Estimate,
    Failure,
    ModelUnavailable,
    Prompt,
    Shape,
    chat_request,
    open_client,
    parsed,
)
from tracepile_assets.sources import Program, ProgramInput
from tracepile_assets.trace_model.codecs import CodecError, codec
from tracepile_assets.trace_model.values import Unknown

PROMPT = Prompt(__name__, "propose")
_LONGEST_PROGRAM = 20_000
_LONGEST_INPUT = 4_000
_SHOWN = 5
_ASSUMED = ProgramInput(arguments="x" * 1_000)
_NODES = " (and {}([...]) with the values of its nodes, where an input above has it)"


class Proposed(Shape):
    """The reply."""

    inputs: list[str]


class ModelInputs:
    """Asks for some inputs of each program."""

    def __init__(self, client: Client, models: Models, number: int) -> None:
        """Ask that client for so many inputs of each program."""
        self._client = client
        self._models = models
        self._number = number

    def propose(self, programs: Sequence[Program]) -> Iterator[tuple[Program, list[ProgramInput]]]:
        """Each program with what was proposed for it; what cannot be used is told in its ``input_problems``.

        Raises:
            ModelError: the model cannot be used, or did not answer for one of them.
        """
        fit = [self._fits(program) for program in programs]
        answers = self._client.ask(self._request(one) for one, fits in zip(programs, fit, strict=True) if fits)
        for program, fits in zip(programs, fit, strict=True):
            yield self._read(program, next(answers)) if fits else (program, [])

    def estimate(self, programs: Iterable[Program]) -> Estimate:
        """What proposing inputs for these programs would ask for at most; asks for nothing. Of a program whose inputs
        are still to be drawn, some of middle length are assumed."""
        known = (program if program.inputs else replace(program, inputs=(_ASSUMED,)) for program in programs)
        return self._client.estimate(self._request(program) for program in known if self._fits(program))

    def _fits(self, program: Program) -> bool:
        return len(program.code) <= _LONGEST_PROGRAM and any(_text(given) for given in program.inputs)

    def _request(self, program: Program) -> ChatRequest:
        shown = [text for given in program.inputs if len(text := _text(given)) <= _LONGEST_INPUT][:_SHOWN]
        names = [name for name in program.inputs[0].codec.split("+") if name != "literal"]
        interface = (
            "It reads standard input. An input is that text, written as a JSON string is."
            if program.entry_point is None
            else f"It is called as `{program.entry_point}(...)`. An input is what stands between the parentheses."
        )
        messages = PROMPT.fill(
            code=program.code,
            interface=interface,
            inputs="\n".join(map(json.dumps, shown) if program.entry_point is None else shown),
            number=self._number,
            nodes=_NODES.format(" and ".join(names)) if names else "",
        )
        return chat_request(self._models, messages, Proposed)

    def _read(self, program: Program, answer: Answer) -> tuple[Program, list[ProgramInput]]:
        reply = parsed(answer, Proposed)
        if isinstance(reply, Failure):
            if not reply.final:
                raise ModelUnavailable(
                    f"the model did not answer for a program ({reply.detail}); build again to go on: what was answered "
                    "is in the cache"
                )
            return _with_problem(program, f"the model's inputs: {reply.reason}"), []
        found = [_input(program, text) for text in reply.inputs[: self._number]]
        usable = [each for each in found if each is not None]
        known = {_text(given) for given in program.inputs}
        different = {_text(each): each for each in usable if _text(each) not in known}
        if len(usable) < len(found):
            program = _with_problem(program, f"the model's inputs: {len(found) - len(usable)} hold no plain values")
        return program, list(different.values())


@contextmanager
def open_proposer(home: Home) -> Iterator[ModelInputs]:
    """What proposes the inputs that a home's settings ask for.

    Raises:
        ModelError: no usable model is set up.
    """
    settings = home.settings()
    with open_client(home) as client:
        yield ModelInputs(client, settings.models, settings.inputs.by_model)


def _input(program: Program, text: str) -> ProgramInput | None:
    """The input that a text of the model's states, written as we write it; None if it is none."""
    if len(text) > _LONGEST_INPUT:
        return None
    if program.entry_point is None:
        return ProgramInput(stdin=text, origin="proposed") if _is_writable(text) else None
    name = program.inputs[0].codec
    try:
        arguments = codec(name).encode(*codec(name).decode(text))
    except (CodecError, Unknown, TypeError, ValueError, RecursionError):
        return None
    return ProgramInput(arguments=arguments, origin="proposed", codec=name) if _is_writable(arguments) else None


def _is_writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(given: ProgramInput) -> str:
    return (given.stdin if given.arguments is None else given.arguments) or ""


def _with_problem(program: Program, problem: str) -> Program:
    return replace(program, input_problems=(*program.input_problems, problem))
