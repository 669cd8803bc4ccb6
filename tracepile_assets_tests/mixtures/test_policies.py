"""What a policy keeps out of every mixture: licences that are not allowed, and families between two splits."""

import orjson
import pytest

from tracepile_assets.mixtures import MixtureError, is_allowed, read_mixture, render, split_of
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, mixture_file


@pytest.mark.parametrize(
    ("license_", "allowed"),
    [
        ("MIT", True),
        ("mit", True),
        ("unknown", False),
        ("", False),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND Apache-2.0", True),
        ("(GPL-3.0-only OR MIT) AND Apache-2.0", True),
        ("MIT AND (GPL-3.0-only OR LGPL-2.1-only)", False),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("MIT, with changes", False),
        ("MIT OR", False),
        ("MIT Apache-2.0", False),
        ("(MIT", False),
        ("see the file LICENSE", False),
        ("My House Licence 1", True),
    ],
)
def test_licences_are_read_as_spdx_reads_them(license_, allowed):
    assert is_allowed(license_, ("MIT", "Apache-2.0", "my house licence 1")) is allowed


def founder_of(split):
    return next(f"f_{number}" for number in range(10_000) if split_of(f"f_{number}") == split)


@pytest.fixture
def tables(small):
    """Programs 1 and 2 have a licence of their own; 3 lies near founders of two splits, 4 near two of one split."""
    train, other, test = "f_0000", "f_0004", founder_of("test")
    assert split_of(train) == split_of(other) == "train"
    small.add(0)
    small.add(1, license="GPL-3.0-only")
    small.add(2, license="MIT OR GPL-3.0-only")
    small.add(3, founder=train, also_near=[test])
    small.add(4, founder=train, also_near=[other])
    return small.write()


def programs_in(rendered):
    titles = {}
    for table in rendered.splits.values():
        for row in table.to_pylist():
            titles.setdefault(row["ancestors"][0]["program_id"], set()).add(row["split"])
    return titles


def test_what_a_policy_keeps_out_is_in_quarantine_with_its_reason(tables, tmp_path):
    rendered = render(read_mixture(mixture_file(tmp_path, ALL_ANSWERS)), tables)
    kept_out = rendered.kept_out.to_pylist()
    assert {row["check"] for row in kept_out} == {"license_not_allowed", "bridging_family"}
    assert all("mixtures.licenses" in row["reason"] for row in kept_out if row["check"] == "license_not_allowed")
    licenses = {orjson.loads(row["row"])["license"] for row in kept_out if row["check"] == "license_not_allowed"}
    assert licenses == {"GPL-3.0-only"}
    # Candidates are counted once: as samples, dropped, or kept out.
    assert sum(rendered.dropped.values()) == rendered.drops.num_rows + len(kept_out)
    assert len(rendered.summary) + sum(rendered.dropped.values()) == rendered.selected
    samples = programs_in(rendered)
    assert len(samples) == 3
    assert all(splits == {"train"} for splits in samples.values())
    out = {orjson.loads(row["row"])["program_id"] for row in kept_out}
    assert len(out) == 2
    assert not out & samples.keys()


def test_the_allow_list_is_what_the_setting_says(tables, tmp_path):
    mixture = read_mixture(mixture_file(tmp_path, ALL_ANSWERS))
    rendered = render(mixture, tables, licenses=("GPL-3.0-only",))
    assert set(rendered.summary["license"]) == {"GPL-3.0-only", "MIT OR GPL-3.0-only"}
    with pytest.raises(MixtureError, match=r"license_not_allowed.*GPL-3\.0-only, MIT.*\[mixtures\] licenses"):
        render(mixture, tables, licenses=())
