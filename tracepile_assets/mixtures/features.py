"""The features of samples that mixtures read: token counts by their tokenizers, signatures, overlaps with their
benchmarks.

Belongs here: which features a mixture needs, what each is called, and checking that what it names can be read. Does not
belong here: measuring (building/ does it, once for all mixtures), and reading what was measured (`measures`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tracepile_assets.mixtures.definition import Mixture, find_mixture, mixture_names
from tracepile_assets.mixtures.errors import MixtureError
from tracepile_assets.mixtures.named_files import NamedFileError, tokenizer_files
from tracepile_assets.mixtures.tokens import BYTE_ESTIMATE, counter


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
    """The features that one mixture reads."""

    tokens: Feature = ESTIMATE
    signatures: Feature = SIGNATURES

    def __iter__(self) -> Iterator[Feature]:
        """All of them."""
        return iter((self.tokens, self.signatures))


def features_of(mixture: Mixture, home: Path) -> Features:
    """The features that a mixture reads.

    Args:
        mixture: the mixture.
        home: the home's folder, which paths are below.

    Raises:
        MixtureError: what it names is missing, cannot be read, or cannot be reached.
    """
    return Features(_tokens(mixture, home))


def wanted_features(home: Path, own: Path | None) -> list[Feature]:
    """The features that the mixtures of a home read, by name; a mixture that is faulty wants none.

    Args:
        home: the home's folder.
        own: the user's mixtures, if there are any.
    """
    found = {ESTIMATE.name: ESTIMATE, SIGNATURES.name: SIGNATURES}
    for name in mixture_names(own):
        try:
            found |= {feature.name: feature for feature in features_of(find_mixture(name, own), home)}
        except MixtureError:
            continue  # told by the build of that mixture, and in nobody else's way
    return sorted(found.values(), key=lambda feature: feature.name)


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
