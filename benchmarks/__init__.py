"""How fast programs are recorded, against the plain run and against other recorders. README.md has the figures.

Belongs here: what is measured, how, and against whom. Does not belong here: anything that the product imports, and
checks of what is recorded (the tests).
"""
