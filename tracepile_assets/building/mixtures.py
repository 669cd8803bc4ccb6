"""Building one mixture: is it stale, make its samples, stage the shards, publish them with the data card last.

Not here: which rows a mixture takes and what its samples look like (mixtures/).
"""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import polars as pl
import pyarrow as pa

from tracepile_assets.home import Home, Stripe
from tracepile_assets.mixtures import (
    Mixture,
    MixtureError,
    Rendered,
    export_jsonl,
    find_mixture,
    find_mixtures,
    listed_plots,
    listed_shards,
    origin_of,
    render,
    unlisted_files,
    write_card,
    write_shards,
)
from tracepile_assets.mixtures.definition import is_shipped
from tracepile_assets.mixtures.features import Features, features_of
from tracepile_assets.planning import fingerprint, versions_digest
from tracepile_assets.quality import Finding, audit_parts
from tracepile_assets.tables.files import TableError, publish, read_footer, read_table, write_tables
from tracepile_assets.tables.schemas import FALSE_TABLES, FEATURES, SCHEMAS, STRIPE_TABLES

from .errors import BuildBlocked
from .feature_units import place_of
from .places import MANIFEST, TABLE, mixture_folder, mixture_side, own_instructions, read_manifest
from .releases.restoring import put_in_place
from .releases.store import held_release
from .report import BuildReport
from .scratch import scratch


@dataclass(frozen=True)
class ListedMixture:
    """A mixture and what there is of it.

    Attributes:
        mixture: its definition, with the path of its file.
        is_own: whether it is the user's own, and did not ship.
        rows: samples of the published build by split; None where it was never built.
        is_current: whether a build now would change nothing.
    """

    mixture: Mixture
    is_own: bool
    rows: dict[str, int] | None
    is_current: bool


@dataclass(frozen=True)
class MixtureCounts:
    """Samples of a published mixture by split, and candidates dropped by reason."""

    splits: dict[str, int]
    dropped: dict[str, int]


def mixtures(home: Home) -> dict[str, Mixture]:
    """The mixtures of a home by name: those that ship, and the user's own.

    Raises:
        MixtureError: a mixture file is faulty.
    """
    return {mixture.name: mixture for mixture in find_mixtures(home.mixture_folder)}


def stale_mixtures(home: Home) -> dict[str, str]:
    """The mixtures that are not what their SQL file and the tables would give now, with a digest of what they are
    made from.

    Pairs are not missed where there are no twins to make them of, as with a share of 0.

    Raises:
        MixtureError: a mixture file is faulty.
    """
    found = {}
    upstream = _upstream(home)
    for name, mixture in mixtures(home).items():
        inputs = _wanted(home, mixture, upstream)[0]
        if mixture.takes_false_texts and not _has_twins(home) and read_manifest(mixture_folder(home, name)) is None:
            continue
        if not _is_current(home, name, inputs):
            found[name] = inputs
    return found


def mixture_counts(home: Home) -> dict[str, MixtureCounts]:
    """Counts of every published mixture, by name."""
    found = {}
    for name in mixtures(home):
        manifest = read_manifest(mixture_folder(home, name))
        if manifest:
            found[name] = MixtureCounts(manifest["splits"], manifest["dropped"])
    return found


def list_mixtures(home: Home) -> list[ListedMixture]:
    """All mixtures of a home by name, those that were never built too.

    Raises:
        MixtureError: a mixture file is faulty.
    """
    upstream = _upstream(home)
    found = []
    for name, mixture in mixtures(home).items():
        manifest = read_manifest(mixture_folder(home, name))
        is_current = _is_current(home, name, _wanted(home, mixture, upstream)[0])
        rows = manifest and manifest["splits"]
        found.append(ListedMixture(mixture, not is_shipped(mixture), rows, is_current))
    return found


def build_mixture(home: Home, name: str) -> BuildReport:
    """Bring one mixture up to date; do nothing where it is.

    Shards and manifest are put into place first, the data card that lists the shards last: until then the card of
    the last build
    counts, and its shards are still there.

    Raises:
        MixtureError: there is no such mixture, its file is faulty, or its query gives nothing that can be used.
        BuildBlocked: a blocking check failed; the last good mixture stays.
        TableError: a table cannot be read.
    """
    started = time.monotonic()
    mixture = find_mixture(name, home.mixture_folder)
    folder = mixture_folder(home, name)
    with home.lock(f"{TABLE}/{name}"):
        inputs, made_from = _wanted(home, mixture, _upstream(home))
        if _is_current(home, name, inputs):
            manifest = read_manifest(folder)
            rows = sum(manifest["splits"].values())
            return BuildReport(f"{TABLE}/{name}", "", True, folder, rows, data_version=manifest["content"])
        before = _sample_ids(folder)
        if (held := held_release(home, name)) is not None:
            _withdraw_lines(home, name)
            content, dropped, findings = put_in_place(home, held, inputs), held.dropped, ()
        else:
            with scratch(home, name) as parts:
                rendered, findings = _made(home, mixture, parts)
                _withdraw_lines(home, name)
                content, dropped = _publish(home, folder, rendered, inputs, made_from), rendered.dropped
            # All that is known of every sample is not needed while they are written as lines.
            del rendered
        export_jsonl(folder, home.exports / name)
        after = _sample_ids(folder)
        carried = int(after.is_in(before.implode()).sum())
        return BuildReport(
            f"{TABLE}/{name}",
            "",
            False,
            folder,
            len(after),
            added=len(after) - carried,
            removed=len(before) - carried,
            carried=carried,
            rejected=dropped,
            findings=findings,
            seconds=time.monotonic() - started,
            data_version=content,
        )


def preview_mixture(home: Home, name: str) -> Rendered:
    """Make the samples of a mixture and check them as a build does, and write nothing into the home.

    Raises:
        MixtureError: as `build_mixture`.
        BuildBlocked: a blocking check would stop the build.
    """
    return _made(home, find_mixture(name, home.mixture_folder))[0]


def _made(home: Home, mixture: Mixture, parts: Path | None = None) -> tuple[Rendered, tuple[Finding, ...]]:
    """The samples of a mixture as the tables are now, and what the checks say of them."""
    rendered = render(
        mixture,
        home.tables,
        home.root / "instructions",
        sources=_sources(home),
        licenses=home.settings().mixtures.licenses,
        features=_features(home, mixture),
        scratch=parts,
    )
    return rendered, _audit(rendered)


def _withdraw_lines(home: Home, name: str) -> None:
    """Until they are written anew no JSON lines count: those of the last build would be taken for those of this one."""
    for old in (home.exports / name).glob("*.jsonl"):
        old.unlink()


def _sources(home: Home) -> list[str]:
    return [entry.name for entry in home.registry().entries()]


def _upstream(home: Home) -> dict[str, list[object]]:
    """What the tables hold now: the content digests of their files, by table."""
    found: dict[str, list[object]] = {"program_families": []}
    said = read_footer(home.tables / "program_families" / "families.parquet", any_version=True)
    found["program_families"].append(said and said["content"])
    for source in _sources(home):
        for stripe in home.stripe_map(source).keys(source):
            for table in STRIPE_TABLES:
                said = _said(home, table, stripe)
                found.setdefault(table, []).append([stripe.key, said and said["content"]])
    return found


def _features(home: Home, mixture: Mixture) -> Features:
    return features_of(mixture, home.root, home.settings().mixtures.benchmarks)


def _measured(home: Home, mixture: Mixture) -> dict[str, list[object]]:
    """What the features that a mixture reads hold now, by place; of features that cannot be had, what is wrong."""
    try:
        features = _features(home, mixture)
    except MixtureError as error:
        return {FEATURES: [str(error)]}
    stripes = [stripe for source in _sources(home) for stripe in home.stripe_map(source).keys(source)]
    found: dict[str, list[object]] = {}
    for place in map(place_of, features):
        said = [(stripe, _said(home, place, stripe)) for stripe in stripes]
        found[place] = [[stripe.key, footer and footer["content"]] for stripe, footer in said]
    return found


def _has_twins(home: Home) -> bool:
    """Whether there are twins that pairs can be made of: those of tellings that are folded opaquely stay out."""
    for source in _sources(home):
        for stripe in home.stripe_map(source).keys(source):
            twins, tellings = _said(home, "corrupted_twins", stripe), _said(home, "chains_of_execution", stripe)
            if twins and twins["rows"] and tellings and _has_followed_twin(home, stripe):
                return True
    return False


def _has_followed_twin(home: Home, stripe: Stripe) -> bool:
    twins = home.stripe_file("corrupted_twins", stripe), "corrupted_twins", ["coe_id"]
    tellings = home.stripe_file("chains_of_execution", stripe), "chains_of_execution", ["coe_id", "opaque_fold"]
    opaque = {row["coe_id"] for row in read_table(*tellings).to_pylist() if row["opaque_fold"]}
    return any(coe_id not in opaque for coe_id in read_table(*twins).column(0).to_pylist())


def _said(home: Home, table: str, stripe: Stripe) -> dict[str, object] | None:
    try:
        return read_footer(home.stripe_file(table, stripe))
    except TableError:
        return None


def _wanted(home: Home, mixture: Mixture, upstream: Mapping[str, list[object]]) -> tuple[str, dict[str, object]]:
    """Digest of what a current build is made from, and its parts; of a mixture that is held, of the release."""
    if (held := held_release(home, mixture.name)) is not None:
        return fingerprint("held", held.content), {}
    made_from = _made_from(home, mixture, upstream)
    return fingerprint(made_from), made_from


def _made_from(home: Home, mixture: Mixture, upstream: Mapping[str, list[object]]) -> dict[str, object]:
    # The card counts the rows of every table, whether the query reads it or not.
    false = () if mixture.takes_false_texts else FALSE_TABLES
    read = {*STRIPE_TABLES, "program_families"}.difference(false)
    return {
        "sql": mixture.text,
        "tables": {table: upstream.get(table, []) for table in sorted(read)} | _measured(home, mixture),
        "benchmarks": sorted(home.settings().mixtures.benchmarks),
        "instructions": [] if mixture.instructions_share is None else own_instructions(home),
        "licenses": sorted(home.settings().mixtures.licenses),
        "versions": versions_digest(("tracepile_assets.mixtures",)),
    }


def _is_current(home: Home, name: str, inputs: str) -> bool:
    folder = mixture_folder(home, name)
    manifest = read_manifest(folder)
    if manifest is None or manifest["inputs"] != inputs:
        return False
    try:
        listed = [path.name for paths in listed_shards(folder).values() for path in paths]
        listed_plots(folder)
    except MixtureError:
        return False
    return listed == manifest["shards"] and all(
        (home.exports / name / f"{s}.jsonl").exists() for s in manifest["splits"]
    )


def _sample_ids(folder: Path) -> pl.Series:
    try:
        paths = [path for shards in listed_shards(folder).values() for path in shards]
        found = [pl.Series(read_table(path, TABLE, ["sample_id"]).column(0)) for path in paths]
    except (MixtureError, TableError):
        found = []
    return pl.concat([pl.Series(dtype=pl.String), *found])


def _audit(rendered: Rendered) -> tuple[Finding, ...]:
    parts = (pl.DataFrame(part) for samples in rendered.splits.values() for part in samples.parts())
    findings = tuple(audit_parts(TABLE, parts, decontaminated=bool(rendered.benchmarks)))
    for finding in findings:
        if not finding.passed and finding.severity == "error":
            raise BuildBlocked(
                f"mixture {rendered.mixture.name}: check {finding.check} failed: {finding.description} "
                f"({finding.n_failed} row(s)); nothing was published, the last good mixture stays",
                findings,
            )
    return findings


def _publish(home: Home, folder: Path, rendered: Rendered, inputs: str, made_from: Mapping[str, object]) -> str:
    name = rendered.mixture.name
    shards = write_shards(folder, rendered)
    content = fingerprint([[shard.split, shard.sha256] for shard in shards])
    manifest = {
        "inputs": inputs,
        "content": content,
        "shards": [shard.name for shard in shards],
        "splits": {split: samples.num_rows for split, samples in rendered.splits.items()},
        "dropped": rendered.dropped,
        "made_from": made_from,
    }
    sides = {"rejected": rendered.drops, "quarantine": rendered.kept_out, "sample_rows": _sample_rows(rendered)}
    staging = home.root / "staging" / f"{TABLE}--{name}"
    try:
        for side, rows in sides.items():
            part = staging / f"{side}.parquet"
            write_tables(part, side, [rows], {"table": TABLE, "stripe": name, "inputs": inputs, "content": content})
            publish(part, mixture_side(home, side, name))
        staged = staging / MANIFEST
        staged.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        publish(staged, folder / MANIFEST)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    write_card(folder, rendered, shards, origin_of(made_from))
    for path in unlisted_files(folder):
        path.unlink()
    return content


def _sample_rows(rendered: Rendered) -> pa.Table:
    schema = SCHEMAS["sample_rows"]
    return rendered.summary.select(schema.names).to_arrow().cast(schema)
