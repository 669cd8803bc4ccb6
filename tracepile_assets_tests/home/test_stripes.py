"""The stripe map against a plain model: who keeps the slot, who gets a new one, what is remembered."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tracepile_assets.home import Stripe, StripeMap
from tracepile_assets.home.stripes import STRIPE_SIZE


def rows(keys, version="1"):
    return [(key, f"p_{key}_{version}", f"content {key} {version}") for key in keys]


def placed(stripe_map):
    return {
        slot.source_row: (stripe, position)
        for stripe, slots in enumerate(stripe_map.stripes)
        for position, slot in enumerate(slots)
        if slot
    }


def test_appended_rows_fill_the_last_stripe_and_then_open_another(tmp_path):
    stripe_map = StripeMap(tmp_path / "s.json")
    keys = [f"{n:05d}" for n in range(STRIPE_SIZE + 5)]
    stripe_map.update(rows(keys[:10]), "a", limited=False)
    stripe_map.update(rows(keys), "b", limited=False)
    assert [len(stripe) for stripe in stripe_map.stripes] == [STRIPE_SIZE, 5]
    assert stripe_map.keys("s") == [Stripe("s", "00000"), Stripe("s", "00001")]


def test_a_changed_row_keeps_its_slot_and_remembers_what_it_was(tmp_path):
    stripe_map = StripeMap(tmp_path / "s.json")
    stripe_map.update(rows("abc"), "1", limited=False)
    stripe_map.update(rows("a") + rows("b", "2") + rows("c"), "2", limited=False)
    stripe_map.update(rows("a") + rows("b", "3") + rows("c"), "3", limited=False)
    stripe_map.save()
    slot = StripeMap(tmp_path / "s.json").slots(Stripe("s", "00000"))[1]
    assert (slot.source_row, slot.program_id, slot.earlier) == ("b", "p_b_3", ("p_b_1", "p_b_2"))


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("12")), max_size=6))
@settings(max_examples=60, deadline=None)
def test_rows_stay_where_they_are_for_as_long_as_they_live(tmp_path_factory, edits):
    path = tmp_path_factory.mktemp("map") / "s.json"
    before: dict[str, tuple[int, int]] = {}
    for number, source in enumerate(edits):
        stripe_map = StripeMap(path)
        stripe_map.update([row for key, v in source.items() for row in rows([key], v)], str(number), limited=False)
        stripe_map.save()
        now = placed(StripeMap(path))
        assert now.keys() == source.keys()
        assert all(now[key] == place for key, place in before.items() if key in now)
        programs = {slot.source_row: slot.program_id for slot in stripe_map.stripes[0] if slot} if source else {}
        assert programs == {key: f"p_{key}_{v}" for key, v in source.items()}
        before = now
