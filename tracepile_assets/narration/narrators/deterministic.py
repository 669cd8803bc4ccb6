"""The deterministic narrator: a run told forward in plain English.

Belongs here: what frames a telling (its opening and its end), how far it goes, and keeping to the budget. Does not
belong here: the telling of single steps (``frames``, ``phrases``, ``prose``).
"""

import ast
import random
from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache
from typing import Any

from tracepile_assets.narration.narrators.beats import Beat
from tracepile_assets.narration.narrators.closing import closing, is_silent
from tracepile_assets.narration.narrators.folding import LEVELS, Folding, Level
from tracepile_assets.narration.narrators.frames import Frames
from tracepile_assets.narration.narrators.moments import Ending, ending
from tracepile_assets.narration.narrators.phases import has_outline, phases
from tracepile_assets.narration.narrators.prose import Prose
from tracepile_assets.narration.narrators.scene import Scene
from tracepile_assets.narration.narrators.solving import STATEMENT, in_words, plan
from tracepile_assets.narration.narrators.telling import Narration, Rejection
from tracepile_assets.narration.narrators.tokens import Count, estimated_tokens, most_characters
from tracepile_assets.narration.narrators.writing import Writing, fitting
from tracepile_assets.trace_model.trace import Trace

STYLES = ("narrative", "phases")
BUDGET = 2_048

_OPENING = 600
_DEEPEST = 100
"""Calls nested deeper than this are not told: nobody follows them, and the telling itself nests with them."""

_TOKENS_OF_A_STEP = 5
"""Fewest tokens that a step takes, on average: where this is too much for a run, a level is not tried."""
_CHARACTERS_OF_A_STEP = 30
"""Characters of a step that is told in full, roughly: where this is too much for a run, its beginning is told first. If
that is too long for the budget, the brief telling is tried before the full one. None of its clauses is longer, so that
if it is too long, the full one is, too."""
_HOPELESS = 2
"""Share of the budget, by the beginning of a run, from which on a level is given up."""
_FULL, _BRIEF = LEVELS[:2]


def narrate(
    trace: Trace,
    question: Any = None,
    *,
    seed: object = 0,
    budget: int = BUDGET,
    style: str = "narrative",
    count: Count = estimated_tokens,
) -> Narration | Rejection:
    """Tell a run forward, from its input to the answer.

    Args:
        trace: the run.
        question: what the telling answers: anything with ``kind``, ``direction``, ``answer`` and ``target``; None to
            tell the whole run.
        seed: decides what is left open (how many short iterations share a sentence).
        budget: most tokens that the text may have.
        style: ``narrative``, or ``phases``: what is asked, an outline of the code, the run, and what it came to, each
            under its heading; only where there is a question.
        count: gives the number of tokens of a text.

    Returns:
        The telling, or why there is none.
    """
    if getattr(question, "kind", None) != STATEMENT:
        return _narrate(trace, question, seed, budget, style, count)
    if style != "narrative":
        return Rejection(unit=f"deterministic:{style}", reason="not_narrated", detail="a question that shows no code")
    return _without_code(trace, question, seed, budget, count)


def _without_code(trace: Trace, question: Any, seed: object, budget: int, count: Count) -> Narration | Rejection:
    """Tell a run to a reader who has not seen the program: in the problem's words, or after the program."""
    before = plan(trace, seed)
    told = _narrate(trace, question, seed, budget - count(before), "narrative", count)
    if isinstance(told, Rejection):
        return told
    worded = in_words(_scene(trace), seed)
    if worded is None:
        text, steps = before + told.text, told.n_steps
    else:
        sentences, steps = worded
        text = " ".join([*sentences, f"The answer is {question.answer}."])
    tokens = count(text)
    if tokens > budget:
        return Rejection(unit="deterministic:narrative", reason="over_budget", detail=f"more than {budget} tokens")
    return replace(told, text=text, n_steps=steps, n_tokens=tokens)


def _narrate(trace: Trace, question: Any, seed: object, budget: int, style: str, count: Count) -> Narration | Rejection:
    unit = f"deterministic:{style}"
    if len(trace) == 0 or trace.recording.truncated:
        return Rejection(unit=unit, reason="truncated" if len(trace) else "no_events")
    end = Ending(len(trace), "run")
    if question is not None:
        found = ending(trace, question.target, question.answer) if question.direction == "forward" else None
        if found is None:
            return Rejection(unit=unit, reason="not_narrated", detail=f"{question.kind}, {question.direction}")
        end = found
    if max(trace.recording.event_depth[: end.until + 1], default=0) > _DEEPEST:
        return Rejection(unit=unit, reason="too_deep", detail=f"calls nest more than {_DEEPEST} deep")
    scene = _scene(trace)
    if style == "phases" and question is not None and not has_outline(scene, end):
        return Rejection(unit=unit, reason="not_narrated", detail="code that has no outline in words")
    most, folding = most_characters(budget, count), Folding(scene)
    for level in LEVELS:
        if end.whole and level.inner:
            break
        steps = folding.steps(level, end.until, budget // _TOKENS_OF_A_STEP)
        if len(steps) * _TOKENS_OF_A_STEP > budget:
            continue
        if len(steps) * _CHARACTERS_OF_A_STEP > most:
            share = _share(scene, end, level, most, steps)
            if share > _HOPELESS or (level == _FULL and share > 1 and _fitted(scene, end, _BRIEF, most) is None):
                continue
        told = _tell(scene, end, question, level, seed, budget, style, count)
        if told is not None:
            return told
    if end.whole:
        return Rejection(
            unit=unit, reason="over_budget", detail=f"more than {budget} tokens, and nothing may be folded"
        )
    return Rejection(unit=unit, reason="over_budget", detail=f"more than {budget} tokens, folded as far as can be")


@lru_cache(maxsize=2)
def _scene(trace: Trace) -> Scene:
    """A run as the narrators see it; the questions about it come one after the other."""
    return Scene(trace)


def _tell(
    scene: Scene, end: Ending, question: Any, level: Level, seed: object, budget: int, style: str, count: Count
) -> Narration | Rejection | None:
    """The telling at one level; None if it is over the budget."""
    trace, unit = scene.trace, f"deterministic:{style}"
    most = most_characters(budget, count)
    fitted = _fitted(scene, end, level, most)
    if fitted is None:
        return None
    frames, fit = fitted
    if end.whole and frames.opaque:
        return Rejection(unit=unit, reason="not_narrated", detail="calls that are not told step by step")
    if end.frame not in frames.entered:
        return Rejection(unit=unit, reason="not_narrated", detail="the call asked about is not told")
    opening, last = _opening(trace), None
    if question is not None:
        last = closing(scene, end, question.answer, frames.tested)
        if last is None or is_silent(scene, end, frames.said, frames.entered):
            return Rejection(unit=unit, reason="not_narrated", detail="what the answer rests on cannot be told")
    prose = _written(scene, end, fit, level, seed, most)
    if prose is None:
        return None
    sentences = [*([opening] if opening else []), *prose.sentences]
    if last is not None:
        if style == "phases":
            text = phases(scene, end, opening or "", prose.sentences, last, frames.said)
        else:
            text = " ".join(_ended(scene, end, question.answer, prose.last, sentences, last))
    else:
        text = " ".join(sentences)
    if text is None:
        return Rejection(unit=unit, reason="not_narrated", detail="code that has no outline in words")
    tokens = count(text)
    if tokens > budget:
        return None
    return Narration(
        text=text,
        style=style,
        narrator="deterministic",
        direction="forward",
        n_steps=frames.steps,
        n_tokens=tokens,
        opaque_fold=frames.opaque,
    )


def _fitted(scene: Scene, end: Ending, level: Level, most: int) -> tuple[Frames, list[tuple[Beat, int]]] | None:
    """A walk of the run at one level, with its beats; None if they are over the budget."""
    overflow = scene.told.get(("overflow", level, most))
    parts = _parts(end)
    if overflow is not None and overflow < parts:
        return None
    frames = Frames(scene, level, end)
    fit = fitting(frames, most)
    if fit is not None:
        return frames, fit
    if frames.looked < parts and end.what != "visits":
        # Every telling that goes further begins with the same words, and is over the budget too.
        scene.told["overflow", level, most] = frames.looked
    return None


def _share(scene: Scene, end: Ending, level: Level, most: int, steps: list[int]) -> float:
    """The share of the budget that a telling would take if it went on as it begins, with the steps for which it spends
    a fourth."""
    frames = Frames(scene, level, end)
    if fitting(frames, most // 4) is not None:
        return 0.25
    return len(steps) / max(bisect_right(steps, frames.looked), 1) / 4


def _parts(end: Ending) -> int:
    """The event up to which two tellings, one of which ends here, are the same."""
    return end.until if end.at is None else min(end.until, end.at)


def _written(
    scene: Scene, end: Ending, fit: list[tuple[Beat, int]], level: Level, seed: object, most: int
) -> Prose | None:
    """The sentences of a telling; None if they are certainly over the budget."""
    parts = _parts(end)
    long = ("long", level, seed, most)
    if scene.told.get(long, parts) < parts:
        return None
    if ("written", level, seed) not in scene.told:
        governs = Frames(scene, level, end).governs
        scene.told["written", level, seed] = Writing(lambda: Prose(random.Random(str(seed)), governs))
    prose, taken = scene.told["written", level, seed].write([beat for beat, _ in fit], most)
    if taken < len(fit) or prose.length > most:
        if fit[taken - 1][1] < parts and end.what != "visits":
            # As with an overflow, every telling that goes further is over the budget too.
            scene.told[long] = fit[taken - 1][1]
        return None
    prose.stop()
    return prose


def _ended(scene: Scene, end: Ending, answer: str, beat: Beat | None, told: list[str], last: str) -> list[str]:
    """The sentences with the answer at the end, joined to the last of the run where that reads better."""
    if end.what == "branch" and last.startswith("The answer"):
        return [*told[:-1], f"{told[-1][:-1]}, so the answer is {answer}."]
    if beat is not None and _gives(scene, beat, end, answer):
        return [*told[:-1], f"{told[-1][:-1]}; the answer is {answer}."]
    return [*told, last]


def _gives(scene: Scene, beat: Beat, end: Ending, answer: str) -> bool:
    """Whether the clause told last is the assignment that gives the variable asked for its value."""
    if end.what != "value" or end.part is not None or scene.trace.recording.event_frame_id[beat.event] != end.frame:
        return False
    if beat.kind == "pass":
        return beat.text == f"for {end.variable} = {answer}"
    return beat.kind == "effect" and beat.text.startswith(f"{end.variable} = ") and beat.text.endswith(f" = {answer}")


def _opening(trace: Trace) -> str | None:
    if trace.entry_point is not None:
        name = trace.entry_point.rpartition(".")[2]
        call = f"{name}({_on_one_line(trace.arguments or '')})"
        return f"We call {call}." if len(call) <= _OPENING else None
    stdin = trace.stdin or ""
    if not stdin:
        return "There is no input."
    return f"The input is {stdin!r}." if len(stdin) <= _OPENING else None


def _on_one_line(arguments: str) -> str:
    """Arguments as they were given, but for line breaks between them."""
    if "\n" not in arguments:
        return arguments
    call = ast.parse(f"f({arguments})", mode="eval").body
    return ast.unparse(call)[2:-1]
