"""Prints docs/narrations.md: runs of the embedded programs, as they are told, with what is good and bad about each.

    python -m tracepile_assets_tests.narration.shown > docs/narrations.md

Belongs here: which runs, and the judgement of a reader. Does not belong here: telling them.
"""

import textwrap

from tracepile_assets.execution import Job, Limits, Pool, RunInput
from tracepile_assets.narration import Narration, narrate, verify
from tracepile_assets.sources import embedded
from tracepile_assets.trace_model.trace import Trace

_INPUTS = 8
_HEAD = """# Tellings, read aloud

Ten tellings that read well and five that do not, chosen by reading those of the embedded programs and fifty of MBPP and
LeetCode. All are told by the deterministic narrator as they stand, and admitted by the verifier. Printed by
`python -m tracepile_assets_tests.narration.shown`."""
_BEST = (
    (
        "algorithms",
        "Binary search",
        3,
        "Each bound is worked out before the reader's eyes; each test names the slot once.",
    ),
    ("algorithms", "Bubble sort", 7, "A swap is told as one, and the loops end for the reasons that the code gives."),
    (
        "algorithms",
        "Quickselect",
        7,
        "A call, what happens in it, and what comes of it outside, in one line of thought.",
    ),
    ("mathematics", "Power with a modulus", 7, "Arithmetic that a reader can follow with a pencil."),
    (
        "mathematics",
        "From one base to another",
        7,
        "Two calls, each with its own loop, neither longer than it has to be.",
    ),
    ("mathematics", "Place of a permutation", 7, "The list shrinks as it is told, and the rank grows beside it."),
    ("mathematics", "Every fourth one free", 7, "A word problem, told in the words of its names."),
    ("competition", "Ferry trips", 7, "Standard input, a helper, two fingers that meet, and what is printed."),
    (
        "competition",
        "Run-length coding",
        7,
        "The state of a string, letter by letter, which is what models fail at most.",
    ),
    ("competition", "Last in the circle", 7, "A deque that turns: what it holds is said where it changes."),
)
_WORST = (
    ("mathematics", "Partitions of a number", 2, "A comprehension that calls itself is told by its outcome alone."),
    (
        "competition",
        "Filling a backpack",
        4,
        "So is a call whose telling would be over the budget: nothing can be learnt here.",
    ),
    ("competition", "Check the brackets", 4, "What matters happens in the calls, and these are folded."),
    (
        "mathematics",
        "Binomial coefficient",
        7,
        "Four tests of limits at every level: true, and tiresome from the second one on.",
    ),
    (
        "algorithms",
        "Which segments intersect",
        0,
        "Passes told by the state that they leave: why they do is left to the reader.",
    ),
)


def _told(pool: Pool, collection: str, title: str, number: int) -> tuple[str, str]:
    """The program's text and the telling of its run on an input."""
    [program] = [each for each in embedded.read(collection, _INPUTS, 0) if each.title == title]
    given = program.inputs[number]
    run = RunInput("0", arguments=given.arguments, stdin=given.stdin, codec=given.codec)
    ((_, [outcome]),) = pool.run([Job(title, program.code, program.entry_point, (run,))])
    trace = Trace(program.code, program.entry_point, outcome.recording, arguments=given.arguments, stdin=given.stdin)
    told = narrate(trace, None, seed=f"{title} {number}")
    if not isinstance(told, Narration) or not verify(trace, told.text).admitted:
        raise AssertionError(f"{title} is not told, or not admitted: {told}")
    return program.code, told.text


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    with Pool(workers=1, limits=Limits()) as pool:
        for heading, chosen in (("Ten of the best", _BEST), ("The five worst", _WORST)):
            parts.append(f"## {heading}")
            for collection, title, number, why in chosen:
                code, text = _told(pool, collection, title, number)
                lines = textwrap.wrap(text, 124, break_long_words=False, break_on_hyphens=False)
                quoted = "\n".join(f"> {line}" for line in lines)
                parts += [f"### {title}", why, f"```python\n{code.strip()}\n```", quoted]
    return "\n\n".join(parts)


if __name__ == "__main__":
    print(page())
