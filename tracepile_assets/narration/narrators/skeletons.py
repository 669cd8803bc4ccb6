"""The shape of a sentence: what is left when names and literals are taken out.

Belongs here: masking. Does not belong here: what is done about sentences of one shape (``prose``).
"""

import re

_WORDS = frozenset(
    (
        *(
            "after",
            "and",
            "as",
            "at",
            "be",
            "becoming",
            "break",
            "but",
            "call",
            "called",
            "calls",
            "catches",
            "changes",
            "clause",
        ),
        *("ends", "empty", "exhausted", "fails", "for", "function", "gives", "go", "holds", "if", "in", "input", "is"),
        *("it", "iteration", "iterations", "leaves", "leaving", "line", "loop", "nonzero", "not", "nothing", "of"),
        *("or", "over", "pass", "passes", "prints", "raises", "returns", "runs", "set", "so", "swap", "the", "there"),
        *("this", "time", "times", "to", "value", "which", "with", "without", "zero"),
    )
)
_PART = re.compile(r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\d(?:[\w.]*\w)?|[^\W\d]\w*)""")
_WORD = re.compile(r"[^\W\d]\w*")
_NEGATIVE = re.compile(r"(?<![\w)\]] )-N")
_CONTAINER = re.compile(r"(?<!\w)(?:\[(?:N(?:, N)*)?\]|\((?:N,|N(?:, N)+)?\)|\{(?:N(?:: N)?(?:, N(?:: N)?)*)?\})")


def skeleton(sentence: str) -> str:
    """A sentence with every name, number, string and container of such as N; words of ours and signs stay."""
    pieces = _PART.split(sentence)
    pieces[1::2] = [part if part.lower() in _WORDS else "N" for part in pieces[1::2]]
    masked = _NEGATIVE.sub("N", "".join(pieces))
    while "[" in masked or "{" in masked or "(" in masked:
        fewer = _CONTAINER.sub("N", masked)
        if fewer == masked:
            break
        masked = fewer
    return masked


def first_word(sentence: str) -> str:
    """The word of ours that a sentence begins with, as it stands in its skeleton; empty where it begins otherwise."""
    word = _WORD.match(sentence)
    return word.group() if word is not None and word.group().lower() in _WORDS else ""


def last_word(sentence: str) -> str:
    """The word of ours that a sentence ends with, which its skeleton keeps; empty where it ends otherwise."""
    word = sentence[sentence.rfind(" ") + 1 : -1]
    return word if word.lower() in _WORDS else ""
