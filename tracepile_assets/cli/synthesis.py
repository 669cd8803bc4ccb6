"""What `tracepile sources synthesize` does: concepts gathered, an estimate shown, the run, and what came of it.

Not here: the command's options (sources.py), and the making (building/synthesis).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .console import console, counted
from .estimates import tell_estimate

if TYPE_CHECKING:
    from tracepile_assets.building.synthesis import Synthesized
    from tracepile_assets.home import Home
    from tracepile_assets.models import Client


def run(
    name: str, concepts: Sequence[str], texts: Sequence[Path], domain: str, license_: str, only_estimate: bool
) -> None:
    """Make programs for a source, or say what that would take."""
    from tracepile_assets.building.synthesis import SynthesisFile, estimate, synthesize
    from tracepile_assets.home import SourceEntry, open_home
    from tracepile_assets.models import open_client

    home = open_home()
    entry = SourceEntry(name, "synthesis", str(SynthesisFile(home, name).path), domain, license_)
    wanted = _listed(concepts)
    with open_client(home, asks=not only_estimate) as client:
        if not only_estimate:
            wanted += _taken_out(home, client, texts)
        tell_estimate(home, estimate(home, name, client, wanted))
        if only_estimate:
            if texts:
                console().print("what the concepts of a text take is known once they are found", style="dim")
            return
        with console().status("asking") as status:
            made = synthesize(
                home, entry, client, wanted, lambda done, total: status.update(f"{done} of {total} concepts")
            )
    _tell(name, made)


def _listed(concepts: Sequence[str]) -> list[str]:
    """Concepts given as such, or in files of one a line."""
    from tracepile_assets.building.synthesis import SynthesisError
    from tracepile_assets.building.synthesis.concepts import LONGEST_CONCEPT, is_concept, plain, read_concepts

    found: list[str] = []
    for given in concepts:
        try:
            lines = read_concepts(Path(given)) if _is_file(given) else [plain(given)]
        except (OSError, UnicodeDecodeError) as error:
            raise SynthesisError(f"--concepts {given}: cannot be read: {error}; give a text file in UTF-8") from error
        for line in lines:
            if not is_concept(line):
                raise SynthesisError(
                    f"--concepts: {line[:60]!r} is no concept: name it in at most {LONGEST_CONCEPT} characters; of a "
                    "longer text make a file, for --text"
                )
        found += lines
    return found


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except (OSError, ValueError):  # too long a name for a file, as words can be
        return False


def _taken_out(home: "Home", client: "Client", texts: Sequence[Path]) -> list[str]:
    """Concepts that the model finds in texts."""
    from tracepile_assets.building.synthesis import SynthesisError, concepts_of_text

    found: list[str] = []
    for path in texts:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SynthesisError(f"--text {path}: cannot be read: {error}; give a text file in UTF-8") from error
        concepts, failures = concepts_of_text(client, home.settings().models, text)
        console().print(
            f"{path}: {counted(len(concepts), 'concept')}: {', '.join(concepts)}", markup=False, soft_wrap=True
        )
        for failure in failures:
            console().print(f"  left out: {failure.reason}: {failure.detail}", markup=False, style="dim")
        found += concepts
    return found


def _tell(name: str, made: "Synthesized") -> None:
    out = console()
    dropped = counted(sum(made.dropped.values()), "task")
    out.print(f"{counted(made.kept, 'program')} kept, {dropped} dropped, {made.known} known already")
    for title, counts in (("dropped", made.dropped), ("left out of the agreement", made.left_out)):
        for reason, number in sorted(counts.items()):
            out.print(f"  {title}: {reason}: {number}", markup=False)
    if made.unanswered:
        out.print(f"{made.unanswered} were not answered: run it again to ask for them again")
    cost = f", for {made.cost:,.2f}" if made.cost else ""
    out.print(f"{made.tokens:,} tokens used{cost}; `tracepile build --source {name}` builds what was kept", style="dim")
