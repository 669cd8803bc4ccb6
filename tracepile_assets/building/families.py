"""The ledger of program families: which families there are, and the founder of each.

The ledger only grows: a family keeps its founder, and so its split, whatever is added later. Not here: what makes two
programs one family (similarity/).
"""

import time

import pyarrow as pa

from tracepile_assets.home import Home
from tracepile_assets.planning import fingerprint
from tracepile_assets.tables.files import as_table, publish, read_footer, read_table, write_tables

from .report import BuildReport

TABLE = "program_families"


def build_families(home: Home) -> BuildReport:
    """Append the families that the built programs bring, in the order of the registry and of the stripes.

    A source that is missing, unbuilt or removed takes nothing away.
    """
    started = time.monotonic()
    with home.lock(TABLE):
        path = home.tables / TABLE / "families.parquet"
        said = read_footer(path)
        ledger = read_table(path, TABLE).to_pylist() if said else []
        known = {row["family_id"] for row in ledger}
        before = len(ledger)
        for entry in home.registry().entries():
            for stripe in home.stripe_map(entry.name).keys(entry.name):
                file = home.stripe_file("raw_programs", stripe)
                if read_footer(file) is None:
                    continue
                programs = read_table(file, "raw_programs", ("family_id", "program_id", "status"))
                for row in programs.to_pylist():
                    if row["status"] == "ok" and row["family_id"] not in known:
                        known.add(row["family_id"])
                        ledger.append(
                            {
                                "family_id": row["family_id"],
                                "founder": row["family_id"],
                                "source": entry.name,
                                "program_id": row["program_id"],
                            }
                        )
        content = fingerprint([row["founder"] for row in ledger])
        added = len(ledger) - before
        if said is None or added:
            rows: pa.Table = as_table(TABLE, ledger)
            staged = home.root / "staging" / "families.parquet"
            write_tables(staged, TABLE, [rows], {"table": TABLE, "content": content})
            publish(staged, path)
    return BuildReport(
        TABLE,
        "",
        said is not None and not added,
        path,
        len(ledger),
        added=added,
        carried=before,
        seconds=time.monotonic() - started,
        data_version=content,
    )
