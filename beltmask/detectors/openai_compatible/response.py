"""What a server has answered so far, from one whole body or from the pieces of a stream."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from beltmask.detectors.llm.http_call import IncomingAnswer
from beltmask.model import Usage


class _TextPart(BaseModel):
    text: str | None = None


class _ChatMessage(BaseModel):
    content: str | list[_TextPart] | None = None
    refusal: str | None = None

    @property
    def text(self) -> str:
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
        thinking = details.reasoning_tokens if details else None
        output = self.completion_tokens
        if output is not None and thinking is not None:
            output = max(0, output - thinking)
        return Usage(self.prompt_tokens, output, thinking)


class ChatChunk(BaseModel):
    """A body of the API, or one event of a stream of them."""

    choices: list[_Choice]
    usage: _Counted | None = None
    model: str | None = None


class ChatResponse(IncomingAnswer):
    """One answer on its way in. ``ended``: the server said that this was all."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = False

    def take(self, body: Any) -> str:
        """Keep what it says; returns the model's text in it.

        Raises:
            ValidationError: It is no answer.
        """
        piece = ChatChunk.model_validate(body)
        self.model_version = piece.model or self.model_version
        self.usage = piece.usage.usage if piece.usage else self.usage
        text = ""
        for choice in piece.choices[:1]:
            message = choice.delta or choice.message or _ChatMessage()
            text = message.text
            self.refusal += message.refusal or ""
            self.finish_reason = choice.finish_reason or self.finish_reason
        self.ended = self.ended or self.finish_reason is not None
        self.block_reason = "refusal" if self.refusal else None
        return self.add(text)
