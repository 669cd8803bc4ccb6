"""The data card of a mixture: what is in it, where it comes from, how to load it, what it is not good for.

Belongs here: the text of README.md, its plots, and writing both. Does not belong here: counting anything that `making`
has counted already. Every sentence is made from the data, or holds for any mixture.
"""
