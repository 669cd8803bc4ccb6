"""The independent evaluator: recomputes the answer of a question from a trace as JSON and the moment asked about.

Belongs here: an interpreter of its own for everything it needs, from value text to loops. It is what questions are
checked against, so it imports nothing of ours: neither the trace model's evaluator, nor questions/, nor narration/.
Does not belong here: choosing what is checked (`quality.answers`).

The document is what ``tracepile trace --format json`` prints: ``code``, ``call`` (``f(1, [2])``) or ``stdin``,
``entry_point``, ``return_value``, ``stdout``, ``exception`` and ``events``, each with ``kind``, ``statement``,
``function``, ``frame_id``, ``changes`` (``place``, ``op``, ``value``), and with full state ``state`` (name -> value
text), which is then taken as it stands.
"""

from .document import Document, document_of
from .heap import CannotTell
from .kinds import EVALUATORS, recompute

__all__ = ["EVALUATORS", "CannotTell", "Document", "document_of", "recompute"]
