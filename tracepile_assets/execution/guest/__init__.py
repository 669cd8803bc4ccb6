"""What runs inside the jail, and nothing else: numbering of statements, the recorder, the zygote.

Belongs here: code that depends on the standard library alone and imports nothing of ours from outside this folder.
Does not belong here: the parent's side (``execution``) and anything that reads a recording (``trace_model``).
"""
