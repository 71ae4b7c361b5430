"""What to try when an answer left less than it should: the next way of asking, and the best so far.

Every step costs a request, so it is taken only when the last one fell short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from beltmask.detectors.llm.models import ModelCapabilities
from beltmask.detectors.replies.reader import ReadReply
from beltmask.errors import BeltMaskError, UnreadableReplyError
from beltmask.model import MaskSource, Prompt

_WARMER = 0.4
_WARMEST = 2.0
_USUAL = 0.5
_CUT = {"cut_off", "loop"}


class FallbackStep(StrEnum):
    """How a question is put; the value is how a person reads it."""

    FIRST = "as chosen"
    AGAIN = "in other words for fewer objects"
    POLYGONS = "for outlines"
    BOXES = "for boxes, with masks made from the picture"


@dataclass(frozen=True, slots=True, eq=False)
class StepOutcome:
    """What one request left; ``error`` says why there is no ``read``.

    ``broken_by`` is what broke the answer off: no fault of the model or the question.
    """

    way: FallbackStep
    read: ReadReply | None
    kinds: frozenset[str] = frozenset()
    error: BeltMaskError | None = None
    broken_by: BeltMaskError | None = None

    @property
    def enough(self) -> bool:
        """Whether asking again could not be expected to give more."""
        if self.read is None:
            return not isinstance(self.error, UnreadableReplyError)
        if self.broken_by is not None and not self.broken_by.retryable:
            return True
        if self.kinds & _CUT:
            return False
        bare = len(self.read.findings) - self._masks
        return self.way is FallbackStep.BOXES or 2 * bare <= len(self.read.findings)

    @property
    def worth(self) -> tuple[bool, int, bool, int]:
        """The larger, the better."""
        found = len(self.read.findings) if self.read else 0
        return (self.read is not None, found, not self.kinds & _CUT, self._masks)

    @property
    def _masks(self) -> int:
        findings = self.read.findings if self.read else ()
        return sum(finding.mask_source is MaskSource.MODEL for finding in findings)


def fallback_steps(row: ModelCapabilities, *, limit: int) -> Sequence[FallbackStep]:
    """The ways to ask a model, the next one for when the last fell short; at most ``limit``."""
    outlines = () if row.ask == "polygons" else (FallbackStep.POLYGONS,)
    return (FallbackStep.FIRST, FallbackStep.AGAIN, *outlines, FallbackStep.BOXES)[:limit]


def best_of(outcomes: Sequence[StepOutcome]) -> StepOutcome:
    """The one that left most; of two alike, the later."""
    return max(reversed(outcomes), key=lambda outcome: outcome.worth)


def asked_like(
    way: FallbackStep, prompt: Prompt, row: ModelCapabilities
) -> tuple[Prompt, ModelCapabilities]:
    """The prompt and the model's row with what ``way`` changes in them."""
    if way is FallbackStep.FIRST:
        return prompt, row
    if way is not FallbackStep.AGAIN:
        return prompt, row.model_copy(update={"ask": "polygons", "schema_": True})
    chosen = row.default_temperature if prompt.temperature is None else prompt.temperature
    warmer = min(_WARMEST, (_USUAL if chosen is None else chosen) + _WARMER)
    temperature = warmer if row.temperature else prompt.temperature
    return replace(prompt, object_cap=-(-prompt.object_cap // 2), temperature=temperature), row
