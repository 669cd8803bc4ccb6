"""What a model is asked: to tell a run, to rewrite a telling, and to try again.

Belongs here: filling the prompts, and what is withheld from them. Does not belong here: the steps of a run
(``listing``), sending, and judging what comes back (``judging``).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracepile_assets.models import Message, Prompt, Shape
from tracepile_assets.narration import Claim
from tracepile_assets.narration.narrators.moments import Ending, ending
from tracepile_assets.narration.narrators.solving import STATEMENT
from tracepile_assets.narration.verifier.text import sentences
from tracepile_assets.questions.prompt import forward
from tracepile_assets.trace_model.trace import Trace

from .listing import MOST_STEPS, Step, listed, steps_of

TELL = Prompt(__package__, "tell")
POLISH = Prompt(__package__, "polish")
AGAIN = Prompt(__package__, "again")

_WHOLE_RUN = "Tell the whole run, up to what the call returns or the program's end."
_ANSWERED = "Give the answer as a Python value, or as the plain text that was printed."
_UNANSWERED = 'Nothing is asked, so "answer" is the empty string.'
_LONGEST_REPLY_SHOWN = 8_000
_MOST_FAULTS = 5
_LONGEST_FAULT = 300
_BLOCK = "The whole output is:\n\n"
_MERGED = "; the answer is "


class Sentence(Shape):
    """One sentence of a telling, and the numbers of the steps that it tells."""

    steps: list[int]
    text: str


class Telling(Shape):
    """The reply."""

    sentences: list[Sentence]
    answer: str


@dataclass(frozen=True)
class Task:
    """One telling that a model is asked for.

    Attributes:
        messages: what it is asked.
        steps: the steps of the run that are to be told.
        closing: the words that end the telling, where the model is not to find them; empty where it answers itself.
    """

    messages: tuple[Message, ...]
    steps: tuple[Step, ...]
    closing: str = ""


def tell_task(trace: Trace, question: Any) -> Task | str | None:
    """Ask for the telling of a run.

    Args:
        trace: the run.
        question: what is to be answered, with its prompt as ``question``; None for the whole run.

    Returns:
        The task; the reason why the run is not fit for a prompt; None if there is nothing that a model could tell.
    """
    steps = _steps(trace, question)
    if steps is None:
        return None
    if len(steps) > MOST_STEPS:
        return f"more than {MOST_STEPS} steps"
    messages = _filled(TELL, _data(trace, question), steps, answered=_UNANSWERED if question is None else _ANSWERED)
    return Task(messages, tuple(steps))


def polish_task(trace: Trace, question: Any, row: Mapping[str, Any]) -> Task | str | None:
    """Ask for another wording of a telling, given as its row; the rest as of ``tell_task``."""
    steps = _steps(trace, question)
    if steps is None:
        return None
    if len(steps) > MOST_STEPS:
        return f"more than {MOST_STEPS} steps"
    body, closing = (row["text"], "") if question is None else parted(row["text"])
    telling = _numbered(body, row["claims"], steps)
    return Task(_filled(POLISH, _data(trace, question), steps, telling=telling), tuple(steps), closing)


def again(messages: Sequence[Message], reply: str, why: str) -> tuple[Message, ...]:
    """Ask once more, after a reply that was not accepted; an empty reply is no turn of a conversation."""
    shown = reply[:_LONGEST_REPLY_SHOWN].strip() or "(nothing)"
    return (*messages, Message("assistant", shown), *AGAIN.fill(why=why))


def reason_for_model(reason: str, faults: Sequence[Claim], answer: str | None) -> str:
    """Why a telling was not accepted, in words that do not give the answer away."""
    lines = []
    for fault in faults[:_MOST_FAULTS]:
        if fault.kind == "unparsed":
            why = "it is of none of the forms"
        elif fault.kind == "answer":
            why = "that is not the answer, or the telling has not got so far"
        else:
            why = _without_answer(fault.detail or "", answer) or "that is not so"
        lines.append(f"- {fault.says[:_LONGEST_FAULT]!r}: {why}")
    return "\n".join(lines) or _without_answer(reason, answer) or "the telling is not right"


def parted(text: str) -> tuple[str, str]:
    """A deterministic telling without what it ends on, and that: the answer, with what leads to it."""
    if _BLOCK in text:
        at = text.index(_BLOCK)
        return text[:at].strip(), text[at:]
    last = sentences(text)[-1]
    body, said = text[: last.start].strip(), text[last.start :]
    if _MERGED in said:
        kept, _, answer = said.partition(_MERGED)
        return f"{body} {kept}.".strip(), f"The answer is {answer}"
    return body, said


def _steps(trace: Trace, question: Any) -> list[Step] | None:
    if question is None:
        return steps_of(trace, len(trace), None)
    if question.direction != "forward" or question.kind == STATEMENT or question.check_trace_id is not None:
        # Told backward, to a reader who sees no code, or of another run than this one: the model is not asked.
        return None
    end: Ending | None = ending(trace, question.target, question.answer)
    return None if end is None else steps_of(trace, end.until, question.answer)


def _data(trace: Trace, question: Any) -> str:
    """The program, its input and what is asked."""
    if question is not None:
        return question.question
    return forward(trace.code, trace.entry_point, trace.arguments, trace.stdin, _WHOLE_RUN, 0)


def _filled(prompt: Prompt, data: str, steps: Sequence[Step], **values: str) -> tuple[Message, ...]:
    """The prompt, with all that comes from the program between marks that the program cannot know."""
    shown = listed(steps)
    digest = hashlib.blake2b("\0".join([data, shown, *values.values()]).encode("utf-8", "surrogatepass"), digest_size=6)
    return prompt.fill(data=data, steps=shown, mark=digest.hexdigest(), **values)


def _numbered(text: str, claims: Sequence[Mapping[str, Any]], steps: Sequence[Step]) -> str:
    """A telling, a sentence a line, each with the numbers of the steps that its claims are about."""
    number = {step.event: position for position, step in enumerate(steps, start=1)}
    lines = []
    for sentence in sentences(text):
        events = [claim["event"] for claim in claims if sentence.start <= claim["start"] < sentence.end]
        told = sorted({number[event] for event in events if event in number})
        lines.append(f"{told} {text[sentence.start : sentence.end]}")
    return "\n".join(lines)


def _without_answer(detail: str, answer: str | None) -> str:
    """A detail, empty if the answer stands in it."""
    bare = (answer or "").strip()
    forms = {bare, bare.strip("'\""), repr(answer)[1:-1]} if bare else set()
    if any(form and re.search(rf"(?<![\w.]){re.escape(form)}(?![\w.])", detail) for form in forms):
        return ""
    return detail[:_LONGEST_FAULT]
