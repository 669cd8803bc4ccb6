"""Has a language model rewrite programs: candidates for variants, believed no more than those of any transform.

Belongs here: asking, and making candidates of the replies. Does not belong here: the proof (rewriting/), and what a
model is (models/). It lies beside the rows that it helps to make and is imported by name, so that it decides no row
where no model is asked.

A program for which the model did not answer stops the build: its variants would be others than those of a rebuild. What
was answered is cached, so that the next build asks for the rest only.
"""

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

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
from tracepile_assets.models.code import plain_code, text_of
from tracepile_assets.rewriting import Candidate, Rejection

NAME = "model"
"""Its name in ``rewrites``."""

PROMPT = Prompt(__name__, "rewrite")
_LONGEST_PROGRAM = 20_000


class Rewritten(Shape):
    """The reply."""

    code: str


class ModelRewriter:
    """A rewriter in the sense of rewriting/: asks for some rewrites of each program."""

    def __init__(self, client: Client, models: Models, number: int) -> None:
        """Ask that client for so many rewrites of each program."""
        self._client = client
        self._models = models
        self._number = number

    def rewrite(self, programs: Sequence[tuple[str, str | None]]) -> list[list[Candidate | Rejection]]:
        """Candidates for each program.

        Raises:
            ModelError: the model cannot be used, or did not answer for one of them.
        """
        fit = _fit(programs)
        answers = self._client.ask(request for program in fit for request in self._requests(*program))
        made = {}
        for program in fit:
            # Programs may be equal; each has answers of its own, which are equal too.
            made[program] = [_candidate(next(answers), *program) for _ in range(self._number)]
        too_long = [Rejection(NAME, "too long", f"a program of more than {_LONGEST_PROGRAM:,} characters")]
        return [made.get(program, too_long) for program in programs]

    def estimate(self, programs: Sequence[tuple[str, str | None]]) -> Estimate:
        """What rewriting these programs would ask for at most; asks for nothing."""
        return self._client.estimate(request for program in _fit(programs) for request in self._requests(*program))

    def _requests(self, code: str, entry_point: str | None) -> list[ChatRequest]:
        interface = (
            "It reads standard input and prints, as the original does."
            if entry_point is None
            else f"It is called as `{entry_point}(...)`: keep that name and the names and order of its parameters."
        )
        messages = PROMPT.fill(code=code, interface=interface)
        return [chat_request(self._models, messages, Rewritten, number=number) for number in range(self._number)]


@contextmanager
def open_rewriter(home: Home) -> Iterator[ModelRewriter]:
    """The rewriter that a home's settings ask for.

    Raises:
        ModelError: no usable model is set up.
    """
    settings = home.settings()
    with open_client(home) as client:
        yield ModelRewriter(client, settings.models, settings.rewriting.by_model)


def _fit(programs: Sequence[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    return [program for program in programs if len(program[0]) <= _LONGEST_PROGRAM]


def _candidate(answer: Answer, code: str, entry_point: str | None) -> Candidate | Rejection:
    reply = parsed(answer, Rewritten)
    tree = reply if isinstance(reply, Failure) else plain_code(reply.code)
    text = tree if isinstance(tree, Failure) else text_of(tree)
    if isinstance(text, Failure):
        if not text.final:
            raise ModelUnavailable(
                f"the model did not answer for a program ({text.detail}); build again to go on: what was answered is "
                "in the cache"
            )
        return Rejection(NAME, text.reason, text.detail)
    original = plain_code(code)
    if isinstance(original, ast.Module) and ast.dump(original) == ast.dump(tree):
        return Rejection(NAME, "duplicate")
    return Candidate((NAME,), text, entry_point)
