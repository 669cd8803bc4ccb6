"""The decision on a text in free prose.

Belongs here: which sentences count, their claims, the verdict on the whole. Does not belong here: single checks
(``checks``).
"""

from tracepile_assets.narration.verifier.prose.checks import Found, Sentence
from tracepile_assets.narration.verifier.prose.facts import facts_of
from tracepile_assets.narration.verifier.prose.grounds import Grounds
from tracepile_assets.narration.verifier.prose.reading import Expressions, Prose, sentences
from tracepile_assets.narration.verifier.prose.tables import false_cells
from tracepile_assets.narration.verifier.verdict import VERIFIED, Claim, Verdict
from tracepile_assets.trace_model.trace import Trace

_COVERAGE = 0.9
_FEWEST = 0.25


def read_prose(trace: Trace, text: str) -> Verdict:
    """Check a text in free prose against a run.

    A sentence without a value, a comparison or a count is discourse: it is neither checked nor counted. A text in which
    less than a quarter of the sentences say anything that can be checked is blocked.
    """
    facts = facts_of(trace)
    grounds = Grounds(facts)
    expressions = Expressions(facts.names)
    claims: list[Claim] = []
    told = sentences(text)
    counted = covered = 0
    for prose in told:
        found = Sentence(prose, expressions.spans(prose), facts, grounds).claims()
        claims += [_claim(text, prose, each) for each in found]
        if found:
            counted += 1
            covered += all(each.verdict == VERIFIED for each in found)
    claims += false_cells(text, facts, grounds)
    coverage = covered / counted if counted else 0.0
    reason = _reason(claims, coverage, counted, len(told))
    return Verdict(admitted=reason is None, claims=tuple(claims), coverage=coverage, reason=reason)


def _claim(text: str, prose: Prose, found: Found) -> Claim:
    start, end = prose.tokens[found.first].start, prose.tokens[min(found.last, len(prose.tokens)) - 1].end
    return Claim(
        start=start,
        end=end,
        kind=found.kind,
        says=text[start:end],
        event=found.event,
        verdict=found.verdict,
        observed=True,
        detail=found.detail,
    )


def _reason(claims: list[Claim], coverage: float, counted: int, told: int) -> str | None:
    for claim in claims:
        if claim.verdict != VERIFIED:
            return f"{claim.verdict}: {claim.says!r} ({claim.detail})"
    if not counted or counted < _FEWEST * told:
        return "too little of the text can be checked"
    if coverage < _COVERAGE:
        return f"only {coverage:.0%} of the sentences could be read"
    return None
