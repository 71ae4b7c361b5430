"""What a server has answered so far, from one whole body or from the pieces of a stream."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from beltmask.detectors.llm.session import ReceivedAnswer
from beltmask.model import Usage


class _TextPart(BaseModel):
    text: str | None = None


class _ChatMessage(BaseModel):
    content: str | list[_TextPart] | None = None
    refusal: str | None = None

    @property
    def words(self) -> str:
        if isinstance(self.content, list):
            return "".join(part.text or "" for part in self.content)
        return self.content or ""


class _Choice(BaseModel):
    delta: _ChatMessage | None = None
    message: _ChatMessage | None = None
    finish_reason: str | None = None


class _Details(BaseModel):
    reasoning_tokens: int | None = None


class _Counted(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    completion_tokens_details: _Details | None = None

    @property
    def usage(self) -> Usage:
        """Thoughts apart from the answer, which the API counts together."""
        details = self.completion_tokens_details
        thought = details.reasoning_tokens if details else None
        said = self.completion_tokens
        output = said if said is None or thought is None else max(0, said - thought)
        return Usage(self.prompt_tokens, output, thought)


class ChatChunk(BaseModel):
    """A body of the API, or one event of a stream of them."""

    choices: list[_Choice]
    usage: _Counted | None = None
    model: str | None = None


class ChatResponse:
    """One answer on its way in. ``ended``: the server said that this was all."""

    def __init__(self) -> None:
        self.ended = False
        self._words: list[str] = []
        self._refusal = ""
        self._finish: str | None = None
        self._model: str | None = None
        self._usage = Usage()

    def take(self, body: Any) -> str:
        """Keep what it says; returns the model's words in it.

        Raises:
            ValidationError: It is no answer.
        """
        piece = ChatChunk.model_validate(body)
        self._model = piece.model or self._model
        self._usage = piece.usage.usage if piece.usage else self._usage
        words = ""
        for choice in piece.choices[:1]:
            said = choice.delta or choice.message or _ChatMessage()
            words = said.words.encode("utf-8", "replace").decode()
            self._refusal += said.refusal or ""
            self._finish = choice.finish_reason or self._finish
        self.ended = self.ended or self._finish is not None
        self._words.append(words)
        return words

    @property
    def wordless(self) -> bool:
        """Whether no word of the model came."""
        return not any(self._words)

    def answer(self, *, body: str, latency: float) -> ReceivedAnswer:
        """What has come; without any words, ``raw`` is the whole ``body``."""
        text = "".join(self._words)
        return ReceivedAnswer(
            raw=text or body,
            text=text,
            finish_reason=self._finish,
            block_reason="refusal" if self._refusal else None,
            refusal=self._refusal,
            model_version=self._model,
            usage=self._usage,
            latency=latency,
        )
