"""What becomes of a reply: a telling that the verifier admits, or a fault and what the model is told of it.

Belongs here: reading the reply, handing it to the verifier, measuring what it tells. Does not belong here: asking, and
what stands in for a telling that is not admitted.
"""

import ast
from dataclasses import dataclass
from typing import Any

from tracepile_assets.models import Answer, Failure, parsed, reads_as_english
from tracepile_assets.narration import Admission, Count, Narration, Verdict, admit
from tracepile_assets.narration.verifier.text import tokens
from tracepile_assets.trace_model.trace import Trace

from .asking import Task, Telling, reason_for_model

STYLE = "narrative"

_TOLD_IN_FULL = 0.75
"""Share of the steps that change something from which on a telling leaves nothing out that a reader could not derive:
the deterministic narrator, where it folds nothing, tells nine tenths of them at their own step."""


@dataclass(frozen=True)
class Admitted:
    """A telling that may be stored, and the verdict on it."""

    told: Narration
    verdict: Verdict


@dataclass(frozen=True)
class Fault:
    """Why a reply was not accepted.

    Attributes:
        reason: one of a small set: those of ``models.Failure``, ``too long a telling``, ``contradicted``,
            ``ungrounded``, ``unread`` or ``unfinished``.
        detail: for a person.
        why: for the model.
        text: what it wrote.
        hopeless: whether asking again is of no use.
    """

    reason: str
    detail: str
    why: str
    text: str = ""
    hopeless: bool = False


def judge(
    trace: Trace, question: Any, task: Task, answer: Answer, narrator: str, budget: int, count: Count
) -> Admitted | Fault:
    """Decide on the answer to a task; the telling may have ``budget`` tokens by ``count``."""
    reply = parsed(answer, Telling)
    written = "" if isinstance(answer, Failure) else answer.text
    if isinstance(reply, Failure):
        why = f"The reply was {reply.reason}: {reply.detail}"
        return Fault(reply.reason, reply.detail, why, written, hopeless=reply.reason == "refused")
    said = " ".join(sentence.text.strip() for sentence in reply.sentences)
    text = f"{said} {task.closing or _closing(question, reply.answer)}".strip()
    size = count(text)
    if size > budget:
        why = f"It has about {size:,} tokens, and may have {budget:,}: tell it more briefly."
        return Fault("too long a telling", f"about {size:,} tokens", why, text)
    admission = admit(trace, text, question)
    if not admission.verdict.admitted:
        return _fault(question, said, text, admission)
    done = {claim.event for claim in admission.verdict.claims}
    changing = [step.event for step in task.steps if step.effects]
    told = Narration(
        text=admission.text,
        style=STYLE,
        narrator=narrator,
        direction="forward",
        n_steps=sum(step.event in done for step in task.steps),
        n_tokens=count(admission.text),
        opaque_fold=sum(event in done for event in changing) < _TOLD_IN_FULL * len(changing),
    )
    return Admitted(told, admission.verdict)


def _closing(question: Any, answer: str) -> str:
    """The sentence that gives the answer; what is no value is the text of a string, or the name of a type."""
    if question is None:
        return ""
    bare = answer.strip()
    if getattr(question, "answer_type", "") == "type":
        return f"The answer is `{bare.strip('`')}`."
    try:
        ast.parse(bare, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        bare = repr(answer)
    return f"The answer is {bare or repr(answer)}."


def _fault(question: Any, said: str, text: str, admission: Admission) -> Fault:
    reason, faults = admission.verdict.reason or "", admission.faults
    why = reason_for_model(reason, faults, None if question is None else question.answer)
    claims = admission.verdict.claims
    unread = sum(claim.kind == "unparsed" for claim in claims)
    if 2 * unread >= len(claims) > 0 and not reads_as_english(_words(said)):
        return Fault("not English", reason, f"It is to be told in English.\n{why}", text)
    if faults and faults[0].kind != "unparsed":
        return Fault(faults[0].verdict, reason, why, text)
    return Fault("unread" if faults else "unfinished", reason, why, text)


def _words(text: str) -> str:
    """The words of a text, without strings and code in it, which may be of any script."""
    return " ".join(token.text for token in tokens(text) if token.kind == "word")
