"""An answer of Gemini's API without a word in it -> what that means for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beltmask.errors import AnswerBlockedError, DetectorError, EmptyReplyError

if TYPE_CHECKING:
    from beltmask.detectors.llm.session import ReceivedAnswer

_QUESTION = "Gemini blocked the question"
_ANSWER = "Gemini stopped its answer"
_HINTS = {
    "SAFETY": "Its safety filter took offence: reword the query, or use the offline detector.",
    "IMAGE_SAFETY": "Its safety filter took offence at the picture: use the offline detector.",
    "RECITATION": "Its answer was too much like protected text: reword the query.",
    "BLOCKLIST": "The query holds a word that is not allowed: reword it.",
    "PROHIBITED_CONTENT": "It takes this for forbidden content: use the offline detector.",
    "SPII": "It takes something for personal data: use the offline detector.",
}
_THINKING = "Lower the thinking level, ask for fewer objects, or choose another model."


def without_words(answer: ReceivedAnswer) -> DetectorError:
    """The error for it: blocked, used up by thinking, or empty for no reason given."""
    reason = answer.blocked_by
    if reason is not None:
        said = f"{_QUESTION if answer.block_reason else _ANSWER}: {reason}"
        return AnswerBlockedError(said, hint=_HINTS.get(reason))
    if answer.finish_reason == "MAX_TOKENS":
        said = "thinking used up every token of the answer"
        return EmptyReplyError(said, reply=answer.raw, hint=_THINKING)
    if not answer.raw.strip():
        return EmptyReplyError("Gemini answered with nothing at all", reply=answer.raw)
    given = answer.finish_reason or "no reason given"
    return EmptyReplyError(f"Gemini's answer holds no text ({given})", reply=answer.raw)
