"""The decision on a telling that a model wrote, and what of it may be stored.

Belongs here: which sentences are struck, and how much of a text may be. Does not belong here: reading and checking
(``verification``), and asking the model.

Only the verifier's own forms count, which are followed step by step. Free prose is not stored, even where each sentence
names the steps that it tells: reading it against those steps alone lets a third of planted faults through
(docs/decisions/model-told-runs.md).
"""

from typing import Any, NamedTuple

from tracepile_assets.narration.verifier.remarks import says_something
from tracepile_assets.narration.verifier.text import sentences
from tracepile_assets.narration.verifier.verdict import VERIFIED, Claim, Verdict
from tracepile_assets.narration.verifier.verification import in_forms, names_of, verify
from tracepile_assets.trace_model.trace import Trace

_COVERAGE = 0.9


class Admission(NamedTuple):
    """The decision on a model's telling.

    Attributes:
        text: what may be stored if it is admitted: the text without the sentences that were struck.
        verdict: on that text; of a blocked text, on what the model wrote.
        faults: what is wrong with a blocked text, the claims that are not verified first of all; empty if admitted.
    """

    text: str
    verdict: Verdict
    faults: tuple[Claim, ...]


def admit(trace: Trace, text: str, question: Any = None) -> Admission:
    """Decide on a telling by a model.

    A sentence that cannot be read is struck. Nine tenths of the sentences must be left, not counting those that hold no
    value, name or code of the program; what is left is verified as strictly as a deterministic narrator's text.
    """
    verdict = in_forms(trace, text, question)
    unread = [claim for claim in verdict.claims if claim.kind == "unparsed"]
    wrong = tuple(claim for claim in verdict.claims if claim.verdict != VERIFIED and claim.kind != "unparsed")
    if wrong:
        reason = f"{wrong[0].verdict}: {wrong[0].says!r} ({wrong[0].detail})"
        return Admission("", _blocked(verdict, reason), wrong)
    names = names_of(trace)
    telling = tuple(claim for claim in unread if says_something(claim.says, names))
    counted = len(sentences(text)) - (len(unread) - len(telling))
    if not counted or counted - len(telling) < _COVERAGE * counted:
        share = 1 - len(telling) / counted if counted else 0.0
        reason = f"only {share:.0%} of the sentences could be read"
        return Admission("", _blocked(verdict, reason), telling or tuple(unread))
    left = _without(text, unread)
    final = verify(trace, left, question)
    return Admission(left, final, () if final.admitted else final.offending)


def _blocked(verdict: Verdict, reason: str) -> Verdict:
    return Verdict(admitted=False, claims=verdict.claims, coverage=verdict.coverage, reason=reason)


def _without(text: str, struck: list[Claim]) -> str:
    """The text without the sentences of these claims."""
    kept, position = [], 0
    for claim in struck:
        kept.append(text[position : claim.start])
        position = claim.end
    kept.append(text[position:])
    return " ".join(part.strip() for part in kept if part.strip())
