"""Whether two programs give the same result on each of the inputs named: no more than their runs showed."""

from collections.abc import Sequence

from ..choice import draw
from ..difficulty import difficulty
from ..kind import Refusal
from ..prompt import fenced, pick, quoted
from ..question import Question
from ..run import Run
from .companion import Companion
from .problem import Problem, ProblemRun, shortest

_NAMED = 3
"""Inputs that are named at most."""

_LENGTH = 2_000
"""Characters of all inputs that are named."""

_SAME = 0.45
"""Share of the questions about a like program where there is an unlike one too; somewhat less than half, since of a few
programs no unlike one is known."""

_OPENINGS = ("Here are two Python programs.", "Compare these two Python programs.", "Read both of these programs.")
_ASKS = (
    "Do the two give the same result on each of them: the same return value and the same output, or an exception of "
    "the same type? Answer True or False.",
    "Is the outcome (what is returned and printed, or the type of the exception) the same for both on every one of "
    "them? Answer True or False.",
    "For each of them, do both programs return and print the same, or end in the same type of exception? Answer True "
    "or False.",
)


class Equivalence(Companion):
    """Whether another program does the same on inputs of this one."""

    name = "equivalence"
    asks_for = "Whether two programs give the same result on each of the inputs that the prompt names."
    computed = "True for a proved variant whose runs on them gave the same, False for a program that a run refuted."
    graded = "True or False."
    applies = (
        "Programs with a proved variant, or with a rewrite or a mutant that runs refuted; about as many with either."
    )

    def ask(self, problem: Problem, run: Run, seed: object) -> Question | Refusal:
        """The question; it names the input that tells an unlike program from the original, if that is asked about."""
        known = {one.input_id: one for one in problem.runs if one.outcome is not None}
        unlike = [one for one in problem.unlike if one.inputs[0] in known]
        alike = [one for one in problem.alike if any(each in known for each in one.inputs)]
        if not unlike and not alike:
            return Refusal("not_applicable", "no other program is known to be like it or unlike it")
        same = not unlike or (bool(alike) and draw(seed, self.name, "same") < _SAME)
        others = alike if same else unlike
        other = others[int(draw(seed, self.name, "other") * len(others))]
        usable = [known[each] for each in other.inputs if each in known]
        named = shortest(usable, _NAMED) if same else _with_others(usable[0], list(known.values()))
        while len(named) > 1 and sum(len(one.arguments or one.stdin or "") for one in named) > _LENGTH:
            named.remove(max(named[0 if same else 1 :], key=lambda one: len(one.arguments or one.stdin or "")))
        if sum(len(one.arguments or one.stdin or "") for one in named) > _LENGTH:
            return Refusal("too_long", f"inputs of more than {_LENGTH} characters")
        trace = run.trace
        named.sort(key=list(known.values()).index)
        pair = [(trace.code, trace.entry_point), (other.code, other.entry_point)]
        swapped = draw(seed, self.name, "order") < 0.5
        prompt = _prompt(pair[::-1] if swapped else pair, named, seed)
        target: dict[str, object] = {
            "asks": "equivalence",
            "rewrites": list(other.rewrites),
            "inputs": [one.input_id for one in named],
            "original": "B" if swapped else "A",
        }
        hard = difficulty(steps=len(trace) * len(named), length=len(other.code) // 10, depth=trace.max_depth)
        return self.question(prompt, str(same), "bool", hard, target)


def _with_others(telling: ProblemRun, runs: Sequence[ProblemRun]) -> list[ProblemRun]:
    """The input that tells, first, and some of the others."""
    return [telling, *shortest([one for one in runs if one is not telling], _NAMED - 1)]


def _prompt(pair: list[tuple[str, str | None]], named: list[ProblemRun], seed: object) -> str:
    parts = [pick(_OPENINGS, seed, Equivalence.name, "opening")]
    for letter, (code, _) in zip("AB", pair, strict=True):
        parts += [f"Program {letter}:", fenced(code, "python")]
    if pair[0][1] is None:
        parts.append("Both are run with each of these standard inputs:")
        parts += [fenced(one.stdin, "text") if one.stdin else "(nothing)" for one in named]
    else:
        first, second = (quoted(f"{entry}(...)") for _, entry in pair)
        called = f"Both are called as {first}" if first == second else f"A is called as {first}, B as {second}"
        listed = "\n".join(f"{number}. {quoted(one.arguments or ' ')}" for number, one in enumerate(named, 1))
        parts += [f"{called}, with each of these arguments:", listed]
    return "\n\n".join([*parts, pick(_ASKS, seed, Equivalence.name, "asks")])
