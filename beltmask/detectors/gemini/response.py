"""What Gemini has answered so far, gathered from one response or from the pieces of a stream."""

from __future__ import annotations

from google.genai import types

from beltmask.detectors.llm.session import ReceivedAnswer
from beltmask.model import Usage


class GeminiResponse:
    """One answer on its way in. ``came`` counts the responses it was made of so far."""

    def __init__(self) -> None:
        self.came = 0
        self._words: list[str] = []
        self._finish: str | None = None
        self._block: str | None = None
        self._version: str | None = None
        self._usage = Usage()

    def take(self, response: types.GenerateContentResponse) -> str:
        """Keep what it says; returns the model's words in it, without its thoughts."""
        candidate = response.candidates[0] if response.candidates else None
        feedback = response.prompt_feedback
        self.came += 1
        self._finish = _name(candidate.finish_reason if candidate else None) or self._finish
        self._block = _name(feedback.block_reason if feedback else None) or self._block
        self._version = response.model_version or self._version
        self._usage = _usage(response.usage_metadata) or self._usage
        words = "".join(_texts(candidate)).encode("utf-8", "replace").decode()
        self._words.append(words)
        return words

    @property
    def wordless(self) -> bool:
        """Whether no word of the model came."""
        return not any(self._words)

    def answer(self, *, body: str, latency: float) -> ReceivedAnswer:
        text = "".join(self._words)
        return ReceivedAnswer(
            raw=text or body,
            text=text,
            finish_reason=self._finish,
            block_reason=self._block,
            model_version=self._version,
            usage=self._usage,
            latency=latency,
        )


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
