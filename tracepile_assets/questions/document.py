"""Prints docs/questions.md from the kinds: `python -m tracepile_assets.questions.document > docs/questions.md`.

Not here: what a kind asks (`kinds/`).
"""

from .companions import COMPANIONS
from .kinds import KINDS

_INTRODUCTION = """# Questions

The kinds of question that are asked about a run, one module each in `tracepile_assets/questions/kinds/`. A moment
always has one canonical form, immediately before or after the k-th execution of a statement in the c-th call of a
function, which the `target` column of `tracing_questions` holds; each kind words it in several ways, chosen by seed,
and no two moments of a run share a wording.

Nothing is asked about a run that its second run did not confirm, that the sandbox decided, or whose code or input is
too long for a prompt; and nothing where a value that was cut short, is opaque or holds an address could matter. What
can be read off the code or the prompt is not asked.

Of one run at most `questions.per_trace` questions are asked (settings; 8 unless set), `questions.per_kind` of each kind
(1). The kinds that ask for the outcome come first. The others are drawn with the weights below, which are greater for
kinds that seldom apply, so that each that applies at all has its share of a corpus.
`python -m tracepile_assets_tests.questions.whole_corpus DATA` measures the shares, has every answer recomputed by the
independent evaluator, and with `--told` counts how many are narrated.

`grade(question, answer)` grades an answer to any of them. Backward questions are graded by running the answer in the
sandbox: every input that gives the outcome is right. So are programs that were written for a problem.

This page is printed from the kinds by `python -m tracepile_assets.questions.document`.

| kind | asks for | answer | graded | applies to | weight |
|---|---|---|---|---|---|
"""

_COMPANIONS = """
## Beside a run

Companion questions are about a program and its problem. They are asked beside the runs of originals, one of each kind
at most, whatever the number of other questions; those of direction `none` beside the run on the first input only. The
answer of `equivalence` never says more than runs showed, so the prompt names the inputs. For the answers that are
False, a mutant of the original or of a variant is run besides (see [rewriting.md](rewriting.md)); what counts is a
difference that comes again in a second run. The answer of `statement_prediction` is told without reference to code
that the reader has not seen: in the problem's own words where the program brings them as comments, else after the
program as the plan.

| kind | direction | asks for | answer | graded | applies to |
|---|---|---|---|---|---|
"""


def document() -> str:
    """The text of docs/questions.md."""
    rows = []
    for kind in KINDS.values():
        weight = "always" if kind.weight is None else f"{kind.weight:g}"
        cells = (f"`{kind.name}`", kind.asks_for, kind.computed, kind.graded, kind.applies, weight)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    rows.append(_COMPANIONS)
    for one in COMPANIONS.values():
        cells = (f"`{one.name}`", f"`{one.direction}`", one.asks_for, one.computed, one.graded, one.applies)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return _INTRODUCTION + "".join(rows)


if __name__ == "__main__":
    print(document(), end="")
