"""New inputs of a program made from those that it has, each of the types that the given ones show.

Belongs here: what is learnt of a program's inputs, and the changes that are made to them; pure, seeded, nothing is run.
Does not belong here: running programs on the mutants and choosing which are kept (building/), or what they prove
(rewriting/).

Types are learnt from the inputs that there are and from annotations, values from the inputs and from the constants of
the program's text. What all inputs have in common is kept up most of the time: that an argument is the length of
another, that two lists are equally long, that a list is sorted or the rows of a matrix equally long.
"""

from tracepile_assets.sources.mutation.drawing import Mutator

__all__ = ["Mutator"]
