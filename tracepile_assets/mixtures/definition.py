"""What a mixture is: one SQL file with a front matter, read strictly.

Belongs here: the front matter's keys and their types, finding the files. Does not belong here: running the SQL
(`selection`), what the settings do to the rows (`choosing`, `rendering`).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.tokens import BYTE_ESTIMATE
from tracepile_assets.tables.shipped import shipped_sql

STAGES = ("continued_pretraining", "instruction_tuning", "two_stage_1", "two_stage_2", "preference", "reinforcement")
FORMATS = ("text", "messages", "prompt_answer", "pair")
COUNT_CAPS = ("per_program", "per_family", "per_kind", "per_narrator")
CAPS = (*COUNT_CAPS, "per_kind_share")
"""The keys of the table `caps` in a front matter."""

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""What the name of a mixture looks like."""

REQUIRED = ("name", "description", "stage", "format", "seed")
OPTIONAL = ("token_budget", "tokenizer", "benchmarks", "instructions_share", "caps")
"""The keys of a front matter."""
_EXAMPLE = 'begin the file with lines such as `-- name = "my_mixture"`, as the shipped mixtures do'


@dataclass(frozen=True, slots=True)
class Caps:
    """The most samples that a mixture takes of one program, family, kind or narrator; None is no cap.

    `per_kind_share` is the largest share of all samples that one kind may have.
    """

    per_program: int | None = None
    per_family: int | None = None
    per_kind: int | None = None
    per_narrator: int | None = None
    per_kind_share: float | None = None


@dataclass(frozen=True, slots=True)
class Mixture:
    """One training mixture as its file states it.

    Attributes:
        file: where it was read from, for messages.
        text: the whole file.
        sql: the query, without the front matter.
        sql_line: line of the file on which the query begins.
        name: name of the mixture and stem of its file.
        description: what it is for, in a sentence or two.
        stage: training stage, one of `STAGES`.
        format: what a sample looks like, one of `FORMATS`.
        seed: moves order and sampling; never the split.
        tokenizer: how tokens are counted: `byte_estimate`, or a `tokenizer.json`: its path, or its name on the hub.
        benchmarks: what it is decontaminated against: paths of files, or names of data sets on the hub.
        lines: line of the file on which each key of the front matter stands, for messages about its value.
        token_budget: the most tokens that the mixture may have.
        instructions_share: share of samples that come from the user's own instruction set where one is given.
        caps: limits by program, family, kind and narrator.
    """

    file: str
    text: str
    sql: str
    sql_line: int
    name: str
    description: str
    stage: str
    format: str
    seed: int
    tokenizer: str
    token_budget: int | None = None
    instructions_share: float | None = None
    caps: Caps = field(default_factory=Caps)
    benchmarks: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def takes_false_texts(self) -> bool:
        """Whether corrupted twins go into it: only pairs, which say of each text whether it is the true one."""
        return self.format == "pair"


def read_mixture(path: Path) -> Mixture:
    """Read a mixture file.

    Raises:
        MixtureError: the file cannot be read, or its front matter has a key that is unknown, missing or of a wrong
            type.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MixtureError(
            path, f"cannot be read ({error.strerror})", "check the name and the rights of the file"
        ) from error
    except UnicodeDecodeError as error:
        raise MixtureError(path, "is not UTF-8 text", "save it as UTF-8") from error
    return parse_mixture(text, str(path), path.stem)


def find_mixtures(own: Path | None = None) -> list[Mixture]:
    """All mixtures, by name: those that ship with the package and the `*.sql` files in the user's folder, if there is
    one.

    Raises:
        MixtureError: a file is faulty, or one of the user's has the name of a shipped mixture.
    """
    return [find_mixture(name, own) for name in mixture_names(own)]


def mixture_names(own: Path | None = None) -> list[str]:
    """The names of all mixtures, in order, whether or not their files are sound."""
    shipped = {file.name for file in shipped_sql("mixtures").iterdir() if file.name.endswith(".sql")}
    names = shipped | ({path.name for path in own.glob("*.sql")} if own is not None else set())
    return sorted(name.removesuffix(".sql") for name in names)


def is_shipped(mixture: Mixture) -> bool:
    """Whether it is a mixture that ships with the package, and not the user's."""
    shipped = shipped_sql("mixtures") / f"{mixture.name}.sql"
    return shipped.is_file() and shipped.read_text(encoding="utf-8") == mixture.text


def find_mixture(name: str, own: Path | None = None) -> Mixture:
    """The mixture of this name, whatever is wrong with the files of others.

    Args:
        name: its name.
        own: the user's folder, if there is one.

    Raises:
        MixtureError: there is none, its file is faulty, or it is the user's and has the name of a shipped one.
    """
    known = mixture_names(own)
    if name not in known:
        place = own if own is not None else "mixtures"
        raise MixtureError(place, f"there is no mixture {name}", f"there are {', '.join(known)}")
    shipped = shipped_sql("mixtures") / f"{name}.sql"
    path = own / f"{name}.sql" if own is not None else None
    if path is None or not path.exists():
        return parse_mixture(shipped.read_text(encoding="utf-8"), str(shipped), name)
    if shipped.is_file():
        raise MixtureError(path, f"{name} is the name of a shipped mixture", "rename the file and its `name`")
    return read_mixture(path)


def parse_mixture(text: str, file: str, stem: str) -> Mixture:
    """Make a mixture from the text of its file; `stem` is the file's name without `.sql`.

    Raises:
        MixtureError: as `read_mixture`.
    """
    lines = text.splitlines()
    head = 0
    while head < len(lines) and lines[head].startswith("--"):
        head += 1
    if head == 0:
        raise MixtureError(file, "there is no front matter", _EXAMPLE, 1)
    front = [line[2:].removeprefix(" ") for line in lines[:head]]
    try:
        keys = tomllib.loads("\n".join(front))
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        line = int(at.group(1)) if at else head
        problem = re.sub(r" \(at .*\)$", "", str(error))
        raise MixtureError(
            file, f"the front matter is not TOML: {problem}", "write `-- key = value`, text in quotes", line
        ) from error
    body = head
    while body < len(lines) and (not lines[body].strip() or lines[body].lstrip().startswith("--")):
        body += 1
    if body == len(lines):
        raise MixtureError(file, "there is no query after the front matter", "add a SELECT", len(lines))
    return _checked(keys, _Front(file, front), stem, text, "\n".join(lines[body:]), body + 1)


@dataclass(frozen=True, slots=True)
class _Front:
    """The lines of the front matter, for messages that name one."""

    file: str
    lines: list[str]

    def fault(self, key: str, problem: str, remedy: str) -> MixtureError:
        return MixtureError(self.file, problem, remedy, self.line_of(key))

    def line_of(self, key: str) -> int:
        key_text = re.escape(key)
        own = re.compile(rf"\s*[\"']?{key_text}[\"']?\s*=|\s*\[\s*{key_text}\s*\]")
        inline = re.compile(rf"\b{key_text}\b")
        numbers = [
            number for search in (own.match, inline.search) for number, line in enumerate(self.lines, 1) if search(line)
        ]
        return numbers[0] if numbers else 1


def _checked(keys: dict[str, Any], front: _Front, stem: str, text: str, sql: str, sql_line: int) -> Mixture:
    _known(keys, (*REQUIRED, *OPTIONAL), front)
    for key in REQUIRED:
        if key not in keys:
            raise MixtureError(front.file, f"the front matter lacks `{key}`", f"add a line `-- {key} = …`", 1)
    name = _text(keys, "name", front)
    if not NAME.fullmatch(name) or name != stem:
        remedy = "make it the file's name without `.sql`, in small letters, digits and `_`"
        raise front.fault("name", f"name is {name!r} and the file is {stem}.sql", remedy)
    form = _one_of(keys, "format", FORMATS, front)
    share = _share(keys, "instructions_share", front)
    if share is not None and form != "messages":
        remedy = 'write `-- format = "messages"`, or drop the key'
        raise front.fault("instructions_share", "a user's instructions are chat messages", remedy)
    return Mixture(
        file=front.file,
        text=text,
        sql=sql,
        sql_line=sql_line,
        name=name,
        description=_text(keys, "description", front),
        stage=_one_of(keys, "stage", STAGES, front),
        format=form,
        seed=_whole(keys, "seed", front, least=0) or 0,
        tokenizer=_text(keys, "tokenizer", front) if "tokenizer" in keys else BYTE_ESTIMATE,
        token_budget=_whole(keys, "token_budget", front, least=1),
        instructions_share=share,
        caps=_caps(keys.get("caps", {}), front),
        benchmarks=_texts(keys, "benchmarks", front) if "benchmarks" in keys else (),
        lines={key: front.line_of(key) for key in keys},
    )


def _caps(caps: Any, front: _Front) -> Caps:
    if not isinstance(caps, dict):
        raise front.fault(
            "caps", "caps is not a table", "write `-- [caps]` and below it lines such as `-- per_program = 100`"
        )
    _known(caps, CAPS, front)
    counts = {key: _whole(caps, key, front, least=1) for key in COUNT_CAPS}
    return Caps(**counts, per_kind_share=_share(caps, "per_kind_share", front))


def _known(keys: Mapping[str, Any], known: tuple[str, ...], front: _Front) -> None:
    for key in keys:
        if key not in known:
            raise front.fault(key, f"unknown key `{key}`", f"the keys are {', '.join(known)}")


def _text(keys: Mapping[str, Any], key: str, front: _Front) -> str:
    value = keys[key]
    if not isinstance(value, str) or not value.strip():
        raise front.fault(key, f"{key} is {value!r}, not a text", f'write `-- {key} = "…"`')
    return value


def _texts(keys: Mapping[str, Any], key: str, front: _Front) -> tuple[str, ...]:
    value = keys[key]
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise front.fault(key, f"{key} is {value!r}, not a list of texts", f'write `-- {key} = ["…", "…"]`')
    return tuple(dict.fromkeys(value))


def _one_of(keys: Mapping[str, Any], key: str, allowed: tuple[str, ...], front: _Front) -> str:
    value = keys[key]
    if value not in allowed:
        raise front.fault(key, f"{key} is {value!r}", f"write one of {', '.join(allowed)}, in quotes")
    return value


def _whole(keys: Mapping[str, Any], key: str, front: _Front, *, least: int) -> int | None:
    if key not in keys:
        return None
    value = keys[key]
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise front.fault(key, f"{key} is {value!r}", f"write a whole number of at least {least}")
    return value


def _share(keys: Mapping[str, Any], key: str, front: _Front) -> float | None:
    if key not in keys:
        return None
    value = keys[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
        raise front.fault(key, f"{key} is {value!r}", "write a share between 0 and 1, such as 0.5")
    return float(value)
