"""A key in every form in which a service may echo it."""

from __future__ import annotations

import base64
from urllib.parse import quote


def forms(key: str) -> dict[str, str]:
    """By name; a third of a key is no longer one only where nothing else of it is near."""
    data, third = key.encode(), len(key) // 3
    parts = (key[:third], key[third : 2 * third], key[2 * third :])
    return {
        "whole": key,
        "in the middle of a word": f"xx{key}yy",
        "half": key[: len(key) // 2 + 1],
        "in two halves": f"{key[:9]} and {key[9:]}",
        "in pieces": "first {} then {} last {}".format(*parts),
        "over lines": "\n".join(parts),
        "letter by letter": " ".join(key),
        "percent-encoded": quote(key, safe="").replace("-", "%2D").replace("A", "%41"),
        "every letter percent-encoded": "".join(f"%{byte:02x}" for byte in data),
        "percent-encoded twice": "".join(f"%25{byte:02X}" for byte in data),
        "base64": base64.b64encode(data).decode(),
        "base64 of more": base64.b64encode(b"user:" + data + b"\n").decode(),
        "base64 of a header": base64.urlsafe_b64encode(b"Bearer " + data).decode().rstrip("="),
        "half of base64": base64.b64encode(data).decode()[: len(data) * 2 // 3],
        "hexadecimal": data.hex(),
        "escaped": "".join(f"\\u{byte:04x}" for byte in data),
        "entities": "".join(f"&#{byte};" for byte in data),
    }


def gives_away(text: str, key: str) -> bool:
    """Whether a third of the key, or of a way to write it, can be read in ``text``."""
    shown = [key, *(form for name, form in forms(key).items() if " " not in form)]
    least = max(5, len(key) // 3)
    return any(
        form[at : at + max(least, len(form) // 3)] in text
        for form in shown
        for at in range(len(form) - max(least, len(form) // 3) + 1)
    )
