"""Sentences that cannot be read, and whether they leave the run alone.

Belongs here: what a remark may hold. Does not belong here: reading claims (``grammar``), and deciding on a text.
"""

from tracepile_assets.narration.verifier.prose import words
from tracepile_assets.narration.verifier.prose.reading import NUMBER_WORDS, ORDINAL_WORDS
from tracepile_assets.narration.verifier.prose.reading import sentences as lines
from tracepile_assets.narration.verifier.prose.writing import is_foreign, is_strange
from tracepile_assets.narration.verifier.text import sentences

_SAYS_SOMETHING = {"number", "ordinal", "string", "code"}
_MORE = (
    "all always any branch branches code condition else empty ends error even every exception function if input larger "
    "largest loop loops negative none nothing odd only positive print prints program run runs same smaller smallest "
    "sorted unchanged variable variables"
)
_OF_RUNS = frozenset(_MORE.split()).union(
    words.ROUNDS,
    words.CALLS,
    words.TIMES,
    words.ACTIONS,
    words.THINGS,
    words.RETURNED,
    words.FALSE,
    words.TRUE,
    ORDINAL_WORDS,
)
"""Words with which something can be said of a run without any name or value."""


def says_something(sentence: str, names: set[str]) -> bool:
    """Whether a sentence holds a value, a name or code of the program, which nobody has checked."""
    return any(
        token.kind in _SAYS_SOMETHING or token.text in names or token.text.lower() in NUMBER_WORDS
        for read in sentences(sentence)
        for token in read.tokens
    )


def is_idle(sentence: str, names: set[str]) -> bool:
    """Whether a sentence is in plain English and holds nothing that could be said of a run, true or false."""
    if says_something(sentence, names):
        return False
    read = lines(sentence)
    said = [token for prose in read for token in prose.tokens]
    if any(is_strange(token) or token.text.lower() in _OF_RUNS for token in said):
        return False
    return not any(is_foreign(prose, frozenset(names)) for prose in read)
