"""Run as a program by another interpreter: records programs there, and observes them with the naive recorder.

    python elsewhere.py ROOT FOLDER < request > answer

ROOT is the repository's, FOLDER that of the built extension (empty: without). Only the standard library is there:
packages that would import more are stood in for. Does not belong here: who asks (``interpreters``).
"""

import asyncio  # noqa: F401 - loaded beforehand, as in the jail: loaded anew by each program it would not fit its part in C
import pickle
import sys
from pathlib import Path
from types import ModuleType


def _stand_in(root, folder):
    sys.path.insert(0, root)
    for name in ("tracepile_assets", "tracepile_assets.execution", "tracepile_assets.execution.guest"):
        package = ModuleType(name)
        package.__path__ = [str(Path(root, *name.split(".")))]
        sys.modules[name] = package
    sys.modules["tracepile_assets.execution.guest"].__path__.insert(0, folder)


def main():
    """Answer the request."""
    task, recorder, programs, events = pickle.load(sys.stdin.buffer)
    _stand_in(*sys.argv[1:])
    from tracepile_assets.execution.guest.recorder import Caps, record

    answers = []
    for code, entry, arguments in programs:
        row = record(code, entry, arguments, None, None, Caps(events=events), recorder)
        if task == "observe":
            from tracepile_assets_tests.execution.oracle import Oracle

            plain = Oracle(code, entry, arguments).run(traced=False)
            answers.append((row, plain, Oracle(code, entry, arguments, most=events).run()))
        else:
            answers.append(row)
    sys.stdout.buffer.write(pickle.dumps(answers))


if __name__ == "__main__":
    # This folder holds modules of tests, which are none of the standard library.
    sys.path.pop(0)
    main()
