"""How alike programs are: code with its names normalised away, and families of programs that are then equal.

Belongs here: normal forms and what is computed from them, row by row, and how different texts are. Does not belong
here: joining families across stripes, and what is done about likeness (``building``, ``mixtures``).
"""
