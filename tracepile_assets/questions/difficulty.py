"""How hard a question is, from what a reader has to carry to answer it.

Difficulty lies between 0 and 1 and grows, ever more slowly, with four things:

- ``steps``: events from the beginning of the run to the moment asked about (weight 0.45, half of it at 120 events);
- ``updates``: how often what is asked about changed before that moment (0.25, half at 6);
- ``length``: characters of the answer (0.2, half at 40);
- ``depth``: nesting of calls at that moment (0.1, half at 2).

It orders questions of all kinds on one scale. It is not a share of models that fail, and never depends on a corpus.
"""


def difficulty(*, steps: int, updates: int = 0, length: int = 0, depth: int = 0) -> float:
    """The difficulty of a question, rounded to four digits; see the module for what counts."""
    parts = ((0.45, steps, 120), (0.25, updates, 6), (0.2, length, 40), (0.1, depth, 2))
    return round(sum(weight * amount / (amount + half) for weight, amount, half in parts), 4)
