"""New names for variables, by scheme.

Belongs here: what names a scheme gives, in which order. Does not belong here: which variables get them (``renaming``).
"""

from collections.abc import Iterator
from itertools import count

from tracepile_assets.rewriting.foreign_words import LANGUAGES, UNKNOWN, WORDS
from tracepile_assets.rewriting.rewrite import Context

_LETTERS = "abcdefghijkmnpqrstuvwxyz"
_GREEK = (
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "mu",
    "nu",
    "xi",
    "rho",
    "tau",
)


_ROLES = (
    *("index", "count", "total", "names", "limit", "left", "right", "matrix", "word", "key", "flag", "depth", "queue"),
    *("price", "is_valid", "row", "letters", "width", "target", "best", "parent", "text", "sign", "day", "offset"),
    *("low", "high", "size", "stack", "visited", "node", "answer", "step", "first", "last", "prime", "product", "rest"),
    *("column", "level", "seen", "start", "end", "score", "weights", "path", "digits", "points", "message", "error"),
)


def neutral(context: Context) -> Iterator[str]:
    """Names that say nothing about a variable's role, without end: one of four series, chosen by the context's seed."""
    series = context.random.choice(("v{}", "var_{}", "letters", "greek"))
    if series in ("letters", "greek"):
        words = [*(_LETTERS if series == "letters" else _GREEK)]
        context.random.shuffle(words)
        yield from (word for word in words if word not in context.taken)
        series = "v{}"
    yield from (name for number in count(1) if (name := series.format(number)) not in context.taken)


def misleading(context: Context) -> Iterator[str]:
    """Names of roles that some variables have, in an order of the context's seed: seldom that of the variable itself,
    as no name of the program is taken. Without end: then the same again with a number."""
    words = [*_ROLES]
    context.random.shuffle(words)
    yield from (word for word in words if word not in context.taken)
    yield from (name for number in count(2) for word in words if (name := f"{word}{number}") not in context.taken)


class Foreign:
    """Names in one language, chosen by the context's seed; different names get different ones."""

    def __init__(self, context: Context) -> None:
        """Choose the language."""
        self._context = context
        language = context.random.choice(LANGUAGES)
        self._words = WORDS[language]
        unknown = [*UNKNOWN[language]]
        context.random.shuffle(unknown)
        self._unknown = iter([*unknown, *(f"{word}{number}" for number in range(2, 100) for word in unknown)])

    def named(self, old: str) -> str | None:
        """The name in the language: the word, or the words between underscores, translated if all are known. Single
        letters between underscores stay."""
        number = old[len(old.rstrip("0123456789")) :]
        parts = [part.lower() for part in old.removesuffix(number).split("_") if part]
        words = [part if len(part) == 1 < len(parts) else self._words.get(part) for part in parts]
        if None not in words and words != parts:
            return self._context.fresh("_".join(words) + number)
        return next((word for word in self._unknown if self._is_free(word)), None)

    def _is_free(self, word: str) -> bool:
        if word in self._context.taken:
            return False
        self._context.taken.add(word)
        return True
