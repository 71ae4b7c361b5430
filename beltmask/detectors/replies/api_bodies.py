"""A whole answer of Gemini's REST API -> the model's text in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from beltmask.detectors.replies.loose_json import ListNode, ObjectNode, TopValue, Value
from beltmask.detectors.replies.object_keys import first_of
from beltmask.errors import EmptyReplyError, UnreadableReplyError
from beltmask.messages import Message

_BODY_KEYS = {"candidates", "promptfeedback", "prompt_feedback"}


def text_in_body(values: Sequence[TopValue], raw: str) -> str | None:
    """The model's text when the reply is an API body, else None.

    Raises:
        UnreadableReplyError: The body is an error; the message is the service's own.
        EmptyReplyError: The body holds no text; the message says why.
    """
    bodies = [body for value in values for body in _bodies(value.node)]
    if not bodies:
        return None
    text = "".join(part for body in bodies for part in _texts(body))
    if not text.strip():
        raise EmptyReplyError(
            Message("replies.answer_without_text", reason=_reason(bodies)), reply=raw
        )
    return text


def error_in(values: Sequence[TopValue]) -> str | None:
    """The message of an error body ``{"error": {...}}``, or None."""
    for value in values:
        for node in value.node if isinstance(value.node, ListNode) else [value.node]:
            if isinstance(node, ObjectNode) and "error" in node:
                return _message(node["error"])
    return None


def refuse_error(values: Sequence[TopValue], raw: str) -> None:
    """Raise UnreadableReplyError for an error body, with the service's own message."""
    message = error_in(values)
    if message is not None:
        raise UnreadableReplyError(Message("replies.error_instead", reason=message), reply=raw)


def _bodies(node: Value) -> Iterator[ObjectNode]:
    """Of a plain body, of a list of bodies as a stream has them, of a batch's ``response``."""
    for item in node if isinstance(node, ListNode) else [node]:
        inner = item.get("response", item) if isinstance(item, ObjectNode) else None
        if isinstance(inner, ObjectNode) and _BODY_KEYS & inner.keys():
            yield inner


def _texts(body: ObjectNode) -> Iterator[str]:
    candidates = body.get("candidates")
    first = candidates[0] if isinstance(candidates, ListNode) and candidates else None
    content = first.get("content") if isinstance(first, ObjectNode) else None
    parts = content.get("parts") if isinstance(content, ObjectNode) else None
    for part in parts if isinstance(parts, ListNode) else []:
        text = part.get("text") if isinstance(part, ObjectNode) else None
        if isinstance(part, ObjectNode) and isinstance(text, str) and not part.get("thought"):
            yield text


def _reason(bodies: Sequence[ObjectNode]) -> Message:
    for body in bodies:
        candidates = body.get("candidates")
        first = candidates[0] if isinstance(candidates, ListNode) and candidates else None
        for node in (first, first_of(body, ("promptfeedback", "prompt_feedback"))):
            keys = ("finishreason", "finish_reason", "blockreason", "block_reason")
            reason = first_of(node, keys) if isinstance(node, ObjectNode) else None
            if reason is not None:
                return Message("replies.finish_reason", reason=str(reason))
    return Message("detectors.no_reason_given")


def _message(error: Value) -> str:
    message = error.get("message") if isinstance(error, ObjectNode) else error
    return " ".join(str(message or "no message").split())[:300]
