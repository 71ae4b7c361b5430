"""What Gemini has answered so far, gathered from one response or from the pieces of a stream."""

from __future__ import annotations

from google.genai import types

from beltmask.detectors.llm.http_call import IncomingAnswer
from beltmask.model import Usage


class GeminiResponse(IncomingAnswer):
    """One answer on its way in. ``pieces_received`` counts the responses it was made of so far."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces_received = 0

    def take(self, response: types.GenerateContentResponse) -> str:
        """Keep what it says; returns the model's text in it, without its thoughts."""
        candidate = response.candidates[0] if response.candidates else None
        feedback = response.prompt_feedback
        self.pieces_received += 1
        self.finish_reason = (
            _name(candidate.finish_reason if candidate else None) or self.finish_reason
        )
        self.block_reason = _name(feedback.block_reason if feedback else None) or self.block_reason
        self.model_version = response.model_version or self.model_version
        self.usage = _usage(response.usage_metadata) or self.usage
        return self.add("".join(_texts(candidate)))


def _texts(candidate: types.Candidate | None) -> list[str]:
    content = candidate.content if candidate else None
    parts = content.parts if content and content.parts else []
    return [part.text for part in parts if part.text and not part.thought]


def _usage(counted: types.GenerateContentResponseUsageMetadata | None) -> Usage | None:
    if counted is None:
        return None
    return Usage(
        counted.prompt_token_count, counted.candidates_token_count, counted.thoughts_token_count
    )


def _name(reason: types.FinishReason | types.BlockedReason | None) -> str | None:
    return None if reason is None else str(reason.value)
