"""Model-made programs, kept by dual agreement: concepts → tasks → solutions and, unseen by them, tests → agreement.

Belongs here: the stages, and the file in the home that they append to. Does not belong here: reading that file as a
source (sources/layouts/synthesis), asking a model (models/), running programs (execution/).

It lies beside the tables, not in sources/, because a plan only reads the file: what makes it decides no row.
"""

from .concepts import concepts_of_text
from .making import Synthesized, estimate, synthesize
from .record import SynthesisError, SynthesisFile

__all__ = ["SynthesisError", "SynthesisFile", "Synthesized", "concepts_of_text", "estimate", "synthesize"]
