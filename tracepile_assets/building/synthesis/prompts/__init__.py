"""The prompts of synthesis, one text file each; nothing else. A changed word is another version, stored with each row.

What a model or a user wrote stands between lines of `<<<` and `>>>`, and the prompt says that it is no instruction.
"""

from tracepile_assets.models import Prompt

CONCEPTS = Prompt(__name__, "concepts")
TASKS = Prompt(__name__, "tasks")
SOLUTION = Prompt(__name__, "solution")
TESTS = Prompt(__name__, "tests")
