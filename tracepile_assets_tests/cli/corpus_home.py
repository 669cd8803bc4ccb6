"""A home with the tables of a small corpus, and mixtures of each format built from them. Nothing is run for it."""

from tracepile_assets.building import build_mixture
from tracepile_assets.home import SourceEntry, open_home
from tracepile_assets_tests.mixtures.corpus import Corpus

OF_EACH_FORMAT = {
    "text": "continue_pretraining",
    "messages": "instruction_tuning",
    "prompt_answer": "rl_prompts",
    "pair": "preference_pairs",
}


PROGRAMS = 160
"""So many that each split has some."""


def corpus_home(root, programs=PROGRAMS):
    """Make it in `root/home`; every family is in it once, so that all splits have samples."""
    made = open_home(root / "home")
    for entry in made.registry().entries():
        made.registry().remove(entry.name)
    corpus = Corpus(made.tables)
    for source, numbers in (("alpha", range(programs // 2)), ("beta", range(programs // 2, programs))):
        made.registry().add(SourceEntry(source, "functions", str(root / f"{source}.jsonl")))
        for number in numbers:
            corpus.add(number, source=source)
    corpus.write()
    for name in OF_EACH_FORMAT.values():
        build_mixture(made, name)
    return made
