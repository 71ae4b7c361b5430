"""How Gemini's answers end, and what a person can do about those that hold nothing."""

from __future__ import annotations

from beltmask.detectors.llm.reply_events import ServiceProfile
from beltmask.messages import Message

GEMINI = Message("detectors.gemini")
GEMINI_PROFILE = ServiceProfile(
    service=GEMINI,
    whole=frozenset({None, "STOP"}),
    out_of_tokens=frozenset({"MAX_TOKENS"}),
    blocking={
        "SAFETY": Message("detectors.safety_filter"),
        "IMAGE_SAFETY": (Message("detectors.safety_filter_picture")),
        "RECITATION": Message("detectors.recitation"),
        "BLOCKLIST": Message("detectors.blocklist"),
        "PROHIBITED_CONTENT": Message("detectors.forbidden_content"),
        "SPII": Message("detectors.personal_data"),
        "IMAGE_PROHIBITED_CONTENT": None,
        "IMAGE_RECITATION": None,
    },
    stopped=lambda reason: Message("detectors.stopped_its_answer", service=GEMINI, reason=reason),
    thinking_hint=Message("detectors.less_thinking"),
)
