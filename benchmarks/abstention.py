"""Counts the expressions of assignments and tests on which the pure evaluator abstains, by kind and by reason.

    TRACEPILE_TEST_DATA=... python -m benchmarks.abstention --sources leetcode --every 5

Counted are executions, at most so many of one statement in a run, and statements: one on which it abstains at any of
them counts as a whole. An expression that raises is worked out.

Belongs here: the counting. Does not belong here: evaluating (`trace_model.evaluator`).
"""

import argparse
import ast
import re
import sys
from collections import Counter

from benchmarks.corruptions import SOURCES, runs
from benchmarks.measuring import table
from tracepile_assets.trace_model.evaluator import Abstain, EvaluatedToError, evaluate, evaluate_augmented
from tracepile_assets.trace_model.trace import Trace

KINDS = {"Assign": "assignment", "AnnAssign": "assignment", "AugAssign": "augmented assignment"}
TESTS = {"If": "test of if", "While": "test of while", "Assert": "test of assert"}


class Abstentions:
    """Counts by kind of statement and by reason."""

    def __init__(self, most: int) -> None:
        """Look at no more than so many executions of one statement in a run."""
        self.most = most
        self.executions: Counter[tuple[str, str]] = Counter()
        self.statements: dict[tuple[str, int], tuple[str, bool]] = {}
        self.reasons: Counter[str] = Counter()

    def add(self, program: str, trace: Trace) -> None:
        """Evaluate what a run evaluated."""
        seen: Counter[int] = Counter()
        recording = trace.recording
        for event, state in trace.replay():
            if recording.event_kind[event] != "line":
                continue
            statement = recording.event_statement[event]
            node = trace.syntax.statements[statement].node
            name = type(node).__name__
            kind = KINDS.get(name) or TESTS.get(name)
            if kind is None or getattr(node, "value", node) is None or seen[statement] >= self.most:
                continue
            seen[statement] += 1
            frame = recording.event_frame_id[event]
            reason = None
            try:
                if isinstance(node, ast.AugAssign):
                    evaluate_augmented(node, state, frame, trace, event)
                else:
                    evaluate(node.test if name in TESTS else node.value, state, frame, trace, event)
            except EvaluatedToError:
                pass
            except Abstain as abstained:
                reason = re.sub(r"'[^']*'|`[^`]*`|#?\d+", "…", str(abstained))[:70]
            self.executions[kind, "abstained" if reason else "worked out"] += 1
            known = self.statements.get((program, statement), (kind, False))
            self.statements[program, statement] = (kind, known[1] or reason is not None)
            if reason:
                self.reasons[reason] += 1

    def report(self, most: int = 15) -> str:
        """Markdown."""
        kinds = [*dict.fromkeys([*KINDS.values(), *TESTS.values()]), "all"]
        rows = []
        for kind in kinds:
            worked, abstained = (
                sum(n for (k, what), n in self.executions.items() if what == said and kind in (k, "all"))
                for said in ("worked out", "abstained")
            )
            some = [failed for k, failed in self.statements.values() if kind in (k, "all")]
            shares = [
                f"{100 * a / max(b, 1):.2f}" for a, b in ((abstained, worked + abstained), (sum(some), len(some)))
            ]
            rows.append([kind, f"{worked + abstained:,}", shares[0], f"{len(some):,}", shares[1]])
        header = ["kind", "executions", "abstained %", "statements", "abstained %"]
        reasons = [f"- {number:,}: {reason}" for reason, number in self.reasons.most_common(most)]
        return "\n".join([table(header, rows), "", "reasons, by executions:", *reasons])


def main() -> None:
    """Run the command."""
    sys.setrecursionlimit(20_000)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.abstention", description=__doc__.split("\n\n")[0])
    parser.add_argument("--sources", nargs="*", default=["leetcode"], choices=SOURCES)
    parser.add_argument("--every", type=int, default=5, help="take every so many-th program of MBPP and LeetCode")
    parser.add_argument("--inputs", type=int, default=2, help="inputs of a program")
    parser.add_argument("--events", type=int, default=5_000, help="events of the longest run")
    parser.add_argument("--visits", type=int, default=5, help="executions of one statement in a run")
    options = parser.parse_args()
    found = Abstentions(options.visits)
    for name, trace in runs(tuple(options.sources), options.every, options.inputs, options.events):
        found.add(name.partition("(")[0], trace)
    print(found.report())


if __name__ == "__main__":
    main()
