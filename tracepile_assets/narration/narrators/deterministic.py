"""The deterministic narrator: a run told forward in plain English.

Belongs here: what frames a telling (its opening and its end), how far it goes, and keeping to the budget. Does not belong
here: the telling of single steps (``frames``, ``phrases``, ``prose``).
"""

import random
from typing import Any

from tracepile_assets.narration.narrators.frames import Frames
from tracepile_assets.narration.narrators.phrases import Phrases
from tracepile_assets.narration.narrators.prose import Prose
from tracepile_assets.narration.narrators.scene import Scene
from tracepile_assets.narration.narrators.telling import Narration, Rejection, estimated_tokens
from tracepile_assets.trace_model.trace import Trace

UNIT = "deterministic:narrative"
BUDGET = 2_048

_OPENING = 600


def narrate(trace: Trace, question: Any = None, *, seed: int = 0, budget: int = BUDGET) -> Narration | Rejection:
    """Tell a run forward, from its input to the answer.

    Args:
        trace: the run.
        question: what the telling answers: anything with ``kind``, ``direction``, ``answer`` and ``target``; None to tell
            the whole run.
        seed: decides what is left open (how many short iterations share a sentence).
        budget: most tokens that the text may have, by the byte-level estimate.

    Returns:
        The telling, or why there is none.
    """
    if len(trace) == 0 or trace.recording.truncated:
        return Rejection(unit=UNIT, reason="truncated" if len(trace) else "no_events")
    if question is not None and question.direction != "forward":
        return Rejection(unit=UNIT, reason="not_narrated", detail=f"direction {question.direction}")
    until = len(trace)
    scene = Scene(trace)
    phrases = Phrases(scene)
    frames = Frames(scene, phrases, until)
    prose = Prose(random.Random(seed))
    opening = _opening(trace)
    prose.add(frames.tell(trace.frames[0]))
    prose.stop()
    sentences = [*([opening] if opening else []), *prose.sentences]
    if question is not None:
        sentences.append(f"The answer is {question.answer}.")
    text = " ".join(sentences)
    tokens = estimated_tokens(text)
    if tokens > budget:
        return Rejection(unit=UNIT, reason="over_budget", detail=f"{tokens} tokens of {budget}")
    return Narration(
        text=text,
        style="narrative",
        narrator="deterministic",
        direction="forward",
        n_steps=frames.steps,
        n_tokens=tokens,
        opaque_fold=frames.opaque,
    )


def _opening(trace: Trace) -> str | None:
    if trace.entry_point is not None:
        name = trace.entry_point.rpartition(".")[2]
        call = f"{name}({trace.arguments or ''})"
        return f"We call {call}." if len(call) <= _OPENING else None
    stdin = trace.stdin or ""
    if not stdin:
        return "There is no input."
    return f"The input is {stdin!r}." if len(stdin) <= _OPENING else None
