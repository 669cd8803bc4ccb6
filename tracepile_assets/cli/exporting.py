"""`tracepile export`: a mixture in a trainer's format, in a folder or a bucket. The formats lie in mixtures/."""

from pathlib import Path
from typing import Annotated

import typer

from .console import complain, console, counted, size


def export(
    mixture: Annotated[str, typer.Argument(metavar="MIXTURE", help="A shipped mixture, or one of your own.")],
    destination: Annotated[
        str, typer.Argument(metavar="DEST", help="A folder, or s3://bucket/prefix; anything fsspec writes to.")
    ],
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="parquet, jsonl, trl (TRL and Axolotl), sharegpt or alpaca (LLaMA-Factory), packed (pre-training).",
        ),
    ] = "parquet",
    release: Annotated[
        str | None, typer.Option("--release", metavar="NAME", help="A release, instead of the build that there is.")
    ] = None,
    context: Annotated[
        int | None, typer.Option("--context", min=16, metavar="TOKENS", help="Of packed: the tokens of a row.")
    ] = None,
    tokenizer: Annotated[
        Path | None, typer.Option("--tokenizer", metavar="FILE", help="Of packed: a tokenizer.json.")
    ] = None,
    end_token: Annotated[
        str | None, typer.Option("--end-token", metavar="TEXT", help="Of packed: the token that ends a sample.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Write nothing: check what is there by its sizes and checksums.")
    ] = False,
) -> None:
    """Export a mixture to a folder or a bucket; run it again to go on where it was stopped.

    The manifest, `tracepile-export.json`, is written last: until it is there, the place holds no export. What has
    arrived is not sent again.

    Example: `tracepile export instruction_tuning s3://bucket/tuning --format trl`
    """
    if verify:
        _verify(mixture, destination)
        return
    from tracepile_assets.building.exporting import export_mixture
    from tracepile_assets.home import open_home
    from tracepile_assets.mixtures.exporting.writing import Options

    options = Options(format_, context, None if tokenizer is None else str(tokenizer.absolute()), end_token)
    done = export_mixture(open_home(create=False), mixture, destination, options, release)
    manifest = done.manifest
    rows, total = sum(manifest.splits.values()), sum(file.bytes for file in manifest.files)
    out = console()
    files = counted(len(manifest.files), "file")
    out.print(f"{counted(rows, 'row')} as {manifest.format}, {size(total)} in {files}: {destination}", soft_wrap=True)
    out.print(f"sent {done.sent:,}, there already {done.there:,}", style="dim")
    for reason, number in manifest.left_out.items():
        if number:
            out.print(f"left out: {counted(number, 'sample')} {reason}")


def _verify(mixture: str, place: str) -> None:
    from tracepile_assets.mixtures.errors import MixtureError
    from tracepile_assets.mixtures.exporting.destination import Destination
    from tracepile_assets.mixtures.exporting.manifest import verify

    manifest, faults = verify(Destination(place))
    if manifest.mixture != mixture:
        raise MixtureError(place, f"holds an export of {manifest.mixture}, not of {mixture}", "name the other one")
    for fault in faults:
        complain(f"{place}: {fault}")
    if faults:
        complain("delete these files, and run the export again: what is whole is not sent again")
        raise typer.Exit(1)
    total = size(sum(file.bytes for file in manifest.files))
    of = f"{manifest.mixture} {manifest.release}".rstrip()
    console().print(f"{counted(len(manifest.files), 'file')} of {of}, {total}: all as they were written")
