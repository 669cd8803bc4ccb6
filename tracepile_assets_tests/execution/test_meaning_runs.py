"""What a trace means, decision 7: what a run is, and how it ended."""

import pytest

from .columns import changes, events, of_place, run


def test_a_stdin_program_is_its_module_body():
    row = run("""
        n = int(input())
        if __name__ == '__main__':
            print(n * 2)
        """, None, None, "21\n")  # fmt: skip
    assert row["frame_function"] == ["<module>"]
    assert [e[:3] for e in events(row)] == [
        ("call", 1, 0),
        ("line", 1, 0),
        ("line", 2, 0),
        ("line", 3, 0),
        ("output", 3, 0),
        ("return", 3, 0),
    ]
    assert (row["stdout"], row["return_value"], row["arguments_after"]) == ("42\n", None, None)
    assert of_place(row, "g.n") == [("set", "21")]


def test_a_function_program_is_recorded_from_the_entry_call():
    row = run("""
        print('setting up')
        class Solution:
            def __init__(self): self.seen = []
            def solve(self, x):
                self.seen.append(x)
                return self.seen
        """, "5", "Solution().solve")  # fmt: skip
    assert row["frame_function"] == ["Solution.solve"]
    assert changes(row, 0) == [
        ("f0.self", "set", "#0"),
        ("#0", "set", "Solution(seen=#1)"),
        ("#1", "set", "[]"),
        ("f0.x", "set", "5"),
    ]
    assert (row["return_value"], row["stdout"]) == ("[5]", "setting up\n")


def test_arguments_after_the_run_are_kept():
    row = run("def f(a, b=None):\n    a.append(b)\n    b['k'] = 1\n", "[1], b={}")
    assert row["arguments_after"] == "([1, {'k': 1}], {'k': 1})"


@pytest.mark.parametrize(
    ("ending", "status", "exception"),
    [
        ("sys.exit()", "ok", None),
        ("sys.exit(0)", "ok", None),
        ("sys.exit(3)", "exception", "SystemExit: 3"),
        ("sys.exit('no')", "exception", "SystemExit: no"),
        ("raise KeyError('k')", "exception", "KeyError: 'k'"),
        ("raise MemoryError", "memory_limit", None),
        ("raise KeyboardInterrupt", "exception", "KeyboardInterrupt"),
        ("open('/nonexistent')", "exception", "FileNotFoundError: [Errno 2] No such file or directory: '/nonexistent'"),
        ("{}[1]", "exception", "KeyError: 1"),
    ],
)
def test_how_a_run_ended(ending, status, exception):
    row = run(f"import sys\ndef f():\n    {ending}\n")
    assert row["status"] == status
    if status != "memory_limit":
        assert row["exception"] == exception
