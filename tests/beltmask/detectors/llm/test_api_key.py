"""A key as it was copied."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from beltmask.detectors.llm.api_key import usable_key


def test_blanks_a_copy_brought_along_are_no_part_of_a_key() -> None:
    key = usable_key(SecretStr(" AIzaKey\r\n"))
    assert key is not None
    assert key.get_secret_value() == "AIzaKey"


@pytest.mark.parametrize("copied", ["", " \n", "clé", "one\x00two", "two\nlines"])
def test_what_no_header_could_carry_is_no_key(copied: str) -> None:
    assert usable_key(SecretStr(copied)) is None


def test_no_key_is_none() -> None:
    assert usable_key(None) is None
