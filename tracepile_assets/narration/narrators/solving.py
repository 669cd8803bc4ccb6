"""Tellings for a reader who is given a problem and no code: what they bring so that the run can be followed.

A program that is one calculation after the other, each below a comment in the problem's words, is told in these words.
Before the run of any other the program itself is given, as the plan. Belongs here: these two. Does not belong here: the
telling of the run (``frames``, ``phrases``, ``prose``).
"""

import ast
import re
from random import Random

from tracepile_assets.narration.narrators.beats import Beat
from tracepile_assets.narration.narrators.folding import LEVELS
from tracepile_assets.narration.narrators.frames import Frames
from tracepile_assets.narration.narrators.moments import Ending
from tracepile_assets.narration.narrators.prose import Prose
from tracepile_assets.narration.narrators.scene import Scene
from tracepile_assets.narration.narrators.writing import fitting
from tracepile_assets.trace_model.trace import Trace

STATEMENT = "statement_prediction"
"""Kind of the question that shows no code."""

_PLANS = (
    "This program solves the problem:",
    "A program for the problem is this:",
    "The plan, as a Python program:",
)
_RETURNS, _RESULT = "The call returns ", "The result is "
_GIVEN_LONG = 300


def plan(trace: Trace, seed: object) -> str:
    """The program as the plan, to be followed by the telling of its run."""
    longest = max((len(run) for run in re.findall("`+", trace.code)), default=0)
    fence = "`" * max(3, longest + 1)
    code = trace.code.removesuffix("\n")
    return f"{Random(str(seed)).choice(_PLANS)}\n\n{fence}python\n{code}\n{fence}\n\n"


def in_words(scene: Scene, seed: object) -> tuple[list[str], int] | None:
    """The sentences of a run told in the words of its problem, and how many steps they tell; None where the program
    does not bring them."""
    words = _words(scene.trace)
    given = _given(scene) if words else None
    if given is None:
        return None
    frames = Frames(scene, LEVELS[0], Ending(len(scene.trace), "run"))
    fit = fitting(frames, 4 * len(scene.trace.code) + 4_000)
    if fit is None:
        return None
    prose = _Worded(Random(str(seed)), frames.governs, scene.trace, words)
    for beat, _ in fit:
        prose.take(beat)
    prose.stop()
    *sentences, last = prose.sentences
    if not last.startswith(_RETURNS) or frames.opaque:
        return None
    return [given, *sentences, _RESULT + last.removeprefix(_RETURNS)], frames.steps


class _Worded(Prose):
    """Prose in which a calculation follows the words above it, each in a sentence of its own."""

    evens = False

    def __init__(self, rng: Random, governs, trace: Trace, words: dict[int, str]) -> None:  # type: ignore[no-untyped-def]
        super().__init__(rng, governs)
        self._statement = trace.recording.event_statement
        self._words = dict(words)

    def take(self, beat: Beat) -> None:
        """Take the next beat, with the words above its statement."""
        words = self._words.pop(self._statement[beat.event], None) if beat.kind == "effect" else None
        if words is not None:
            if self.waiting:
                self.stop()
            beat = beat._replace(text=f"{words}: {beat.text}")
        super().take(beat)


def _words(trace: Trace) -> dict[int, str]:
    """Statement -> the words above it, of a program that is one function made of assignments and a last return."""
    tree = trace.syntax.tree
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.FunctionDef):
        return {}
    *steps, last = tree.body[0].body
    if not isinstance(last, ast.Return) or not all(isinstance(step, ast.Assign) for step in steps):
        return {}
    lines = trace.code.split("\n")
    found = {}
    for statement in trace.syntax.statements:
        above = lines[statement.line - 2].strip() if statement.line > 1 else ""
        if above.startswith("#") and statement.node in steps:
            text = above.lstrip("# ").rstrip(" .:;,")
            if text and "`" not in text:
                found[statement.number] = text
    return found if len(found) == len(steps) else {}


def _given(scene: Scene) -> str | None:
    """What is given, by name."""
    function = scene.trace.syntax.tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    given = []
    for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        text = scene.variable(each.arg, 0, 0)
        if text is None or len(text) > _GIVEN_LONG:
            return None
        given.append(f"{each.arg} = {text}")
    if not given or function.args.vararg or function.args.kwarg:
        return None
    return f"Given {given[0]}." if len(given) == 1 else f"Given {', '.join(given[:-1])} and {given[-1]}."
