"""TRL's trainers read the exports as they are and take a step on them; GRPO calls our reward (`make test-trl`)."""

import pytest

from tracepile_assets.mixtures import rewards

pytestmark = pytest.mark.trl

END = "<|endoftext|>"
TEMPLATE = (
    "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
CONTEXT = 1024


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The folder of a model of a few thousand weights, with a byte-level tokenizer."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=[END], initial_alphabet=alphabet, show_progress=False)
    made.train_from_iterator(["def add(x):\n    return x\n"], trainer)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=made, eos_token=END, pad_token=END, chat_template=TEMPLATE)
    size = {"n_layer": 1, "n_head": 2, "n_embd": 16, "n_positions": 2 * CONTEXT}
    folder = tmp_path_factory.mktemp("model")
    GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), **size)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def loaded(exported, tmp_path):
    """Loads the train split of an export as TRL's examples do."""
    from datasets import load_dataset

    def load(kind, format_="trl", **options):
        folder = exported(kind, format_, **options)
        return load_dataset(str(folder), split="train", cache_dir=str(tmp_path / "cache"))

    return load


def arguments(config, folder, **more):
    quick = {"max_steps": 1, "per_device_train_batch_size": 2, "report_to": [], "use_cpu": True, "bf16": False}
    return config(output_dir=str(folder), save_strategy="no", **quick, **more)


@pytest.mark.parametrize("kind", ["messages", "text"])
def test_supervised_fine_tuning_sees_each_sample_as_it_is(model, loaded, tmp_path, kind):
    from trl import SFTConfig, SFTTrainer

    rows = loaded(kind)
    trainer = SFTTrainer(str(model), arguments(SFTConfig, tmp_path, max_length=None), train_dataset=rows)
    decode = trainer.processing_class.decode
    for row, seen in zip(rows, trainer.train_dataset, strict=True):
        told = row["text"] if kind == "text" else "".join(f"{m['role']}: {m['content']}\n" for m in row["messages"])
        assert decode(seen["input_ids"]).removesuffix(END) == told
    trainer.train()
    assert trainer.state.global_step == 1


def test_packed_rows_are_trained_on_as_they_are(model, loaded, tmp_path):
    from trl import SFTConfig, SFTTrainer

    rows = loaded("text", "packed", context=CONTEXT, tokenizer=str(model / "tokenizer.json"))
    assert max(len(row["seq_lengths"]) for row in rows) > 1
    ready = {"skip_prepare_dataset": True}
    config = arguments(SFTConfig, tmp_path, max_length=None, padding_free=True, dataset_kwargs=ready)
    trainer = SFTTrainer(str(model), config, train_dataset=rows)
    batch = trainer.data_collator([trainer.train_dataset[number] for number in range(2)])
    lengths = [length for number in range(2) for length in rows[number]["seq_lengths"]]
    # Positions begin anew at each sample: none is read as what went before another.
    assert batch["position_ids"][0].tolist() == [place for length in lengths for place in range(length)]
    trainer.train()
    assert trainer.state.global_step == 1


def test_preferences_are_learned_from_pairs(model, loaded, tmp_path):
    from trl import DPOConfig, DPOTrainer

    rows = loaded("pair")
    trainer = DPOTrainer(str(model), args=arguments(DPOConfig, tmp_path, max_length=None), train_dataset=rows)
    trainer.train()
    assert trainer.state.global_step == 1
    assert all(row["chosen"] != row["rejected"] for row in rows)


def test_grpo_calls_the_reward_with_what_it_needs(model, loaded, tmp_path):
    from trl import GRPOConfig, GRPOTrainer

    rows = loaded("prompt_answer")
    given = []

    def reward(prompts, completions, **columns):
        found = rewards.reward(prompts, completions, **columns)
        # The same rows with the right replies.
        right = [[{"role": "assistant", "content": f"We see.\n\nAnswer: {answer}"}] for answer in columns["answer"]]
        given.append((found, rewards.reward(prompts, right, **columns)))
        return found

    config = arguments(GRPOConfig, tmp_path, num_generations=2, max_completion_length=8)
    GRPOTrainer(str(model), reward, args=config, train_dataset=rows).train()
    [(found, of_right)] = given
    assert found == [0.0, 0.0]
    assert of_right == [1.0, 1.0]


def test_an_environment_of_verifiers_has_the_prompts_and_the_reward(exported):
    import asyncio

    environment = rewards.load_environment(str(exported("prompt_answer", "trl")))
    rows = environment.get_dataset()
    assert len(rows) > 100
    row = rows[0]
    for reply, worth in ((f"Answer: {row['answer']}", 1.0), ("Answer: none of it", 0.0)):
        said = [{"role": "assistant", "content": reply}]
        state = {name: row[name] for name in ("prompt", "answer", "info")} | {"completion": said}
        state |= {"task": "default", "timing": {"total_ms": 0.0, "scoring_ms": 0.0}, "trajectory": []}
        asyncio.run(environment.rubric.score_rollout(state))
        assert state["reward"] == worth
