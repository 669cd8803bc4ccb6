"""Asks about one trace: every kind in turn, a few questions each, chosen by seed.

Not here: what a kind finds (`kinds/`), and how a choice is drawn (`choice`).
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from tracepile_assets.trace_model.trace import Trace

from .choice import draw, prefer, spread
from .kind import Kind, Refusal, Settled
from .kinds import KINDS
from .question import Asked, Question, Rejection
from .run import AlteredRun, Run
from .sandbox import decided_by_sandbox

WIDTH = 8
"""Candidates that are looked at for each question asked."""

CODE_LENGTH = 12_000
INPUT_LENGTH = 4_000
"""Characters of the longest code and input that a prompt may hold."""


def ask(
    trace: Trace,
    *,
    seed: object = 0,
    per_kind: int = 2,
    per_trace: int | None = None,
    deterministic: str = "full",
    codec: str = "literal",
    altered: Sequence[AlteredRun] = (),
    kinds: Iterable[str] | None = None,
) -> Asked:
    """Ask about one run.

    Args:
        trace: the run with its code and input.
        seed: decides which moments are chosen and how they are worded; anything with a stable text.
        per_kind: most questions of one kind.
        per_trace: most questions in all; None for no such limit. The kinds are then asked in a drawn order until there
            are enough: those that ask for the outcome first, then those that seldom apply sooner than others.
        deterministic: what a second run proved (column of execution_traces): ``full``, ``result_only`` or ``no``.
        codec: how the arguments of the input are written; a backward answer is run with the same.
        altered: runs on inputs of which one element is changed, for the kind that asks what would be.
        kinds: names of the kinds to ask, in their order; all where None.

    Returns:
        At most ``per_kind`` questions of each kind, ordered by kind, then by moment; and one rejection for each kind
        that was asked and gives none. Equal arguments give equal questions.

    Raises:
        KeyError: there is no such kind.
        ReplayError: the recording contradicts itself.
    """
    run = Run(trace, deterministic, codec, altered)
    undecided = decided_by_sandbox(trace)
    chosen = list(KINDS.values()) if kinds is None else [KINDS[name] for name in kinds]
    questions: dict[str, list[Question]] = {}
    rejected: dict[str, Rejection] = {}
    left = float("inf") if per_trace is None else per_trace
    for kind in chosen if per_trace is None else _drawn(chosen, seed):
        if left <= 0:
            break
        found = undecided or _ask(kind, run, seed, int(min(per_kind, left)))
        if isinstance(found, Refusal):
            rejected[kind.name] = Rejection(kind.name, found.reason, found.detail)
        else:
            questions[kind.name] = found
            left -= len(found)
    names = [kind.name for kind in chosen]
    return Asked(
        tuple(question for name in names for question in questions.get(name, ())),
        tuple(rejected[name] for name in names if name in rejected),
    )


def _drawn(kinds: list[Kind], seed: object) -> list[Kind]:
    """Kinds in the order in which they are asked where not all may be: a weighted draw without replacement."""
    always = [kind for kind in kinds if kind.weight is None]
    others = [kind for kind in kinds if kind.weight is not None]
    return always + sorted(others, key=lambda kind: -(draw(seed, "kinds", kind.name) ** (1 / (kind.weight or 1))))


def _ask(kind: Kind, run: Run, seed: object, per_kind: int) -> list[Question] | Refusal:
    refusal = kind.unfit(run) or _too_long(run)
    if refusal is not None:
        return refusal
    candidates = kind.candidates(run)
    if not candidates:
        return Refusal("not_applicable")
    settled: list[Settled] = []
    refused: Counter[Refusal] = Counter()
    for candidate in spread(candidates, WIDTH * per_kind, seed, kind.name):
        for found in kind.settle(run, candidate):
            if isinstance(found, Refusal):
                refused[found] += 1
            else:
                settled.append(found)
    if not settled:
        return refused.most_common(1)[0][0] if refused else Refusal("not_applicable")
    chosen = prefer(settled, per_kind, seed, kind.name, weight=lambda s: s.difficulty**2, alike=lambda s: s.alike)
    return [_question(kind, run, one, seed) for one in chosen]


def _question(kind: Kind, run: Run, settled: Settled, seed: object) -> Question:
    wording = f"{seed}/{kind.name}/{json.dumps(settled.target, sort_keys=True)}"
    return Question(
        kind.name,
        kind.direction,
        kind.prompt(run, settled, wording),
        settled.answer,
        settled.answer_type,
        settled.difficulty,
        settled.target,
    )


def _too_long(run: Run) -> Refusal | None:
    trace = run.trace
    if len(trace.code) > CODE_LENGTH:
        return Refusal("too_long", f"code of more than {CODE_LENGTH} characters")
    if len(trace.arguments or "") + len(trace.stdin or "") > INPUT_LENGTH:
        return Refusal("too_long", f"input of more than {INPUT_LENGTH} characters")
    return None
