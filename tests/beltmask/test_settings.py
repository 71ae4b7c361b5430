"""What an installation can choose, and what is said when it chooses badly."""

from __future__ import annotations

from pathlib import Path

import pytest

from beltmask.errors import SettingsError
from beltmask.settings import Settings, load_settings


def test_everything_lies_in_the_data_folder_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELTMASK_DATA", str(tmp_path))
    settings = load_settings()
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path}/beltmask.sqlite3"
    assert settings.blob_url == f"{tmp_path}/store"


def test_urls_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTMASK_DATABASE_URL", "postgresql://ann:hunter2@db/belts")
    monkeypatch.setenv("BELTMASK_STORAGE_URL", "memory://belts")
    settings = load_settings()
    assert settings.sqlalchemy_url == "postgresql://ann:hunter2@db/belts"
    assert settings.blob_url == "memory://belts"


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELTMASK_DATABASE_URL", "postgresql://ann:hunter2@db/belts")
    monkeypatch.setenv("GEMINI_API_KEY", "top-secret")
    shown = f"{load_settings()!r} {load_settings()}"
    assert "hunter2" not in shown
    assert "top-secret" not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BELTMASK_WORKERS", "many"),
        ("BELTMASK_WORKERS", "0"),
        ("BELTMASK_GEMINI_TIMEOUT", "-1"),
        ("BELTMASK_MAX_PIXELS", "1.5"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"the setting {name} cannot be used"):
        load_settings()


@pytest.mark.parametrize("name", ["BELTMASK_WORKERS", "BELTMASK_DATABASE_URL", "GEMINI_API_KEY"])
def test_an_empty_variable_is_no_choice(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_settings()
    monkeypatch.setenv(name, "")
    assert load_settings() == before


def test_a_file_of_settings_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("BELTMASK_ACTOR=Ann\nOTHER=1\n")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    assert load_settings().actor == "Ann"


def test_a_file_of_settings_that_is_not_text_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes(b"BELTMASK_ACTOR=\xff\xfe")
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    with pytest.raises(SettingsError, match=r"\.env is not UTF-8"):
        load_settings()
