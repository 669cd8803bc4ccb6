"""What Axolotl makes of a folder, as JSON: run in its own environment, which holds nothing of ours.

python axolotl_reads.py CONFIG

CONFIG is what a person would write into the YAML file of a training, as JSON, with `base_model` a folder. It is checked
by Axolotl's own schema, and its data sets are loaded, templated and tokenized by what its trainer begins with.
"""

import json
import sys
from pathlib import Path


def read(path: str) -> list[dict]:
    """The rows that would be trained on: tokens as text, with what of it is learned; of preferences, three texts."""
    from axolotl.loaders import load_tokenizer
    from axolotl.utils.config import normalize_config, validate_config
    from axolotl.utils.data import prepare_datasets, prepare_preference_datasets
    from axolotl.utils.dict import DictDefault

    nothing = {"bf16": False, "fp16": False, "tf32": False, "n_gpu": 0, "n_node": 1, "compute_capability": "cpu"}
    given = DictDefault(json.loads(Path(path).read_text()))
    config = validate_config(given, capabilities=nothing, env_capabilities={"torch_version": "2.13.0"})
    normalize_config(config)
    tokenizer = load_tokenizer(config)
    if config.rl:
        return [dict(row) for row in prepare_preference_datasets(config, tokenizer)[0]]
    rows = prepare_datasets(config, tokenizer)[0]
    return [
        {
            "read": tokenizer.decode(row["input_ids"]),
            "learned": tokenizer.decode([token for token in row["labels"] if token != -100]),
        }
        for row in rows
    ]


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout)
