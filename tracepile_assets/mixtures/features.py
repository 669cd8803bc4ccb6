"""The features of samples that mixtures read: token counts by their tokenizers, signatures, overlaps with their
benchmarks.

Belongs here: which features a mixture needs, what each is called, and checking that what it names can be read. Does not
belong here: measuring (building/ does it, once for all mixtures), and reading what was measured (`measures`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracepile_assets.mixtures.benchmarks import read_items
from tracepile_assets.mixtures.definition import Mixture, find_mixture, mixture_names
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.named_files import NamedFileError, benchmark_files, tokenizer_files
from tracepile_assets.mixtures.tokens import BYTE_ESTIMATE, counter

SETTINGS_FILE = "tracepile.toml"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: a folder of sample_features.

    Attributes:
        name: its name, which says what is in it: what was measured by other contents has another name.
        kind: what is measured.
        named: what a mixture calls it; empty for signatures.
        paths: the files that it is measured by.
        digest: digest of their contents.
    """

    name: str
    kind: Literal["tokens", "signatures", "hits"]
    named: str = ""
    paths: tuple[Path, ...] = ()
    digest: str = ""


SIGNATURES = Feature("signatures", "signatures")
ESTIMATE = Feature(f"tokens-{BYTE_ESTIMATE}", "tokens", BYTE_ESTIMATE)


@dataclass(frozen=True, slots=True)
class Features:
    """The features that one mixture reads; `hits` has one for each benchmark that it is decontaminated against."""

    tokens: Feature = ESTIMATE
    signatures: Feature = SIGNATURES
    hits: tuple[Feature, ...] = ()

    def __iter__(self) -> Iterator[Feature]:
        """All of them."""
        return iter((self.tokens, self.signatures, *self.hits))


def features_of(mixture: Mixture, home: Path, benchmarks: Sequence[str] = ()) -> Features:
    """The features that a mixture reads.

    Args:
        mixture: the mixture.
        home: the home's folder, which paths are below.
        benchmarks: what all mixtures of the home are decontaminated against, beside what this one names.

    Raises:
        MixtureError: what it names is missing, cannot be read, or cannot be reached.
    """
    line = mixture.lines.get("benchmarks")
    found = [_hits(name, home, mixture.file, line) for name in mixture.benchmarks]
    found += [_hits(name, home, home / SETTINGS_FILE, None) for name in benchmarks if name not in mixture.benchmarks]
    # Two names may stand for the same contents.
    return Features(_tokens(mixture, home), hits=tuple({feature.name: feature for feature in found}.values()))


def wanted_features(home: Path, own: Path | None, benchmarks: Sequence[str] = ()) -> list[Feature]:
    """The features that the mixtures of a home read, by name; a mixture that is faulty wants none.

    Args:
        home: the home's folder.
        own: the user's mixtures, if there are any.
        benchmarks: what all mixtures of the home are decontaminated against.
    """
    found = {ESTIMATE.name: ESTIMATE, SIGNATURES.name: SIGNATURES}
    for name in mixture_names(own):
        try:
            found |= {feature.name: feature for feature in features_of(find_mixture(name, own), home, benchmarks)}
        except MixtureError:
            continue  # told by the build of that mixture, and in nobody else's way
    return sorted(found.values(), key=lambda feature: feature.name)


def _hits(name: str, home: Path, file: str | Path, line: int | None) -> Feature:
    """The feature of a benchmark that is named on a line of a file."""
    try:
        named = benchmark_files(name, home)
        read_items(named.paths, named.digest)
    except NamedFileError as error:
        raise MixtureError(file, f"the benchmark {name}: {error.problem}", error.remedy, line) from error
    return Feature(f"hits-{named.label}-{named.digest}", "hits", name, named.paths, named.digest)


def _tokens(mixture: Mixture, home: Path) -> Feature:
    if mixture.tokenizer == BYTE_ESTIMATE:
        return ESTIMATE
    line = mixture.lines.get("tokenizer")
    try:
        named = tokenizer_files(mixture.tokenizer, home)
    except NamedFileError as error:
        remedy = f'{error.remedy}; or write `-- tokenizer = "{BYTE_ESTIMATE}"`'
        raise MixtureError(mixture.file, f"the tokenizer: {error.problem}", remedy, line) from error
    try:
        counter(named.paths[0], named.digest)
    except ValueError as error:
        problem = f"the tokenizer {named.paths[0]} cannot be loaded ({error})"
        remedy = f'give a `tokenizer.json` of the library tokenizers, or write `-- tokenizer = "{BYTE_ESTIMATE}"`'
        raise MixtureError(mixture.file, problem, remedy, line) from error
    return Feature(f"tokens-{named.label}-{named.digest}", "tokens", mixture.tokenizer, named.paths, named.digest)
