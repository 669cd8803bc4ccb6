"""What a verification gives back: claims with their verdicts, and the decision on the text.

Belongs here: the frozen values. Does not belong here: how claims are found in a text (``grammar``) and how they are
checked (``checking``).
"""

from dataclasses import dataclass

VERIFIED = "verified"
CONTRADICTED = "contradicted"
UNGROUNDED = "ungrounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim that a text makes.

    Attributes:
        start: first character of the claim in the text.
        end: character after its last.
        kind: kind of claim (assignment, reading, test, branch, iteration, loop_end, call, return, contents, input,
            output, exception, answer), or ``unparsed`` for a sentence that could not be read.
        says: the claim, as it stands in the text.
        event: event of the trace that it was matched to; None where there is none.
        verdict: ``verified``, ``contradicted`` (it belongs to an event that shows otherwise) or ``ungrounded`` (there
        is
            nothing in the run that it could be about).
        observed: true where the value was taken from the recording and not worked out.
        detail: why it was not verified; None for a verified claim.
    """

    start: int
    end: int
    kind: str
    says: str
    event: int | None
    verdict: str
    observed: bool = False
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision on a text.

    Attributes:
        admitted: nothing in the text is contradicted, ungrounded or blocking, and the coverage is reached.
        claims: every claim, in the order of the text.
        coverage: sentences that are verified claims or code facts, divided by sentences that are not discourse.
        reason: why the text is blocked, in one line; None if admitted.
    """

    admitted: bool
    claims: tuple[Claim, ...]
    coverage: float
    reason: str | None

    @property
    def offending(self) -> tuple[Claim, ...]:
        """The claims that are not verified."""
        return tuple(claim for claim in self.claims if claim.verdict != VERIFIED)
