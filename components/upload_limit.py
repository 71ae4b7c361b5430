"""One limit for uploads: what one file of the installation may have."""

from __future__ import annotations

from contextlib import suppress

from streamlit import config

from beltmask.errors import SettingsError
from beltmask.settings import Settings, load_settings


def upload_megabytes(settings: Settings) -> int:
    """The largest file, in the megabytes of 1,048,576 bytes that Streamlit counts in."""
    return max(1, settings.max_file_bytes // 2**20)


def hold_uploads_to_settings() -> None:
    """Make the server refuse what would be refused anyway, before it is in its memory."""
    with suppress(SettingsError):  # the pages say what is wrong with them
        config.set_option("server.maxUploadSize", upload_megabytes(load_settings()))
