"""How a program and its call are shown where no question shows them: the beginning of the document of a whole run.

Not here: what follows it in a sample (`rendering`).
"""

from collections.abc import Mapping


def program_and_call(row: Mapping[str, str | None]) -> str:
    """The title, the statement, the program and what it is called with; what is null is left out.

    Args:
        row: title, statement, code, entry_point, arguments, stdin.
    """
    parts = []
    if row["title"]:
        parts.append(f"# {row['title']}")
    if row["statement"]:
        parts.append(row["statement"].strip())
    parts.append(_fenced(row["code"] or "", "python"))
    if row["entry_point"]:
        parts.append(f"The call is `{row['entry_point']}({row['arguments'] or ''})`.")
    elif row["stdin"]:
        parts.append("It reads from standard input:\n\n" + _fenced(row["stdin"]))
    else:
        parts.append("It is run without any input.")
    return "\n\n".join(parts)


def _fenced(text: str, language: str = "") -> str:
    # A fence longer than any in the text cannot be closed by it.
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
