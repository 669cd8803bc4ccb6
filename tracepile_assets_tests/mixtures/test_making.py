"""Samples: what they look like, which ones there are, and on which side of the split."""

import json
from collections import Counter

import polars as pl
import pytest

from tracepile_assets.mixtures import MixtureError, find_mixtures, read_mixture, render, split_of
from tracepile_assets.mixtures.choosing import largest_equal_share
from tracepile_assets.tables.schemas import TRAINING_MIXTURES
from tracepile_assets_tests.mixtures.corpus import ALL_ANSWERS, mixture_file

SHIPPED = {mixture.name: mixture for mixture in find_mixtures()}


def made(tmp_path, tables, sql=ALL_ANSWERS, instructions=None, **keys):
    return render(read_mixture(mixture_file(tmp_path, sql, **keys)), tables, instructions)


def samples(rendered):
    return [row for table in rendered.splits.values() for row in table.to_pylist()]


@pytest.fixture(scope="module")
def shipped(tables):
    return {name: render(mixture, tables) for name, mixture in SHIPPED.items()}


def test_the_schema_and_the_parts_of_each_format(shipped):
    for name, rendered in shipped.items():
        for split in rendered.splits.values():
            table = split.slice(0, split.num_rows)
            assert table.schema == TRAINING_MIXTURES
        for row in samples(rendered):
            assert row["mixture"] == name
            assert (row["text"] is None) == (SHIPPED[name].format != "text")
            assert (row["messages"] is None) == (SHIPPED[name].format != "messages")
            assert (row["grading"] is None) == (SHIPPED[name].format != "prompt_answer")
            assert (row["curriculum_quantile"] is None) == (name != "curriculum")
            assert (row["chosen"] is None) == (row["rejected"] is None) == (SHIPPED[name].format != "pair")
            assert row["n_tokens"] > 0
            assert len(row["ancestors"]) == 1
        identities = [row["sample_id"] for row in samples(rendered)]
        assert len(set(identities)) == len(identities)


def test_a_reply_tells_the_run_and_ends_on_the_answer(shipped):
    for row in samples(shipped["instruction_tuning"]):
        user, assistant = row["messages"]
        assert (user["role"], assistant["role"]) == ("user", "assistant")
        assert user["content"].startswith("```python")
        assert assistant["content"].startswith("x is ")
        assert assistant["content"].endswith(f"\n\nAnswer: {row['answer']}")
        assert row["grader"] in ("output_prediction", "final_value")


def test_documents_of_questions_and_of_whole_runs(shipped):
    rows = samples(shipped["continue_pretraining"])
    whole = [row for row in rows if row["grader"] is None]
    assert 0 < len(whole) < len(rows)
    for row in whole:
        assert row["text"].startswith("# Add ")
        assert "The call is `add(" in row["text"]
        assert row["ancestors"][0]["question_id"] is None
        assert row["ancestors"][0]["coe_id"].startswith("c_")


def test_a_program_to_write_is_the_whole_reply(small):
    program = small.add(1)
    asked = small.rows["tracing_questions"][0]
    answer = "```python\ndef add(x):\n    return x + 1\n```"
    write = {"question_id": "q_write", "kind": "write", "direction": "none", "question": "Write it.", "answer": answer}
    small.rows["tracing_questions"].append(asked | write | {"answer_type": "program"})
    rows = samples(render(SHIPPED["two_stage_2_instruct"], small.write()))
    (written,) = [row for row in rows if row["messages"][0]["content"] == "Write it."]
    assert written["messages"][1]["content"] == answer
    assert (written["grader"], written["answer"]) == ("write", answer)
    assert written["ancestors"][0]["program_id"] == program
    assert len(rows) == 1 + 8


def test_no_family_is_on_two_sides(tables, shipped):
    programs = pl.read_parquet(f"{tables}/raw_programs/*/*.parquet")
    family = dict(programs.select("program_id", "family_id").iter_rows())
    sides: dict[str, set[str]] = {}
    for rendered in shipped.values():
        for row in samples(rendered):
            sides.setdefault(family[row["ancestors"][0]["program_id"]], set()).add(row["split"])
    assert all(len(splits) == 1 for splits in sides.values())
    assert {split for splits in sides.values() for split in splits} == {"train", "validation", "test"}
    assert all(splits == {split_of(name)} for name, splits in sides.items())


def test_the_founder_decides_and_not_the_family(tmp_path, small):
    heir = next(f"f_{n}" for n in range(999) if split_of(f"f_{n}") == "train")
    founder = next(f"f_{n}" for n in range(999) if split_of(f"f_{n}") == "test")
    small.add(1, family=heir)
    small.rows["program_families"][0]["founder"] = founder
    assert list(made(tmp_path, small.write()).splits) == ["test"]


def test_split_shares():
    shares = Counter(split_of(f"f_{n}") for n in range(20_000))
    assert 0.95 < shares["train"] / 20_000 < 0.97
    assert 0.015 < shares["validation"] / 20_000 < 0.025
    assert 0.015 < shares["test"] / 20_000 < 0.025


def test_another_seed_moves_the_order_and_not_the_split(tmp_path, tables):
    one, other = (made(tmp_path, tables, seed=seed) for seed in ("1", "2"))
    first, second = ({row["sample_id"]: row["split"] for row in samples(rendered)} for rendered in (one, other))
    assert first == second
    assert list(first) != list(second)


def test_one_changed_program_moves_no_other_sample(tmp_path, small):
    for number in range(30):
        small.add(number)
    before = [row["sample_id"] for row in samples(made(tmp_path, small.write(), caps="{per_program = 3}"))]
    changed = small.rows["raw_programs"][7]["program_id"]
    for rows in small.rows.values():
        rows[:] = [row for row in rows if row.get("program_id") != changed]
    small.add(7, code="def add(x):\n    total = 7 + x\n    return total\n")
    after = [row["sample_id"] for row in samples(made(tmp_path, small.write(), caps="{per_program = 3}"))]
    assert len(after) == len(before) == 90
    kept = set(before) & set(after)
    assert len(kept) == 87
    assert [name for name in before if name in kept] == [name for name in after if name in kept]


def test_equal_samples_are_kept_once(tmp_path, small):
    code = "def add(x):\n    return x + 1\n"
    small.add(1, code=code, family="f_1")
    small.rows["raw_programs"].append(small.rows["raw_programs"][0] | {"source_row": "2", "program_id": "p_2"})
    for question in list(small.rows["tracing_questions"]):
        twin = {"program_id": "p_2", "question_id": "q_2" + question["question_id"][3:]}
        small.rows["tracing_questions"].append(question | twin)
    rendered = made(tmp_path, small.write())
    # The two variants have equal code here as well: only the name that is asked for makes a difference.
    assert rendered.dropped == {"duplicate": 10}
    assert len(rendered.summary) == 6
    assert rendered.selected == 16


def test_every_candidate_is_counted_once(tmp_path, tables):
    rendered = made(
        tmp_path,
        tables,
        caps="{per_program = 6, per_family = 8, per_kind = 700, per_kind_share = 0.5}",
        token_budget="20_000",
    )
    assert sum(rendered.dropped.values()) + len(rendered.summary) == rendered.selected == 292 * 8
    assert {"per_program", "per_family", "per_kind", "token_budget"} <= rendered.dropped.keys()
    assert rendered.drops.num_rows == sum(rendered.dropped.values())
    assert 19_000 < rendered.summary["n_tokens"].sum() <= 20_000
    per_program = Counter(row["ancestors"][0]["program_id"] for row in samples(rendered))
    assert max(per_program.values()) <= 6


def test_share_of_a_kind(tmp_path, tables):
    sql = ALL_ANSWERS + " WHERE kind = 'final_value' OR input_id < 'i_4'"
    even = made(tmp_path, tables, sql, caps="{per_kind_share = 0.5}")
    counts = Counter(even.summary["kind"])
    assert counts["final_value"] == counts["output_prediction"]
    few = made(tmp_path, tables, sql, caps="{per_kind_share = 0.3}")
    assert "too few kinds" in few.notes[0]


@pytest.mark.parametrize(
    ("sizes", "share", "limit"),
    [([10, 10], 0.5, 10), ([100, 10, 10], 0.5, 20), ([5], 0.2, 5), ([], 0.5, 0), ([9, 3], 0.5, 3)],
)
def test_largest_equal_share(sizes, share, limit):
    assert largest_equal_share(sizes, share) == limit


def test_a_budget_beyond_the_corpus_is_said(tmp_path, tables):
    assert "was not reached" in made(tmp_path, tables, token_budget="900_000_000").notes[0]


def test_nothing_left(tmp_path, tables):
    with pytest.raises(MixtureError, match=r"all rows of the query were dropped \(token_budget\)"):
        made(tmp_path, tables, token_budget="1")


def test_opaque_folds_are_only_read_and_never_taught(tmp_path, tables, shipped):
    ids = "c.program_id, c.variant_id, c.input_id, c.trace_id, c.question_id, c.coe_id, q.kind"
    sql = f"SELECT {ids}, q.question, c.text AS rationale, q.answer FROM chains_of_execution AS c "
    sql += "JOIN tracing_questions AS q ON q.question_id = c.question_id"
    taught = made(tmp_path, tables, sql)
    assert taught.dropped == {"opaque_fold": 8}
    read = made(tmp_path, tables, sql, stage='"continued_pretraining"', format='"text"')
    assert read.dropped == {}
    # 8 answers and 4 whole runs.
    assert len(shipped["continue_pretraining"].summary) == 291 * 12


def test_prompt_and_answer(tmp_path, tables):
    sql = ALL_ANSWERS.replace("NULL AS rationale, ", "")
    for row in samples(made(tmp_path, tables, sql, format='"prompt_answer"'))[:20]:
        assert row["prompt"].startswith("```python")
        assert row["answer"].isdigit()
        assert row["grader"] in ("output_prediction", "final_value")


def test_own_instructions_join_at_their_share(tmp_path, tables):
    folder = tmp_path / "instructions"
    folder.mkdir()
    lines = [{"instruction": f"Say {n}.", "input": "Loudly." if n % 2 else "", "output": f"{n}!"} for n in range(400)]
    lines += [{"prompt": "Hello?", "completion": "Hello."}, {"prompt": "Hello?", "response": "Hello."}]
    lines.append({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]})
    (folder / "general.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    rendered = made(tmp_path, tables, instructions=folder, instructions_share="0.2")
    own = [row for row in samples(rendered) if not row["ancestors"]]
    assert rendered.own_instructions == len(own) == 402
    assert len(rendered.summary) == 402 * 5
    assert rendered.dropped == {"over_ratio": 292 * 8 - 402 * 4}
    assert "smaller than its share of 20%" in rendered.notes[0]
    assert {"role": "user", "content": "Say 1.\n\nLoudly."} in [row["messages"][0] for row in own]
    # The other way round: more of them than wanted.
    little = made(tmp_path, tables, instructions=folder, instructions_share="0.05")
    assert sum(not row["ancestors"] for row in samples(little)) == round(292 * 8 / 19)
    assert little.notes == ()


def test_without_own_instructions_the_notes_say_so(shipped):
    assert "No general instruction set" in shipped["two_stage_2_instruct"].notes[0]
    assert shipped["two_stage_2_instruct"].own_instructions == 0
    assert shipped["instruction_tuning"].own_instructions is None


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"prompt": "a", "completion": ""}', '{"messages": [{"role": "user", "content": "a"}]}']
)
def test_faulty_instructions(tmp_path, tables, line):
    folder = tmp_path / "instructions"
    folder.mkdir()
    (folder / "general.jsonl").write_text('{"prompt": "a", "completion": "b"}\n' + line + "\n")
    with pytest.raises(MixtureError, match=r"general.jsonl:2: "):
        made(tmp_path, tables, instructions=folder, instructions_share="0.5")
