"""What all assets have in common: owners, column schemas, column lineage, and how a build is reported to Dagster.

Not here: what one table is (its own file), and what its checks are (checks/).
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence

import dagster as dg
import pyarrow as pa

from tracepile_assets.building import BuildBlocked, BuildReport
from tracepile_assets.checks.findings import check_results, check_specs
from tracepile_assets.home import HomeError
from tracepile_assets.partitions import STRIPES
from tracepile_assets.resources import TableStore
from tracepile_assets.tables.files import TableError
from tracepile_assets.tables.schemas import SCHEMA_VERSION, SCHEMAS, SUMMARIES

OWNERS = ["team:tracepile"]
SANDBOX = "sandbox"
"""Pool of the assets that keep every core busy with sandboxed programs: one at a time."""

BLOCKED_TAG = "tracepile/blocked"
"""Put on a run that a blocking check stopped: the same build would be stopped again, so it is not tried again."""

PREVIEW_ROWS = 3
PREVIEW_CHARACTERS = 120

Results = Iterator[dg.AssetCheckResult | dg.MaterializeResult]
Lineage = Mapping[str, Sequence[tuple[str, str]]]
"""Column of an asset → the columns that it is made from, as pairs of asset and column."""


def column_schema(table: str) -> dg.TableSchema:
    """The columns of a table with their meanings, for the asset page."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                field.name,
                str(field.type),
                description=(field.metadata or {}).get(b"description", b"").decode(),
                constraints=dg.TableColumnConstraints(nullable=field.nullable),
            )
            for field in SCHEMAS[table]
        ]
    )


def with_code_references(assets: Sequence[dg.AssetsDefinition]) -> Sequence[dg.AssetsDefinition]:
    """Give every asset a link to the file and line of its function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)  # the links are in beta; a test pins that they are there
        return dg.with_source_code_references(assets)


def stripe_asset(
    table: str, *, group: str, deps: Sequence[str], pool: str | None = None
) -> Callable[[Callable[..., Results]], dg.AssetsDefinition]:
    """Decorator of the asset of a stripe table."""
    return dg.asset(
        name=table,
        deps=list(deps),
        partitions_def=STRIPES,
        group_name=group,
        kinds={"python", "parquet"},
        owners=OWNERS,
        tags={"tracepile/stage": group, "tracepile/schema": SCHEMA_VERSION},
        pool=pool,
        metadata={"dagster/column_schema": column_schema(table), "one row": SUMMARIES[table]},
        check_specs=check_specs(table),
    )


def report_build(
    context: dg.AssetExecutionContext,
    store: TableStore,
    build: Callable[[], BuildReport],
    lineage: Lineage,
    show: Callable[[BuildReport], Mapping[str, object]] = lambda report: {},
) -> Results:
    """Run one build and tell Dagster what it did.

    A blocked build yields its check results and fails before a materialization is recorded: the last good file stays.

    Args:
        context: of the run.
        store: the tables.
        build: the build.
        lineage: of the columns.
        show: what else there is to show of what was built, by name.

    Raises:
        dagster.Failure: the build was blocked, or could not be done; the description says what to do.
    """
    try:
        report = build()
    except BuildBlocked as error:
        context.instance.add_run_tags(context.run.run_id, {BLOCKED_TAG: context.asset_key.to_user_string()})
        yield from check_results(error.findings, published=False)
        raise dg.Failure(str(error), allow_retries=False) from error
    except (HomeError, TableError, *room_errors()) as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    context.log.info(_in_words(report))
    yield dg.MaterializeResult(
        metadata={**_metadata(store, report), **show(report), "dagster/column_lineage": _column_lineage(lineage)},
        check_results=list(check_results(report.findings, published=True)),
        data_version=dg.DataVersion(report.data_version) if report.data_version else None,
    )


def room_errors() -> tuple[type[Exception], ...]:
    """Errors of rooms that are for the user to mend: they need a message, not a stack trace."""
    from tracepile_assets.building.synthesis import SynthesisError
    from tracepile_assets.execution import SandboxUnavailable
    from tracepile_assets.mixtures import MixtureError
    from tracepile_assets.models import ModelError
    from tracepile_assets.sources import SourceError

    return MixtureError, ModelError, SandboxUnavailable, SourceError, SynthesisError


def _in_words(report: BuildReport) -> str:
    if report.current:
        return f"{report.table} {report.key}: current, nothing to do ({report.rows} rows)"
    return (
        f"{report.table} {report.key}: {report.rows} rows in {report.seconds:.1f} s "
        f"({report.added} added, {report.removed} removed, {report.carried} carried over)"
    )


def _metadata(store: TableStore, report: BuildReport) -> dict[str, object]:
    key = "dagster/partition_row_count" if report.key else "dagster/row_count"
    found: dict[str, object] = {key: report.rows, "path": dg.MetadataValue.path(str(report.path))}
    if report.current:
        found["nothing to do"] = "rows were current and were left as they are"
    else:
        found |= {
            "added": report.added,
            "removed": report.removed,
            "carried over": report.carried,
            "quarantined": report.quarantined,
            "seconds": round(report.seconds, 1),
        }
    if report.rejected:
        found["made no row"] = dg.MetadataValue.md(_markdown(["unit: reason", "number"], report.rejected.items()))
    if report.partial:
        found["partial"] = "a limit cuts the source short"
    if head := store.head(report.path, PREVIEW_ROWS):
        found["preview"] = dg.MetadataValue.md(_markdown(["column", *map(str, range(1, len(head) + 1))], _turned(head)))
    return found


def _turned(rows: Sequence[Mapping[str, object]]) -> Iterator[list[str]]:
    """Rows as lines of one column each: tables here have more columns than a page is wide."""
    for name in rows[0]:
        yield [name, *(_short(row[name]) for row in rows)]


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= PREVIEW_CHARACTERS else text[:PREVIEW_CHARACTERS] + "…"


def _markdown(header: Sequence[str], lines: "Iterator[Sequence[object]] | Sequence[object]") -> str:
    def line(cells: Sequence[object]) -> str:
        escaped = (str(cell).replace("|", "\\|").replace("<", "&lt;").replace("\n", " ⏎ ") for cell in cells)
        return "| " + " | ".join(escaped) + " |"

    return "\n".join([line(header), line(["---"] * len(header)), *(line(cells) for cells in lines)])


def _column_lineage(lineage: Lineage) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(asset_key=asset, column_name=name) for asset, name in sources]
            for column, sources in lineage.items()
        }
    )


def same_columns(table: str, parent: str) -> dict[str, list[tuple[str, str]]]:
    """Lineage of the columns that a table takes over from a parent under the same name."""
    ours, theirs = SCHEMAS[table], SCHEMAS[parent]
    return {name: [(parent, name)] for name in ours.names if name in theirs.names and _same(ours, theirs, name)}


def _same(ours: pa.Schema, theirs: pa.Schema, name: str) -> bool:
    return ours.field(name).type == theirs.field(name).type
