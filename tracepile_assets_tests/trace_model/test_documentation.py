"""The worked example in docs/trace.md is what the recorder gives."""

import pathlib
import re

from tracepile_assets_tests.trace_model.runs import trace_of

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "trace.md"
EXAMPLE = re.compile(r"<!-- example: (\w+) (.*?) -->\n(.*?)<!-- end of example -->", re.DOTALL)


def table(code: str, entry_point: str, arguments: str) -> str:
    rows = ["event", "kind", "statement", "line", "depth", "frame", "value", "changes"], ["---"] * 8
    lines = ["|" + "|".join(rows[1]) + "|"]
    lines.insert(0, "| " + " | ".join(rows[0]) + " |")
    for event in trace_of(code, entry_point, arguments).events():
        changes = ", ".join(f"`{c.place}` {c.op} `{c.value}` ({c.cause})" for c in event.changes)
        value = "" if event.value is None else f"`{event.value}`"
        cells = (event.index, event.kind, event.statement, event.line, event.depth, event.frame, value, changes)
        lines.append(" ".join(f"| {cell}".rstrip() for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def test_the_example_is_what_the_recorder_gives():
    text = PAGE.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    entry_point, arguments, printed = EXAMPLE.search(text).groups()
    assert printed == table(code, entry_point, arguments)


def test_the_reading_example_holds():
    text = PAGE.read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1)
    trace = trace_of(code, "collect", "[3, 5]")
    state = trace.state_at(18)
    assert state.text(state.lookup(0, "bag")) == "[8, 5]"
    assert "state = trace.state_at(18)" in text
    assert "# '[8, 5]'" in text
    assert [a.value for a in trace.assignments(0, "size")] == [1, 2]
    assert len(trace.loops[0].iterations) == len(trace.frame_calls("add")) == 2
