"""The ledger of program families: which families there are, and the founder of each.

The ledger only grows: a family keeps its founder, and so its split, whatever is added later. Only families that it does
not have yet are signed and compared. Not here: what makes two programs one family, or near (similarity/), and which
split a founder is in (mixtures/).
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tracepile_assets.home import Home
from tracepile_assets.planning import fingerprint, versions_digest
from tracepile_assets.similarity.near import NearIndex, sign
from tracepile_assets.tables.files import as_table, publish, read_footer, read_table, reading, write_tables
from tracepile_assets.tables.schemas import SCHEMA_VERSION, SCHEMAS

from .report import BuildReport
from .rows.unit import Row

TABLE = "program_families"
_SIGNING = "tracepile_assets.similarity.near"
"""The module whose version says which signatures can be compared."""


def build_families(home: Home) -> BuildReport:
    """Append the families that the built programs bring, in the order of the registry and of the stripes.

    A family that is near to families of the ledger gets their founder: the first one seen, where they have several; the
    others are named in `also_near`. A source that is missing, unbuilt or removed takes nothing away.
    """
    started = time.monotonic()
    with home.lock(TABLE):
        path = home.tables / TABLE / "families.parquet"
        said = read_footer(path, any_version=True)
        old = _ledger(path) if said else SCHEMAS[TABLE].empty_table()
        signing = versions_digest((_SIGNING,), ("datasketch",))
        signed_anew = bool(old.num_rows) and said.get("signing") != signing
        if signed_anew:
            old = _signed_anew(home, old)
        new = list(_new_families(home, old))
        written_anew = said is None or bool(new) or signed_anew or said["schema_version"] != SCHEMA_VERSION
        families = pa.concat_tables([old, as_table(TABLE, new)])
        content = fingerprint([families.column(name).to_pylist() for name in ("family_id", "founder", "also_near")])
        if written_anew:
            staged = home.root / "staging" / "families.parquet"
            write_tables(staged, TABLE, [families], {"table": TABLE, "content": content, "signing": signing})
            publish(staged, path)
    return BuildReport(
        TABLE,
        "",
        not written_anew,
        path,
        families.num_rows,
        added=len(new),
        carried=old.num_rows,
        seconds=time.monotonic() - started,
        data_version=content,
    )


def _ledger(path: Path) -> pa.Table:
    """The ledger as it is stored. Columns that it was written without are null in it: founders are for ever."""
    with reading(path) as file:
        stored = file.read().replace_schema_metadata(None)
    for field in SCHEMAS[TABLE]:
        if field.name not in stored.column_names:
            empty = b"" if field.type == pa.binary() else []
            values = pa.array([None if field.nullable else empty] * stored.num_rows, field.type)
            stored = stored.append_column(field, values)
    return stored.select(SCHEMAS[TABLE].names).cast(SCHEMAS[TABLE])


def _new_families(home: Home, ledger: pa.Table) -> Iterator[Row]:
    """The rows of the families that the ledger does not have."""
    family_ids = ledger.column("family_id").to_pylist()
    known = set(family_ids)
    # A family whose program was gone when signatures changed has none: nothing can be near to it.
    is_signed = pc.greater(pc.binary_length(ledger.column("signature")), 0)
    signed = ledger.filter(is_signed)
    index: NearIndex | None = None
    families = signed.column("family_id").to_pylist()
    founders = signed.column("founder").to_pylist()
    # The founder's place in the ledger says which one was seen first.
    place = {family_id: number for number, family_id in enumerate(family_ids)}
    for source, program_id, family_id, code in _programs(home, known):
        index = index or NearIndex(signed.column("signature").to_pylist())
        known.add(family_id)
        place[family_id] = len(place)
        signature = sign(code)
        near = index.near(signature)
        found = sorted({founders[number] for number, _ in near}, key=lambda founder: place[founder])
        founder = found[0] if found else family_id
        nearest = max(
            (one for one in near if founders[one[0]] == founder), key=lambda one: (one[1], -one[0]), default=None
        )
        index.add(signature)
        families.append(family_id)
        founders.append(founder)
        yield {
            "family_id": family_id,
            "founder": founder,
            "also_near": found[1:],
            "nearest": nearest and families[nearest[0]],
            "likeness": nearest and nearest[1],
            "source": source,
            "program_id": program_id,
            "signature": signature,
        }


def _programs(home: Home, known: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """The first program of each family that is not among those known: its source, id, family and code.

    One stripe is in memory at a time, and of it no code unless it has such a program.
    """
    for entry in home.registry().entries():
        for stripe in home.stripe_map(entry.name).keys(entry.name):
            file = home.stripe_file("raw_programs", stripe)
            if read_footer(file) is None:
                continue
            programs = read_table(file, "raw_programs", ("family_id", "program_id", "status")).to_pylist()
            wanted = {
                number: row
                for number, row in enumerate(programs)
                if row["status"] == "ok" and row["family_id"] not in known
            }
            if not wanted:
                continue
            codes = read_table(file, "raw_programs", ("code",)).column(0)
            for number, row in wanted.items():
                if row["family_id"] not in known:
                    yield entry.name, row["program_id"], row["family_id"], codes[number].as_py()


def _signed_anew(home: Home, ledger: pa.Table) -> pa.Table:
    """The ledger with new signatures of the families that a built program has; the others have none."""
    seen: set[str] = set()
    signatures = {}
    for _, _, family_id, code in _programs(home, seen):
        seen.add(family_id)
        signatures[family_id] = sign(code)
    column = pa.array([signatures.get(family_id, b"") for family_id in ledger.column("family_id").to_pylist()])
    number = ledger.schema.get_field_index("signature")
    return ledger.set_column(number, SCHEMAS[TABLE].field("signature"), column.cast(pa.binary()))
