"""What two builds of a mixture have that the other has not, sample by sample.

Not here: releases themselves (store.py), and how a comparison is shown.
"""

from dataclasses import dataclass

import polars as pl

from tracepile_assets.home import Home
from tracepile_assets.mixtures import find_mixture
from tracepile_assets.tables.files import TableError, read_footer, read_table

from ..places import mixture_folder, mixture_side, read_manifest
from .store import ReleaseError, find_release, releases

NOW = "now"
"""What the build that there is is called among releases."""


@dataclass(frozen=True)
class Comparison:
    """Two builds of a mixture compared.

    Attributes:
        mixture: name of the mixture.
        before: name of the one release, or `now`.
        after: name of the other, or `now`.
        samples: one row per sample that is not the same in both: `sample_id`, `change` (`added`, `removed` or
            `changed`: the same ids with another text or in another split), `source`, `kind`, `n_tokens`.
        counts: `source`, `kind`, and how many were `added`, `removed`, `changed`.
        unchanged: number of samples that are the same in both.
        tokens: tokens of all samples of each.
        made_from: the parts that they were not made from alike: `sql`, `licenses`, `benchmarks`, `instructions`,
            `versions`, or `table: stripe`.
    """

    mixture: str
    before: str
    after: str
    samples: pl.DataFrame
    counts: pl.DataFrame
    unchanged: int
    tokens: tuple[int, int]
    made_from: tuple[str, ...]


def compare(home: Home, mixture: str, before: str | None = None, after: str | None = None) -> Comparison:
    """Compare two builds of a mixture.

    Args:
        home: the home.
        mixture: name of the mixture.
        before: a release, or `now` for the build that there is; the last release if None.
        after: likewise; `now` if None.

    Raises:
        ReleaseError: there is no such release, or the mixture is not built.
    """
    if before is None:
        if not (known := releases(home, mixture)):
            find_mixture(mixture, home.mixture_folder)
            raise ReleaseError(f"{mixture} has no releases to compare with; make one: `tracepile release {mixture}`")
        before = known[-1].name
    after = after or NOW
    (old, old_from), (new, new_from) = (_rows(home, mixture, name) for name in (before, after))
    both = old.join(new, on="sample_id", how="full", suffix="_new", coalesce=True)
    other = (pl.col("content") != pl.col("content_new")) | (pl.col("split") != pl.col("split_new"))
    change = (
        pl.when(pl.col("content").is_null())
        .then(pl.lit("added"))
        .when(pl.col("content_new").is_null())
        .then(pl.lit("removed"))
        .when(other)
        .then(pl.lit("changed"))
    )
    newest = [pl.coalesce(f"{name}_new", name).alias(name) for name in ("source", "kind", "n_tokens")]
    compared = both.select("sample_id", change.alias("change"), *newest)
    samples = compared.filter(pl.col("change").is_not_null()).sort("source", "kind", "sample_id")
    per_change = [(pl.col("change") == name).sum().alias(name) for name in ("added", "removed", "changed")]
    return Comparison(
        mixture,
        before,
        after,
        samples,
        samples.group_by("source", "kind").agg(per_change).sort("source", "kind"),
        compared.height - samples.height,
        (old["n_tokens"].sum(), new["n_tokens"].sum()),
        tuple(_unlike(old_from, new_from)),
    )


def _rows(home: Home, mixture: str, name: str) -> tuple[pl.DataFrame, dict]:
    """The samples of a build, and what it was made from."""
    if name == NOW:
        find_mixture(mixture, home.mixture_folder)
        path, manifest = mixture_side(home, "sample_rows", mixture), read_manifest(mixture_folder(home, mixture))
        said = read_footer(path)
        if manifest is None or said is None or said.get("content") != manifest["content"]:
            raise ReleaseError(f"mixture {mixture} is not built, or not whole; build it: tracepile build")
        made_from = manifest["made_from"]
    else:
        release = find_release(home, mixture, name)
        path, made_from = release.rows_file, release.made_from
    try:
        return pl.from_arrow(read_table(path, "sample_rows")), made_from
    except TableError as error:
        raise ReleaseError(f"{mixture}, {name}: {error}") from error


def _unlike(before: dict, after: dict) -> list[str]:
    parts = [
        part for part in ("sql", "licenses", "benchmarks", "instructions", "versions") if before[part] != after[part]
    ]
    old, new = _stripes(before), _stripes(after)
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return parts + [f"{table}: {stripe}" if stripe else table for table, stripe in sorted(differing)]


def _stripes(made_from: dict) -> dict[tuple[str, str], object]:
    found = {}
    for table, stripes in made_from["tables"].items():
        for said in stripes:
            stripe, content = said if isinstance(said, list) else ("", said)
            found[table, stripe] = content
    return found
