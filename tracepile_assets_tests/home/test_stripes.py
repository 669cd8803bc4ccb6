"""The stripe map against a plain model: who keeps the slot, who gets a new one, what is remembered."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.home import Stripe, StripeMap
from tracepile_assets.home.stripes import STRIPE_SIZE


def rows(keys, version="1"):
    return {key: (f"p_{key}_{version}", f"content {key} {version}") for key in keys}


def placed(stripe_map):
    return {
        slot.source_row: (stripe, position)
        for stripe in range(len(stripe_map.keys("s")))
        for position, slot in enumerate(stripe_map.places(stripe))
        if slot
    }


def test_appended_rows_fill_the_last_stripe_and_then_open_another(tmp_path):
    stripe_map = StripeMap(tmp_path / "s")
    keys = [f"{n:05d}" for n in range(STRIPE_SIZE + 5)]
    stripe_map.update(rows(keys[:10]), "a", limited=False)
    stripe_map.update(rows(keys), "b", limited=False)
    assert [stripe_map.n_slots(stripe) for stripe in stripe_map.keys("s")] == [STRIPE_SIZE, 5]
    assert [slot.source_row for stripe in stripe_map.keys("s") for slot in stripe_map.slots(stripe)] == keys
    assert stripe_map.keys("s") == [Stripe("s", "00000"), Stripe("s", "00001")]


def test_a_changed_row_keeps_its_slot_and_remembers_what_it_was(tmp_path):
    stripe_map = StripeMap(tmp_path / "s")
    stripe_map.update(rows("abc"), "1", limited=False)
    stripe_map.update(rows("a") | rows("b", "2") | rows("c"), "2", limited=False)
    stripe_map.update(rows("a") | rows("b", "3") | rows("c"), "3", limited=False)
    stripe_map.save()
    slot = StripeMap(tmp_path / "s").slots(Stripe("s", "00000"))[1]
    assert (slot.source_row, slot.program_id, slot.earlier) == ("b", "p_b_3", ("p_b_1", "p_b_2"))


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("12")), max_size=6))
@settings(max_examples=60, deadline=None)
def test_rows_stay_where_they_are_for_as_long_as_they_live(tmp_path_factory, edits):
    path = tmp_path_factory.mktemp("map") / "s"
    before: dict[str, tuple[int, int]] = {}
    for number, source in enumerate(edits):
        stripe_map = StripeMap(path)
        now = {key: row for key, v in source.items() for row in rows([key], v).values()}
        stripe_map.update(now, str(number), limited=False)
        stripe_map.save()
        now = placed(StripeMap(path))
        assert now.keys() == source.keys()
        assert all(now[key] == place for key, place in before.items() if key in now)
        programs = {slot.source_row: slot.program_id for slot in stripe_map.places(0) if slot} if source else {}
        assert programs == {key: f"p_{key}_{v}" for key, v in source.items()}
        before = now


def test_a_map_that_was_opened_before_a_change_can_still_be_read(tmp_path):
    stripe_map = StripeMap(tmp_path / "s")
    stripe_map.update(rows("abc"), "1", limited=False)
    stripe_map.save()
    opened = StripeMap(tmp_path / "s")
    stripe_map = StripeMap(tmp_path / "s")
    stripe_map.update(rows("ab"), "2", limited=False)
    stripe_map.save()
    assert [slot.source_row for slot in opened.slots(Stripe("s", "00000"))] == ["a", "b", "c"]
    assert opened.digest(Stripe("s", "00000")) != stripe_map.digest(Stripe("s", "00000"))
    for version in "34":
        stripe_map = StripeMap(tmp_path / "s")
        stripe_map.update(rows("ab", version), version, limited=False)
        stripe_map.save()
    assert len(list((tmp_path / "s").iterdir())) == 3
