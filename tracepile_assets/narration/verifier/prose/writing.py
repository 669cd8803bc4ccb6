"""Whether a sentence is written in letters, digits and words that the reader of prose understands.

Belongs here: scripts, look-alikes, other languages. Does not belong here: what a sentence says.
"""

import unicodedata

from tracepile_assets.narration.verifier.prose.reading import Prose
from tracepile_assets.narration.verifier.text import Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _words(
    "a all an and are as at be but by for from goes has have here i in is it its no not of on once only or so "
    "than that the then there this to was we what when which while with you"
)
_ELSEWHERE = _words(
    "aber auf das dem den der des ein eine ist mit nach nicht nie oder sind und von wird zu "
    "al como con cuando del el en es la las los nunca pero por que se ser siempre su un una uno y "
    "au aux avec ce dans de est et il jamais le les mais ne par pas pour qui sont sur toujours une "
    "che di e gli il lo mai non per sono sempre ma o os nao sempre uma het een niet van zijn"
)
_POWERS = "\u00b2\u00b3"
_MOST = 2
"""Words of another language that an English sentence may hold by chance."""


def is_strange(token: Token) -> bool:
    """Whether a token outside strings and code has letters of another script, digits that only look like digits, or
    signs that are not seen."""
    if token.kind in ("string", "code") or token.text.isascii():
        return False
    text = token.text.rstrip(_POWERS) if token.text[:1] not in _POWERS or not token.spaced else token.text
    return any(_is_strange(char) for char in text)


def _is_strange(char: str) -> bool:
    if char.isascii():
        return False
    if unicodedata.numeric(char, None) is not None:
        return True
    if char.isalpha():
        return not unicodedata.name(char, "").startswith("LATIN ") or unicodedata.normalize("NFKC", char) != char
    return unicodedata.category(char) in ("Cf", "Cc", "Co", "Cn", "Mn", "Me")


def is_foreign(prose: Prose, names: frozenset[str]) -> bool:
    """Whether a sentence is more of another language than of English, names of the program apart."""
    said = [token.text.lower() for token in prose.tokens if token.kind == "word" and token.text not in names]
    elsewhere = sum(word in _ELSEWHERE for word in said)
    return elsewhere >= _MOST and elsewhere > sum(word in _ENGLISH for word in said)
