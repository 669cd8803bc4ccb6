"""Has a language model tell runs, or word anew what was told of them: kept only as far as the verifier admits it.

Belongs here: asking, trying again with the reason, and what stands in where that does not help. Does not belong here:
the deterministic telling and the rows themselves (``chains_of_execution``), the decision on a text (narration/), and
what a model is (models/). It lies beside the rows that it helps to make and is imported by name, so that it decides no
row where no model is asked.

A telling for which the model did not answer stops the build: its rows would be others than those of a rebuild. What was
answered is cached, so that the next build asks for the rest only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from tracepile_assets.home import Home
from tracepile_assets.home.settings import Models
from tracepile_assets.home.settings import Narration as Settings
from tracepile_assets.models import (
    Answer,
    ChatRequest,
    Client,
    Estimate,
    Failure,
    Message,
    ModelUnavailable,
    Reply,
    chat_request,
    open_client,
)
from tracepile_assets.narration import counter

from ...fan_out import apply_all
from ..chains_of_execution import WHOLE_RUN, AskedQuestion, Sought, asked_of, is_whole, row_of, tell_unit, units
from ..tracing_questions import read_trace
from ..unit import Context, Made, Row, rejection
from .asking import Task, Telling, again, polish_task, tell_task
from .judging import STYLE, Admitted, Fault, judge

_TRIES = 3
_AT_ONCE = 64
_LONGEST_TEXT = 6_000
_LONGEST_REASON = 3_500


@dataclass
class _Wanted:
    """One telling that the model is asked for, and how far that has come.

    Attributes:
        question: what it answers; None for a whole run.
        task: what the model is to do; a reason where the run is not fit for that.
        messages: the conversation so far.
        reply: the answer that is to be judged; the one that was admitted in the end.
        faults: why earlier replies were not.
        admitted: the telling.
    """

    question: AskedQuestion | None
    task: Task | str
    messages: tuple[Message, ...]
    reply: Answer | None = None
    faults: list[Fault] = field(default_factory=list)
    admitted: Admitted | None = None

    @property
    def is_open(self) -> bool:
        """Whether the model is to be asked, for the first time or again."""
        hopeless = isinstance(self.task, str) or (bool(self.faults) and self.faults[-1].hopeless)
        return self.admitted is None and not hopeless and len(self.faults) < _TRIES

    def request(self, models: Models) -> ChatRequest:
        """The next request; each try has a seed of its own."""
        return chat_request(models, self.messages, Telling, number=len(self.faults))


@dataclass
class _Prepared:
    """A unit with its deterministic rows, and what the model is to tell of it."""

    payload: Row
    made: Made
    wanted: list[_Wanted]


def tell(context: Context, payloads: Iterable[tuple[Row, Sought]]) -> Iterator[Made]:
    """Tell runs with the model of the settings; the deterministic telling stands in where none is admitted.

    Raises:
        ModelError: the model cannot be used, or did not answer for a telling.
    """
    models, narrator = context.settings.models, context.settings.narration.narrator
    with open_client(context.home) as client:
        for some in _prepared(context, payloads):
            while waiting := [each for unit in some for each in unit.wanted if each.is_open]:
                answers = client.ask(each.request(models) for each in waiting)
                for each, answer in zip(waiting, answers, strict=True):
                    if isinstance(answer, Failure) and not answer.final:
                        raise ModelUnavailable(
                            f"the model did not answer for a telling ({answer.detail}); build again to go on: what "
                            "was answered is in the cache"
                        )
                    each.reply = answer
                _judge_waiting(context, some)
            for unit in some:
                _put(unit, narrator)
                yield unit.made


def estimate(home: Home, contexts: Iterable[Context]) -> Estimate:
    """What telling the runs of some stripes would ask for at most, with all tries; asks for nothing.

    Raises:
        ModelError: no usable model is set up.
    """
    with open_client(home) as client:
        return client.estimate(request for context in contexts for request in _foreseen(context, client))


def _foreseen(context: Context, client: Client) -> Iterator[ChatRequest]:
    """The requests whose words are known, and in the place of others the longest that they could be."""
    models = context.settings.models
    for some in _prepared(context, ((unit.load(), {}) for unit in units(context))):
        waiting = [each for unit in some for each in unit.wanted if each.is_open]
        while waiting:
            for each in waiting:
                request = each.request(models)
                yield request
                each.reply = client.known(request)
                if each.reply is None:
                    yield from _later_tries(each, models)
            known = [each for each in waiting if each.reply is not None]
            _judge_waiting(context, some)
            waiting = [each for each in known if each.is_open]


def _later_tries(wanted: _Wanted, models: Models) -> Iterator[ChatRequest]:
    for number in range(len(wanted.faults) + 1, _TRIES):
        messages = again(wanted.task.messages, "x" * 4 * models.reply_tokens, "x" * _LONGEST_REASON)
        yield chat_request(models, messages, Telling, number=number)


def _prepared(context: Context, payloads: Iterable[tuple[Row, Sought]]) -> Iterator[list[_Prepared]]:
    """Units with their deterministic rows and what the model is to tell, some dozens at a time."""
    # A model tells each question once, in prose; what stands in for that is of its kind.
    settings = context.settings.narration.model_copy(update={"styles": [STYLE], "tellings": 1})
    stream = iter(payloads)
    while group := list(islice(stream, _AT_ONCE)):
        jobs = ((payload, sought, settings) for payload, sought in group)
        yield list(apply_all(_prepare_all, jobs, context.settings.compute.workers))


def _prepare_all(jobs: list[tuple[Row, Sought, Settings]]) -> list[_Prepared]:
    return [_prepare(*job) for job in jobs]


def _prepare(payload: Row, sought: Sought, settings: Settings) -> _Prepared:
    prepared = _Prepared(payload, tell_unit(payload, sought, settings), [])
    trace = read_trace(payload)
    if len(trace) == 0 or trace.recording.truncated:
        return prepared
    for question in [*asked_of(payload), *([None] if is_whole(payload) else [])]:
        if settings.narrator == "polish":
            place = _deterministic(prepared.made, question)
            task = None if place is None else polish_task(trace, question, prepared.made.rows[place])
        else:
            task = tell_task(trace, question)
        if task is not None:
            prepared.wanted.append(_Wanted(question, task, task.messages if isinstance(task, Task) else ()))
    return prepared


def _judge_waiting(context: Context, some: list[_Prepared]) -> None:
    """Judge the replies that have come, and word the next try where one is not accepted."""
    narration = context.settings.narration
    waiting = [
        (unit, [each for each in unit.wanted if each.is_open and each.reply is not None])
        for unit in some
        if any(each.is_open and each.reply is not None for each in unit.wanted)
    ]
    jobs = (
        (
            unit.payload,
            [(each.question, each.task, each.reply) for each in wanted],
            narration.narrator,
            narration.token_budget,
            narration.tokenizer,
        )
        for unit, wanted in waiting
    )
    results = apply_all(_judge_units, jobs, context.settings.compute.workers)
    for (_, wanted), found in zip(waiting, results, strict=True):
        for each, result in zip(wanted, found, strict=True):
            if isinstance(result, Admitted):
                each.admitted = result
                continue
            written = each.reply.text if isinstance(each.reply, Reply) else ""
            each.faults.append(result)
            each.messages = again(each.task.messages, written, result.why)
            each.reply = None


def _judge_units(
    jobs: list[tuple[Row, list[tuple[AskedQuestion | None, Task, Answer]], str, int, str]],
) -> list[list[Admitted | Fault]]:
    return [
        [judge(trace, question, task, answer, narrator, budget, counter(tokenizer)) for question, task, answer in given]
        for payload, given, narrator, budget, tokenizer in jobs
        for trace in (read_trace(payload),)
    ]


def _put(unit: _Prepared, narrator: str) -> None:
    """Put the model's tellings in the places of the deterministic ones, or say for what these stand in."""
    made, trace = unit.made, unit.payload["trace"]
    for each in unit.wanted:
        place = _deterministic(made, each.question)
        if each.admitted is not None and isinstance(each.reply, Reply):
            row = {
                **row_of(trace, each.question, each.admitted.told, each.admitted.verdict, None),
                "model": each.reply.model,
                "model_revision": each.reply.revision,
                "temperature": each.reply.temperature,
                "seed": each.reply.seed,
            }
            if place is None:
                made.rows.append(row)
                _drop_rejection(made, each.question)
            else:
                made.rows[place] = row
            continue
        if place is not None:
            made.rows[place] = {**made.rows[place], "stands_in_for": narrator}
        reason, detail = ("too long a run", each.task) if isinstance(each.task, str) else _last_fault(each.faults)
        if each.question is None:
            made.rejected.append(rejection(made.unit_id, f"{WHOLE_RUN}:{narrator}", reason, detail))
        else:
            made.rejected.append(rejection(each.question.question_id, f"{narrator}:{STYLE}", reason, detail))


def _deterministic(made: Made, question: AskedQuestion | None) -> int | None:
    """The place of the deterministic telling of a question or of the whole run."""
    wanted = None if question is None else question.question_id
    for place, row in enumerate(made.rows):
        if (row["question_id"], row["narrator"], row["style"]) == (wanted, "deterministic", STYLE):
            return place
    return None


def _drop_rejection(made: Made, question: AskedQuestion | None) -> None:
    """Take out why the deterministic narrator told nothing: something was told."""
    if question is None:
        made.rejected[:] = [row for row in made.rejected if row["unit"] != WHOLE_RUN]
    else:
        made.rejected[:] = [row for row in made.rejected if row["parent_id"] != question.question_id]


def _last_fault(faults: list[Fault]) -> tuple[str, str]:
    """The reason of the last try, and what became of all of them, with what was written last."""
    tries = "\n".join(f"try {number}: {fault.reason}: {fault.detail}" for number, fault in enumerate(faults, start=1))
    return faults[-1].reason, f"{tries}\n\n{faults[-1].text[:_LONGEST_TEXT]}".strip()
