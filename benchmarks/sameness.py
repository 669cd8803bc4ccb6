"""How alike the sentences of narrations are: their skeletons counted, rows of one skeleton, compression beside traces.

A sentence's skeleton has names of the program and literals masked; operators and the shape of expressions stay. A
container of literals is one literal. The first sentence of a text (the call) and the last (the answer) are counted
apart.

Belongs here: cutting, masking, counting. Does not belong here: making the texts (`narrations`).
"""

import ast
import keyword
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

_TOKEN = re.compile(
    r"""(?P<string>\b[bBrRfF]{0,2}(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|(?<!\w)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<number>(?<![\w.])\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?j?(?:st|nd|rd|th)?\b)
    |(?P<word>[^\W\d]\w*)""",
    re.VERBOSE,
)
_LITERALS = {"True", "False", "None", "inf", "nan"}
_SET = re.compile(r"\bset\(\)|\bdeque\(L\)|\bCounter\(L?\)|\bfrozenset\(L?\)")
_NEGATIVE = re.compile(r"(?<![\w)\]] )-L")
_CONTAINER = re.compile(r"(?<!\w)(?:\[(?:L(?:, L)*)?\]|\((?:L,|L(?:, L)+)?\)|\{(?:L(?:: L)?(?:, L(?:: L)?)*)?\})")
_END = re.compile(r"(?<=[.!?]) (?=\S)")


class Sameness:
    """Counts the skeletons of many texts."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.inner: Counter[str] = Counter()
        self.outer: Counter[str] = Counter()
        self.example: dict[str, str] = {}
        self.longest: Counter[int] = Counter()
        self.rows: list[tuple[str, str]] = []
        self.texts = 0

    def add(self, name: str, text: str, code: str) -> None:
        """Count one text, told of a run of this code."""
        self.texts += 1
        sentences = sentences_of(text)
        skeletons = [skeleton(each, _names(code)) for each in sentences]
        for at, (mask, sentence) in enumerate(zip(skeletons, sentences, strict=True)):
            (self.outer if at in (0, len(skeletons) - 1) else self.inner)[mask] += 1
            self.example.setdefault(mask, sentence)
        in_a_row = 0
        for mask, group in groupby(skeletons[1:-1]):
            number = len(list(group))
            in_a_row = max(in_a_row, number)
            if number > 2:
                self.rows.append((mask, name))
        self.longest[in_a_row] += 1

    def report(self, most: int = 12) -> str:
        """What was found, in words and a table."""
        total = sum(self.inner.values())
        lines = [
            f"{self.texts:,} texts, {total:,} sentences but for the first and last of each,",
            f"{len(self.inner):,} skeletons, of which {sum(n > total / 100 for n in self.inner.values())} above 1 %;",
            f"texts with three of one skeleton in a row: {sum(n for k, n in self.longest.items() if k > 2):,}",
            "",
            "| share % | skeleton | example |",
            "|---|---|---|",
        ]
        for mask, number in self.inner.most_common(most):
            shown = [each[:90].replace("|", "\\|").replace("\n", " ") for each in (mask, self.example[mask])]
            lines.append(f"| {100 * number / max(total, 1):.2f} | {shown[0]} | {shown[1]} |")
        lines += ["", "three in a row, by skeleton:"]
        for mask, number in Counter(mask for mask, _ in self.rows).most_common(most):
            where = next(name for found, name in self.rows if found == mask)
            lines.append(f"- {number:,}: {mask[:110]} ({where[:60]})")
        return "\n".join(lines)


def sentences_of(text: str) -> list[str]:
    """The sentences of a text; what stands in quotes or backticks does not end one."""
    hidden: list[str] = []

    def hide(match: re.Match[str]) -> str:
        hidden.append(match.group())
        return f"\ue000{len(hidden) - 1}\ue001"

    plain = re.sub(r"`[^`]*`|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", hide, text)
    parts = [part for line in plain.splitlines() for part in _END.split(line) if part.strip()]
    return [re.sub("\ue000(\\d+)\ue001", lambda match: hidden[int(match[1])], part).strip() for part in parts]


def skeleton(sentence: str, names: frozenset[str]) -> str:
    """A sentence with names of the program as N and literals as L."""

    def mask(match: re.Match[str]) -> str:
        if match.lastgroup != "word":
            return "L"
        word = match.group()
        return "L" if word in _LITERALS else "N" if word in names else word

    masked = _NEGATIVE.sub("L", _TOKEN.sub(mask, sentence))
    while True:
        fewer = _SET.sub("L", _CONTAINER.sub("L", masked))
        if fewer == masked:
            return masked[:1].lower() + masked[1:] if masked[:1] not in ("N", "L") else masked
        masked = fewer


@lru_cache(maxsize=256)
def _names(code: str) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return frozenset(found - set(keyword.kwlist) - _LITERALS)


def compressed(texts: Iterable[str]) -> tuple[int, int] | None:
    """Bytes of texts one after the other, and of what `zstd --long` makes of them; None where there is no zstd."""
    command = shutil.which("zstd")
    if command is None:
        return None
    data = "\n\n".join(texts).encode("utf-8", "surrogatepass")
    made = subprocess.run([command, "--long=27", "-19", "-T1", "-c", "-q"], input=data, capture_output=True, check=True)
    return len(data), len(made.stdout)
