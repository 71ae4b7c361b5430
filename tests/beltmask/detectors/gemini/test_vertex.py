"""Gemini on Vertex AI: no key, but a service account's credentials."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import SecretStr

from beltmask.detectors.gemini.client import GeminiDetector
from beltmask.detectors.gemini.vertex import VertexPlace
from beltmask.errors import SettingsError
from tests.beltmask.detectors.gemini.one_belt import KEY, ask
from tests.gemini_server import GeminiServer

PLACE = VertexPlace("belts", "europe-west4")


def service_account(folder: Path, token_uri: str) -> Path:
    """A credentials file with a key made for this test."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    facts = {
        "type": "service_account",
        "project_id": "belts",
        "private_key": pem.decode(),
        "private_key_id": "1",
        "client_email": "qa@belts.example",
        "token_uri": token_uri,
    }
    path = folder / "account.json"
    path.write_text(json.dumps(facts))
    return path


@pytest.fixture
def gemini(server: GeminiServer) -> GeminiDetector:
    return GeminiDetector(api_key=SecretStr(KEY), base_url=server.url, vertex=PLACE)


def test_the_project_is_asked_and_the_key_stays_here(
    gemini: GeminiDetector, server: GeminiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = service_account(tmp_path, f"{server.url}/token")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    asked = ask(gemini)
    gemini.close()
    assert asked.error is None
    assert [finding.label for finding in asked.findings] == ["bolt", "nut"]
    assert "/projects/belts/locations/europe-west4/" in server.paths[-1]
    assert server.keys[-1] == ""
    assert "belts" in gemini.availability().note


def test_credentials_that_are_missing_are_named(
    gemini: GeminiDetector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nothing.json"))
    error = ask(gemini).error
    gemini.close()
    assert isinstance(error, SettingsError)
    assert "GOOGLE_APPLICATION_CREDENTIALS" in error.hint
