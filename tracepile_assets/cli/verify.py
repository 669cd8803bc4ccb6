"""`tracepile verify`: a text held against a recorded run, claim by claim.

Not here: what claims there are and how they are checked (narration/verifier), reading the trace (trace_model).
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import complain, console, counted

if TYPE_CHECKING:
    from tracepile_assets.narration.verifier import Claim, Verdict

SCHEMA = "tracepile/verdict/1"

LONGEST = 200_000
"""Characters of a text that is checked; far above any telling that a budget allows."""

_COLOURS = {"verified": "green", "contradicted": "bold red", "ungrounded": "yellow"}


def verify(
    trace: Annotated[
        Path,
        typer.Argument(metavar="TRACE.json", help="What `tracepile trace --format json --full-state` printed."),
    ],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A file with the text, or - for stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> None:
    """Check what a text says of a recorded run, sentence by sentence, without running anything.

    Exit code 0: admitted; 1: blocked (something in it is false, has no ground in the run, or too little of it can be
    read); 2: it could not be checked. A text is admitted when nothing in it is contradicted or ungrounded and at least
    nine tenths of its sentences were checked.

    Example: `tracepile trace gcd.py --call "gcd(12, 18)" --format json --full-state > gcd.json` and then
    `tracepile verify gcd.json telling.txt`
    """
    from tracepile_assets.narration.verifier import verify as check
    from tracepile_assets.trace_model.document import DocumentError, read_trace

    told = _told(text)
    try:
        run = read_trace(_file(trace))
    except DocumentError as error:
        raise _cannot_check(f"{trace}: {error}") from error
    if not len(run):
        raise _cannot_check(f"{trace}: the run has no events (status {run.recording.status}), so nothing can be said")
    if run.recording.truncated:
        complain("some values of the run were cut short; nothing said about them can be verified")
    verdict = check(run, told, strict=False)
    if as_json:
        _print_json(verdict)
    else:
        _print(told, verdict)
    raise typer.Exit(0 if verdict.admitted else 1)


def _cannot_check(message: str) -> typer.Exit:
    complain(message)
    return typer.Exit(2)


def _file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise _cannot_check(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _cannot_check(f"{path}: is not UTF-8 text") from error


def _told(text: str) -> str:
    if text == "-":
        try:
            told = sys.stdin.read()
        except UnicodeDecodeError as error:
            raise _cannot_check("stdin: is not UTF-8 text") from error
    else:
        told = _file(Path(text))
    if not told.strip():
        raise _cannot_check(f"{text}: the text is empty")
    if len(told) > LONGEST:
        raise _cannot_check(f"{text}: {len(told):,} characters; at most {LONGEST:,} are checked")
    return told.strip()


def _print_json(verdict: "Verdict") -> None:
    import json

    claims = [
        {
            "start": claim.start,
            "end": claim.end,
            "kind": claim.kind,
            "says": claim.says,
            "event": claim.event,
            "verdict": claim.verdict,
            "observed": claim.observed,
            "detail": claim.detail,
        }
        for claim in verdict.claims
    ]
    head = {
        "schema": SCHEMA,
        "admitted": verdict.admitted,
        "reason": verdict.reason,
        "coverage": round(verdict.coverage, 4),
        "claims": claims,
    }
    sys.stdout.write(json.dumps(head, ensure_ascii=True, indent=1) + "\n")


def _print(told: str, verdict: "Verdict") -> None:
    from rich.text import Text

    out = console()
    shown = Text(told)
    for claim in verdict.claims:
        shown.stylize(_COLOURS[claim.verdict], claim.start, claim.end)
    out.print(shown, soft_wrap=True)
    out.print()
    for claim in verdict.offending:
        out.print(Text(_line(claim), style=_COLOURS[claim.verdict]), soft_wrap=True)
    count = f"{counted(len(verdict.claims), 'claim')}, coverage {verdict.coverage:.0%}"
    if verdict.admitted:
        out.print(Text(f"admitted: {count}", style="bold green"))
    else:
        out.print(Text(f"blocked: {verdict.reason}", style="bold red"), soft_wrap=True)
        out.print(Text(count))


def _line(claim: "Claim") -> str:
    return f"{claim.start}-{claim.end} {claim.verdict}: {claim.says!r} ({claim.detail})"
