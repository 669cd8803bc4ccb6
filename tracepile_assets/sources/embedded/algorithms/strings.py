"""String matching: naive, Knuth-Morris-Pratt.

Belongs here: the entries of this area and their generators. Does not belong here: the program texts.
"""

from collections.abc import Callable
from random import Random

from tracepile_assets.sources.embedded.algorithms import draws
from tracepile_assets.sources.embedded.catalogue import Entry


def _text_and_pattern(longest: int) -> Callable[[Random, float], str]:
    def generate(rng: Random, level: float) -> str:
        alphabet = rng.choice(["ab", "ab", "abc", "ACGT", "01"])
        length = draws.size(rng, level, 3, longest)
        text = "".join(rng.choice(alphabet) for _ in range(length))
        wanted = rng.randint(1, 2 + round(4 * level))
        kind = rng.random()
        if kind < 0.6:
            start = rng.randrange(max(1, length - wanted + 1))
            pattern = text[start : start + wanted]
        elif kind < 0.75:
            # Periodic pattern in a periodic text: matches overlap.
            unit = "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 2)))
            pattern = (unit * wanted)[:wanted]
            text = (unit * length)[: length - 1] + rng.choice(alphabet)
        elif kind < 0.8:
            pattern = text + rng.choice(alphabet)
        else:
            pattern = "".join(rng.choice(alphabet) for _ in range(wanted))
        return draws.call(text, pattern)

    return generate


_STATEMENT = (
    "Given a text and a non-empty pattern, return all positions in the text at which an occurrence of the pattern "
    "begins, in ascending order. "
)

ENTRIES = (
    Entry(
        name="naive_string_matching",
        title="Naive string matching",
        statement=_STATEMENT + "Trying every position is good enough. Occurrences may overlap.",
        entry_point="naive_string_matching",
        generate=_text_and_pattern(65),
        domain="algorithms",
    ),
    Entry(
        name="kmp_string_matching",
        title="Knuth-Morris-Pratt string matching",
        statement=_STATEMENT + "Occurrences may overlap, and no letter of the text may be stepped back to.",
        entry_point="kmp_string_matching",
        generate=_text_and_pattern(85),
        domain="algorithms",
    ),
)
