"""What LLaMA-Factory reads of a folder, as JSON: run in its own environment, which holds nothing of ours.

python llamafactory_reads.py FOLDER DATA_SET
"""

import importlib.machinery
import json
import sys
import types

# Imported with the readers of pictures and sound, which nothing here reaches; there is no build of it for this PyTorch.
_ABSENT = types.ModuleType("torchaudio")
_ABSENT.__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)
sys.modules["torchaudio"] = _ABSENT


def read(folder: str, name: str) -> list[dict]:
    """The rows of a data set of `dataset_info.json`, in LLaMA-Factory's own form."""
    from llamafactory.data.converter import align_dataset
    from llamafactory.data.loader import _load_single_dataset
    from llamafactory.data.parser import get_dataset_list
    from llamafactory.hparams import DataArguments, ModelArguments
    from transformers import Seq2SeqTrainingArguments

    data = DataArguments(dataset_dir=folder, dataset=name)
    model = ModelArguments(model_name_or_path="none")
    training = Seq2SeqTrainingArguments(output_dir=folder, use_cpu=True, report_to=[])
    [attributes] = get_dataset_list([name], folder)
    loaded = _load_single_dataset(attributes, model, data, training)
    return list(loaded if "_prompt" in loaded.column_names else align_dataset(loaded, attributes, data, training))


if __name__ == "__main__":
    json.dump(read(*sys.argv[1:]), sys.stdout)
