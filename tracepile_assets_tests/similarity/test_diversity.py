"""The measure of how much tellings of one question differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracepile_assets.similarity.diversity import diversities

texts = st.lists(st.text(alphabet="ab .,1", max_size=30), min_size=2, max_size=5)


def test_one_telling_has_none_and_equal_ones_have_zero():
    assert diversities([]) == []
    assert diversities(["a b c"]) == [None]
    assert diversities(["a b c d", "a b c d", "x y z w"]) == [0.0, 0.0, 1.0]


def test_it_is_the_share_of_triples_not_in_common_with_the_nearest():
    # {abc, bcd} and {abc, bce}: one of three triples in common.
    assert diversities(["a b c d", "a b c e"]) == pytest.approx([2 / 3, 2 / 3], abs=1e-4)


@given(texts)
def test_it_lies_between_0_and_1_whatever_the_order(some):
    found = diversities(some)
    assert all(0 <= value <= 1 for value in found)
    assert diversities(some[::-1]) == found[::-1]
