"""The same objects as models write them that have tokens of their own, and what befalls a reply."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from tests.beltmask.detectors.replies.reply_matrix import in_a_body
from tests.beltmask.detectors.replies.reply_parts import SIZE

Corners = tuple[int, int, int, int]
Written = Sequence[tuple[str, Corners]]
OBJECTS: Written = (
    ("bolt", (20, 10, 60, 50)),
    ("hex nut", (20, 60, 60, 100)),
    ("screw", (140, 10, 180, 50)),
)
"""Labels, and x0, y0, x1, y1 in pixels of a picture of SIZE."""


def _steps(box: Corners, whole: float) -> list[int]:
    """In steps of which the picture measures ``whole``, x first."""
    return [round(at * whole / SIZE[n % 2]) for n, at in enumerate(box)]


def paligemma(objects: Written, codes: str = "") -> str:
    rows = ((label, _steps(box, 1023)) for label, box in objects)
    return " ; ".join(
        "".join(f"<loc{at:04d}>" for at in (y0, x0, y1, x1)) + codes + f" {label}"
        for label, (x0, y0, x1, y1) in rows
    )


def florence(objects: Written) -> str:
    rows = ((label, _steps(box, 1000)) for label, box in objects)
    return "".join(
        label + "".join(f"<loc_{min(at, 999)}>" for at in steps) for label, steps in rows
    )


def _tagged(tags: Sequence[str], box: Callable[[list[int]], str], whole: float) -> str:
    said = ((label, box(_steps(corners, whole))) for label, corners in OBJECTS)
    return "".join(tags[0] + label + tags[1] + tags[2] + at + tags[3] for label, at in said)


def in_brackets(steps: list[int]) -> str:
    return f"[{steps}]"


def in_pairs(steps: list[int]) -> str:
    return "({},{}),({},{})".format(*steps)


_REF_BOX = ("<ref>", "</ref>", "<box>", "</box>")
_QWEN2 = ("<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>")
_DEEPSEEK = ("<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>")
_NONE = ("", "", "", "")
TOKENS: Mapping[str, str] = {
    "PaliGemma": paligemma(OBJECTS),
    "Florence-2": florence(OBJECTS),
    "DeepSeek-VL2": _tagged(_DEEPSEEK, in_brackets, 999),
    "InternVL": _tagged(_REF_BOX, in_brackets, 1000),
    "Qwen-VL": _tagged(_REF_BOX, in_pairs, 1000),
    "Qwen2-VL": _tagged(_QWEN2, in_pairs, 1000),
    "pairs without tokens": _tagged(_NONE, in_pairs, 1000),
    "brackets without tokens": _tagged(_NONE, in_brackets, 1000),
}

AROUND: Mapping[str, Callable[[str], str]] = {
    "bare": lambda text: text,
    "prose around": lambda text: f"I see 3 of them:\n{text}\nAnything else?",
    "fence": lambda text: f"```\n{text}\n```",
    "text fence": lambda text: f"```text\n{text}\n```",
    "a string": lambda text: json.dumps({"generated_text": text}),
    "a list of one string": lambda text: json.dumps([text]),
    "API body": in_a_body,
}
ENDS: Mapping[str, Callable[[str], str]] = {
    "whole": lambda text: text,
    "end of sentence": lambda text: text + "</s>",
    "end of turn": lambda text: text + "<|im_end|>",
    "spaces": lambda text: f"\n {text} \n",
}


def cut_in_the_last_box(text: str) -> str:
    """Ends after the first digit of the last number."""
    last = list(re.finditer(r"\d+", text))[-1]
    return text[: last.start() + 1]
