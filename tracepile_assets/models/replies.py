"""Takes replies apart: JSON of a shape that was asked for, and whether a text is English.

Belongs here: what holds for every reply that is to be read. Does not belong here: what a reply means.
"""

import re
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from .chat import Answer, Failure

LONGEST_REPLY = 60_000
"""Characters of a reply that is looked at: no prompt of ours asks for more than a few thousand."""

_FENCED = re.compile(r"```[a-zA-Z]*\n(.*)\n```", re.DOTALL)
_WORDS = re.compile(r"[^\W\d_]+")
_COMMON = frozenset(
    {
        *("the", "of", "and", "to", "is", "that", "are", "with", "from", "each"),
        *("given", "return", "returns", "its", "by", "an", "be", "it", "if"),
    }
)
_COMMON_SHARE = 0.07
_JUDGED_FROM = 8
_LATIN_END = 0x250


class Shape(BaseModel):
    """A JSON object that a model is asked for; unknown keys and values of other types are errors."""

    model_config = ConfigDict(extra="forbid", strict=True)


S = TypeVar("S", bound=Shape)


def parsed(answer: Answer, shape: type[S]) -> S | Failure:
    """The reply as an object of a shape; what keeps it from being one, if it is none.

    One pair of code fences around the whole is let pass: servers without structured output let models add it.
    """
    if isinstance(answer, Failure):
        return answer
    text = answer.text.strip()
    fenced = _FENCED.fullmatch(text)
    try:
        return shape.model_validate_json(fenced[1] if fenced else text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        reason = "not JSON" if first["type"] == "json_invalid" else "wrong shape"
        return Failure(reason, f"{where}: {first['msg']}" if where else first["msg"])
    except (ValueError, RecursionError) as error:
        return Failure("not JSON", str(error)[:200])


def reads_as_english(text: str) -> bool:
    """Whether a text can be taken for English prose: of Latin letters, and with English's commonest words in it.

    A text of a few words is judged by its letters alone.
    """
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(ord(letter) >= _LATIN_END for letter in letters)
    if not letters or foreign > len(letters) * 0.05:
        return False
    words = [word.lower() for word in _WORDS.findall(text)]
    common = sum(word in _COMMON for word in words)
    return len(words) < _JUDGED_FROM or common >= len(words) * _COMMON_SHARE
