"""Whether two names mean the same model: services add dates, folders and tags, proxies aliases."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[a-z]+|\d+")
_FAMILIES = {
    "aya",
    "claude",
    "cogvlm",
    "command",
    "deepseek",
    "florence",
    "gemini",
    "gemma",
    "glm",
    "gpt",
    "granite",
    "grok",
    "idefics",
    "internvl",
    "janus",
    "kimi",
    "learnlm",
    "llama",
    "llava",
    "mimo",
    "minicpm",
    "minimax",
    "mistral",
    "molmo",
    "moondream",
    "nova",
    "ovis",
    "paligemma",
    "phi",
    "pixtral",
    "qvq",
    "qwen",
    "sonar",
    "step",
    "yi",
}
_SIBLINGS = {
    "air",
    "codex",
    "flash",
    "haiku",
    "large",
    "lite",
    "luna",
    "max",
    "medium",
    "micro",
    "mini",
    "nano",
    "o",
    "omni",
    "opus",
    "plus",
    "pro",
    "small",
    "sonnet",
    "thinking",
    "tiny",
    "turbo",
    "ultra",
    "v",
    "vl",
}
_REVISION = re.compile(r"[-_.]v\d+\Z")
_VERSION = re.compile(r"\d{1,2}")


def may_be_same_model(asked: str, answered: str) -> bool:
    """False only where both name a known model, and these are two.

    An alias says nothing about what is behind it, so any answer may be of the model it means.
    """
    first, second = _words(asked), _words(answered)
    if not (_FAMILIES & set(first) and _FAMILIES & set(second)):
        return True
    shorter, longer = sorted((first, second), key=len)
    places = (
        n for n in range(len(longer) - len(shorter) + 1) if longer[n:][: len(shorter)] == shorter
    )
    return any(_is_only_dressed(longer[:n], longer[n + len(shorter) :]) for n in places)


def _words(name: str) -> list[str]:
    """Of its last part, without what a service adds behind "@" or ":"."""
    last = name.lower().rstrip("/").rpartition("/")[2]
    bare = re.split(r"[@:]", last, maxsplit=1)[0]
    return _WORD.findall(_REVISION.sub("", bare))


def _is_only_dressed(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether nothing beside the shorter name tells another model: no sibling, no version."""
    if (_SIBLINGS | _FAMILIES) & {*before, *after}:
        return False
    is_size = after[1:2] == ["b"]
    return not after or is_size or _VERSION.fullmatch(after[0]) is None
