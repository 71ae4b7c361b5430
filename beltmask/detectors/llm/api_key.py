"""The key a service is asked with, as a person copied it."""

from __future__ import annotations

from pydantic import SecretStr


def usable_key(key: SecretStr | None) -> SecretStr | None:
    """The key without the blanks a copy brings along; None when nothing is left of it."""
    stripped = key.get_secret_value().strip() if key is not None else ""
    return (
        SecretStr(stripped) if stripped.isascii() and stripped.isprintable() and stripped else None
    )
