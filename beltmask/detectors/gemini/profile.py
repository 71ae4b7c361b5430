"""How Gemini's answers end, and what a person can do about those that hold nothing."""

from __future__ import annotations

from beltmask.detectors.llm.reply_events import ServiceProfile

GEMINI_PROFILE = ServiceProfile(
    service="Gemini",
    whole=frozenset({None, "STOP"}),
    out_of_tokens=frozenset({"MAX_TOKENS"}),
    blocking={
        "SAFETY": "Its safety filter took offence: reword the query, or use the offline detector.",
        "IMAGE_SAFETY": (
            "Its safety filter took offence at the picture: use the offline detector."
        ),
        "RECITATION": "Its answer was too much like protected text: reword the query.",
        "BLOCKLIST": "The query holds a word that is not allowed: reword it.",
        "PROHIBITED_CONTENT": "It takes this for forbidden content: use the offline detector.",
        "SPII": "It takes something for personal data: use the offline detector.",
        "IMAGE_PROHIBITED_CONTENT": None,
        "IMAGE_RECITATION": None,
    },
    stopped="Gemini stopped its answer: {reason}",
    thinking_hint="Lower the thinking level, ask for fewer objects, or choose another model.",
)
