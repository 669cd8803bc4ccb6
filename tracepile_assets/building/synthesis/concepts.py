"""Concepts drawn out of a text, and the list of them that a source goes by.

Not here: what is made of a concept (`tasks`).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tracepile_assets.home.settings import Models
from tracepile_assets.models import Client, Failure, Shape, chat_request, parsed, reads_as_english

from .prompts import CONCEPTS

LONGEST_CONCEPT = 200
_PIECE = 6_000
_MOST_PER_PIECE = 12


class Concepts(Shape):
    """What a model is asked for."""

    concepts: list[str]


def concepts_of_text(client: Client, models: Models, text: str) -> tuple[list[str], list[Failure]]:
    """The concepts that a model finds in a text, in its order, none twice; and what it failed at.

    Raises:
        ModelError: the model cannot be used.
    """
    requests = (
        chat_request(models, CONCEPTS.fill(text=piece, most=_MOST_PER_PIECE), Concepts) for piece in _pieces(text)
    )
    found: dict[str, str] = {}
    failures = []
    for answer in client.ask(requests):
        reply = parsed(answer, Concepts)
        if isinstance(reply, Failure):
            failures.append(reply)
            continue
        for concept in map(plain, reply.concepts[:_MOST_PER_PIECE]):
            if not is_concept(concept):
                failures.append(Failure("wrong shape", f"no concept: {concept[:80]!r}"))
            elif not reads_as_english(concept):
                failures.append(Failure("not English", concept))
            else:
                found.setdefault(concept.casefold(), concept)
    return list(found.values()), failures


def read_concepts(path: Path) -> list[str]:
    """The concepts of a file, one a line; empty lines and those that begin with ``#`` are left out."""
    if not path.exists():
        return []
    return [line for line in map(plain, path.read_text(encoding="utf-8").splitlines()) if line and line[0] != "#"]


def add_concepts(path: Path, concepts: Iterable[str]) -> list[str]:
    """Append what a file of concepts does not have yet, and return all that it has then."""
    known = read_concepts(path)
    seen = {concept.casefold() for concept in known}
    new = []
    for concept in map(plain, concepts):
        if concept and concept.casefold() not in seen:
            seen.add(concept.casefold())
            new.append(concept)
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(f"{concept}\n" for concept in new))
    return known + new


def plain(text: str) -> str:
    """The text in one line, single blanks between its words."""
    return " ".join(text.split())


def is_concept(text: str) -> bool:
    """Whether a line can be a concept: not empty, not long, and no comment."""
    return 0 < len(text) <= LONGEST_CONCEPT and not text.startswith("#")


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces of bounded length, cut between paragraphs where that is possible."""
    piece = ""
    for paragraph in text.split("\n\n"):
        if piece and len(piece) + len(paragraph) > _PIECE:
            yield piece
            piece = ""
        piece += paragraph + "\n\n"
        while len(piece) > 2 * _PIECE:
            yield piece[:_PIECE]
            piece = piece[_PIECE:]
    if piece.strip():
        yield piece
