"""Ids: stable across machines, and different where a discriminator differs."""

import re
from itertools import product
from pathlib import Path

import pytest

from tracepile_assets.tables import ids
from tracepile_assets.tables.document import document
from tracepile_assets.tables.schemas import ID_COLUMN, SCHEMAS, STRIPE_TABLES


def test_ids_are_the_same_in_every_build():
    program = ids.program_id("mbpp", "601", "def f(): pass", "f")
    assert program == "p_8265e6665b5d592fd418370a2ef2cf09"


def test_no_two_sequences_of_parts_share_an_id():
    parts = ["", "a", "b", "ab", None]
    seen = {ids.input_id(*four) for four in product(parts, repeat=4)}
    assert len(seen) == len(parts) ** 4


@pytest.mark.parametrize("table", [*STRIPE_TABLES, "training_mixtures"])
def test_every_id_names_its_table(table):
    made = ids.make_id(table, "x")
    assert re.fullmatch(r"[pvtqcws]_[0-9a-f]{32}", made)
    assert ids.table_of(made) == table
    assert ID_COLUMN[table] in SCHEMAS[table].names


def test_a_stranger_is_no_id():
    with pytest.raises(ValueError, match="ids begin with one of p_, i_"):
        ids.table_of("x_123")


def test_a_lone_surrogate_has_an_id_too():
    assert ids.program_id("s", "1", "x = '\ud800'", None) != ids.program_id("s", "1", "x = '\ud801'", None)


def test_the_page_of_tables_is_that_of_the_schemas():
    page = Path(__file__).parents[2] / "docs" / "tables.md"
    assert page.read_text(encoding="utf-8") == document(), "print it again: python -m tracepile_assets.tables.document"
