"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real belt pictures and recorded replies, read in place."""
    folder = Path(os.environ.get("BELTMASK_SHARED_DATA", ""))
    if (folder / "pictures").is_dir():
        return folder.resolve()
    reason = "BELTMASK_SHARED_DATA does not name the folder of real pictures"
    if os.environ.get("BELTMASK_REQUIRE_PICTURES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
