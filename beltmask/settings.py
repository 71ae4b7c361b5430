"""What an installation can choose, read from the environment or ``.env``; nothing else reads it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from beltmask.errors import SettingsError
from beltmask.messages import Message, as_said
from beltmask.names import one_line

_LONGEST_ACTOR = 200
_HOST_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")

DATABASE, PICTURES = "beltmask.sqlite3", "store"
"""What lies in the data folder, unless URLs say otherwise."""


_SAID = "said"


class Settings(BaseSettings):
    """Every setting; its environment variable is ``BELTMASK_`` plus the name, unless given."""

    model_config = SettingsConfigDict(
        env_prefix="BELTMASK_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    data: Path = Path("data")
    """Folder for the database and the picture store, unless their URLs say otherwise."""
    database_url: SecretStr | None = None
    """SQLAlchemy URL; may hold a password. Default: a SQLite file in ``data``."""
    storage_url: str | None = None
    """fsspec URL of the picture store. Default: the folder ``store`` in ``data``."""
    gemini_api_key: SecretStr | None = Field(default=None, validation_alias="GEMINI_API_KEY")
    gemini_base_url: str | None = None
    gemini_timeout: float = Field(default=60.0, gt=0)
    """Seconds one try of a request may take."""
    gemini_deadline: float = Field(default=300.0, gt=0)
    """Seconds one picture, or one tile of it, may take, with all its requests, tries and waits."""
    gemini_streaming: bool = True
    """Read replies while they come, and stop a model that repeats itself."""
    gemini_requests: int = Field(default=3, ge=1, le=10)
    """Requests one picture, or one tile of it, may take when answers leave too little."""
    vertex_project: str | None = None
    """Google Cloud project: Gemini is asked on Vertex AI, without a key."""
    vertex_location: str = "global"
    openai_base_url: str | None = None
    """Base of a server's OpenAI-compatible API, such as ``http://localhost:11434/v1``."""
    openai_api_key: SecretStr | None = None
    openai_model: str = ""
    """The model that is asked when nobody names another."""
    openai_timeout: float = Field(default=120.0, gt=0)
    """Seconds one try may take; a picture may take three times as many with all its tries."""
    openai_outlines: bool = False
    """Ask for outlines too. Otherwise masks are made from the boxes and the picture."""
    models_file: Path | None = None
    """TOML file whose ``[[model]]`` rows are added to ``models.toml`` or replace its rows."""
    daily_budget: float | None = Field(default=None, ge=0)
    """USD that detectors may cost from midnight to midnight. Default: no limit."""
    replay_folder: Path | None = None
    """Folder of recorded replies for the replay detector."""
    weights: Path = Path(sys.prefix) / "share" / "beltmask" / "u2netp.onnx"
    sam_encoder: Path | None = None
    """ONNX file of a SAM-family image encoder; with its decoder it serves magic select."""
    sam_decoder: Path | None = None
    max_pixels: int = Field(default=150_000_000, gt=0)
    max_file_bytes: int = Field(default=500 * 2**20, gt=0)
    decode_memory: int | None = Field(default=None, gt=0)
    """Bytes all pictures decoded at one time may take. Default: a quarter of the machine's."""
    workers: int = Field(default=2, ge=1, le=64)
    """Pictures a run works on at the same time."""
    actor: str = "local"
    """Name written with every change while nobody signs in."""
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names, with commas between, under which browsers may reach the pages."""

    @field_validator("hosts", mode="before")
    @classmethod
    def _read_hosts(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        names = [name.strip().rstrip(".").lower() for name in given.split(",")]
        wrong = [name for name in names if name and not _HOST_NAME.fullmatch(name)]
        if wrong:
            told = Message("settings.host_names")
            raise _unusable(told)
        return tuple(filter(None, names))

    server_folders: Annotated[tuple[Path, ...], NoDecode] = ()
    """Folders of this machine from which visitors of the pages may add pictures."""

    @field_validator("server_folders", mode="before")
    @classmethod
    def _read_folders(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        folders = [each.strip() for each in re.split(f"[,{os.pathsep}]", given)]
        if not all(Path(each).is_absolute() for each in folders if each):
            told = Message("settings.whole_paths")
            raise _unusable(told)
        return tuple(Path(each) for each in folders if each)

    @field_validator("actor")
    @classmethod
    def _seen(cls, name: str) -> str:
        """Text every database takes, and nobody else's name with letters nobody sees."""
        kept = one_line(name)[:_LONGEST_ACTOR]
        if not kept:
            raise _unusable(Message("settings.no_letters"))
        return kept

    @property
    def sqlalchemy_url(self) -> str:
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data.absolute() / DATABASE}"

    @property
    def openai_deadline(self) -> float:
        """Seconds one picture may take there, with all its tries and waits."""
        return 3 * self.openai_timeout

    @property
    def places(self) -> Message:
        """Where records and pictures are kept, as a sentence can name it, without a password."""
        folder = Message("settings.data_folder", folder=str(self.data.absolute()))
        records = Message("settings.that_database") if self.database_url else folder
        pictures = Message("settings.that_store") if self.storage_url else folder
        return (
            records
            if records == pictures
            else Message("settings.either", one=records, other=pictures)
        )

    @property
    def blob_url(self) -> str:
        return self.storage_url or str(self.data.absolute() / PICTURES)


def _unusable(why: Message) -> PydanticCustomError:
    return PydanticCustomError("unusable", "{sentence}", {"sentence": str(why), _SAID: why})


def load_settings() -> Settings:
    """The settings in force.

    Raises:
        SettingsError: A variable has a value that cannot be used; the message names it.
    """
    try:
        return Settings()
    except UnicodeDecodeError as error:
        raise SettingsError(Message("settings.env_not_text")) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper()
        name = name if name.startswith("GEMINI_API") else f"BELTMASK_{name}"
        reason = first.get("ctx", {}).get(_SAID, as_said(first["msg"]))
        raise SettingsError(Message("settings.unusable", name=name, reason=reason)) from error
